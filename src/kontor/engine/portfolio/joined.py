"""Choices that hang together made one: what excludes or requires each other becomes sets taken as a whole.

Exclusions and dependencies between proposals of different envelopes would each need a price. Instead every
set of such proposals that may be funded together is a column of its own, of which at most one is taken. So
that an envelope sees to that, all sets of a group stand in one envelope: where a set draws nothing there, it
weighs next to nothing (all else is multiplied, so that no cent is lost).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kontor.engine.portfolio.programme import Programme, Row, components, holds_money

SETS = 300
"""Sets of a group, at most; a larger group stays as it is."""

Set = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """`sets[c]`: columns of the first programme that column c of this one stands for."""

    programme: Programme
    sets: tuple[Set, ...]

    def undone(self, x: Sequence[int], count: int) -> tuple[int, ...]:
        """A solution in columns of the first programme, of which there are `count`."""
        found = [0] * count
        for columns, taken in zip(self.sets, x, strict=True):
            for column in columns if taken else ():
                found[column] = 1
        return tuple(found)

    def worth(self, worth: Sequence[float], x: Sequence[int], count: int) -> list[float]:
        """For the first programme: what a column costs the bound at least that is not as in `x`."""
        found = [float("-inf")] * count
        for columns, each, taken in zip(self.sets, worth, x, strict=True):
            for column in columns:
                found[column] = float("inf") if taken else max(found[column], each)
        for columns, each, taken in zip(self.sets, worth, x, strict=True):
            for column in columns if taken else ():
                found[column] = each
        return found


def join(programme: Programme) -> Joined | None:
    """None where nothing hangs together across envelopes, or where columns are no choices."""
    if any(top > 1 for top in programme.upper):
        return None
    logic = [row for row in programme.rows if _is_logic(row)]
    drawn: dict[int, set[int]] = {}
    for number, row in enumerate(programme.rows):
        if holds_money(row):
            for column in row.coefs:
                drawn.setdefault(column, set()).add(number)
    groups = _groups(programme, logic, drawn)
    if not groups:
        return None
    gone = {column for columns, _ in groups for column in columns}
    sets: list[Set] = [(column,) for column in range(len(programme.values)) if column not in gone]
    ones: list[tuple[int, int]] = []
    for _columns, mine in groups:
        ones.append((len(sets), len(sets) + len(mine)))
        sets += mine
    return Joined(_programme(programme, sets, ones, gone), tuple(sets))


def _is_logic(row: Row) -> bool:
    """At most one of several, or one only with one of others."""
    if row.low is not None or len(row.coefs) < 2:
        return False
    signs = sorted(row.coefs.values())
    return (row.high == 1 and signs[0] == signs[-1] == 1) or (
        row.high == 0 and signs[-1] == 1 and all(each == -1 for each in signs[:-1])
    )


def _groups(
    programme: Programme, logic: list[Row], drawn: dict[int, set[int]]
) -> list[tuple[list[int], list[Set]]]:
    """Columns that hang together and draw on different envelopes, with their sets."""
    found = []
    count = len(programme.values)
    linked = Programme((0,) * count, programme.upper, tuple(logic))
    for columns, part in components(linked):
        across = len({frozenset(drawn.get(column, ())) for column in columns}) > 1
        needs = any(row.high == 0 for row in part.rows)
        if not part.rows or not (across or needs) or not all(column in drawn for column in columns):
            continue
        sets = _sets(part)
        if sets is not None:
            found.append((columns, [tuple(columns[place] for place in each) for each in sets]))
    return found


def _sets(part: Programme) -> list[Set] | None:
    """All that keep the rows, but the empty one; None where they are too many."""
    found: list[Set] = [()]
    ones = [row for row in part.rows if row.high == 1]
    for column, top in enumerate(part.upper):
        rows = [row.coefs for row in ones if column in row.coefs]
        if top:
            found += [
                (*each, column) for each in found if not any(other in row for row in rows for other in each)
            ]
        if len(found) > 8 * SETS:
            return None
    needs = [row for row in part.rows if row.high == 0]
    kept = [each for each in found if each and all(_keeps(row, each) for row in needs)]
    return kept if len(kept) <= SETS else None


def _keeps(row: Row, taken: Set) -> bool:
    return sum(row.coefs.get(column, 0) for column in taken) <= (row.high or 0)


def _programme(
    programme: Programme, sets: list[Set], ones: list[tuple[int, int]], gone: set[int]
) -> Programme:
    of: dict[int, list[int]] = {}
    for place, columns in enumerate(sets):
        for column in columns:
            of.setdefault(column, []).append(place)
    rows = []
    for row in programme.rows:
        if _is_logic(row) and gone.issuperset(row.coefs):
            continue
        coefs: dict[int, int] = {}
        for column, coef in row.coefs.items():
            for place in of.get(column, ()):
                coefs[place] = coefs.get(place, 0) + coef
        rows.append(Row({place: coef for place, coef in coefs.items() if coef}, row.low, row.high))
    _stand_together(rows, ones)
    rows += [Row(dict.fromkeys(range(a, b), 1), None, 1) for a, b in ones if b - a > 1]
    values = tuple(sum(programme.values[column] for column in columns) for columns in sets)
    upper = tuple(min(programme.upper[column] for column in columns) for columns in sets)
    return Programme(values, upper, tuple(rows))


def _stand_together(rows: list[Row], ones: list[tuple[int, int]]) -> None:
    """All sets of a group get into the envelope that most of them draw on, weighing next to nothing."""
    where: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        if holds_money(row):
            for place in row.coefs:
                where.setdefault(place, []).append(number)
    light: dict[int, list[int]] = {}
    for begin, end in ones:
        mine = [number for place in range(begin, end) for number in where.get(place, ())]
        hub = max(sorted(set(mine)), key=mine.count)
        light.setdefault(hub, []).extend(p for p in range(begin, end) if p not in rows[hub].coefs)
    for hub, places in light.items():
        times, row = len(places) + 1, rows[hub]
        coefs = {place: coef * times for place, coef in row.coefs.items()} | dict.fromkeys(places, 1)
        rows[hub] = Row(coefs, None, (row.high or 0) * times + times - 1)
