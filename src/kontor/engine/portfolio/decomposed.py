"""A programme taken apart into its envelopes, with prices on what they share: a bound below the relaxation's.

A proposal that draws on several envelopes stands once in each, with a part of its value; every other row
(shares, exclusions, dependencies) has a price. Each envelope is then filled by itself, exactly, and the sum
bounds the whole (Guignard and Kim, Lagrangean decomposition, Mathematical Programming 1987). Parts and prices
are improved by subgradients with steps of Polyak's length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.fillings import MANY, STATES, Envelope, Fillings, TooMany
from kontor.engine.portfolio.numbers import fill_any
from kontor.engine.portfolio.programme import Programme, Row, holds_money

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS = 60
STALLED = 6
"""So many rounds without a better bound make the steps half as long."""


@dataclass(frozen=True)
class Parts:
    """`rows`: numbers of the envelopes' rows, `sides`: of the others. `columns[k]`: columns of envelope k.
    `ones`: columns of which one is taken at most, that draw on different envelopes; the envelope first that
    has them all.
    """

    programme: Programme
    rows: tuple[int, ...]
    sides: tuple[int, ...]
    envelopes: tuple[Envelope, ...]
    columns: tuple[NDArray[np.int64], ...]
    count: NDArray[np.int64]
    ones: tuple[tuple[int, tuple[int, ...]], ...]

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The first envelope of each column."""
        found = np.full(len(self.count), -1)
        for number in reversed(range(len(self.columns))):
            found[self.columns[number]] = number
        return found


def take_apart(programme: Programme) -> Parts | None:
    """None where a column is no choice, or draws on nothing."""
    rows = [number for number, row in enumerate(programme.rows) if holds_money(row)]
    if not rows or any(top > 1 for top in programme.upper):
        return None
    free = np.array(programme.upper, np.bool_)
    columns = [_open(programme.rows[number], free) for number in rows]
    count = np.zeros(len(programme.values), np.int64)
    for each in columns:
        count[each] += 1
    if (count[free] == 0).any():
        return None
    inner = _inner(programme, columns)
    sides = tuple(n for n in range(len(programme.rows)) if n not in set(rows) | inner.rows)
    envelopes = []
    for number, mine, units in zip(rows, columns, inner.units, strict=True):
        coefs = programme.rows[number].coefs
        weight = np.array([coefs[int(column)] for column in mine], np.int64)
        unit = np.unique(units, return_inverse=True)[1].astype(np.int64)
        room = int(programme.rows[number].high or 0)
        envelopes.append(Envelope(weight, room, unit, MANY if sides else STATES))
    return Parts(programme, tuple(rows), sides, tuple(envelopes), tuple(columns), count, inner.ones)


def _open(row: Row, free: NDArray[np.bool_]) -> NDArray[np.int64]:
    columns = np.array(sorted(row.coefs), np.int64)
    return columns[free[columns]]


@dataclass(frozen=True, slots=True)
class _Inner:
    """Rows that fillings keep by themselves, and in each envelope the unit of each column that they make."""

    rows: frozenset[int]
    units: list[NDArray[np.int64]]
    ones: tuple[tuple[int, tuple[int, ...]], ...]


def _inner(programme: Programme, columns: Sequence[NDArray[np.int64]]) -> _Inner:
    """Rows of which at most one column is taken: percentages of one proposal, or what excludes each other. A
    column belongs to the first such row. One envelope that has them all sees to it.
    """
    where: dict[int, list[int]] = {}
    for number, mine in enumerate(columns):
        for column in mine:
            where.setdefault(int(column), []).append(number)
    unit = np.arange(len(programme.values))
    rows: set[int] = set()
    taken: set[int] = set()
    ones = []
    for number, row in enumerate(programme.rows):
        members = [column for column in row.coefs if column in where]
        if row.low is not None or row.high != 1 or set(row.coefs.values()) != {1} or not members:
            continue
        common = set(where[members[0]]).intersection(*(where[c] for c in members))
        if taken.isdisjoint(members) and common:
            unit[members] = members[0]
            taken |= set(members)
            rows.add(number)
            if any(where[column] != where[members[0]] for column in members):
                ones.append((min(common), tuple(members)))
    return _Inner(frozenset(rows), [unit[mine] for mine in columns], tuple(ones))


@dataclass(slots=True)
class Prices:
    """`part[k]`: value that each column of envelope k has there; `side[r]`: price of a side row, in units of
    value per unit of the row.
    """

    part: list[NDArray[np.float64]]
    side: NDArray[np.float64]

    def copy(self) -> Prices:
        return Prices([each.copy() for each in self.part], self.side.copy())


