"""One filling for each envelope, so that they agree on what they share: the best of all.

By branching (`searching.py`) where the fillings alone count; with shares and other rows by HiGHS on the
lists, and by CP-SAT where its solution breaks a row by a cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from ortools.sat.python import cp_model

from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.agreeing import OPEN, Lists, agreeing
from kontor.engine.portfolio.decomposed import Filled, Parts
from kontor.engine.portfolio.highs import quiet
from kontor.engine.portfolio.pairwise import narrow
from kontor.engine.portfolio.programme import keeps
from kontor.engine.portfolio.repricing import model_of, ties_of
from kontor.engine.portfolio.sat import add_row, quiet_solver, weighted
from kontor.engine.portfolio.searching import Searching
from kontor.engine.portfolio.sides import Side, sides_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEASIBLE = 2
CUT = 0.5
"""What loses so much more than the floor allows is cut off: losses are a whole number of units apart."""
EXACT = 1e-9
"""A cent of a row of a million euros."""
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


def choose(
    found: Filled,
    floor: int | None,
    *,
    seed: int,
    stop: Stop,
    quick: bool = False,
    better: bool = False,
) -> Chosen:
    """The best solution of these fillings; with `floor` of those worth as much or more, though a lesser one
    may be told too, which `better` has no use for. `quick`: a good one will do, and none if it takes long.
    Raises OutOfTime.
    """
    lists = agreeing(found)
    if lists is None:
        return Chosen(settled=True, x=None)
    budget = None if floor is None else found.bound - floor * found.scale
    if found.parts.sides:
        if budget is not None and not narrow(lists, budget):
            return Chosen(settled=True, x=None)
        highs = _highs(seed, stop, quick=quick)
        if better and budget is not None:
            highs.setOptionValue("objective_bound", budget / found.scale + CUT)
        chosen = _by_fillings(found, lists, highs)
        if chosen.x is None or keeps(found.parts.programme, chosen.x):
            return chosen
        return _by_rows(found, lists, floor, quiet_solver(seed, stop, QUICK if quick else 0))
    if budget is not None:
        searching = Searching(found, budget, seed, stop)
        settled = searching.run(lists)
        return Chosen(settled, searching.x, searching.value)
    return _by_fillings(found, lists, _highs(seed, stop, quick=quick))


def _highs(seed: int, stop: Stop, *, quick: bool) -> highspy.Highs:
    highs = quiet(seed, stop)
    highs.setOptionValue("presolve_rule_off", PROBING)
    for option in ("mip_feasibility_tolerance", "primal_feasibility_tolerance"):
        highs.setOptionValue(option, EXACT)
    if quick:
        highs.setOptionValue("mip_max_nodes", NODES)
        highs.setOptionValue("mip_rel_gap", GOOD)
    return highs


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
    highs.passModel(model_of(found, lists, list(ties_of(lists)), whole=True))
    for side, price in zip(sides_of(found.parts), found.prices.side, strict=True):
        _add_side(highs, lists, found.parts, side, float(price))
    highs.run()
    status = highs.getModelStatus()
    ended = highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound
    if highs.getInfo().primal_solution_status != FEASIBLE:
        return Chosen(settled=status in ended, x=None)
    picked = np.array(highs.getSolution().col_value)
    starts = np.cumsum([0, *(len(each) for each in lists.loss)])
    x = np.maximum(lists.state, 0)
    for number, columns in enumerate(lists.columns):
        way = int(picked[starts[number] : starts[number + 1]].argmax())
        x[columns] = lists.taking[number][way]
    settled = status in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveBound}
    return _chosen(found, tuple(int(each) for each in x), settled=settled)


def _add_side(highs: highspy.Highs, lists: Lists, parts: Parts, side: Side, price: float) -> None:
    """What the row has to spare costs its price."""
    open_to, held = np.zeros(len(side.coefs), np.bool_), []
    for number, (columns, taking) in enumerate(zip(lists.columns, lists.taking, strict=True)):
        first = parts.first[columns] == number
        open_to[columns[first]] = True
        held.append(taking @ np.where(first, side.coefs[columns], 0.0))
    total = np.concatenate(held)
    end = side.end / side.size - float(side.coefs[~open_to & (lists.state == 1)].sum())
    places = np.append(np.flatnonzero(total), highs.getNumCol()).astype(np.int32)
    highs.addCol(abs(price) * side.size, 0.0, highspy.kHighsInf, 0, np.array([], np.int32), np.array([]))
    highs.addRow(end, end, len(places), places, np.append(total[places[:-1]], side.sign))
