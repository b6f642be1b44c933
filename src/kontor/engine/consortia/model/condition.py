"""What must be true of one candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kontor.engine.consortia.model import checks
from kontor.engine.consortia.model.candidate import Candidate
from kontor.engine.core.errors import InvalidInput


class Attribute(StrEnum):
    """What a condition looks at. `place` is a country, or a NUTS code that the region begins with."""

    KEY = "key"
    COUNTRY = "country"
    REGION = "region"
    PLACE = "place"
    KIND = "kind"
    SIZE = "size"
    TAG = "tag"
    COMPETENCE = "competence"


@dataclass(frozen=True, slots=True)
class Condition:
    """The attribute has one of the values, or none of them where `none` is set.

    A region is met by the beginning of its code; a competence by level 1 or more.
    """

    attribute: Attribute
    values: tuple[str, ...]
    none: bool = False

    def __post_init__(self) -> None:
        try:
            checks.assign(self, "attribute", Attribute(self.attribute))
        except ValueError:
            allowed = ", ".join(item.value for item in Attribute)
            raise InvalidInput("attribute", f"“{self.attribute}” is unknown.", f"Use {allowed}.") from None
        values = checks.texts(self.values, "values")
        if not values:
            raise InvalidInput("values", "The list is empty.", "Name at least one value.")
        if self.attribute in (Attribute.REGION, Attribute.PLACE):
            values = tuple(value.strip().upper() for value in values)
        if self.attribute == Attribute.COUNTRY:
            values = tuple(checks.country_code(value, "values") for value in values)
        checks.assign(self, "values", values)

    def holds(self, candidate: Candidate) -> bool:
        return _has(candidate, self.attribute, self.values) != self.none


def all_hold(conditions: Sequence[Condition], candidate: Candidate) -> bool:
    """Every condition is met; none at all is met by everyone."""
    return all(condition.holds(candidate) for condition in conditions)


def values_of(candidate: Candidate, attribute: Attribute, digits: int = 0) -> tuple[str, ...]:
    """What a candidate shows of an attribute; `digits` cuts a region to that many letters."""
    match attribute:
        case Attribute.TAG:
            return candidate.tags
        case Attribute.COMPETENCE:
            return tuple(key for key, level in candidate.competences.items() if level > 0)
        case Attribute.PLACE:
            found = (candidate.region or candidate.country,)
        case _:
            found = (str(getattr(candidate, attribute.value)),)
    return tuple(value[:digits] if digits else value for value in found if value)


def _has(candidate: Candidate, attribute: Attribute, values: tuple[str, ...]) -> bool:
    if attribute == Attribute.REGION:
        return candidate.region.startswith(values)
    if attribute == Attribute.PLACE:
        return candidate.country in values or candidate.region.startswith(values)
    return any(value in values for value in values_of(candidate, attribute))