@dataclass(frozen=True, slots=True)
class Filled:
    """Every envelope filled at these prices, in whole numbers: `bound` in units of 1/`scale`, for each
    envelope its nearly best fillings and what its columns are worth there (`worth_in`).
    """

    parts: Parts
    scale: int
    bound: int
    fillings: tuple[Fillings, ...]
    prices: Prices
    worth_in: tuple[NDArray[np.int64], ...]

    @property
    def whole(self) -> int:
        """Values are whole numbers, so the bound may be one."""
        return self.bound // self.scale

    def worth(self) -> NDArray[np.float64]:
        """Of every column, in units of value: above 0 what leaving it costs the bound at least, below 0 what
        taking it costs.
        """
        found = np.zeros(len(self.parts.programme.values), np.int64)
        for columns, each in zip(self.parts.columns, self.fillings, strict=True):
            flips = each.flipping()
            np.add.at(found, columns, np.where(each.best(), flips, -flips))
        return found / self.scale

    def shares(self) -> NDArray[np.float64]:
        """Of the envelopes that a column draws on, those whose best filling has it."""
        found = np.zeros(len(self.parts.programme.values))
        for columns, each in zip(self.parts.columns, self.fillings, strict=True):
            np.add.at(found, columns, each.best())
        return found / np.maximum(self.parts.count, 1)


def first_prices(parts: Parts, duals: Sequence[float]) -> Prices:
    """The relaxation's: what a column is worth beyond its price is split evenly. Of columns of which one is
    taken at most, the one envelope that has them all holds what the second best is worth and half of the
    rest.
    """
    programme = parts.programme
    spare = np.array(programme.values, np.float64)
    for number in (*parts.rows, *parts.sides):
        columns, coefs = _entries(programme.rows[number])
        spare[columns] -= duals[number] * coefs
    hub, held = np.full(len(spare), -1), np.zeros(len(spare))
    for number, members in parts.ones:
        some = np.array(members)
        top = np.sort(np.maximum(spare[some], 0))[::-1]
        second = top[1] if len(top) > 1 else 0.0
        hub[some] = number
        each = spare[some]
        split: NDArray[np.float64] = np.where(each > 0, second + np.maximum(each - second, 0) / 2, each / 2)
        held[some] = np.where(parts.count[some] > 1, split, each)
    rest = (spare - held) / np.where(hub >= 0, np.maximum(parts.count - 1, 1), np.maximum(parts.count, 1))
    part: list[NDArray[np.float64]] = []
    named = zip(parts.rows, parts.columns, parts.envelopes, strict=True)
    for place, (number, columns, envelope) in enumerate(named):
        mine: NDArray[np.float64] = np.where(hub[columns] == place, held[columns], rest[columns])
        mine += duals[number] * envelope.weight
        part.append(mine)
    return Prices(part, np.array([duals[number] for number in parts.sides]))


def _entries(row: Row) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    columns = np.fromiter(row.coefs, np.int64, len(row.coefs))
    return columns, np.fromiter(row.coefs.values(), np.float64, len(row.coefs))


