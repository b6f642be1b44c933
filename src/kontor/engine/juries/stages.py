"""One aim after the other: the worst served, then the total; each keeps what came before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.flow import Flow, best_flow, largest
from kontor.engine.juries.relaxation import Relaxation
from kontor.engine.juries.sides import Served, Side, Sides
from kontor.engine.juries.whole import Whole, best_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Reached:
    """`chosen[a, e]`; level of the worst served and total in units, each with its bound."""

    chosen: NDArray[np.bool_]
    level: int
    level_bound: int
    total: int
    total_bound: int


@dataclass(frozen=True)
class Stages:
    """The arrays, how the level is measured, rows that hold throughout, the lot and the time."""

    arrays: Arrays
    served: Served
    seed: int
    stop: Stop
    extra: tuple[Side, ...] = ()

    def best_sum(self, values: NDArray[np.int64], start: Flow | None = None) -> Whole | None:
        """The largest sum of `values`; None where no assignment is possible. `start` keeps `extra`."""
        if self.stop.left() <= 0:
            raise OutOfTime
        flow = start or best_flow(self.arrays, values)
        if flow is None:
            return None
        sides = Sides(self.arrays, extra=self.extra)
        rows, columns = np.nonzero(flow.chosen)
        if not self.extra and not sides.violated(rows, columns, np.ones(len(rows)), 0.0):
            value = int(values[flow.chosen].sum())
            return Whole(flow.chosen, value, value)
        sides = Sides(self.arrays, extra=self.extra)
        relaxed = Relaxation(self.arrays, sides, flow, seed=self.seed, stop=self.stop).best(values)
        if relaxed is None:
            return None
        return best_whole(self.arrays, sides, values, relaxed, seed=self.seed, stop=self.stop)

    def level_most(self) -> int:
        """No application can be served better than by the experts who suit it best."""
        arrays, served = self.arrays, self.served
        most = int(arrays.need_hi.max(initial=0))
        units = np.where(arrays.allowed, arrays.units, 0)
        best = -np.sort(-np.where(largest(units, most), units, 0), axis=1)[:, :most]
        within = np.arange(best.shape[1])[None, :] < arrays.need_hi[:, None]
        tops = (best * within).sum(axis=1)
        return int((served.scale * tops // served.share).min(initial=np.iinfo(np.int64).max))

    def total(self, start: Flow | None = None) -> Reached | None:
        """The largest total alone."""
        found = self.best_sum(self.arrays.units, start)
        if found is None:
            return None
        return self.reached(found, self.level_most())

    def reached(self, found: Whole, bound: int) -> Reached:
        if found.chosen is None:
            raise OutOfTime
        level = self.served.level(self.arrays, found.chosen)
        return Reached(found.chosen, level, max(level, bound), found.value, max(found.value, found.bound))
