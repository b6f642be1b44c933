"""One filling for each envelope, so that they agree on what they share: the best of all.

By branching (`searching.py`) where the fillings alone count; with shares and other rows by CP-SAT.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from ortools.sat.python import cp_model

from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.agreeing import OPEN, Lists, agreeing
from kontor.engine.portfolio.decomposed import Filled
from kontor.engine.portfolio.highs import quiet
from kontor.engine.portfolio.pairwise import narrow
from kontor.engine.portfolio.repricing import model_of, ties_of
from kontor.engine.portfolio.sat import add_row, quiet_solver, weighted
from kontor.engine.portfolio.searching import Searching

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEASIBLE = 2
PROBING = 1 << 15
"""A step of HiGHS that takes longer than all others here."""
NODES, GOOD, QUICK = 20, 0.5, 0.5
"""Where a good solution will do: nodes of the tree, its distance from the bound as a share of what it loses,
and units of CP-SAT's own clock, which is the same on every machine.
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """`settled`: no solution of these fillings is better than `x`, or there is none worth what was asked."""

    settled: bool
    x: tuple[int, ...] | None
    value: int = 0


def choose(found: Filled, floor: int | None, *, seed: int, stop: Stop, quick: bool = False) -> Chosen:
    """The best solution of these fillings; with `floor` of those worth as much or more. `quick`: a good one
    will do, and none if it takes long. Raises OutOfTime.
    """
    lists = agreeing(found)
    if lists is None:
        return Chosen(settled=True, x=None)
    budget = None if floor is None else found.bound - floor * found.scale
    if found.parts.sides:
        if budget is not None and not narrow(lists, budget):
            return Chosen(settled=True, x=None)
        return _by_rows(found, lists, floor, quiet_solver(seed, stop, QUICK if quick else 0))
    if budget is not None:
        searching = Searching(found, budget, seed, stop)
        settled = searching.run(lists)
        return Chosen(settled, searching.x, searching.value)
    highs = quiet(seed, stop)
    if quick:
        highs.setOptionValue("mip_max_nodes", NODES)
        highs.setOptionValue("mip_rel_gap", GOOD)
    return _by_fillings(found, lists, highs)


def _chosen(found: Filled, x: tuple[int, ...], *, settled: bool) -> Chosen:
    values = found.parts.programme.values
    return Chosen(settled, x, sum(v * each for v, each in zip(values, x, strict=True)))


def _by_rows(found: Filled, lists: Lists, floor: int | None, solver: cp_model.CpSolver) -> Chosen:
    model = cp_model.CpModel()
    taken: list[Any] = [model.new_bool_var("") if each == OPEN else int(each) for each in lists.state]
    for columns, taking in zip(lists.columns, lists.taking, strict=True):
        _one_of(model, columns, taking, taken)
    for number in found.parts.sides:
        add_row(model, found.parts.programme.rows[number], taken)
    total = weighted(taken, enumerate(found.parts.programme.values))
    if floor is not None:
        model.add(total >= floor)
    model.maximize(total)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Chosen(settled=status == cp_model.INFEASIBLE, x=None)
    x = tuple(each if isinstance(each, int) else solver.value(each) for each in taken)
    return _chosen(found, x, settled=status == cp_model.OPTIMAL)


def _one_of(
    model: cp_model.CpModel, columns: NDArray[np.int64], taking: NDArray[np.bool_], taken: list[Any]
) -> None:
    """Exactly one filling of an envelope; a column is taken where that filling takes it."""
    if len(taking) == 1:
        return
    ways = [model.new_bool_var("") for _ in taking]
    model.add_exactly_one(ways)
    for place, column in enumerate(columns):
        if not isinstance(taken[column], int):
            mine = [ways[n] for n in np.flatnonzero(taking[:, place])]
            model.add(cp_model.LinearExpr.sum(mine) == taken[column])


def _by_fillings(found: Filled, lists: Lists, highs: highspy.Highs) -> Chosen:
    """Loses as little as possible against the bound, which is the same as being worth most."""
    highs.setOptionValue("presolve_rule_off", PROBING)
    highs.passModel(model_of(found, lists, list(ties_of(lists)), whole=True))
    highs.run()
    status = highs.getModelStatus()
    if highs.getInfo().primal_solution_status != FEASIBLE:
        return Chosen(settled=status == highspy.HighsModelStatus.kInfeasible, x=None)
    picked = np.array(highs.getSolution().col_value)
    starts = np.cumsum([0, *(len(each) for each in lists.loss)])
    x = np.maximum(lists.state, 0)
    for number, columns in enumerate(lists.columns):
        way = int(picked[starts[number] : starts[number + 1]].argmax())
        x[columns] = lists.taking[number][way]
    settled = status == highspy.HighsModelStatus.kOptimal
    return _chosen(found, tuple(int(each) for each in x), settled=settled)