def filled(
    parts: Parts,
    prices: Prices,
    guesses: Sequence[int],
    spread: int,
    before: Filled | None = None,
    fewer: Sequence[int] = (),
) -> Filled:
    """Raises TooMany. `guesses`, `spread`: in units of 1/scale (see `fillings.fill`). Envelopes whose columns
    are worth what they were `before` stay as they are. `fewer`: parts of the spread that will do, tried one
    after the other, for an envelope with too many fillings.
    """
    scale = scale_of(parts)
    worth, constant = _priced(parts, prices.side, scale)
    rest, left = worth.copy(), parts.count.copy()
    fillings, worths, total = [], [], constant
    for number, columns in enumerate(parts.columns):
        mine = np.rint(prices.part[number] * scale).astype(np.int64)
        left[columns] -= 1
        mine = np.where(left[columns] == 0, rest[columns], mine)
        rest[columns] -= mine
        if before is not None and np.array_equal(mine, before.worth_in[number]):
            found = before.fillings[number]
        else:
            found = _fewer(
                parts.envelopes[number], mine, (spread, *(spread // n for n in fewer)), guesses[number]
            )
        fillings.append(found)
        worths.append(mine)
        total += found.value
    return Filled(parts, scale, total, tuple(fillings), prices, tuple(worths))


def _fewer(envelope: Envelope, worth: NDArray[np.int64], spreads: Sequence[int], guess: int) -> Fillings:
    for spread in spreads[:-1]:
        try:
            return fill_any(envelope, worth, spread, guess)
        except TooMany:
            pass
    return fill_any(envelope, worth, spreads[-1], guess)


def scale_of(parts: Parts) -> int:
    """As fine as sums stay whole numbers of 64 bits."""
    largest = 8 * sum(parts.programme.values) + 1
    return 1 << max(0, min(40, 60 - largest.bit_length()))


def _priced(parts: Parts, side: NDArray[np.float64], scale: int) -> tuple[NDArray[np.int64], int]:
    """Values less the prices of the side rows, rounded up, and what those rows give: no other rounding."""
    one = 1 << BITS
    worth = [value * one for value in parts.programme.values]
    constant = 0
    for number, price in zip(parts.sides, side, strict=True):
        row, fixed = parts.programme.rows[number], int(price * one)
        if (row.high is None and fixed > 0) or (row.low is None and fixed < 0) or not fixed:
            continue
        constant += fixed * (row.high if fixed > 0 else row.low)  # type: ignore[operator]  # not None by the test above
        for column, coef in row.coefs.items():
            worth[column] -= fixed * coef
    rounded = [-((-each * scale) >> BITS) for each in worth]
    return np.array(rounded, np.int64), -((-constant * scale) >> BITS)


class Improving:
    """Better and better prices. `best`: those with the lowest bound yet."""

    def __init__(self, parts: Parts, prices: Prices) -> None:
        self.parts, self.prices, self.scale = parts, prices, scale_of(parts)
        self._rows = [parts.programme.rows[number] for number in parts.sides]
        self._entries = [_entries(row) for row in self._rows]
        self._sizes = np.array([max(1.0, float(np.abs(c).max(initial=1))) for _, c in self._entries])
        self._guesses = [0] * len(parts.envelopes)
        self._now: Filled | None = None
        self.best = self._fill()

    def _fill(self) -> Filled:
        found = filled(self.parts, self.prices, self._guesses, 0, self._now)
        self._now = found
        self._guesses = [each.least for each in found.fillings]
        return found

    def run(self, rounds: int, stop: Stop, distance: float) -> Filled:
        """`distance`: how far the bound may come down at first guess, in units of value."""
        now, stalled, aim = self.best, 0, distance
        for _ in range(rounds):
            if stop.left() <= 0 or not self._step(now, aim):
                break
            try:
                now = self._fill()
            except TooMany:
                # Prices at which too much is alike: shorter steps from the best.
                stalled, now = STALLED, self.best
            if now.bound < self.best.bound:
                stalled = 0 if self.best.bound - now.bound > aim * self.scale / 20 else stalled + 1
                self.best = now
            else:
                stalled += 1
            if stalled >= STALLED:
                stalled, aim = 0, aim / 2
                self.prices, now = self.best.prices.copy(), self.best
                if aim < 0.01:
                    break
        return self.best

    def _step(self, now: Filled, aim: float) -> bool:
        """False where the fillings agree and keep every row that has a price: no better prices exist."""
        mean = now.shares()
        apart = [each.best() - mean[c] for c, each in zip(self.parts.columns, now.fillings, strict=True)]
        slack = np.array([self._slack(n, mean) for n in range(len(self._rows))])
        slack = np.where(self._idle(slack), 0.0, slack)
        norm = sum(float(each @ each) for each in apart) + float(slack @ slack)
        if norm < 1e-12:
            return False
        length = (now.bound - self.best.bound) / self.scale + aim
        self.prices = Prices(
            [part - length / norm * each for part, each in zip(self.prices.part, apart, strict=True)],
            self.prices.side.copy(),
        )
        self._raise(length / norm * slack)
        return True

    def _idle(self, slack: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Rows that are kept and have no price."""
        kept = [
            (row.low is None and each >= 0) or (row.high is None and each <= 0)
            for row, each in zip(self._rows, slack, strict=True)
        ]
        found: NDArray[np.bool_] = np.array(kept, np.bool_) & (self.prices.side == 0)
        return found

    def _slack(self, number: int, mean: NDArray[np.float64]) -> float:
        """What a side row's sum may still grow to its bound, in units of its largest coefficient."""
        row, (columns, coefs) = self._rows[number], self._entries[number]
        held = float(coefs @ mean[columns])
        price = self.prices.side[number]
        end = row.high if row.low is None or (row.high is not None and price > 0) else row.low
        assert end is not None, "a row has a bound"
        return float((end - held) / self._sizes[number])

    def _raise(self, step: NDArray[np.float64]) -> None:
        """Side prices move against their slack, within the sign they may have; parts follow."""
        change = np.zeros(len(self.parts.programme.values))
        for number, each in enumerate(step):
            row, (columns, coefs) = self._rows[number], self._entries[number]
            old = self.prices.side[number]
            new = old - each / self._sizes[number]
            new = max(0.0, new) if row.low is None else min(0.0, new) if row.high is None else new
            if new != old:
                self.prices.side[number] = new
                change[columns] -= (new - old) * coefs
        for part, columns in zip(self.prices.part, self.parts.columns, strict=True):
            part += change[columns] / self.parts.count[columns]
