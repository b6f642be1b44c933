"""A 0-1 programme in whole numbers, solved to the end: relaxation, exact bound, a small core, CP-SAT.

Money is in cents, so coefficients are large and differences small: the relaxation's prices (HiGHS, floating
point) only guide, the bound is worked out anew in whole numbers and the core is solved in whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import highspy
from ortools.sat.python import cp_model

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.envelopes import by_envelopes
from kontor.engine.portfolio.highs import load, quiet
from kontor.engine.portfolio.joined import join
from kontor.engine.portfolio.nearby import Nearby
from kontor.engine.portfolio.programme import Programme, Row, components, keeps
from kontor.engine.portfolio.sat import solve_exactly

BITS = 30
FEASIBLE = 2
FEW = 60
"""Columns up to which taking a programme apart is not worth while."""
FIRST = 120
"""Columns in the first core."""
WIDER, NODES = (1, 3, 9), 100
"""Cores in which some solution is looked for, as times the first's width, and nodes of their trees."""
UNITS = 4.0
"""Of CP-SAT's own time, for a first solution where shares keep columns taken one by one from being one."""


@dataclass(frozen=True, slots=True)
class Found:
    """`x`: a solution; None where there is none (then `bound` means nothing).

    `relaxed`: the bound at the prices, rounded up; `worth[j]`: what taking column j adds to it, below 0 what
    that costs. `settled`: columns that are alike in all solutions of this value.
    """

    x: tuple[int, ...] | None
    value: int = 0
    bound: int = 0
    relaxed: int = 0
    worth: Sequence[float] = field(default_factory=tuple)
    settled: frozenset[int] = frozenset()


