"""FairFlow (Kobren, Saha and McCallum, Paper matching with local fairness constraints, KDD 2019), anew.

For a threshold T and the largest fit A applications are rich (fits of T or more), poor (less than T - A) or
between. A flow of least cost takes one expert from each of as many rich ones as it can and gives it to a poor
one that gains by it, straight or by way of one between that passes another on and can stay above T - A. Poor
ones then drop their worst expert, and a second flow gives those who lack one the best that are free. Repeated
while that helps. T is found by halving, ten times; the answer with the best worst-served application is kept.
Ways of an application lead to its 40 best experts only, which makes the peer faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.juries_peers import flow

if TYPE_CHECKING:
    from numpy.typing import NDArray

WAYS = 40
HALVINGS = 10


@dataclass(frozen=True)
class Jury:
    units: NDArray[np.int64]
    free: NDArray[np.bool_]
    reviews: int
    least: NDArray[np.int64]
    most: NDArray[np.int64]

    def served(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        sums: NDArray[np.int64] = (self.units * chosen).sum(axis=1)
        return sums


def fair_flow(
    units: NDArray[np.int64],
    free: NDArray[np.bool_],
    reviews: int,
    least: NDArray[np.int64],
    most: NDArray[np.int64],
) -> NDArray[np.bool_] | None:
    """None where there is no assignment."""
    jury = Jury(units, free, reviews, least, most)
    start = flow(units, free, reviews, least, most)
    if start is None:
        return None
    best, key = start, _key(jury, start)
    low, high, largest = 0, reviews * int(units[free].max()), int(units[free].max())
    for _ in range(HALVINGS):
        threshold = (low + high) // 2
        found = _made_fair(jury, start, threshold, largest)
        if _key(jury, found) > key:
            best, key = found, _key(jury, found)
        if int(jury.served(found).min()) >= threshold - largest:
            low = threshold
        else:
            high = threshold
    return best


def _key(jury: Jury, chosen: NDArray[np.bool_]) -> tuple[int, int]:
    sums = jury.served(chosen)
    return int(sums.min()), int(sums.sum())


def _made_fair(jury: Jury, chosen: NDArray[np.bool_], threshold: int, largest: int) -> NDArray[np.bool_]:
    mark = _progress(jury, chosen, threshold - largest)
    while mark[0] < 0:
        moved = _filled(jury, _refined(jury, chosen, threshold, largest))
        if moved is None or (further := _progress(jury, moved, threshold - largest)) <= mark:
            break
        chosen, mark = moved, further
    return chosen


def _progress(jury: Jury, chosen: NDArray[np.bool_], line: int) -> tuple[int, int]:
    """Fewer poor ones are better, then a better worst."""
    sums = jury.served(chosen)
    return -int((sums < line).sum()), int(sums.min())


def _refined(jury: Jury, chosen: NDArray[np.bool_], threshold: int, largest: int) -> NDArray[np.bool_]:
    """After the first flow. Nodes: applications, experts that leave a rich one, those that leave one between,
    exits of those between, source, sink.
    """
    applications, experts = chosen.shape
    sums = jury.served(chosen)
    rich, poor = np.flatnonzero(sums >= threshold), np.flatnonzero(sums < threshold - largest)
    between = np.flatnonzero((sums < threshold) & (sums >= threshold - largest))
    leaving, passing = applications, applications + experts
    exits = passing + experts
    source, sink = exits + applications, exits + applications + 1
    graph = min_cost_flow.SimpleMinCostFlow()

    def add(tails: NDArray[np.int64], heads: NDArray[np.int64], gain: NDArray[np.int64] | int = 0) -> object:
        ones = np.ones(len(tails), np.int64)
        return graph.add_arcs_with_capacity_and_unit_cost(tails, heads, ones, -gain * ones)

    ways = _ways(jury, chosen)
    add(np.full(len(rich), source), rich)
    a, e = _pairs(chosen, rich)
    out = add(a, leaving + e), a, e
    a, e = _pairs(ways, between)
    gains = np.where(ways, jury.units, 0).max(axis=1)
    into = add(leaving + e, a, jury.units[a, e]), a, e
    add(between, exits + between)
    a, e = _pairs(chosen & (sums[:, None] - jury.units + gains[:, None] >= threshold - largest), between)
    on = add(exits + a, passing + e), a, e
    worst = np.where(chosen, jury.units, largest).min(axis=1)
    a, e = _pairs(ways & (jury.units > worst[:, None]), poor)
    first = add(leaving + e, a, jury.units[a, e]), a, e
    second = add(passing + e, a, jury.units[a, e]), a, e
    add(poor, np.full(len(poor), sink))
    supply = min(len(rich), len(poor))
    graph.set_nodes_supplies(np.array([source, sink]), np.array([supply, -supply]))
    graph.solve_max_flow_with_min_cost()
    moved = chosen.copy()
    for (arcs, a, e), kept in ((out, False), (on, False), (into, True), (first, True), (second, True)):
        used = graph.flows(arcs) > 0
        moved[a[used], e[used]] = kept
    for application in poor[moved[poor].sum(axis=1) > jury.reviews]:
        held = np.flatnonzero(moved[application])
        moved[application, held[jury.units[application, held].argmin()]] = False
    return moved


def _ways(jury: Jury, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    worth = np.where(jury.free & ~chosen, jury.units, -1)
    if worth.shape[1] <= WAYS:
        return worth >= 0
    marks = np.zeros_like(chosen)
    np.put_along_axis(marks, np.argpartition(worth, -WAYS, axis=1)[:, -WAYS:], True, axis=1)
    return marks & (worth >= 0)


def _pairs(marks: NDArray[np.bool_], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    places, columns = np.nonzero(marks[rows])
    return rows[places], columns


def _filled(jury: Jury, chosen: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """The second flow: who lacks an expert gets the best of those with room; least loads are kept."""
    lacking = jury.reviews - chosen.sum(axis=1)
    held = chosen.sum(axis=0)
    if (held > jury.most).any():
        return None
    open_ = jury.free & ~chosen & (lacking > 0)[:, None]
    rest = flow(jury.units, open_, lacking, np.maximum(jury.least - held, 0), jury.most - held)
    if rest is None or ((held + rest.sum(axis=0)) < jury.least).any():
        return None
    return chosen | rest
