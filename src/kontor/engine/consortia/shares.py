"""How the points of a pair are shared between its two candidates, so that the bound becomes small.

A pair in a team brings its points once. Whatever is split between its two, as long as both shares together
are no less than the points, values no team too low: the relaxation then needs no pairs. The best split gives
a share to whoever lies far from being chosen. It is what the prices of `p <= x_i`, `p <= x_j` say in the
linear program with all pairs; proof in docs/engines/consortia.md.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

from kontor.engine.consortia.rows import Model
from kontor.engine.consortia.tables import Flags, Floats, Rows, Tables

LARGEST_PROGRAM = 5_000
"""Candidates in the linear program; pairs beyond go to whoever's bound is the lower."""


def shared(tables: Tables, model: Model, upper: Floats) -> Floats:
    """Points of pairs added up for each candidate. `model` is relaxed, without pairs; `upper` its bounds."""
    gains = [
        pair for pair in tables.pairs if pair.points > 0 and tables.allowed[pair.i] and tables.allowed[pair.j]
    ]
    if not gains:
        return np.zeros(len(tables))
    ends = np.array([(pair.i, pair.j) for pair in gains], dtype=np.intp)
    points = np.array([pair.points for pair in gains])
    asked = np.union1d(np.unique(ends), np.argsort(-upper, kind="stable")[:300])
    asked = np.union1d(asked[np.argsort(-upper[asked], kind="stable")[:LARGEST_PROGRAM]], tables.pinned)
    inside: Flags = np.zeros(len(tables), dtype=np.bool_)
    inside[asked[tables.allowed[asked]]] = True
    both = inside[ends].all(axis=1)
    first = upper[ends[:, 0]] < upper[ends[:, 1]]
    split = np.stack([points * first, points * ~first], axis=1)
    if both.any():
        split[both] = _priced(model, np.flatnonzero(inside), ends[both], points[both], tables.pinned)
    total = np.zeros(len(tables))
    np.add.at(total, ends[:, 0], split[:, 0])
    np.add.at(total, ends[:, 1], split[:, 1])
    return total


def _priced(model: Model, rows: Rows, ends: Rows, points: Floats, pinned: Rows) -> Floats:
    """Shares of each pair by the prices; raised where a tolerance left the sum below the points."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.passModel(_program(model, rows, ends, points, pinned))
    highs.run()
    prices = np.abs(np.array(highs.getSolution().row_dual)[len(model.rows) :].reshape(-1, 2))
    missing = np.maximum(0, points - prices.sum(axis=1)) / 2
    shares: Floats = prices + missing[:, None]
    return shares


def _program(model: Model, rows: Rows, ends: Rows, points: Floats, pinned: Rows) -> highspy.HighsLp:
    """Columns: candidates, helpers, pairs. Rows: the model's, then two for each pair."""
    count, helpers, pairs = len(rows), len(model.helpers), len(points)
    place = np.full(len(model.chosen), -1, dtype=np.intp)
    place[rows] = np.arange(count)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count + helpers + pairs, len(model.rows) + 2 * pairs
    program.col_cost_ = -np.concatenate([model.points[rows], [h.points for h in model.helpers], points])
    program.col_lower_ = np.concatenate([np.isin(rows, pinned).astype(float), np.zeros(helpers + pairs)])
    tops = [helper.high for helper in model.helpers]
    program.col_upper_ = np.concatenate([np.ones(count), tops, np.ones(pairs)])
    program.row_lower_ = np.array([*(row.low for row in model.rows), *[-highspy.kHighsInf] * 2 * pairs])
    program.row_upper_ = np.array([*(row.high for row in model.rows), *[0.0] * 2 * pairs])
    starts, index, value = _matrix(model, rows)
    both = np.arange(pairs).repeat(2) + count + helpers
    tail = np.stack([both, place[ends].ravel()], axis=1).ravel()
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    tails = starts[-1] + 2 * np.arange(1, 2 * pairs + 1)
    program.a_matrix_.start_ = np.concatenate([starts, tails]).astype(np.int32)
    program.a_matrix_.index_ = np.concatenate([index, tail]).astype(np.int32)
    program.a_matrix_.value_ = np.concatenate([value, np.tile([1.0, -1.0], 2 * pairs)])
    return program


def _matrix(model: Model, rows: Rows) -> tuple[NDArray[np.int64], Rows, Floats]:
    """The model's rows over these candidates, sparse."""
    starts, index, value = [0], [], []
    for row in model.rows:
        held = row.candidates[rows]
        at = np.flatnonzero(held)
        index += [at, np.array(list(row.helpers), dtype=np.intp) + len(rows)]
        value += [held[at], np.array(list(row.helpers.values()), dtype=float)]
        starts.append(starts[-1] + len(at) + len(row.helpers))
    return np.array(starts), np.concatenate(index), np.concatenate(value)
