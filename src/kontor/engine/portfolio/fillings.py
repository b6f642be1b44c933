"""Every nearly best way to fill one envelope, exact: flips around the relaxation's choice, met in the middle.

With a price per cent the relaxation takes what is worth more than it costs. Any other choice loses the
surplus of each column that is flipped, and the price of the money left over; so the choices that lose little
flip few columns that are nearly worth their price, and these are tried out (Balas and Zemel 1980), in two
halves (Horowitz and Sahni, Computing partitions, JACM 1974).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATES, MANY = 100_000, 400_000
"""Choices in one half, and tenths of pairs of them, that are looked at before giving up: where envelopes are
filled often, and where other rows bind them together too, so that giving up is dear.
"""
BITS, WORDS = 62, 2
FLIPS = BITS * WORDS
"""Columns per half that may be flipped: bits of so many whole numbers."""


MARGIN = 8
"""What the best loses grows seldom by more than this part from one round of prices to the next."""
BEGIN = 6
"""Columns that may be flipped at first."""


class TooMany(Exception):
    """More choices than can be looked at."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Columns with `weight` (cents, above 0) of which at most `room` fit. Of columns with the same `unit` (0,
    1, 2 … without a gap) at most one is taken: the percentages of one proposal. `states`: as in `STATES`.
    """

    weight: NDArray[np.int64]
    room: int
    unit: NDArray[np.int64]
    states: int = STATES

    @property
    def units(self) -> int:
        return int(self.unit.max(initial=-1)) + 1

    def best_of_units(self, surplus: NDArray[np.int64]) -> NDArray[np.int64]:
        """The column of every unit with the largest surplus."""
        if self.units == len(self.unit):
            return np.argsort(self.unit)
        order = np.lexsort((-surplus, self.unit))
        first = np.searchsorted(self.unit[order], np.arange(self.units))
        found: NDArray[np.int64] = order[first]
        return found


@dataclass(frozen=True, slots=True)
class Fillings:
    """`taken[n]`: whether filling n has each column of `near`; all others are as in `base`. `loss[n]`: how
    much less than `most` it is worth. All that lose at most `limit` are here. `surplus`: what flipping a
    column loses at least.
    """

    most: int
    limit: int
    base: NDArray[np.bool_]
    near: NDArray[np.int64]
    taken: NDArray[np.bool_]
    loss: NDArray[np.int64]
    surplus: NDArray[np.int64]

    @property
    def least(self) -> int:
        return int(self.loss.min())

    @property
    def value(self) -> int:
        """Of the best filling."""
        return self.most - self.least

    def shortened(self, spread: int, count: int) -> Fillings:
        """Those that are worth at most `spread` less than the best; the best `count` of them."""
        kept = np.argsort(self.loss, kind="stable")[:count]
        kept = kept[self.loss[kept] <= self.least + spread]
        return replace(self, taken=self.taken[kept], loss=self.loss[kept])

    def best(self) -> NDArray[np.bool_]:
        x = self.base.copy()
        x[self.near] = self.taken[int(self.loss.argmin())]
        return x

    def flipping(self) -> NDArray[np.int64]:
        """What flipping each column away from the best filling loses at least, beside its value."""
        best, least = self.best(), self.least
        costs = np.maximum(self.surplus - least, 0)
        for place, column in enumerate(self.near):
            others = self.loss[self.taken[:, place] != best[column]]
            costs[column] = (int(others.min()) if len(others) else self.limit + 1) - least
        return costs


def fill(envelope: Envelope, worth: NDArray[np.int64], spread: int, guess: int) -> Fillings:
    """All fillings that are worth at most `spread` less than the best. `guess`: what the best may lose; 0
    where that is unknown.

    Raises TooMany.
    """
    price = critical_price(envelope, worth)
    sizes = np.sort(np.abs(worth - price * envelope.weight))
    limit = (guess + guess // MARGIN or int(sizes[min(BEGIN, len(sizes) - 1)])) + spread
    while True:
        found = within(envelope, worth, Prices(price), max(1, limit))
        if len(found.loss):
            enough = found.least + spread
            return found if enough <= limit else within(envelope, worth, Prices(price), enough)
        limit += limit // 2 + 1


@dataclass(frozen=True, slots=True)
class Prices:
    """Worth per cent, and per column where exactly `number` columns are taken."""

    cent: int
    column: int = 0
    number: int | None = None


def critical_price(envelope: Envelope, worth: NDArray[np.int64]) -> int:
    """Worth per cent of the first unit that no longer fits, best first; 0 where all fit."""
    heads = envelope.best_of_units(worth)
    good = heads[worth[heads] > 0]
    ratio = worth[good] / envelope.weight[good]
    order = np.argsort(-ratio, kind="stable")
    place = int(np.searchsorted(np.cumsum(envelope.weight[good][order]), envelope.room, side="right"))
    return round(float(ratio[order[place]])) if place < len(good) else 0


def within(envelope: Envelope, worth: NDArray[np.int64], prices: Prices, limit: int) -> Fillings:
    """All fillings that lose at most `limit` against the relaxation at these prices."""
    surplus = worth - prices.cent * envelope.weight - prices.column
    base = np.zeros(len(worth), np.bool_)
    heads = envelope.best_of_units(surplus)
    base[heads[surplus[heads] > 0]] = True
    size = _sizes(envelope, surplus, heads)
    most = prices.cent * envelope.room + int(surplus[base].sum()) + prices.column * (prices.number or 0)
    near, halves = _halves(envelope, surplus, base, size, limit)
    counted = prices.number is not None
    first, second = (_flips(half, limit, envelope.states, counted=counted) for half in halves)
    left = envelope.room - int(envelope.weight[base].sum())
    missing = 0 if prices.number is None else prices.number - int(base.sum())
    one, two, loss = _meet(first, second, left, missing, prices.cent, limit, 10 * envelope.states)
    cut = len(halves[0].columns)
    taken = np.empty((len(loss), len(near)), np.bool_)
    taken[:, :cut] = _bits(first.mask[:, one], cut) ^ base[near[:cut]]
    taken[:, cut:] = _bits(second.mask[:, two], len(near) - cut) ^ base[near[cut:]]
    return Fillings(most, limit, base, near, taken, loss, size)


def _sizes(envelope: Envelope, surplus: NDArray[np.int64], heads: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is lost at least where a column is not as in the relaxation: taken instead of the best of its
    unit, or left for the next of it.
    """
    if len(heads) == len(surplus):
        return np.abs(surplus)
    best = np.maximum(surplus[heads], 0)
    size = best[envelope.unit] - surplus
    rest = surplus.copy()
    rest[heads] = 0
    second = np.zeros(len(heads), np.int64)
    np.maximum.at(second, envelope.unit, rest)
    size[heads] = np.where(surplus[heads] > 0, surplus[heads] - second, -surplus[heads])
    return size


