"""A 0-1 programme in whole numbers, solved to the end: relaxation, exact bound, a small core, CP-SAT.

Money is in cents, so coefficients are large and differences small: the relaxation's prices (HiGHS, floating
point) only guide, the bound is worked out anew in whole numbers and the core is solved in whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
from ortools.sat.python import cp_model

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop

BITS = 30
FEASIBLE = 2
FIRST = 120
"""Columns in the first core."""


@dataclass(frozen=True, slots=True)
class Row:
    """`low` <= sum of coefficient times column <= `high`; None is no bound."""

    coefs: Mapping[int, int]
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Programme:
    """Maximises `values` over columns from 0 to `upper` (1 for choices; more for money) under `rows`."""

    values: tuple[int, ...]
    upper: tuple[int, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`x`: a solution; None where there is none (then `bound` means nothing).

    `relaxed`: the bound of the relaxation, `worth[j]`: what taking column j adds to it (less than 0: costs).
    """

    x: tuple[int, ...] | None
    value: int = 0
    bound: int = 0
    relaxed: int = 0
    worth: Sequence[float] = field(default_factory=tuple)


def maximise(programme: Programme, *, seed: int, stop: Stop) -> Found:
    """The best solution, proven where value equals bound. Raises OutOfTime where the time was over before.

    Parts that share no row are solved one by one. Values are divided by what divides them all: a bound
    between two possible values is the lower one.
    """
    x, worth = [0] * len(programme.values), [0.0] * len(programme.values)
    value = bound = relaxed = 0
    for columns, part in components(programme):
        step = math.gcd(*part.values) or 1
        divided = replace(part, values=tuple(each // step for each in part.values))
        found = _maximise(divided, seed, stop)
        if found.x is None:
            return found
        for column, taken, each in zip(columns, found.x, found.worth, strict=True):
            x[column], worth[column] = taken, each * step
        value, bound = value + found.value * step, bound + found.bound * step
        relaxed += found.relaxed * step
    return Found(tuple(x), value, bound, relaxed, worth)


def components(programme: Programme) -> list[tuple[list[int], Programme]]:
    """Parts that share no row, each with the numbers of its columns: envelopes nobody draws on together."""
    head = list(range(len(programme.values)))

    def root(column: int) -> int:
        while head[column] != column:
            head[column] = head[head[column]]
            column = head[column]
        return column

    for row in programme.rows:
        first, *others = row.coefs or (0,)
        for other in others:
            head[root(other)] = root(first)
    groups: dict[int, list[int]] = {}
    for column in range(len(head)):
        groups.setdefault(root(column), []).append(column)
    rows: dict[int, list[Row]] = {}
    for row in programme.rows:
        rows.setdefault(root(next(iter(row.coefs), 0)) if head else 0, []).append(row)
    return [(columns, _part(programme, columns, rows.get(name, []))) for name, columns in groups.items()] or [
        ([], programme)
    ]


def _part(programme: Programme, columns: list[int], rows: list[Row]) -> Programme:
    place = {column: number for number, column in enumerate(columns)}
    return Programme(
        tuple(programme.values[column] for column in columns),
        tuple(programme.upper[column] for column in columns),
        tuple(Row({place[c]: v for c, v in row.coefs.items()}, row.low, row.high) for row in rows),
    )


def _maximise(programme: Programme, seed: int, stop: Stop) -> Found:
    relaxed = relax(programme, seed, stop)
    if relaxed is None:
        return Found(None)
    bound, worth = relaxed
    sizes = sorted(abs(each) for each, top in zip(worth, programme.upper, strict=True) if top == 1)
    width = math.ceil(sizes[min(FIRST, len(sizes) - 1)]) + 1 if sizes else 1
    best = Found(None, 0, bound, bound, worth)
    while True:
        core, everything = _core(programme, worth, width)
        try:
            solved = solve_core(core, seed=seed, stop=stop)
        except OutOfTime:
            if best.x is None:
                raise
            return best
        if solved is None and everything:
            return Found(None)
        if solved is None:
            width *= 8
            continue
        x, value, limit = solved
        if best.x is None or value > best.value:
            best = replace(best, x=x, value=value)
        complete = everything or bound - best.value <= width
        if complete or stop.left() <= 0:
            return replace(best, bound=max(best.value, min(bound, limit) if complete else bound))
        width = max(width + 1, min(bound - best.value, 3 * width))


def solve_core(programme: Programme, *, seed: int, stop: Stop) -> tuple[tuple[int, ...], int, int] | None:
    """Solution, value and bound, by branch and bound in floating point; where its solution breaks a row by a
    cent, in whole numbers by CP-SAT. None where there is none. Raises OutOfTime.
    """
    highs = _quiet(seed, stop)
    _build(highs, programme, whole=True)
    highs.run()
    status = highs.getModelStatus()
    info = highs.getInfo()
    if status == highspy.HighsModelStatus.kOptimal or info.primal_solution_status == FEASIBLE:
        x = tuple(round(each) for each in highs.getSolution().col_value)
        if _keeps(programme, x):
            value = sum(v * each for v, each in zip(programme.values, x, strict=True))
            return x, value, math.floor(-info.mip_dual_bound + 1e-4)
    outcome, exact, value, limit = solve_exactly(programme, seed=seed, stop=stop)
    if outcome == cp_model.INFEASIBLE:
        return None
    if exact is None:
        raise OutOfTime
    return exact, value, limit


def _keeps(programme: Programme, x: Sequence[int]) -> bool:
    """Whether every row is kept, in whole numbers."""
    for row in programme.rows:
        total = sum(coef * x[column] for column, coef in row.coefs.items())
        if (row.low is not None and total < row.low) or (row.high is not None and total > row.high):
            return False
    return all(0 <= each <= top for each, top in zip(x, programme.upper, strict=True))


def _quiet(seed: int, stop: Stop) -> highspy.Highs:
    if stop.left() <= 0:
        raise OutOfTime
    highs = highspy.Highs()
    settings = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.9}
    for option, setting in {**settings, "random_seed": seed % (1 << 31)}.items():
        highs.setOptionValue(option, setting)
    if math.isfinite(stop.left()):
        highs.setOptionValue("time_limit", stop.left())
    return highs


def relax(programme: Programme, seed: int, stop: Stop) -> tuple[int, list[float]] | None:
    """Exact upper bound and reduced values; None where even shares of columns cannot keep the rows."""
    highs = _quiet(seed, stop)
    scale = _build(highs, programme)
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
        raise OutOfTime
    duals = [-price / size for price, size in zip(highs.getSolution().row_dual, scale, strict=True)]
    return _bound(programme, duals)


def _build(highs: highspy.Highs, programme: Programme, *, whole: bool = False) -> list[float]:
    """The relaxation with rows scaled to coefficients of at most 1, or `whole`; answers the scales."""
    count = len(programme.values)
    scale = [float(max((abs(c) for c in row.coefs.values()), default=1) or 1) for row in programme.rows]
    if whole:
        scale = [1.0] * len(programme.rows)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(programme.rows)
    model.col_cost_ = -np.array(programme.values, np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(count), np.array(programme.upper, np.float64)
    pairs = list(zip(programme.rows, scale, strict=True))
    model.row_lower_ = np.array([-np.inf if row.low is None else row.low / s for row, s in pairs])
    model.row_upper_ = np.array([np.inf if row.high is None else row.high / s for row, s in pairs])
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.coefs) for row in programme.rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([j for row in programme.rows for j in row.coefs], np.int32)
    model.a_matrix_.value_ = np.array([c / s for row, s in pairs for c in row.coefs.values()], np.float64)
    highs.passModel(model)
    return scale


def _bound(programme: Programme, duals: Sequence[float]) -> tuple[int, list[float]]:
    """Lagrangian bound in whole numbers: prices rounded to multiples of 2^-60, no other rounding."""
    one = 1 << (2 * BITS)
    worth = [value * one for value in programme.values]
    total = 0
    for row, dual in zip(programme.rows, duals, strict=True):
        price = int(dual * one)
        if (row.high is None and price > 0) or (row.low is None and price < 0):
            price = 0
        if price:
            total += price * (row.high if price > 0 else row.low)  # type: ignore[operator]  # not None by the test above
            for column, coef in row.coefs.items():
                worth[column] -= price * coef
    total += sum(max(0, each) * top for each, top in zip(worth, programme.upper, strict=True))
    return total // one, [each / one for each in worth]


def _core(programme: Programme, worth: Sequence[float], width: int) -> tuple[Programme, bool]:
    """Choices that cost the bound more than `width` are out, those whose absence does are in."""
    rows, everything = list(programme.rows), True
    upper = list(programme.upper)
    for column, value in enumerate(worth):
        if programme.upper[column] == 1 and value < -width - 1e-6:
            upper[column] = 0
            everything = False
        elif programme.upper[column] == 1 and value > width + 1e-6:
            rows.append(Row({column: 1}, 1, None))
            everything = False
    return replace(programme, upper=tuple(upper), rows=tuple(rows)), everything


def solve_exactly(
    programme: Programme,
    *,
    seed: int,
    stop: Stop,
    extra: Callable[[cp_model.CpModel, list[Any]], None] | None = None,
    hint: Collection[int] = (),
) -> tuple[Any, tuple[int, ...] | None, int, int]:
    """CP-SAT on the programme: status, solution, value, bound. Columns that are settled become constants."""
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
        _add(model, row, columns)
    model.maximize(_sum(columns, enumerate(programme.values)))
    for column in hint:
        if not isinstance(columns[column], int):
            model.add_hint(columns[column], 1)
    if extra:
        extra(model, columns)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.linearization_level = 1, 2
    solver.parameters.random_seed = seed % (1 << 31)
    if math.isfinite(stop.left()):
        solver.parameters.max_time_in_seconds = max(0.01, stop.left())
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return status, None, 0, 0
    x = tuple(each if isinstance(each, int) else solver.value(each) for each in columns)
    value = sum(v * each for v, each in zip(programme.values, x, strict=True))
    return status, x, value, math.floor(solver.best_objective_bound + 1e-6)


def _sum(columns: list[Any], terms: Any) -> Any:
    constant, free, weights = 0, [], []
    for column, coef in terms:
        if isinstance(columns[column], int):
            constant += coef * columns[column]
        elif coef:
            free.append(columns[column])
            weights.append(coef)
    return cp_model.LinearExpr.weighted_sum(free, weights) + constant


def _add(model: cp_model.CpModel, row: Row, columns: list[Any]) -> None:
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
