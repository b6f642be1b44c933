"""The plain case as a flow of least cost: bounds on rows and columns only. An optimum with exact prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import min_cost_flow

from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.bound import Multipliers

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST = 24
"""Pairs per application to begin with."""
MORE = 8
"""Pairs per application that enter at a time."""


@dataclass(frozen=True, slots=True)
class Flow:
    """`chosen[a, e]` has the largest sum of values; `prices` prove it (whole numbers)."""

    chosen: NDArray[np.bool_]
    prices: Multipliers


def start_at(arrays: Arrays, chosen: NDArray[np.bool_]) -> Flow:
    """An assignment to begin with, priced as the largest total is: prices tell which pairs are likely."""
    flow = best_flow(arrays, arrays.units)
    nothing = Multipliers(np.zeros(len(arrays.need_lo)), np.zeros(len(arrays.load_lo)), np.zeros(0))
    return Flow(chosen, nothing if flow is None else flow.prices)


def best_flow(arrays: Arrays, values: NDArray[np.int64]) -> Flow | None:
    """The assignment with the largest sum of `values`, sides left aside; None where there is none.

    Solved on the likeliest pairs; prices of all others are checked and those that could help enter.
    """
    inside = _first(arrays, values)
    chosen = _solve(arrays, values, inside)
    if chosen is None:
        chosen = _solve(arrays, values, arrays.allowed)
        if chosen is None:
            return None
        inside |= chosen
    while True:
        need, load = _prices(arrays, values, inside, chosen)
        worth = np.where(inside | ~arrays.allowed, 0, values - need[:, None] - load[None, :])
        entering = largest(worth, MORE) & (worth > 0)
        if not entering.any():
            return Flow(chosen, Multipliers(need.astype(float), load.astype(float), np.zeros(0)))
        inside |= entering
        chosen = _solve(arrays, values, inside)
        assert chosen is not None, "the pairs include an assignment"


def _first(arrays: Arrays, values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The best pairs of every application and of every expert."""
    worth = np.where(arrays.allowed, values * (1 << 20) + arrays.units, np.iinfo(np.int64).min)
    per_expert = min(len(values), 4 + int(arrays.load_hi.max(initial=0)) // 2)
    chosen = largest(worth, FIRST) | largest(worth.T, per_expert).T
    return (chosen & arrays.allowed) | arrays.forced


def largest(values: NDArray[np.float64] | NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    """Marks the `count` largest of every row."""
    chosen = np.zeros(values.shape, np.bool_)
    if values.shape[1] <= count:
        chosen[:] = True
    elif count:
        np.put_along_axis(chosen, np.argpartition(values, -count, axis=1)[:, -count:], True, axis=1)
    return chosen


def _solve(arrays: Arrays, values: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Source, applications, experts, sink. Lower bounds are arcs so cheap that they fill first."""
    applications, experts = values.shape
    taken_a, taken_e = arrays.forced.sum(axis=1), arrays.forced.sum(axis=0)
    if (taken_a > arrays.need_hi).any() or (taken_e > arrays.load_hi).any():
        return None
    must_a, most_a = np.maximum(arrays.need_lo - taken_a, 0), arrays.need_hi - taken_a
    must_e, most_e = np.maximum(arrays.load_lo - taken_e, 0), arrays.load_hi - taken_e
    rows, columns = np.nonzero(inside & ~arrays.forced)
    worth = values[rows, columns]
    must = -(2 * int(np.abs(worth).max(initial=0)) + 1) * (applications + experts + 2)
    graph = min_cost_flow.SimpleMinCostFlow()
    source, sink = applications + experts, applications + experts + 1
    first, second = np.arange(applications), applications + np.arange(experts)
    add = graph.add_arcs_with_capacity_and_unit_cost
    pairs = add(rows, applications + columns, np.ones(len(rows), np.int64), -worth)
    due_a = add(np.full(applications, source), first, must_a, np.full(applications, must))
    add(np.full(applications, source), first, most_a - must_a, np.zeros(applications, np.int64))
    due_e = add(second, np.full(experts, sink), must_e, np.full(experts, must))
    add(second, np.full(experts, sink), most_e - must_e, np.zeros(experts, np.int64))
    supply = int(most_a.sum())
    graph.add_arc_with_capacity_and_unit_cost(source, sink, supply, 0)
    graph.set_nodes_supplies(np.array([source, sink]), np.array([supply, -supply]))
    if graph.solve() != graph.OPTIMAL:
        return None
    if (graph.flows(due_a) < must_a).any() or (graph.flows(due_e) < must_e).any():
        return None
    chosen = arrays.forced.copy()
    taken = graph.flows(pairs) > 0
    chosen[rows[taken], columns[taken]] = True
    return chosen


def _prices(
    arrays: Arrays, values: NDArray[np.int64], inside: NDArray[np.bool_], chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Shortest ways in the residual graph (Bellman, Ford): prices that no pair inside contradicts.

    An application below its most has no price above 0, above its least none below 0; so have experts. A
    chosen pair is worth at least its two prices, another at most them.
    """
    applications, experts = values.shape
    free_rows, free_columns = np.nonzero(inside & ~chosen)
    held_rows, held_columns = np.nonzero(chosen & ~arrays.forced)
    free, held = values[free_rows, free_columns], values[held_rows, held_columns]
    count_a, count_e = chosen.sum(axis=1), chosen.sum(axis=0)
    more_a, less_a = count_a < arrays.need_hi, count_a > arrays.need_lo
    more_e, less_e = count_e < arrays.load_hi, count_e > arrays.load_lo
    need, load, root = np.zeros(applications, np.int64), np.zeros(experts, np.int64), 0
    while True:
        before = need.copy(), load.copy(), root
        np.minimum.at(load, free_columns, need[free_rows] - free)
        np.minimum.at(need, held_rows, load[held_columns] + held)
        need[more_a] = np.minimum(need[more_a], root)
        load[less_e] = np.minimum(load[less_e], root)
        root = min(root, int(need[less_a].min(initial=root)), int(load[more_e].min(initial=root)))
        if root == before[2] and (need == before[0]).all() and (load == before[1]).all():
            return need - root, root - load