@dataclass(frozen=True, slots=True)
class _Choices:
    """Of some units the columns in question, and for each unit its other ways: (loss, cents and columns it
    adds, columns it flips as bits).
    """

    columns: list[int]
    units: list[list[tuple[int, int, int, int]]]


def _halves(
    envelope: Envelope,
    surplus: NDArray[np.int64],
    base: NDArray[np.bool_],
    size: NDArray[np.int64],
    limit: int,
) -> tuple[NDArray[np.int64], tuple[_Choices, _Choices]]:
    """The columns that may be flipped, by halves; units by turns, those that lose least first."""
    near = np.flatnonzero(size <= limit)
    if len(near) > 2 * FLIPS:
        raise TooMany
    near = near[np.argsort(size[near], kind="stable")]
    mine: dict[int, list[int]] = {}
    for unit, column in zip(envelope.unit[near].tolist(), near.tolist(), strict=True):
        mine.setdefault(unit, []).append(column)
    held = dict(zip(envelope.unit[base].tolist(), np.flatnonzero(base).tolist(), strict=True))
    halves = _Choices([], []), _Choices([], [])
    for unit, columns in mine.items():
        half = halves[len(halves[1].columns) < len(halves[0].columns)]
        taken = held.get(unit)
        others = [column for column in columns if column != taken]
        here = others if taken is None else [taken, *others]
        half.units.append(_ways(envelope, surplus, taken, others, len(half.columns)))
        half.columns.extend(here)
    if max(len(half.columns) for half in halves) > FLIPS:
        raise TooMany
    return np.array(halves[0].columns + halves[1].columns, np.int64), halves


