"""The highest level of the worst-served application, proven, and the largest total at that level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.flow import Flow, largest, start_at
from kontor.engine.juries.grouped import largest_at
from kontor.engine.juries.relaxation import Relaxation
from kontor.engine.juries.sides import Served, Sides
from kontor.engine.juries.stages import Reached, Stages
from kontor.engine.juries.whole import Whole, best_whole, solve_core

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL = 60_000
"""Up to so many pairs a programme on all of them is quick."""


def fair(stages: Stages, start: Flow | None = None) -> Reached | None:
    """First the level of the worst served, then the total. None where nothing is possible."""
    first = stages.total(start)
    if first is None or first.level == first.level_bound:
        return first
    try:
        return _Search(stages, first).best()
    except OutOfTime:
        return first


class _Search:
    """Between `low`, which an assignment has, and `high`, above which there is none.

    It begins with an assignment that has the largest total of all.
    """

    def __init__(self, stages: Stages, first: Reached) -> None:
        self.stages, self.arrays, self.served = stages, stages.arrays, stages.served
        self.best_known, self.low, self.high = first, first.level, first.level_bound
        self.small = int(self.arrays.allowed.sum()) <= SMALL
        self.sides = Sides(self.arrays, self.served, stages.extra)
        start = start_at(self.arrays, first.chosen)
        self.load = start.prices.load
        self.relaxation = Relaxation(
            self.arrays, self.sides, start, seed=stages.seed, stop=stages.stop, level=(0, self.high)
        )

    def best(self) -> Reached:
        """The relaxation bounds the level; mostly it can be had, else the gap is closed by halving."""
        relaxed = self.relaxation.best(None)
        if relaxed is not None:
            self.high = max(self.low, min(self.high, relaxed.bound))
            if self.low < self.high:
                self._raise()
        best = self.best_known
        return Reached(best.chosen, best.level, self.high, best.total, best.total_bound)

    def _raise(self) -> None:
        try:
            if self._keep(self._grouped(self.high)):
                return
            if not self._keep(self._total_at(self.high)):
                self._descend()
            self._close()
        except OutOfTime:
            return

    def _descend(self) -> None:
        """Steps down from the bound, each four times as long, to an assignment; then half way up again."""
        step, failed = 1, self.high
        while self.low < self.high - step and not self._keep(self._total_at(self.high - step)):
            failed, step = self.high - step, 4 * step
        while failed - self.low > 1:
            level = (self.low + failed) // 2
            if level == self.low or not self._keep(self._total_at(level)):
                failed = level

    def _close(self) -> None:
        """Proves that nothing lies above what is reached, as far as that can be proven, then the total."""
        while self.low < self.high:
            level = (self.low + self.high + 1) // 2
            if self._impossible(level):
                self.high = level - 1
            elif not self.small or self.low < level:
                break
        self._keep(self._grouped(self.low) or self._total_at(self.low, thorough=True))

    def _impossible(self, level: int) -> bool:
        """On few pairs the whole programme decides; else only the applications that hold the level down: they
        cannot reach it even if the others asked for nothing.
        """
        if self.small:
            found = self._total_at(level, thorough=True)
            return not self._keep(found) and found is None
        arrays = self.arrays
        rows = np.array(self._held(), np.int64)
        part, served = arrays.only(rows), self.served.only(rows)
        useful = part.allowed & (within_reach(part, served, level) | part.forced)
        if int(useful.sum()) > SMALL:
            return False
        return self._core(part, Sides(part, served), useful, level) is None

    def _keep(self, found: Whole | None) -> bool:
        if found is None or found.chosen is None:
            return False
        self.best_known = self.stages.reached(found, self.high)
        self.low = self.best_known.level
        return True

    def _grouped(self, level: int) -> Whole | None:
        """As `_total_at`, proven, where groups of experts lead to it."""
        if self.stages.extra:
            return None
        stages = self.stages
        given = self.arrays, self.served, level, self._held(), self.load
        return largest_at(*given, seed=stages.seed, stop=stages.stop)

    def _held(self) -> list[int]:
        """Applications that hold the level down."""
        return sorted({side.row for side in self.sides.active if side.share and side.row is not None})

    def _total_at(self, level: int, *, thorough: bool = False) -> Whole | None:
        """The largest total among assignments of this level."""
        self.relaxation.fix_level(level)
        relaxed = self.relaxation.best(self.arrays.units)
        if relaxed is None:
            return None
        return best_whole(
            self.arrays,
            self.sides,
            self.arrays.units,
            relaxed,
            seed=self.stages.seed,
            stop=self.stages.stop,
            level=level,
            thorough=thorough,
        )

    def _core(self, arrays: Arrays, sides: Sides, core: NDArray[np.bool_], level: int) -> Whole | None:
        stages, bounds = self.stages, (level, level)
        return solve_core(arrays, sides, arrays.units, core, seed=stages.seed, stop=stages.stop, level=bounds)


def within_reach(arrays: Arrays, served: Served, level: int) -> NDArray[np.bool_]:
    """Pairs with which an application can reach the level, its other experts being its best."""
    floor = -(-served.share * level // served.scale)
    most = int(arrays.need_hi.max(initial=1))
    units = np.where(arrays.allowed, arrays.units, 0)
    best = -np.sort(-np.where(largest(units, most), units, 0), axis=1)[:, :most]
    others = np.arange(best.shape[1])[None, :] < (arrays.need_hi - 1)[:, None]
    enough: NDArray[np.bool_] = arrays.units + (best * others).sum(axis=1)[:, None] >= floor[:, None]
    return enough
