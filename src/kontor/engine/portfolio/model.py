"""Frozen problem and result of a funding decision, validated at construction. Money is exact to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.explanation import Reason
from kontor.engine.core.result import Status

CENT = Decimal("0.01")
POINT = 10_000
"""Scores count in ten-thousandths."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Money set aside for a theme, region or instrument."""

    key: str
    amount: Decimal
    kind: str = ""

    def __post_init__(self) -> None:
        if not self.key:
            raise InvalidInput("key", "It is empty.", "Give each envelope its own key.")
        _money(self.amount, "amount")


@dataclass(frozen=True, slots=True)
class Proposal:
    """`draws`: money asked from each envelope. `value`: what counts for the best total; else the score.

    `partial`: percentages with which it could go ahead too, in all envelopes alike. `partners`, `new`: how
    many take part, and how many for the first time. `countries`: the money by country. `requires`: proposals
    without which it makes no sense. `led_before`: its lead led a project before; among equal scores it
    stands behind. `shared`: envelopes that pay one sum together; at a percentage this sum is rounded, not
    each part, and odd cents go to the parts that lose most by rounding.
    """

    key: str
    score: Decimal
    draws: Mapping[str, Decimal]
    value: Decimal | None = None
    partial: tuple[int, ...] = ()
    partners: int = 0
    new: int = 0
    countries: Mapping[str, Decimal] = field(default_factory=dict)
    requires: tuple[str, ...] = ()
    led_before: bool = False
    shared: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.key:
            raise InvalidInput("key", "It is empty.", "Give each proposal its own key.")
        for key in self.shared:
            if key not in self.draws:
                raise InvalidInput("shared", f"It draws nothing from “{key}”.", "Use keys of draws.")
        _points(self.score, "score")
        if self.value is not None:
            _points(self.value, "value")
        for name in ("draws", "countries"):
            for key, amount in getattr(self, name).items():
                _money(amount, f"{name}.{key}")
        if not any(self.draws.values()):
            raise InvalidInput("draws", "It asks for no money.", "Give the amount per envelope.")
        for percent in self.partial:
            if not 0 < percent < 100:
                raise InvalidInput("partial", f"{percent} is out of range.", "Use percentages from 1 to 99.")
        if not 0 <= self.new <= self.partners:
            raise InvalidInput("new", f"{self.new} of {self.partners} partners.", "Use 0 up to the partners.")

    @property
    def worth(self) -> int:
        """Value in ten-thousandths."""
        return int((self.score if self.value is None else self.value) * POINT)

    def cents(self, percent: int = 100) -> dict[str, int]:
        """Draws in cents at a percentage, half a cent upwards."""
        found = {key: _part(amount, percent) for key, amount in self.draws.items() if amount}
        if percent < 100 and self.shared:
            found |= parts_of(percent, {key: self.draws[key] for key in self.shared if self.draws[key]})
        return found


@dataclass(frozen=True, slots=True)
class CountryShare:
    """Of the money by country (`Proposal.countries`) a country gets at least and at most these shares."""

    country: str
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most <= 1:
            raise InvalidInput(
                "least", f"{self.least} to {self.most} is no range.", "Use shares from 0 to 1."
            )


class Rule(StrEnum):
    """How money is given: down the ranking until one does not fit; the same, passing over what does not fit;
    the set with the largest total value.
    """

    STRICT = "strict"
    SKIP = "skip"
    BEST = "best"


class Pot(StrEnum):
    """`virtual`: each envelope pays its own. `balancing`: a pot helps envelopes that run short. `real`: all
    money lies in one pot.
    """

    VIRTUAL = "virtual"
    BALANCING = "balancing"
    REAL = "real"


