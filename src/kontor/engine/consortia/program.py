"""The linear program behind a search tree: a chosen part of the candidates, of whose columns few are held.

Only columns that are worth something at the present prices enter; numpy prices all others at once. Bounds
are taken from the prices (weak duality), so they hold however exactly HiGHS worked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from kontor.engine.consortia.rows import INF, Model, Row
from kontor.engine.consortia.tables import Flags, Floats, Rows

PENALTY = 1e4
ENOUGH = 1e-7
BATCH = 40
MOST_HELD = 300
KEPT = 120


@dataclass(frozen=True, slots=True)
class Solved:
    """`bound` holds for every team within the bounds asked; `values` of candidates, then of helpers."""

    bound: float
    values: Floats


class Program:
    """Rows of a model, each divided by its largest factor. Rows may be missed at a high price.

    Columns are numbered: candidates in the order of `model.chosen`, then helpers.
    """

    def __init__(self, model: Model, first: Rows) -> None:
        self.count, self._helpers = len(model.chosen), len(model.helpers)
        self.points = np.concatenate([model.points, [each.points for each in model.helpers]])
        self.top = np.concatenate([np.ones(self.count), [each.high for each in model.helpers]])
        self.runs = 0
        self._worth = self.points
        self._matrix = np.zeros((0, len(self.points)))
        self._low, self._high = np.zeros(0), np.zeros(0)
        self._begin(first)
        self.add(model.rows)

    def add(self, rows: Sequence[Row]) -> int:
        """Further rows; answers with the number of the first."""
        matrix = np.zeros((len(rows), self.count + self._helpers))
        for number, row in enumerate(rows):
            matrix[number, : self.count] = row.candidates
            for position, factor in row.helpers.items():
                matrix[number, self.count + position] = factor
        scale = np.abs(matrix).max(axis=1, initial=0)
        scale[scale == 0] = 1
        matrix /= scale[:, None]
        low = np.array([row.low for row in rows]) / scale
        high = np.array([row.high for row in rows]) / scale
        first = len(self._low)
        self._matrix = np.vstack([self._matrix, matrix])
        self._low, self._high = np.concatenate([self._low, low]), np.concatenate([self._high, high])
        self._write(first)
        return first

    def change(self, row: int, low: float, high: float) -> None:
        """Other limits for a row whose largest factor is 1."""
        if (self._low[row], self._high[row]) != (low, high):
            self._low[row], self._high[row] = low, high
            self._highs.changeRowBounds(row, low, high)

    def solve(self, low: Floats, high: Floats, enough: float) -> Solved:
        """The optimum within these bounds of all columns, or any bound that is not above `enough`."""
        self._highs.setOptionValue("objective_bound", -enough if enough > -INF else INF)
        self._make_room(low)
        while True:
            held = self._held
            self._highs.changeColsBounds(len(held), self._at, low[held], high[held])
            self._highs.run()
            self.runs += 1
            solution = self._highs.getSolution()
            prices = -np.array(solution.row_dual)
            bound, worth = self._bound(prices, low, high)
            self._worth = worth
            new = np.flatnonzero(self._missing & (high > 0) & (worth > ENOUGH))
            if not len(new) or bound <= enough:
                break
            self._hold(new[np.argsort(-worth[new], kind="stable")[:BATCH]])
        values = np.zeros(len(self.top))
        values[held] = np.array(solution.col_value)[self._at]
        return Solved(bound, values)

    def _bound(self, prices: Floats, low: Floats, high: Floats) -> tuple[float, Floats]:
        sound = np.where(prices > 0, self._high < INF, self._low > -INF)
        prices = np.where(sound, prices, 0.0)
        worth = self.points - prices @ self._matrix
        limits = np.where(prices > 0, self._high, self._low)
        rows = prices @ np.where(prices, limits, 0.0)
        return float(np.maximum(worth, 0) @ high + np.minimum(worth, 0) @ low + rows), worth

    def _make_room(self, low: Floats) -> None:
        """Too many columns: begins anew with those that were worth most. Those that are fixed are held."""
        if len(self._held) - self._helpers > MOST_HELD:
            best = np.argsort(-self._worth[: self.count], kind="stable")[:KEPT]
            self._begin(best)
            self._write(0)
        absent = np.flatnonzero(self._missing & (low > 0))
        if len(absent):
            self._hold(absent)

    def _begin(self, first: Rows) -> None:
        size = len(self.points)
        self._highs = _quiet()
        self._missing = np.ones(size, dtype=np.bool_)
        self._held: Rows = np.zeros(0, dtype=np.intp)
        self._at: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._columns = 0
        self._hold(np.concatenate([first, np.arange(self.count, size)]), rows=0)

    def _write(self, first: int) -> None:
        """Hands the rows from `first` on to HiGHS, each with columns for what is missing or too much."""
        rows, count = len(self._low), len(self._low) - first
        starts, index, value = _sparse(self._matrix[first:, self._held])
        low, high = self._low[first:], self._high[first:]
        self._highs.addRows(count, low, high, len(index), starts, self._at[index], value)
        missing = np.zeros((count, rows))
        missing[np.arange(count), first + np.arange(count)] = 1
        self._add(np.vstack([missing, -missing]), np.full(2 * count, PENALTY), INF)

    def _hold(self, columns: Rows, rows: int | None = None) -> None:
        self._missing[columns] = False
        self._held = np.concatenate([self._held, columns])
        at = self._columns + np.arange(len(columns), dtype=np.int32)
        self._at = np.concatenate([self._at, at]).astype(np.int32)
        self._add(self._matrix[:rows, columns].T, -self.points[columns], self.top[columns])

    def _add(self, across: Floats, cost: Floats, high: float | Floats) -> None:
        count = len(cost)
        starts, index, value = _sparse(across)
        top = np.broadcast_to(np.asarray(high, dtype=float), count).copy()
        self._highs.addCols(count, cost, np.zeros(count), top, len(index), starts, index, value)
        self._columns += count


def _sparse(matrix: Floats) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    number, position = np.nonzero(matrix)
    starts = np.searchsorted(number, np.arange(len(matrix))).astype(np.int32)
    return starts, position.astype(np.int32), matrix[number, position]


def _quiet() -> highspy.Highs:
    """One thread and nothing printed: the same answer on every run."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("presolve", "off")
    return highs


def fractional(values: Floats, of: Flags) -> int | None:
    """The column that lies closest to one half, of those asked for; None where all are whole."""
    apart = np.where(of, np.abs(values - np.round(values)), 0.0)
    column = int(apart.argmax()) if len(apart) else 0
    return column if len(apart) and apart[column] > 1e-6 else None
