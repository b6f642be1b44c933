"""What a programme counts and when it is reported."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from kontor.programmes.schema.texts import Texts

#: What Kontor can count itself, by name. Enterprises and institutes are distinct ones.
COUNTS = (
    "enterprises",
    "enterprises-granted",
    "enterprises-advised",
    "enterprises-across",
    "enterprises-with-research",
    "institutes-across",
    "private-money",
    "products-marketed",
)
#: The common output indicators 2014-2020 (Regulation (EU) 1301/2013, 1299/2013) that mean one of them.
COUNTED_BY_CODE = {
    "CO01": "enterprises",
    "CO02": "enterprises-granted",
    "CO04": "enterprises-advised",
    "CO06": "private-money",
    "CO26": "enterprises-with-research",
    "CO41": "enterprises-across",
    "CO42": "institutes-across",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A published value of an indicator: figures of one programme differ by date and source, so both stay
    with it.
    """

    amount: Decimal
    source: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A counted result.

    `code` is the one of a common list (CO01, RCO01 ...) or "". A `subset_of` another indicator never
    exceeds it; `sum_of` names indicators that add up to this one wherever one source gives all of them.
    `counts` is one of COUNTS; without it the code tells where it means one of them.
    """

    key: str
    name: Texts
    unit: str
    code: str = ""
    definition: Texts = field(default_factory=Texts)
    target: Decimal | None = None
    subset_of: str = ""
    sum_of: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    counts: str = ""

    @property
    def counted(self) -> str:
        """What Kontor may count for it, one of COUNTS; "" where nothing."""
        return self.counts or COUNTED_BY_CODE.get(self.code, "")

    def reading(self, source: str) -> Reading | None:
        """What `source` says, its latest where it says several."""
        said = [reading for reading in self.readings if reading.source == source]
        return max(said, key=lambda reading: reading.day or date.min, default=None)


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period; both days belong to it. The due days follow the end."""

    starts: date
    ends: date
    partner_due: date
    joint_due: date


@dataclass(frozen=True, slots=True)
class Reporting:
    """Periods of `months`; partners report `partner_days` after one ends, the lead `joint_days` after; a
    claim is paid within `payment_days`.
    """

    months: int
    partner_days: int
    joint_days: int
    payment_days: int

    def periods(self, starts: date, ends: date) -> Iterator[Period]:
        """The periods from the first to the last day; the last one may be shorter."""
        number, first = 1, starts
        while first <= ends:
            following = _later(starts, number * self.months)
            last = min(following - timedelta(days=1), ends)
            partner, joint = timedelta(days=self.partner_days), timedelta(days=self.joint_days)
            yield Period(first, last, last + partner, last + joint)
            number, first = number + 1, following


@dataclass(frozen=True, slots=True)
class Role:
    """Who takes part, in the programme's own words."""

    key: str
    name: Texts
    summary: Texts = field(default_factory=Texts)


def _later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year += day.year
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
