"""Frozen problem and result of an assignment, validated at construction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.explanation import Reason
from kontor.engine.core.result import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCALE = 10_000
"""Fits count in whole ten-thousandths, so that sums are exact and ties are ties."""


@dataclass(frozen=True, slots=True)
class Application:
    """What is to be assessed.

    `fields`: for each of them at least one expert has to be competent. `language`: every expert has to
    read it; empty is no wish. `reviews`: how many experts at least, `reviews_max` at most.
    """

    key: str
    reviews: int = 3
    reviews_max: int | None = None
    fields: tuple[str, ...] = ()
    language: str = ""

    def __post_init__(self) -> None:
        _key(self.key)
        _count(self.reviews, "reviews", 1)
        if self.reviews_max is not None:
            _count(self.reviews_max, "reviews_max", self.reviews)
        _once(self.fields, "fields")

    @property
    def most(self) -> int:
        return self.reviews if self.reviews_max is None else self.reviews_max


@dataclass(frozen=True, slots=True)
class Expert:
    """Who assesses: competences, languages read, and how many applications at least and at most."""

    key: str
    load_max: int
    load_min: int = 0
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    available: bool = True

    def __post_init__(self) -> None:
        _key(self.key)
        _count(self.load_min, "load_min", 0)
        _count(self.load_max, "load_max", 0)
        if self.load_min > self.load_max:
            raise InvalidInput(
                "load_min",
                f"{self.load_min} is above load_max {self.load_max}.",
                "Lower it, or raise load_max.",
            )


@dataclass(frozen=True, slots=True)
class Pair:
    """An expert and an application."""

    expert: str
    application: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A pair that must not be, and why. `waived_by`: who signed that it may be nevertheless."""

    expert: str
    application: str
    reason: str
    waived_by: str = ""

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InvalidInput("reason", "A conflict needs a reason.", "Write what it consists in.")


@dataclass(frozen=True, slots=True)
class Bid:
    """What an expert would like: 1 gladly, -1 rather not. It moves the fit by the weight of bids."""

    expert: str
    application: str
    value: float

    def __post_init__(self) -> None:
        if not -1 <= self.value <= 1:
            raise InvalidInput("value", f"{self.value} is out of range.", "Use a value from -1 to 1.")


@dataclass(frozen=True)
class Problem:
    """`fit[a, e]`, float64 between 0 and 1: how well expert `e` can judge application `a`.

    `fixed` pairs are agreed and stay. `previous` is an earlier assignment, for `repair` only: there every
    pair that is dropped or added counts as one change. Raises InvalidInput for unknown or repeated keys and
    for a matrix of another shape.
    """

    applications: tuple[Application, ...]
    experts: tuple[Expert, ...]
    fit: NDArray[np.float64]
    conflicts: tuple[Conflict, ...] = ()
    fixed: tuple[Pair, ...] = ()
    bids: tuple[Bid, ...] = ()
    previous: tuple[Pair, ...] = ()

    def __post_init__(self) -> None:
        _unique([each.key for each in self.applications], "applications")
        _unique([each.key for each in self.experts], "experts")
        _matrix(self.fit, (len(self.applications), len(self.experts)))
        for name in ("conflicts", "fixed", "bids"):
            self._known(getattr(self, name), name)
            _unique([(each.expert, each.application) for each in getattr(self, name)], name)

    def _known(self, pairs: Iterable[Pair | Conflict | Bid], name: str) -> None:
        for number, pair in enumerate(pairs):
            if pair.expert not in self.expert_at:
                raise InvalidInput(
                    f"{name}[{number}].expert",
                    f"There is no expert “{pair.expert}”.",
                    "Use a key of experts.",
                )
            if pair.application not in self.application_at:
                remedy = "Use a key of applications."
                raise InvalidInput(
                    f"{name}[{number}].application", f"There is no application “{pair.application}”.", remedy
                )

    @cached_property
    def application_at(self) -> dict[str, int]:
        return {each.key: number for number, each in enumerate(self.applications)}

    @cached_property
    def expert_at(self) -> dict[str, int]:
        return {each.key: number for number, each in enumerate(self.experts)}


class Aim(StrEnum):
    """`fair`: first the worst-served application, then the total. `total`: the total alone."""

    FAIR = "fair"
    TOTAL = "total"


class Measure(StrEnum):
    """How well an application is served: by the sum of its fits, or by the sum per review it needs."""

    TOTAL = "total"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Params:
    """`bid_weight` is added to the fit for a bid of 1; the sum stays between 0 and 1."""

    aim: Aim = Aim.FAIR
    measure: Measure = Measure.TOTAL
    bid_weight: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.bid_weight <= 1:
            raise InvalidInput(
                "bid_weight", f"{self.bid_weight} is out of range.", "Use a value from 0 to 1."
            )


@dataclass(frozen=True, slots=True)
class Assigned:
    """One assignment. `kept`: it was there before (`repair`)."""

    application: str
    expert: str
    fit: float
    fixed: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """What was reached and what is proven to be impossible to surpass; equal where it is the optimum."""

    reached: float
    bound: float


@dataclass(frozen=True, slots=True)
class Named:
    """A rule in one place: `rule` is its name in `rules`, `subject` whom it binds, `reason` in words."""

    rule: str
    subject: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Remedy:
    """Loosening these `rules` alone makes an assignment possible, and no part of them does.

    `amount`: the fewest single changes (reviews, pairs, experts), `proven` to be the fewest; `changes` names
    one such choice.
    """

    rules: tuple[str, ...]
    amount: int
    changes: tuple[Named, ...]
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why nothing is possible: `rules` cannot be kept together, and without any one of them they can.

    `need` reviews of `applications` stand against `capacity`: what the experts who may take them can take.
    Both are 0 where the reason is not a lack of capacity.
    """

    rules: tuple[Named, ...]
    applications: tuple[str, ...] = ()
    experts: tuple[str, ...] = ()
    need: int = 0
    capacity: int = 0
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Assignments in the order of applications, best fit first; `worst_served` names who is served worst.

    `changes` is set by `repair` alone. `blocked` is set where the status is infeasible.
    """

    status: Status
    assigned: tuple[Assigned, ...] = ()
    total: Value | None = None
    worst: Value | None = None
    worst_served: str = ""
    changes: Value | None = None
    blocked: Blocked | None = None
    notes: tuple[Reason, ...] = field(default_factory=tuple)


def _key(key: str) -> None:
    if not key:
        raise InvalidInput("key", "It is empty.", "Give it a key that is unique in the file.")


def _count(value: int, path: str, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidInput(
            path, f"{value} is too small or no whole number.", f"Use a whole number from {least} on."
        )


def _once(values: tuple[str, ...], path: str) -> None:
    if len(set(values)) != len(values):
        raise InvalidInput(path, "A value stands twice.", "Name each once.")


def _unique(keys: list[str] | list[tuple[str, str]], path: str) -> None:
    seen: set[object] = set()
    for number, key in enumerate(keys):
        if key in seen:
            raise InvalidInput(f"{path}[{number}]", f"“{key}” stands twice.", "Name it once.")
        seen.add(key)


def _matrix(fit: NDArray[np.float64], shape: tuple[int, int]) -> None:
    if fit.shape != shape:
        raise InvalidInput(
            "fit",
            f"The matrix is {fit.shape}, not {shape}.",
            "Give a row per application and a column per expert.",
        )
    wrong = np.argwhere(~((fit >= 0) & (fit <= 1)))
    if len(wrong):
        a, e = wrong[0]
        raise InvalidInput(f"fit[{a}][{e}]", f"{fit[a, e]} is out of range.", "Use a value from 0 to 1.")