def maximise(programme: Programme, *, seed: int, stop: Stop) -> Found:
    """The best solution, proven where value equals bound. Raises OutOfTime where the time was over before.

    Parts that share no row are solved one by one. Values are divided by what divides them all: a bound
    between two possible values is the lower one.
    """
    x, worth = [0] * len(programme.values), [0.0] * len(programme.values)
    value = bound = relaxed = 0
    settled: set[int] = set()
    for columns, part in components(programme):
        step = math.gcd(*part.values) or 1
        divided = replace(part, values=tuple(each // step for each in part.values))
        found = _joined(divided, seed, stop)
        if found.x is None:
            return found
        for column, taken, each in zip(columns, found.x, found.worth, strict=True):
            x[column], worth[column] = taken, each * step
            if programme.upper[column] == 1 and abs(each) > found.relaxed - found.value + 1e-6:
                settled.add(column)
        value, bound = value + found.value * step, bound + found.bound * step
        relaxed += found.relaxed * step
    return Found(tuple(x), value, bound, relaxed, worth, frozenset(settled))


def _joined(programme: Programme, seed: int, stop: Stop) -> Found:
    """With choices that hang together made one, where that can be."""
    joined = join(programme) if len(programme.values) > FEW else None
    if joined is None:
        return _maximise(programme, seed, stop)
    found, count = _maximise(joined.programme, seed, stop), len(programme.values)
    if found.x is None:
        return found
    return replace(found, x=joined.undone(found.x, count), worth=joined.worth(found.worth, found.x, count))


def _maximise(programme: Programme, seed: int, stop: Stop) -> Found:
    relaxed = relax(programme, seed, stop)
    if relaxed is None:
        return Found(None)
    bound, above, first = relaxed.bound, relaxed.bound + 1, None
    worth: Sequence[float] = relaxed.worth
    simple = _greedy(programme, worth) or _some(programme, worth, _width(programme, worth), seed, stop)
    if len(programme.values) > FEW:
        kept = stop.left() / 5 if simple is None and math.isfinite(stop.left()) else 0.0
        apart = by_envelopes(programme, relaxed.duals, bound, seed=seed, stop=Earlier(stop, kept))
        if apart is not None:
            bound, above = apart.bound, apart.relaxed
            worth, first = apart.worth.tolist(), apart
            if apart.x is not None and apart.value == apart.bound:
                return Found(apart.x, bound, bound, above, worth)
    width = _width(programme, worth)
    x = first.x if first else None
    x = x or _greedy(programme, worth) or simple or _any(programme, seed, stop)
    best = Found(None, 0, bound, above, worth)
    if x is not None:
        best = replace(best, x=x, value=sum(v * each for v, each in zip(programme.values, x, strict=True)))
    if first is not None and best.x is not None:
        best = _nearby(programme, best, seed, stop)
        if best.value == bound:
            return best
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


def _width(programme: Programme, worth: Sequence[float]) -> int:
    """How much the columns of the first core may cost the bound."""
    sizes = sorted(abs(each) for each, top in zip(worth, programme.upper, strict=True) if top == 1)
    return math.ceil(sizes[min(FIRST, len(sizes) - 1)]) + 1 if sizes else 1


def _nearby(programme: Programme, best: Found, seed: int, stop: Stop) -> Found:
    """In half the time that is left."""
    assert best.x is not None, "something to start from"
    search = Nearby(programme, best.x, best.worth)
    kept = stop.left() / 2 if math.isfinite(stop.left()) else 0.0
    search.run(best.bound, seed=seed, stop=Earlier(stop, kept))
    return replace(best, x=tuple(search.x), value=search.value)


@dataclass(frozen=True, slots=True)
class Earlier:
    """So many seconds are kept: who has little time shall still be told a solution."""

    stop: Stop
    kept: float

    def left(self) -> float:
        return self.stop.left() - self.kept


def _some(
    programme: Programme, worth: Sequence[float], width: int, seed: int, stop: Stop
) -> tuple[int, ...] | None:
    """Some solution of a small core, where one is found quickly. Raises OutOfTime."""
    for times in WIDER if len(programme.values) > FEW else ():
        highs = quiet(seed, stop)
        highs.setOptionValue("mip_max_improving_sols", 1)
        highs.setOptionValue("mip_max_nodes", NODES)
        load(highs, _core(programme, worth, width * times)[0], whole=True)
        highs.run()
        if highs.getInfo().primal_solution_status == FEASIBLE:
            x = tuple(round(each) for each in highs.getSolution().col_value)
            if keeps(programme, x):
                return x
    return None


def _any(programme: Programme, seed: int, stop: Stop) -> tuple[int, ...] | None:
    """Some solution, where the time is limited: what comes after may find none before it is over."""
    if math.isinf(stop.left()) or len(programme.values) <= FEW:
        return None
    try:
        return solve_exactly(programme, seed=seed, stop=stop, units=UNITS)[1]
    except OutOfTime:
        return None


def _greedy(programme: Programme, worth: Sequence[float]) -> tuple[int, ...] | None:
    """Column after column that fits, the one worth most first; None where that breaks a row."""
    rows: dict[int, list[tuple[int, int]]] = {}
    left = [row.high for row in programme.rows]
    for number, row in enumerate(programme.rows):
        for column, coef in row.coefs.items():
            rows.setdefault(column, []).append((number, coef))
    x = [0] * len(worth)
    for column in sorted(range(len(worth)), key=lambda each: -worth[each]):
        mine = [(n, c, room) for n, c in rows.get(column, []) if (room := left[n]) is not None]
        if programme.upper[column] == 1 and all(coef <= room for _, coef, room in mine):
            x[column] = 1
            for number, coef, room in mine:
                left[number] = room - coef
    return tuple(x) if keeps(programme, x) else None


def solve_core(programme: Programme, *, seed: int, stop: Stop) -> tuple[tuple[int, ...], int, int] | None:
    """Solution, value and bound, by branch and bound in floating point; where its solution breaks a row by a
    cent, in whole numbers by CP-SAT. None where there is none. Raises OutOfTime.
    """
    highs = quiet(seed, stop)
    load(highs, programme, whole=True)
    highs.run()
    status = highs.getModelStatus()
    info = highs.getInfo()
    if status == highspy.HighsModelStatus.kOptimal or info.primal_solution_status == FEASIBLE:
        x = tuple(round(each) for each in highs.getSolution().col_value)
        if keeps(programme, x):
            value = sum(v * each for v, each in zip(programme.values, x, strict=True))
            return x, value, math.floor(-info.mip_dual_bound + 1e-4)
    outcome, exact, value, limit = solve_exactly(programme, seed=seed, stop=stop)
    if outcome == cp_model.INFEASIBLE:
        return None
    if exact is None:
        raise OutOfTime
    return exact, value, limit


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Exact upper bound, reduced values of the columns, prices of the rows."""

    bound: int
    worth: list[float]
    duals: list[float]


def relax(programme: Programme, seed: int, stop: Stop) -> Relaxed | None:
    """None where even shares of columns cannot keep the rows."""
    highs = quiet(seed, stop)
    scale = load(highs, programme)
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
        raise OutOfTime
    duals = [-price / size for price, size in zip(highs.getSolution().row_dual, scale, strict=True)]
    return Relaxed(*_bound(programme, duals), duals)


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
