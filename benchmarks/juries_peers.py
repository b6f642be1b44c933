"""Two other ways to assign a jury: min-cost flow, and max-min by thresholds.

The second follows PeerReview4All (Stelmakh, Shah and Singh, ALT 2019): for every number k of reviews it finds
the highest threshold at which each application can have k experts above it, fills the rest by total fit, and
keeps the k that serves the worst application best. Written anew here: openreview-py needs numpy 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import max_flow, min_cost_flow

if TYPE_CHECKING:
    from numpy.typing import NDArray

MUST = 10**8


def flow(
    units: NDArray[np.int64],
    free: NDArray[np.bool_],
    reviews: int | NDArray[np.int64],
    least: NDArray[np.int64],
    most: NDArray[np.int64],
) -> NDArray[np.bool_] | None:
    """The largest total on all pairs; least loads are arcs that pay so much that they fill first."""
    applications, experts = units.shape
    needed = np.broadcast_to(np.asarray(reviews, np.int64), applications)
    rows, columns = np.nonzero(free)
    graph = min_cost_flow.SimpleMinCostFlow()
    source, sink = applications + experts, applications + experts + 1
    add = graph.add_arcs_with_capacity_and_unit_cost
    every, second = np.arange(applications), applications + np.arange(experts)
    add(np.full(applications, source), every, needed, np.zeros(applications, np.int64))
    pairs = add(rows, applications + columns, np.ones(len(rows), np.int64), -units[rows, columns])
    add(second, np.full(experts, sink), least, np.full(experts, -MUST))
    add(second, np.full(experts, sink), most - least, np.zeros(experts, np.int64))
    graph.set_nodes_supplies(np.array([source, sink]), np.array([1, -1]) * int(needed.sum()))
    graph.solve_max_flow_with_min_cost()
    if graph.maximum_flow() < int(needed.sum()):
        return None
    chosen = np.zeros_like(free)
    taken = graph.flows(pairs) > 0
    chosen[rows[taken], columns[taken]] = True
    return chosen


def thresholds(
    units: NDArray[np.int64],
    free: NDArray[np.bool_],
    reviews: int,
    least: NDArray[np.int64],
    most: NDArray[np.int64],
) -> NDArray[np.bool_] | None:
    """The best of all k by the worst-served application, then by the total."""
    best, key = None, (-1, -1)
    for count in range(1, reviews + 1):
        level = _highest(units, free, count, most)
        above = free & (units >= level)
        first = flow(units, above, count, np.zeros_like(least), most)
        if first is None:
            continue
        held = first.sum(axis=0)
        chosen = first
        if count < reviews:
            rest = flow(units, free & ~first, reviews - count, np.maximum(least - held, 0), most - held)
            if rest is None:
                continue
            chosen = first | rest
        sums = (units * chosen).sum(axis=1)
        if (int(sums.min()), int(sums.sum())) > key and (chosen.sum(axis=0) >= least).all():
            best, key = chosen, (int(sums.min()), int(sums.sum()))
    return best


def _highest(units: NDArray[np.int64], free: NDArray[np.bool_], count: int, most: NDArray[np.int64]) -> int:
    levels = np.unique(units[free])
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _possible(free & (units >= levels[middle]), count, most):
            low = middle
        else:
            high = middle - 1
    return int(levels[low])


def _possible(free: NDArray[np.bool_], count: int, most: NDArray[np.int64]) -> bool:
    applications, experts = free.shape
    if (free.sum(axis=1) < count).any():
        return False
    rows, columns = np.nonzero(free)
    graph = max_flow.SimpleMaxFlow()
    source, sink = applications + experts, applications + experts + 1
    graph.add_arcs_with_capacity(
        np.full(applications, source), np.arange(applications), np.full(applications, count)
    )
    graph.add_arcs_with_capacity(rows, applications + columns, np.ones(len(rows), np.int64))
    graph.add_arcs_with_capacity(applications + np.arange(experts), np.full(experts, sink), most)
    graph.solve(source, sink)
    return bool(graph.optimal_flow() == applications * count)
