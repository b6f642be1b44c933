"""The largest total at a level, with whole groups of experts for the applications that hold the level down.

Such an application takes a group of experts that serves it well enough: with one column per group the
relaxation no longer mixes good experts with bad ones to reach the level (Dantzig and Wolfe, Decomposition
principle for linear programs, Operations Research 1960). Once these have their groups, all others are a
flow. Groups and pairs enter as they are worth it; at the end the experts' prices alone bound the total in
whole numbers, and tell which pairs and groups the best assignment can have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.groups import Asked, TooMany
from kontor.engine.juries.master import Column, Master
from kontor.engine.juries.sides import Served
from kontor.engine.juries.whole import Whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS = 16
"""Prices count in 1/65,536 of a unit."""
FORCED = 1 << 24
"""Worth of a fixed pair, in units: it is in every best group."""
ENTER = 24
"""Pairs per application and groups that enter at a time."""
WIDTH, WIDER = 100, 4
"""First guess of the distance between bound and best assignment, in units, and by what it grows."""
HELD = 200
"""Applications that stand with groups, at most."""


def largest_at(
    arrays: Arrays,
    served: Served,
    level: int,
    held: Sequence[int],
    load: NDArray[np.float64],
    *,
    seed: int,
    stop: Stop,
) -> Whole | None:
    """The assignment with the largest total of those in which nobody is served below `level`, proven.

    `held`: applications that hold the level down, others join them. `load`: prices of experts to begin with.
    None where this way leads to nothing:
    reviews from-to, fields, too many groups, or no assignment of this level. Raises OutOfTime.
    """
    if len(arrays.wants) or (arrays.need_lo != arrays.need_hi).any():
        return None
    floors = -(-served.share * level // served.scale)
    standing = sorted(held)
    try:
        while len(standing) <= HELD:
            found = _Grouped(arrays, floors, standing, seed, stop).best(load)
            if found is None or found.chosen is None:
                return None
            short = np.flatnonzero((arrays.units * found.chosen).sum(axis=1) < floors)
            if not len(short):
                return found
            standing = sorted({*standing, *short.tolist()})
    except TooMany:
        pass
    return None


@dataclass(frozen=True, slots=True)
class _Bounded:
    """`bound`: no assignment has more. `loss[a, e]`: what a pair costs the bound at least, `without[a, e]`:
    what leaving it costs, both in units. `best[a]`: the best group of a held application, `worth`: of pairs,
    both in 1/65,536.
    """

    bound: int
    loss: NDArray[np.int64]
    without: NDArray[np.int64]
    best: dict[int, int]
    worth: NDArray[np.int64]


class _Grouped:
    def __init__(
        self, arrays: Arrays, floors: NDArray[np.int64], held: list[int], seed: int, stop: Stop
    ) -> None:
        self.arrays, self.floors, self.held = arrays, floors, held
        self.seed, self.stop = seed, stop
        self.loose = np.ones(len(arrays.units), np.bool_)
        self.loose[held] = False

    def best(self, load: NDArray[np.float64]) -> Whole | None:
        prices = self._prices(load)
        return None if prices is None else self._within(self._bounded(prices))

    def _prices(self, load: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """The experts' prices at the optimum of the relaxation, from some that are near; None where it has no
        solution.
        """
        master = Master(self.arrays, self.held, self.seed, self.stop)
        master.enter(
            self._worthy(np.zeros(self.arrays.units.shape, np.bool_), self.arrays.units.astype(float))
        )
        while True:
            point = master.run()
            worth = self.arrays.units - point.load[None, :] - point.need[:, None]
            entering = self._worthy(master.inside, worth)
            new = master.enter(entering & (worth > 1e-6))
            for a in self.held:
                new += master.enter_groups(self._groups(a, point.load, float(point.need[a])))
            if not new:
                return None if point.short > 1e-6 else point.load

    def _worthy(self, inside: NDArray[np.bool_], worth: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For loose applications the pairs outside that are worth most, and all that are fixed."""
        open_ = self.arrays.allowed & ~inside & self.loose[:, None]
        ranked = np.where(open_, worth, -np.inf)
        count = min(ENTER, ranked.shape[1])
        cut = -np.partition(-ranked, count - 1, axis=1)[:, count - 1]
        found: NDArray[np.bool_] = open_ & ((ranked >= cut[:, None]) | self.arrays.forced)
        return found

    def _groups(self, a: int, load: NDArray[np.float64], need: float) -> list[Column]:
        """The best few groups that are worth more than the application's price."""
        asked, experts = self._asked(a, self._worth(load)[a])
        best = asked.best()
        if best is None:
            return []
        taken = int(self.arrays.forced[a].sum()) * (FORCED << BITS)
        least = max(taken + int((need + 1e-4) * (1 << BITS)), best - (8 << BITS))
        members = asked.within(least)[0] if least <= best else np.zeros((0, asked.count), np.int64)
        return [(a, tuple(experts[each].tolist())) for each in members[:ENTER]]

    def _asked(self, a: int, worth: NDArray[np.int64]) -> tuple[Asked, NDArray[np.int64]]:
        experts = np.flatnonzero(self.arrays.allowed[a])
        units = self.arrays.units[a, experts]
        return Asked(units, worth[experts], int(self.arrays.need_hi[a]), int(self.floors[a])), experts

    def _worth(self, load: NDArray[np.float64]) -> NDArray[np.int64]:
        """Worth of pairs beyond the experts' prices; fixed ones above all others."""
        prices = np.rint(load * (1 << BITS)).astype(np.int64)
        worth: NDArray[np.int64] = (self.arrays.units << BITS) - prices[None, :]
        worth[self.arrays.forced] += FORCED << BITS
        return worth

    def _bounded(self, load: NDArray[np.float64]) -> _Bounded:
        """Every application takes its best at these prices, whatever that makes of loads."""
        arrays, far = self.arrays, 1 << 58
        worth = np.where(arrays.allowed, self._worth(load), -far)
        prices = np.rint(load * (1 << BITS)).astype(np.int64)
        total = int(np.maximum(prices * arrays.load_lo, prices * arrays.load_hi).sum())
        ranked = np.concatenate((-np.sort(-worth, axis=1), np.full((len(worth), 1), -far)), axis=1)
        within = np.arange(ranked.shape[1])[None, :] < arrays.need_hi[:, None]
        total += int(np.where(within & self.loose[:, None], ranked, 0).sum())
        total -= int(arrays.forced.sum()) * (FORCED << BITS)
        every = np.arange(len(worth))
        last = np.where(arrays.need_hi > 0, ranked[every, arrays.need_hi - 1], far)
        loss = np.maximum(last[:, None] - worth, 0)
        without = np.maximum(worth - ranked[every, arrays.need_hi][:, None], 0)
        best = {}
        for a in self.held:
            top = self._asked(a, worth[a])[0].best()
            assert top is not None, "the relaxation gave it a group"
            best[a] = top
            total += top
        return _Bounded(total >> BITS, loss >> BITS, without >> BITS, best, worth)

    def _within(self, bounded: _Bounded) -> Whole | None:
        """The best assignment; what it can have lies within the distance between its total and the bound."""
        width = WIDTH
        while True:
            master = Master(self.arrays, self.held, self.seed, self.stop, whole=True)
            core = self.arrays.allowed & self.loose[:, None] & (bounded.loss <= width)
            master.enter(core, core & (bounded.without > width))
            for a, best in bounded.best.items():
                asked, experts = self._asked(a, bounded.worth[a])
                members, _value = asked.within(best - (width + 1 << BITS))
                master.enter_groups([(a, tuple(experts[each].tolist())) for each in members])
            point = master.run()
            if point.short < 0.5:
                chosen = master.chosen()
                value = int(self.arrays.units[chosen].sum())
                distance = bounded.bound - value
                if distance <= width:
                    return Whole(chosen, value, value)
            elif width > bounded.bound:
                return None
            if self.stop.left() <= 0:
                raise OutOfTime
            width = distance if point.short < 0.5 else WIDER * width
