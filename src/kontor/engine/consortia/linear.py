"""The linear relaxation over all candidates, by column generation with HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from kontor.engine.consortia.rows import INF, Model
from kontor.engine.consortia.tables import Flags, Floats, Rows

PENALTY = 1e5
ENOUGH = 1e-6
BATCH = 100
START = 5


@dataclass(frozen=True, slots=True)
class Relaxed:
    """`bound` holds for every team; `upper[j]` for every team with candidate `j` in it."""

    bound: float
    upper: Floats
    columns: int


def relax(model: Model, allowed: Flags, pinned: Rows) -> Relaxed:
    """The relaxation's optimum over all candidates, holding only the columns that are worth something.

    The bound is taken from the prices (duals) of the rows and is valid for any prices, so it does not depend
    on how exactly the linear program was solved.
    """
    matrix = np.array([row.candidates for row in model.rows])
    master = _Master(model, matrix, pinned)
    inside = np.zeros(len(model.chosen), dtype=np.bool_)
    master.join(_first_columns(model, matrix, allowed, pinned), inside)
    best = INF
    upper = np.full(len(model.chosen), -INF)
    while True:
        prices = master.prices()
        bound, worth = _bound(model, matrix, prices, allowed, pinned)
        if bound < best:
            best = bound
            upper = np.where(allowed, bound + np.minimum(worth, 0), -INF)
            upper[pinned] = bound
        new = np.flatnonzero(allowed & ~inside & (worth > ENOUGH))
        if not len(new):
            break
        master.join(new[np.argsort(-worth[new], kind="stable")[:BATCH]], inside)
    return Relaxed(best, upper, int(inside.sum()))


def _bound(
    model: Model, matrix: Floats, prices: Floats, allowed: Flags, pinned: Rows
) -> tuple[float, Floats]:
    """Weak duality: with any prices on the rows, no team is worth more than this. Also each one's worth."""
    low = np.array([row.low for row in model.rows])
    high = np.array([row.high for row in model.rows])
    sound = np.where(prices > 0, np.isfinite(high), np.isfinite(low))
    prices = np.where(sound, prices, 0.0)
    worth = model.points - prices @ matrix
    helpers = np.array([helper.points for helper in model.helpers])
    for price, row in zip(prices, model.rows, strict=True):
        if price:
            for position, factor in row.helpers.items():
                helpers[position] -= price * factor
    top = np.array([helper.high for helper in model.helpers])
    gained = np.where(allowed, np.maximum(worth, 0), 0)
    gained[pinned] = worth[pinned]
    limits = np.where(prices > 0, high, low)
    bound = gained.sum() + np.maximum(helpers, 0) @ top + (prices * np.where(prices, limits, 0)).sum()
    return float(bound), worth


def _first_columns(model: Model, matrix: Floats, allowed: Flags, pinned: Rows) -> Rows:
    """Those who matter most to each row, and those with the most points."""
    score = np.where(allowed, model.points + 1e-3 * matrix.sum(axis=0), -INF)
    order = np.argsort(-score, kind="stable")
    order = order[allowed[order]]
    chosen = {*pinned.tolist(), *order[:BATCH].tolist()}
    for row in matrix:
        chosen.update(order[np.flatnonzero(row[order] > 0)[:START]].tolist())
    return np.array(sorted(chosen), dtype=np.intp)


class _Master:
    """The restricted linear program, as a minimisation. Rows may be missed at a high price."""

    def __init__(self, model: Model, matrix: Floats, pinned: Rows) -> None:
        self._model, self._matrix = model, matrix
        self._pinned = set(pinned.tolist())
        self._highs = _quiet()
        count = len(model.rows)
        low = np.array([row.low for row in model.rows])
        high = np.array([row.high for row in model.rows])
        empty: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._highs.addRows(count, low, high, 0, np.zeros(count, dtype=np.int32), empty, np.zeros(0))
        self._add_helpers()
        missing = np.eye(count)
        self._add(np.hstack([missing, -missing]), np.full(2 * count, PENALTY), 0.0, INF)

    def join(self, rows: Rows, inside: Flags) -> None:
        fixed = np.array([float(row in self._pinned) for row in rows])
        self._add(self._matrix[:, rows], -self._model.points[rows], fixed, 1.0)
        inside[rows] = True

    def prices(self) -> Floats:
        self._highs.run()
        return -np.array(self._highs.getSolution().row_dual)

    def _add_helpers(self) -> None:
        helpers = self._model.helpers
        if helpers:
            columns = np.zeros((len(self._model.rows), len(helpers)))
            for number, row in enumerate(self._model.rows):
                for position, factor in row.helpers.items():
                    columns[number, position] = factor
            points = np.array([helper.points for helper in helpers])
            self._add(columns, -points, 0.0, np.array([helper.high for helper in helpers]))

    def _add(self, columns: Floats, cost: Floats, low: float | Floats, high: float | Floats) -> None:
        across = columns.T
        number, position = np.nonzero(across)
        starts = np.searchsorted(number, np.arange(len(across))).astype(np.int32)
        self._highs.addCols(
            len(across),
            cost,
            np.broadcast_to(np.asarray(low, dtype=float), len(across)).copy(),
            np.broadcast_to(np.asarray(high, dtype=float), len(across)).copy(),
            len(number),
            starts,
            position.astype(np.int32),
            across[number, position],
        )


def _quiet() -> highspy.Highs:
    """One thread and nothing printed: the same answer on every run."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    return highs
