"""The programme of pairs and groups: applications have reviews or one group, experts a bounded load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.programme import limit, quiet

if TYPE_CHECKING:
    from numpy.typing import NDArray

Column = tuple[int, tuple[int, ...]]
"""An application and a group of experts for it."""


@dataclass(frozen=True, slots=True)
class Point:
    """Prices of applications and experts in units (of the relaxation), and how much is short in all."""

    need: NDArray[np.float64]
    load: NDArray[np.float64]
    short: float


class Master:
    """Rows: applications, then experts. What is short of a row costs more than anything can be worth."""

    def __init__(
        self, arrays: Arrays, held: Sequence[int], seed: int, stop: Stop, *, whole: bool = False
    ) -> None:
        self.arrays, self.stop, self.whole = arrays, stop, whole
        self.inside = np.zeros(arrays.units.shape, np.bool_)
        self._columns: list[Column] = []
        self._known: set[Column] = set()
        self._highs = quiet(seed, stop)
        lower = np.concatenate((arrays.need_lo, arrays.load_lo)).astype(float)
        upper = np.concatenate((arrays.need_hi, arrays.load_hi)).astype(float)
        lower[list(held)] = upper[list(held)] = 1
        count, empty = len(lower), np.zeros(0)
        self._highs.addRows(count, lower, upper, 0, np.zeros(count, np.int32), empty.astype(np.int32), empty)
        owing = np.flatnonzero(lower > 0).astype(np.int32)
        self._shorts = len(owing)
        cost = 1.0 + 4.0 * float(arrays.units.max(initial=0)) * (1 + int(arrays.need_hi.max(initial=0)))
        self._add(np.full(len(owing), cost), np.zeros(len(owing)), np.full(len(owing), np.inf), owing, 1)

    def _add(
        self,
        cost: NDArray[np.float64],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        index: NDArray[np.int32],
        height: int,
    ) -> None:
        """Columns with `height` entries of 1 each."""
        count = len(cost)
        starts = np.arange(0, height * count, height, dtype=np.int32)
        self._highs.addCols(count, cost, lower, upper, len(index), starts, index, np.ones(len(index)))

    def enter(self, pairs: NDArray[np.bool_], musts: NDArray[np.bool_] | None = None) -> int:
        """Pairs that are not in yet; `musts` are taken. Answers how many they are."""
        rows, columns = np.nonzero(pairs & ~self.inside)
        if len(rows):
            self.inside[rows, columns] = True
            must = self.arrays.forced if musts is None else self.arrays.forced | musts
            index = np.stack((rows, len(self.arrays.units) + columns), axis=1).ravel().astype(np.int32)
            cost = -self.arrays.units[rows, columns].astype(float)
            self._add(cost, must[rows, columns].astype(float), np.ones(len(rows)), index, 2)
            self._columns += [(a, (e,)) for a, e in zip(rows.tolist(), columns.tolist(), strict=True)]
        return len(rows)

    def enter_groups(self, groups: Sequence[Column]) -> int:
        """Groups that are not in yet; answers how many they are."""
        new = [each for each in groups if each not in self._known]
        if new:
            self._known.update(new)
            first, size = len(self.arrays.units), len(new[0][1])
            index = np.array([(a, *(first + e for e in experts)) for a, experts in new], np.int32).ravel()
            cost = [-float(self.arrays.units[a, list(experts)].sum()) for a, experts in new]
            self._add(np.array(cost), np.zeros(len(new)), np.ones(len(new)), index, size + 1)
            self._columns += new
        return len(new)

    def run(self) -> Point:
        """The optimum, in shares or whole. Raises OutOfTime."""
        limit(self._highs, self.stop)
        if self.whole:
            count = self._highs.getNumCol()
            kinds = [highspy.HighsVarType.kInteger] * count
            self._highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), np.array(kinds))
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise OutOfTime
        found = self._highs.getSolution()
        value, dual = np.array(found.col_value), -np.array(found.row_dual)
        applications = len(self.arrays.units)
        short = float(value[: self._shorts].sum())
        return Point(dual[:applications], dual[applications:], short)

    def chosen(self) -> NDArray[np.bool_]:
        """The assignment of a whole solution."""
        found = np.zeros(self.arrays.units.shape, np.bool_)
        value = np.array(self._highs.getSolution().col_value)[self._shorts :]
        for place in np.flatnonzero(value > 0.5).tolist():
            a, experts = self._columns[place]
            found[a, list(experts)] = True
        return found
