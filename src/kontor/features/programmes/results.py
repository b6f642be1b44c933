"""What a programme achieved: each indicator with its target, what was said of it, what Kontor counts today.

Higher features count what they know: `register_counter(count)`, where `count(programme)` gives amounts by the
names of `kontor.programmes.schema.results.COUNTS`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kontor import programmes
from kontor.features.programmes.models import IndicatorReading, ProductStage, Programme
from kontor.features.programmes.pipeline import products_of
from kontor.programmes.schema import Indicator

Counter = Callable[[Programme], Mapping[str, Decimal]]
_counters: list[Counter] = []


def register_counter(count: Counter) -> None:
    """Twice changes nothing."""
    if count not in _counters:
        _counters.append(count)


@dataclass(frozen=True)
class Said:
    """One value with its source; `day` None where the programme's file gives none, `row` where a person
    entered it.
    """

    amount: Decimal
    source: str
    day: dt.date | None
    row: IndicatorReading | None = None


@dataclass(frozen=True)
class Result:
    """An indicator; `said` the latest first, `counted` what Kontor counts today, None where it does not.

    `parts` are name and amount of the indicators that add up to the latest value, where its source says all.
    """

    indicator: Indicator
    said: tuple[Said, ...]
    counted: Decimal | None = None
    parts: tuple[tuple[Mapping[str, str], Decimal], ...] = ()

    @property
    def latest(self) -> Said | None:
        return self.said[0] if self.said else None

    @property
    def reached(self) -> Decimal | None:
        """Percent of the target by the latest value, at most 100 for a bar; None without a target."""
        target, latest = self.indicator.target, self.latest
        if not target or latest is None:
            return None
        return min(Decimal(100), latest.amount * 100 / target).quantize(Decimal("0.1"))


def results_of(programme: Programme, definition: programmes.Programme, *, counted: bool) -> list[Result]:
    """In the order of the file; one query, and those of the counters where `counted`."""
    said = _said(programme, definition)
    amounts = _counted(programme, definition) if counted else {}
    by_key = {one.key: one for one in definition.indicators}
    return [
        Result(one, said[one.key], amounts.get(one.counted), _parts(one, by_key, said))
        for one in definition.indicators
    ]


def _said(programme: Programme, definition: programmes.Programme) -> dict[str, tuple[Said, ...]]:
    found = {
        one.key: [Said(each.amount, each.source, each.day) for each in one.readings]
        for one in definition.indicators
    }
    for row in IndicatorReading.objects.standing().filter(programme=programme):
        if row.indicator in found:
            found[row.indicator].append(Said(row.amount, row.source, row.day, row))
    return {key: tuple(sorted(rows, key=_age, reverse=True)) for key, rows in found.items()}


def _age(said: Said) -> tuple[dt.date, int]:
    """What has no day is older than what has one; of one day what was entered last counts."""
    return said.day or dt.date.min, said.row.pk if said.row else 0


def _parts(
    one: Indicator,
    by_key: Mapping[str, Indicator],
    said: Mapping[str, tuple[Said, ...]],
) -> tuple[tuple[Mapping[str, str], Decimal], ...]:
    if not one.sum_of or not said[one.key]:
        return ()
    latest = said[one.key][0]
    found = []
    for key in one.sum_of:
        same = [s for s in said.get(key, ()) if (s.source, s.day) == (latest.source, latest.day)]
        if not same:
            return ()
        found.append((by_key[key].name, same[0].amount))
    return tuple(found)


def _counted(programme: Programme, definition: programmes.Programme) -> dict[str, Decimal]:
    wanted = {one.counted for one in definition.indicators} - {""}
    if not wanted:
        return {}
    marketed = [row for row in products_of(programme, definition) if row.stage == ProductStage.MARKETED]
    found = {"products-marketed": Decimal(len(marketed))}
    for count in _counters:
        found |= count(programme)
    return {name: amount for name, amount in found.items() if name in wanted}
