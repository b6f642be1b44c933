"""A linear programme that grows by pairs and rows, kept in HiGHS between solves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.bound import Multipliers
from kontor.engine.juries.sides import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRIMAL, DUAL = 4, 1
LEVEL = 0
"""The column of the level comes first."""


@dataclass(frozen=True, slots=True)
class Point:
    """A solution: share of each pair, level, sum that is short, prices of the rows."""

    x: NDArray[np.float64]
    level: float
    short: float
    prices: Multipliers


def quiet(seed: int, stop: Stop) -> highspy.Highs:
    """HiGHS on one thread, silent, ended by the caller's clock."""
    highs = highspy.Highs()
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": seed % (1 << 31),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.9,
    }.items():
        highs.setOptionValue(option, value)
    limit(highs, stop)
    return highs


def limit(highs: highspy.Highs, stop: Stop) -> None:
    left = stop.left()
    if left <= 0:
        raise OutOfTime
    if math.isfinite(left):
        highs.setOptionValue("time_limit", highs.getRunTime() + left)


class Programme:
    """Rows: applications, experts, sides. Columns: the level, one short column per row with a lower bound,
    and pairs, in the order of `rows` and `columns`.
    """

    def __init__(self, arrays: Arrays, seed: int, stop: Stop, level: tuple[int, int]) -> None:
        self.arrays, self.stop = arrays, stop
        self.inside = np.zeros(arrays.units.shape, np.bool_)
        self.rows = np.zeros(0, np.int64)
        self.columns = np.zeros(0, np.int64)
        self.sides: list[Side] = []
        self._pairs = np.zeros(0, np.int32)
        self._shorts = np.zeros(0, np.int32)
        self._highs = quiet(seed, stop)
        lower = np.concatenate((arrays.need_lo, arrays.load_lo)).astype(float)
        upper = np.concatenate((arrays.need_hi, arrays.load_hi)).astype(float)
        self._highs.addCols(1, [0.0], [float(level[0])], [float(level[1])], 0, [0], [], [])
        empty = np.zeros(0)
        starts = np.zeros(len(lower), np.int32)
        self._highs.addRows(len(lower), lower, upper, 0, starts, empty.astype(np.int32), empty)
        self._enter_shorts(np.flatnonzero(lower > 0))

    def _enter_shorts(self, rows: NDArray[np.int64]) -> None:
        count = len(rows)
        zeros, starts = np.zeros(count), np.arange(count, dtype=np.int32)
        self._highs.addCols(count, zeros, zeros, zeros, count, starts, rows.astype(np.int32), np.ones(count))
        begin = self._highs.getNumCol() - count
        self._shorts = np.concatenate((self._shorts, np.arange(begin, begin + count, dtype=np.int32)))

    def enter_pairs(self, chosen: NDArray[np.bool_]) -> int:
        """Those of `chosen[a, e]` that are not in yet; answers how many they are."""
        rows, columns = np.nonzero(chosen & ~self.inside)
        count = len(rows)
        if count:
            self.inside[rows, columns] = True
            starts, index, value = self._entries(rows, columns)
            lower = self.arrays.forced[rows, columns].astype(float)
            zeros, ones = np.zeros(count), np.ones(count)
            self._highs.addCols(count, zeros, lower, ones, len(index), starts, index, value)
            begin = self._highs.getNumCol() - count
            self._pairs = np.concatenate((self._pairs, np.arange(begin, begin + count, dtype=np.int32)))
            self.rows = np.concatenate((self.rows, rows))
            self.columns = np.concatenate((self.columns, columns))
        return count

    def _entries(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """Column-wise entries of pairs in all rows."""
        applications, experts = self.arrays.units.shape
        count = len(rows)
        every, ones = np.arange(count), np.ones(count)
        parts = [(every, rows, ones), (every, applications + columns, ones)]
        for number, side in enumerate(self.sides, start=applications + experts):
            coefs = side.at(rows, columns)
            hit = np.flatnonzero(coefs)
            parts.append((hit, np.full(len(hit), number), coefs[hit].astype(float)))
        of, index, value = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = np.argsort(of, kind="stable")
        starts = np.searchsorted(of[order], every)
        return starts.astype(np.int32), index[order].astype(np.int32), value[order]

    def enter_sides(self, sides: Sequence[Side]) -> None:
        """New rows over the pairs that are in."""
        begin = self._highs.getNumRow()
        starts, indices, values = [0], [], []
        for side in sides:
            coefs = side.at(self.rows, self.columns)
            hit = np.flatnonzero(coefs)
            level = 1 if side.share else 0
            indices.append(np.concatenate((np.full(level, LEVEL, np.int32), self._pairs[hit])))
            values.append(np.concatenate((np.full(level, -float(side.share)), coefs[hit].astype(float))))
            starts.append(starts[-1] + len(indices[-1]))
        if sides:
            lower = np.array([float(side.lower) for side in sides])
            upper = np.full(len(sides), np.inf)
            index, value = np.concatenate(indices), np.concatenate(values)
            begins = np.array(starts[:-1], np.int32)
            self._highs.addRows(len(sides), lower, upper, len(index), begins, index, value)
            self.sides += sides
            self._enter_shorts(np.arange(begin, begin + len(sides)))

    def aim(self, values: NDArray[np.int64] | None, *, level: bool, short: bool) -> None:
        """What is maximised: `values[a, e]` of pairs, the level, or with `short` as little lack as can be."""
        worth = (
            np.zeros(len(self._pairs)) if values is None else values[self.rows, self.columns].astype(float)
        )
        self._highs.changeColsCost(len(self._pairs), self._pairs, -worth)
        self._highs.changeColCost(LEVEL, -1.0 if level else 0.0)
        count = len(self._shorts)
        self._highs.changeColsCost(count, self._shorts, np.full(count, float(short)))
        upper = np.full(count, np.inf if short else 0.0)
        self._highs.changeColsBounds(count, self._shorts, np.zeros(count), upper)

    def fix_level(self, level: int) -> None:
        self._highs.changeColBounds(LEVEL, float(level), float(level))

    def begin_at(self, chosen: NDArray[np.bool_]) -> None:
        """Starts the search at a whole assignment: every row basic, chosen pairs at their upper bound."""
        status = highspy.HighsBasisStatus
        columns = [status.kLower] * self._highs.getNumCol()
        for pair in self._pairs[chosen[self.rows, self.columns]]:
            columns[pair] = status.kUpper
        basis = highspy.HighsBasis()
        basis.col_status, basis.row_status = columns, [status.kBasic] * self._highs.getNumRow()
        basis.valid = True
        self._highs.setBasis(basis)

    def run(self, *, grown: str = "") -> Point | None:
        """The optimum; None where there is none. `grown`: by what the programme grew since it was last run,
        which tells the method that goes on from there. Raises OutOfTime.
        """
        limit(self._highs, self.stop)
        self._highs.setOptionValue("simplex_strategy", {"pairs": PRIMAL, "sides": DUAL}.get(grown, 0))
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise OutOfTime
        found = self._highs.getSolution()
        value, dual = np.array(found.col_value), -np.array(found.row_dual)
        applications, experts = self.arrays.units.shape
        prices = Multipliers(
            dual[:applications], dual[applications : applications + experts], dual[applications + experts :]
        )
        return Point(value[self._pairs], float(value[LEVEL]), float(value[self._shorts].sum()), prices)
