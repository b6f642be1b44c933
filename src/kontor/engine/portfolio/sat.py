"""Programmes in whole numbers, solved by CP-SAT on one thread."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Any

from ortools.sat.python import cp_model

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.programme import Programme, Row


def quiet_solver(seed: int, stop: Stop, units: float = 0) -> cp_model.CpSolver:
    """Ended by the caller's clock, or after so many `units` of its own."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.linearization_level = 1, 2
    solver.parameters.random_seed = seed % (1 << 31)
    if units:
        solver.parameters.max_deterministic_time = units
    if math.isfinite(stop.left()):
        solver.parameters.max_time_in_seconds = max(0.01, stop.left())
    return solver


def solve_exactly(
    programme: Programme,
    *,
    seed: int,
    stop: Stop,
    extra: Callable[[cp_model.CpModel, list[Any]], None] | None = None,
    hint: Collection[int] = (),
    units: float = 0,
) -> tuple[Any, tuple[int, ...] | None, int, int]:
    """CP-SAT on the programme: status, solution, value, bound. Columns that are settled become constants.
    It ends after so many `units` of its own time, where they are given.
    """
    if stop.left() <= 0:
        raise OutOfTime
    musts = {next(iter(row.coefs)) for row in programme.rows if len(row.coefs) == 1 and row.low == 1}
    model = cp_model.CpModel()
    columns: list[Any] = []
    for column, top in enumerate(programme.upper):
        settled = 1 if column in musts and top == 1 else 0
        free = top > 0 and not settled
        columns.append(model.new_int_var(0, top, "") if free else settled)
    for row in programme.rows:
        add_row(model, row, columns)
    model.maximize(weighted(columns, enumerate(programme.values)))
    for column in hint:
        if not isinstance(columns[column], int):
            model.add_hint(columns[column], 1)
    if extra:
        extra(model, columns)
    solver = quiet_solver(seed, stop, units)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return status, None, 0, 0
    x = tuple(each if isinstance(each, int) else solver.value(each) for each in columns)
    value = sum(v * each for v, each in zip(programme.values, x, strict=True))
    return status, x, value, math.floor(solver.best_objective_bound + 1e-6)


def weighted(columns: list[Any], terms: Any) -> Any:
    """Sum of coefficient times column, constants added up."""
    constant, free, weights = 0, [], []
    for column, coef in terms:
        if isinstance(columns[column], int):
            constant += coef * columns[column]
        elif coef:
            free.append(columns[column])
            weights.append(coef)
    return cp_model.LinearExpr.weighted_sum(free, weights) + constant


def add_row(model: cp_model.CpModel, row: Row, columns: list[Any]) -> None:
    """The row over literals and constants."""
    constant = sum(c * columns[j] for j, c in row.coefs.items() if isinstance(columns[j], int))
    free = [(columns[j], c) for j, c in row.coefs.items() if not isinstance(columns[j], int)]
    low = None if row.low is None else row.low - constant
    high = None if row.high is None else row.high - constant
    if not free:
        if (low is not None and low > 0) or (high is not None and high < 0):
            model.add_bool_or([])
        return
    total = cp_model.LinearExpr.weighted_sum([v for v, _ in free], [c for _, c in free])
    if low is not None:
        model.add(total >= low)
    if high is not None:
        model.add(total <= high)