def _ways(
    envelope: Envelope, surplus: NDArray[np.int64], taken: int | None, others: list[int], bit: int
) -> list[tuple[int, int, int, int]]:
    """Of a unit of which the relaxation takes `taken`: none of it, or one of the others. `bit`: its first."""
    if taken is None:
        return [
            (-int(surplus[each]), int(envelope.weight[each]), 1, 1 << (bit + place))
            for place, each in enumerate(others)
        ]
    lost, freed, out = int(surplus[taken]), int(envelope.weight[taken]), 1 << bit
    return [
        (lost, -freed, -1, out),
        *(
            (lost - int(surplus[each]), int(envelope.weight[each]) - freed, 0, out | 1 << (bit + place))
            for place, each in enumerate(others, start=1)
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Half:
    """Sets of flips: loss, cents and columns they add, and which they are (words of bits); by columns, then
    cents.
    """

    loss: NDArray[np.int64]
    weight: NDArray[np.int64]
    count: NDArray[np.int64]
    mask: NDArray[np.int64]


def _flips(half: _Choices, limit: int, states: int, *, counted: bool) -> _Half:
    """Other ways of several units that lose at most `limit` together; the smallest losses come first."""
    sets = np.zeros((3 + WORDS, 1), np.int64)
    for ways in half.units:
        parts = [sets]
        for lost, cents, columns, bits in ways:
            fits = sets[:, sets[0] + lost <= limit]
            words = [bits >> BITS * word & (1 << BITS) - 1 for word in range(WORDS)]
            step = np.array([lost, cents, columns if counted else 0, *words], np.int64)
            parts.append(fits + step[:, None])
        sets = np.concatenate(parts, axis=1)
        if sets.shape[1] > states:
            raise TooMany
    sets = sets[:, np.lexsort((sets[1], sets[2]))]
    return _Half(sets[0], sets[1], sets[2], sets[3:])


def _meet(
    first: _Half, second: _Half, left: int, missing: int, price: int, limit: int, pairs: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pairs that fit and lose at most `limit`: both halves' losses and the price of the money left over."""
    room = left - first.weight
    begins, ends = np.zeros_like(room), np.zeros_like(room)
    for count in np.unique(first.count):
        mine = first.count == count
        low, high = np.searchsorted(second.count, [missing - count, missing - count + 1])
        weight = second.weight[low:high]
        ends[mine] = low + np.searchsorted(weight, room[mine], side="right")
        begins[mine] = low
        if price:
            least = room[mine] - (limit - first.loss[mine]) // price
            begins[mine] += np.searchsorted(weight, least, side="left")
    counts = np.maximum(ends - begins, 0)
    total = int(counts.sum())
    if total > pairs:
        raise TooMany
    one = np.repeat(np.arange(len(counts)), counts)
    two = begins[one] + np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    loss = first.loss[one] + second.loss[two] + price * (room[one] - second.weight[two])
    keep = loss <= limit
    return one[keep], two[keep], loss[keep]


def _bits(mask: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    place = np.arange(count)
    found: NDArray[np.bool_] = ((mask[place // BITS] >> (place % BITS)[:, None]) & 1).astype(np.bool_).T
    return found
