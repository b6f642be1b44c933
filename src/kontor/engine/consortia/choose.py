"""Whole programs over a small choice of candidates, solved exactly by CP-SAT in integers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from kontor.engine.consortia.rows import INF, Model, Row
from kontor.engine.consortia.tables import Flags, Rows
from kontor.engine.core.stop import Stop

FINE = 10**6
"""Points are counted in millionths."""

TOLERANCE = 1e-5
"""Points below which two teams count as equally good: what rounding to millionths can add up to."""

COARSEST = 10**12


@dataclass(frozen=True, slots=True)
class Found:
    """Positions in the model's choice (None: there is none, or not yet), and the helpers' values."""

    chosen: Rows | None
    bound: float
    proven: bool
    helpers: tuple[int, ...] = ()


def choose(
    model: Model,
    pinned: Flags,
    extra: Sequence[Row],
    stop: Stop,
    seed: int,
    *,
    above: float = -INF,
    presolve: bool = True,
) -> Found:
    """The best team of a model whose rows hold whole numbers; proven unless the time ends.

    With `above` only a team worth more counts. One worker, so that the same seed gives the same team. Linear
    relaxations at level 2: at the usual level the same programs take up to a hundred times as long. Without
    `presolve` a core takes about half the time.
    """
    program = cp_model.CpModel()
    columns = [program.new_int_var(int(fixed), 1, "") for fixed in pinned]
    helpers = [program.new_int_var(0, int(helper.high), "") for helper in model.helpers]
    for row in (*model.rows, *extra):
        _add(program, row, columns, helpers)
    points = [*model.points.tolist(), *(helper.points for helper in model.helpers)]
    worth = cp_model.LinearExpr.weighted_sum([*columns, *helpers], [round(each * FINE) for each in points])
    if above > -INF:
        program.add(worth >= math.floor((above + TOLERANCE) * FINE))
    program.maximize(worth)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.linearization_level = 2
    parameters.cp_model_presolve = presolve
    parameters.random_seed = seed % (2**31)
    left = stop.left()
    if left <= 0:
        return Found(None, INF, False)
    if math.isfinite(left):
        parameters.max_time_in_seconds = left
    return _found(solver, solver.solve(program), columns, helpers)


def _found(
    solver: cp_model.CpSolver,
    status: object,
    columns: Sequence[cp_model.IntVar],
    helpers: Sequence[cp_model.IntVar],
) -> Found:
    if status == cp_model.INFEASIBLE:
        return Found(None, -INF, True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        bound = solver.best_objective_bound / FINE
        return Found(None, bound if math.isfinite(bound) else INF, False)
    chosen = [position for position, each in enumerate(columns) if solver.value(each)]
    values = tuple(int(solver.value(each)) for each in helpers)
    bound = solver.best_objective_bound / FINE
    return Found(np.array(chosen, dtype=np.intp), bound, status == cp_model.OPTIMAL, values)


def _add(
    program: cp_model.CpModel,
    row: Row,
    columns: Sequence[cp_model.IntVar],
    helpers: Sequence[cp_model.IntVar],
) -> None:
    """Doubled where it holds halves. Too large factors are rounded so that the row only loosens."""
    at = np.flatnonzero(row.candidates).tolist()
    factors = [*row.candidates[at].tolist(), *row.helpers.values()]
    used = [*(columns[position] for position in at), *(helpers[position] for position in row.helpers)]
    if not used:
        used, factors = [program.new_constant(0)], [0.0]
    twice = 1 if all(factor == int(factor) for factor in factors) else 2
    largest = max(abs(factor) for factor in factors)
    shrink = max(1.0, largest / COARSEST)
    whole = [round(factor * twice / shrink) for factor in factors]
    slack = len(factors) if shrink > 1 else 0
    total = cp_model.LinearExpr.weighted_sum(used, whole)
    if row.low > -INF:
        program.add(total >= math.ceil(row.low * twice / shrink) - slack)
    if row.high < INF:
        program.add(total <= math.floor(row.high * twice / shrink) + slack)