@dataclass(frozen=True)
class Problem:
    """`exclusive`: of each group at most one. `new_share`: more than this share of partners funded are new.

    `fixed`: proposals that are granted whatever the rule. Raises InvalidInput for unknown or repeated keys.
    """

    envelopes: tuple[Envelope, ...]
    proposals: tuple[Proposal, ...]
    rule: Rule = Rule.SKIP
    pot: Pot = Pot.VIRTUAL
    balancing: Decimal = Decimal(0)
    min_score: Decimal = Decimal(0)
    new_share: Decimal | None = None
    countries: tuple[CountryShare, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    fixed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _unique([each.key for each in self.envelopes], "envelopes")
        _unique([each.key for each in self.proposals], "proposals")
        _money(self.balancing, "balancing")
        if self.balancing and self.pot != Pot.BALANCING:
            raise InvalidInput("balancing", "There is no such pot in this mode.", "Set pot to balancing.")
        if self.new_share is not None and not 0 <= self.new_share < 1:
            raise InvalidInput("new_share", f"{self.new_share} is out of range.", "Use 0 up to below 1.")
        known = {each.key for each in self.envelopes}
        for number, proposal in enumerate(self.proposals):
            for key in proposal.draws:
                if key not in known:
                    path = f"proposals[{number}].draws.{key}"
                    raise InvalidInput(path, "There is no such envelope.", "Use a key of envelopes.")
            self._known(proposal.requires, f"proposals[{number}].requires")
        for number, group in enumerate(self.exclusive):
            self._known(group, f"exclusive[{number}]")
        self._known(self.fixed, "fixed")

    def _known(self, keys: tuple[str, ...], path: str) -> None:
        for key in keys:
            if key not in self.by_key:
                raise InvalidInput(path, f"There is no proposal “{key}”.", "Use a key of proposals.")

    @cached_property
    def by_key(self) -> dict[str, Proposal]:
        return {each.key: each for each in self.proposals}


@dataclass(frozen=True, slots=True)
class Granted:
    """A funded proposal. `percent` of what it asked for; `draws` what it gets; `balanced`: of that from the
    balancing pot; `left`: what remains in each envelope after it, in the order of funding (`*`: in the one
    real pot).
    """

    key: str
    percent: int
    draws: Mapping[str, Decimal]
    balanced: Decimal
    left: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Unfunded:
    """Why a proposal gets nothing (`reason`), and what would have changed it.

    `top_up`: money per envelope with which it could be added to everything funded; empty where money is not
    what lacks. `score_needed`: the smallest score that would have funded it, all else equal; None where no
    score would, or where that was not worked out.
    """

    key: str
    reason: Reason
    top_up: Mapping[str, Decimal] = field(default_factory=dict)
    score_needed: Decimal | None = None
    reserve: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Equals between which the rule does not decide: `chosen` are funded, `others` could be instead."""

    chosen: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    rule: str
    subject: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Result:
    """Funded proposals in the order of the ranking, the others likewise. `value` and `bound` in points.

    `ties_complete` is false where the time was over, or there were too many, before all ties were found.
    `blocked`: rules that cannot be kept together, where the status is infeasible.
    """

    status: Status
    granted: tuple[Granted, ...] = ()
    unfunded: tuple[Unfunded, ...] = ()
    value: Decimal = Decimal(0)
    bound: Decimal = Decimal(0)
    left: Mapping[str, Decimal] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    ties_complete: bool = True
    blocked: tuple[Broken, ...] = ()


def cents(amount: Decimal) -> int:
    return int(amount * 100)


def euros(amount: int) -> Decimal:
    return Decimal(amount) * CENT


def parts_of(percent: int, shares: Mapping[str, Decimal]) -> dict[str, int]:
    """Cents of each share at a percentage of their sum, which they add up to: rounded down, odd cents one
    by one to those that lose most by that, the earlier first among equals (largest remainder).
    """
    exact = {key: cents(amount) * percent for key, amount in shares.items()}
    found = {key: hundredths // 100 for key, hundredths in exact.items()}
    odd = (sum(exact.values()) + 50) // 100 - sum(found.values())
    for key in sorted(exact, key=lambda key: -(exact[key] % 100))[:odd]:
        found[key] += 1
    return found


def _part(amount: Decimal, percent: int) -> int:
    return (cents(amount) * percent + 50) // 100


def _money(amount: Decimal, path: str) -> None:
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0 or amount % CENT:
        raise InvalidInput(path, f"{amount} is no amount of money.", "Use 0 or more, exact to the cent.")


def _points(score: Decimal, path: str) -> None:
    if not isinstance(score, Decimal) or not score.is_finite() or score < 0 or (score * POINT) % 1:
        raise InvalidInput(path, f"{score} is no score.", "Use 0 or more, with at most four decimals.")


def _unique(keys: list[str], path: str) -> None:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if key in seen:
            raise InvalidInput(f"{path}[{number}].key", f"“{key}” stands twice.", "Use each key once.")
        seen.add(key)
