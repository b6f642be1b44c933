"""The linear relaxation over all pairs, solved on few of them: pairs and rows enter as they are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.stop import Stop
from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.bound import Multipliers, certified, reduced
from kontor.engine.juries.flow import Flow, largest
from kontor.engine.juries.programme import Point, Programme
from kontor.engine.juries.sides import Sides

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST = 12
"""Pairs per application to begin with."""
MORE = 8
"""Pairs per application that enter at a time."""
WORTH = 1e-6
"""Pairs worth no more than this do not enter."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """`bound`: no whole assignment has more. `rows`, `columns`, `x`: pairs in the programme and their shares.

    `worth[a, e]`: reduced worth of every pair; taking one whose worth is negative costs that much.
    `tight`: applications that hold the level down.
    """

    bound: int
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    x: NDArray[np.float64]
    worth: NDArray[np.float64]
    tight: NDArray[np.int64]


class Relaxation:
    """Begins at the assignment of `start`, whose prices tell which pairs are likely. `level`: its bounds."""

    def __init__(
        self,
        arrays: Arrays,
        sides: Sides,
        start: Flow,
        *,
        seed: int,
        stop: Stop,
        level: tuple[int, int] = (0, 0),
    ) -> None:
        self.arrays, self.sides, self.level = arrays, sides, level
        self._programme = Programme(arrays, seed, stop, level)
        self._programme.enter_sides(sides.active)
        worth = reduced(arrays, arrays.units, (), start.prices)
        self._programme.enter_pairs((largest(worth, FIRST) & arrays.allowed) | start.chosen | arrays.forced)
        self._programme.begin_at(start.chosen)

    def fix_level(self, level: int) -> None:
        """From now on no application is served worse than this."""
        self.level = (level, level)
        self._programme.fix_level(level)

    def best(self, values: NDArray[np.int64] | None) -> Relaxed | None:
        """Maximises the sum of `values`, or the level without them.

        None where no assignment is possible, even one in shares. Raises OutOfTime.
        """
        programme, searching, grown = self._programme, False, "pairs"
        while True:
            programme.aim(
                None if searching else values, level=values is None and not searching, short=searching
            )
            point = programme.run(grown=grown)
            if point is None or (searching and point.short < WORTH):
                searching, grown = point is None, ""
                continue
            worth = reduced(self.arrays, None if searching else values, programme.sides, point.prices)
            if programme.enter_pairs(_worthy(worth, programme.inside)):
                grown = "pairs"
                continue
            if searching:
                return None
            broken = self.sides.violated(programme.rows, programme.columns, point.x, point.level)
            if not broken:
                return self._relaxed(values, point, worth)
            programme.enter_sides(broken)
            grown = "sides"

    def _relaxed(self, values: NDArray[np.int64] | None, point: Point, worth: NDArray[np.float64]) -> Relaxed:
        programme = self._programme
        bound = certified(
            self.arrays,
            values,
            programme.sides,
            point.prices,
            level_worth=int(values is None),
            level=self.level,
        )
        tight = _tight(programme, point.prices)
        return Relaxed(bound, programme.rows, programme.columns, point.x, worth, tight)


def _tight(programme: Programme, prices: Multipliers) -> NDArray[np.int64]:
    priced = zip(programme.sides, prices.side, strict=True)
    held = {side.row for side, price in priced if side.share and price < -1e-12}
    return np.array(sorted(row for row in held if row is not None), np.int64)


def _worthy(worth: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Per application the pairs that are worth most, of those worth anything."""
    outside = np.where(inside, -np.inf, worth)
    return largest(outside, MORE) & (outside > WORTH)
