"""Whole assignments: a mixed-integer programme on the pairs that can matter; the others are ruled out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import highspy
import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.programme import quiet
from kontor.engine.juries.relaxation import Relaxed
from kontor.engine.juries.sides import Side, Sides

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLACK = 1e-3
WIDTH = 100
NODES = 500
"""Of the search tree, when an assignment is only looked for."""
ATTEMPT = 6_000
"""Pairs in a core up to which an attempt goes on to look for an assignment."""
"""First guess of the distance between relaxation and optimum, in units of the objective."""


@dataclass(frozen=True, slots=True)
class Whole:
    """`chosen[a, e]`, its value, and the bound; `chosen` is None where nothing was found."""

    chosen: NDArray[np.bool_] | None
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        return self.chosen is not None and self.value >= self.bound


def best_whole(
    arrays: Arrays,
    sides: Sides,
    values: NDArray[np.int64],
    relaxed: Relaxed,
    *,
    seed: int,
    stop: Stop,
    level: int = 0,
    thorough: bool = True,
) -> Whole | None:
    """The whole assignment with the largest sum of `values`. None where there is none (proven); unless
    `thorough`, the first one found will do, and a core without one leaves it open whether there is any.

    A pair whose reduced worth is below minus the distance between bound and best known assignment is in no
    better one. So a core of pairs within `width` is solved to the end; when the distance turns out to be
    within `width`, nothing outside could have helped, and otherwise the core is widened.
    """
    rounded = _rounded(arrays, sides, values, relaxed, level)
    if rounded is not None and rounded.proven:
        return rounded
    best, width = Whole(None, 0, relaxed.bound), WIDTH
    while True:
        core = _core(arrays, relaxed, width)
        found = solve_core(
            core.arrays,
            sides,
            values,
            core.pairs,
            seed=seed,
            stop=stop,
            level=(level, level),
            nodes=0 if thorough else NODES,
        )
        if found is None and core.everything:
            return None
        if found is None:
            if not thorough and core.pairs.sum() > ATTEMPT:
                return best
            width *= 8 if thorough else 3
            continue
        if found.chosen is None:
            return best
        distance = relaxed.bound - found.value
        complete = core.everything or distance <= width
        bound = min(relaxed.bound, found.bound) if complete else relaxed.bound
        best = Whole(found.chosen, found.value, max(bound, found.value))
        if complete or not thorough or stop.left() <= 0:
            return best
        width = min(distance, 3 * width)


@dataclass(frozen=True, slots=True)
class _Core:
    """The pairs that can matter, and arrays in which those that must be are forced."""

    arrays: Arrays
    pairs: NDArray[np.bool_]
    everything: bool


def _core(arrays: Arrays, relaxed: Relaxed, width: int) -> _Core:
    """An assignment with a pair worth less than -width, or without one worth more than width, is worse than
    the bound by more than that.
    """
    pairs = (relaxed.worth >= -width - SLACK) | arrays.forced
    musts = arrays.allowed & (relaxed.worth > width + SLACK)
    everything = bool((pairs | ~arrays.allowed).all()) and not (musts & ~arrays.forced).any()
    return _Core(replace(arrays, forced=arrays.forced | musts), pairs, everything)


def _rounded(
    arrays: Arrays, sides: Sides, values: NDArray[np.int64], relaxed: Relaxed, level: int
) -> Whole | None:
    """The relaxation's own solution, where it is whole already: so it is without sides."""
    x = np.rint(relaxed.x)
    if np.abs(x - relaxed.x).max(initial=0) > 1e-6 or sides.violated(relaxed.rows, relaxed.columns, x, level):
        return None
    chosen = np.zeros(arrays.units.shape, np.bool_)
    chosen[relaxed.rows[x > 0], relaxed.columns[x > 0]] = True
    return Whole(chosen, int(values[chosen].sum()), relaxed.bound)


def solve_core(
    arrays: Arrays,
    sides: Sides,
    values: NDArray[np.int64] | None,
    core: NDArray[np.bool_],
    *,
    seed: int,
    stop: Stop,
    level: tuple[int, int] = (0, 0),
    nodes: int = 0,
) -> Whole | None:
    """The best whole assignment on the pairs of `core`; rows enter when a solution breaks them.

    Maximises the level where there are no `values`. None where there is none. `nodes`: of the search tree at
    most; 0 is no limit.
    """
    rows, columns = np.nonzero((core & arrays.allowed) | arrays.forced)
    while True:
        try:
            highs = quiet(seed, stop)
        except OutOfTime:
            return Whole(None, 0, 0)
        if nodes:
            highs.setOptionValue("mip_max_nodes", nodes)
        _build(highs, arrays, sides.active, values, rows, columns, level)
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        info = highs.getInfo()
        if not math.isfinite(info.objective_function_value) or info.primal_solution_status != 2:
            return Whole(None, 0, 0)
        solution = np.array(highs.getSolution().col_value)
        x, reached = np.rint(solution[1:]), round(float(solution[0]))
        if not sides.violated(rows, columns, x, reached):
            chosen = np.zeros(arrays.units.shape, np.bool_)
            chosen[rows[x > 0], columns[x > 0]] = True
            value = reached if values is None else int(values[chosen].sum())
            return Whole(chosen, value, math.floor(-info.mip_dual_bound + 1e-4))


def _build(
    highs: highspy.Highs,
    arrays: Arrays,
    sides: list[Side],
    values: NDArray[np.int64] | None,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    level: tuple[int, int],
) -> None:
    """Column 0 is the level, the others are the pairs."""
    applications, experts = arrays.units.shape
    count = len(rows)
    every, ones = np.arange(1, count + 1), np.ones(count)
    parts = [(rows, every, ones), (applications + columns, every, ones)]
    for number, side in enumerate(sides, start=applications + experts):
        coefs = side.at(rows, columns)
        hit = np.flatnonzero(coefs)
        parts.append((np.full(len(hit), number), every[hit], coefs[hit].astype(float)))
        if side.share:
            parts.append((np.array([number]), np.array([0]), np.array([-float(side.share)])))
    of, index, value = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(of, kind="stable")
    height = applications + experts + len(sides)
    worth = np.zeros(count) if values is None else values[rows, columns].astype(float)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count + 1, height
    model.col_cost_ = -np.concatenate(([float(values is None)], worth))
    model.col_lower_ = np.concatenate(([float(level[0])], arrays.forced[rows, columns].astype(float)))
    model.col_upper_ = np.concatenate(([float(level[1])], ones))
    lower = [float(side.lower) for side in sides]
    model.row_lower_ = np.concatenate((arrays.need_lo, arrays.load_lo, lower)).astype(float)
    model.row_upper_ = np.concatenate((arrays.need_hi, arrays.load_hi, np.full(len(sides), np.inf))).astype(
        float
    )
    model.integrality_ = [highspy.HighsVarType.kInteger] * (count + 1)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(of[order], np.arange(height + 1)).astype(np.int32)
    model.a_matrix_.index_ = index[order].astype(np.int32)
    model.a_matrix_.value_ = value[order]
    highs.passModel(model)
