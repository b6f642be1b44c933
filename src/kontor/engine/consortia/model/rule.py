"""The rules of an instrument, in general form. A programme's rules are written down as these.

Every rule has an `id`, a `text` for people, a `weight` (how hard it is to change; the smallest sets of
changes are ordered by its sum) and may be `firm`: then no change of it is ever proposed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import ClassVar

from kontor.engine.consortia.model import checks
from kontor.engine.consortia.model.condition import Attribute, Condition
from kontor.engine.core.errors import InvalidInput

MEMBERS = "members"
LARGEST_TEAM = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    type: ClassVar[str] = ""

    id: str
    text: str = ""
    weight: float = 1.0
    firm: bool = False

    def __post_init__(self) -> None:
        checks.required(self.id, "id")
        if ":" in self.id:
            raise InvalidInput("id", f"“{self.id}” holds a colon.", "Colons mark needs and fixed members.")
        checks.assign(self, "weight", checks.number(self.weight, 0.001, 1000, "weight"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSize(Rule):
    """From `least` to `most` members."""

    type: ClassVar[str] = "team_size"

    least: int | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        _counts(self.least, self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Members(Rule):
    """From `least` to `most` members meet all conditions `who`."""

    type: ClassVar[str] = "members"

    who: tuple[Condition, ...]
    least: int | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        checks.assign(self, "who", _conditions(self.who, "who"))
        _counts(self.least, self.most)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a border: countries, or NUTS codes that a region begins with."""

    name: str
    places: tuple[str, ...]

    def __post_init__(self) -> None:
        checks.required(self.name, "name")
        condition = Condition(Attribute.PLACE, self.places)
        checks.assign(self, "places", condition.values)

    @property
    def condition(self) -> Condition:
        return Condition(Attribute.PLACE, self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class EachSide(Rule):
    """On each side at least `least` members meet the conditions `who`."""

    type: ClassVar[str] = "each_side"

    sides: tuple[Side, ...]
    who: tuple[Condition, ...] = ()
    least: int = 1

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        checks.assign(self, "sides", tuple(self.sides))
        if not self.sides:
            raise InvalidInput("sides", "The list is empty.", "Name the sides, each with its places.")
        checks.unique((side.name for side in self.sides), "sides", "name")
        checks.assign(self, "who", tuple(self.who))
        checks.whole(self.least, 1, LARGEST_TEAM, "least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct(Rule):
    """The members that meet `who` show from `least` to `most` different values of an attribute.

    `digits` cuts a region, so that 3 counts NUTS 1 regions. Empty values do not count.
    """

    type: ClassVar[str] = "distinct"

    attribute: Attribute = Attribute.COUNTRY
    digits: int = 0
    who: tuple[Condition, ...] = ()
    least: int | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        probe = Condition(self.attribute, ("x",) if self.attribute != Attribute.COUNTRY else ("XX",))
        checks.assign(self, "attribute", probe.attribute)
        checks.whole(self.digits, 0, 9, "digits")
        checks.assign(self, "who", tuple(self.who))
        _counts(self.least, self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class EachMember(Rule):
    """Every member meets all conditions `who`."""

    type: ClassVar[str] = "each_member"

    who: tuple[Condition, ...]

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        checks.assign(self, "who", _conditions(self.who, "who"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadIs(Rule):
    """The lead meets all conditions `who`. With several such rules one member must meet them all."""

    type: ClassVar[str] = "lead"

    who: tuple[Condition, ...]

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        checks.assign(self, "who", _conditions(self.who, "who"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Rule):
    """The members' amounts `of` that name add up to `least` to `most`, inclusive, to the cent."""

    type: ClassVar[str] = "total"

    of: str = "cost"
    least: Decimal | None = None
    most: Decimal | None = None

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        checks.required(self.of, "of")
        for name in ("least", "most"):
            value = getattr(self, name)
            checks.assign(self, name, None if value is None else checks.amount(value, name))
        checks.ordered(_plain(self.least), _plain(self.most), "least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Rule):
    """Those who meet `who` make up `least` to `most` of the members, or of their amounts `of` that name."""

    type: ClassVar[str] = "share"

    who: tuple[Condition, ...]
    of: str = MEMBERS
    least: Decimal | None = None
    most: Decimal | None = None

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        checks.assign(self, "who", _conditions(self.who, "who"))
        checks.required(self.of, "of")
        for name in ("least", "most"):
            value = getattr(self, name)
            checks.assign(self, name, None if value is None else checks.share(value, name))
        checks.ordered(_plain(self.least), _plain(self.most), "least")


@dataclass(frozen=True, slots=True, kw_only=True)
class LargestShare(Rule):
    """No single member has more than `most` of all amounts `of` that name."""

    type: ClassVar[str] = "largest_share"

    of: str = "cost"
    most: Decimal

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        checks.required(self.of, "of")
        checks.assign(self, "most", checks.share(self.most, "most"))


AnyRule = TeamSize | Members | EachSide | Distinct | EachMember | LeadIs | Total | Share | LargestShare
KINDS: tuple[type[AnyRule], ...] = (
    TeamSize,
    Members,
    EachSide,
    Distinct,
    EachMember,
    LeadIs,
    Total,
    Share,
    LargestShare,
)
BY_TYPE: dict[str, type[AnyRule]] = {kind.type: kind for kind in KINDS}


def amounts_named(rule: Rule) -> str:
    """The amount that a rule adds up, empty where it counts members."""
    name = getattr(rule, "of", "") if any(field.name == "of" for field in fields(rule)) else ""
    return "" if name == MEMBERS else str(name)


def _conditions(who: tuple[Condition, ...], path: str) -> tuple[Condition, ...]:
    if not who:
        raise InvalidInput(path, "There is no condition.", "Name at least one.")
    return tuple(who)


def _counts(least: int | None, most: int | None) -> None:
    for name, value in (("least", least), ("most", most)):
        if value is not None:
            checks.whole(value, 0, LARGEST_TEAM, name)
    checks.ordered(least, most, "least")


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
