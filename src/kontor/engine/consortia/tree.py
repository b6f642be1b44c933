"""Branch and bound over a choice of candidates, with a tree that later questions go on with.

A leaf is a set of decisions (this candidate is in, that one is out) and a bound for all teams that keep them.
Leaves that are not worth looking at for one question stay: a further team, or the best team without somebody,
is the same problem with something added, so their bounds hold there as well. Candidates enter in layers by
their bounds; a team belongs to the layer of its member with the lowest one. Proofs are in
docs/engines/consortia.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kontor.engine.consortia.choose import TOLERANCE
from kontor.engine.consortia.program import Program, Solved, fractional
from kontor.engine.consortia.rows import INF, Model, Row
from kontor.engine.consortia.tables import Flags, Floats, Rows
from kontor.engine.core.stop import Stop

NODES = 4_000
"""Linear programs for one question, after which it is left to CP-SAT."""

OVERVALUED = 20
"""Teams worth less than their rows say, after which other rows should be taken."""

Team = tuple[int, ...]
Leaf = tuple[float, int, int, tuple[tuple[int, int], ...]]
"""The bound's negative, a running number, the layer, the decisions (column, 0 or 1)."""


@dataclass(frozen=True, slots=True)
class Question:
    """Rows of the tables that may not be members, and earlier teams with how many others are asked for."""

    without: frozenset[int] = frozenset()
    apart: tuple[Team, ...] = ()
    differ: int = 1

    def answered_by(self, team: Team) -> bool:
        if self.without.intersection(team):
            return False
        return all(len(set(team).difference(other)) >= self.differ for other in self.apart)


@dataclass(slots=True)
class Judge:
    """What the tree asks about whole teams: `points`, and `cuts` where a rule is broken (None: sound).

    `largest`: the most members. `pool`: sound teams seen so far with their points.
    """

    largest: int
    points: Callable[[Team], float]
    cuts: Callable[[Model, Rows], list[Row] | None]
    pool: dict[Team, float] = field(default_factory=dict)


class Tree:
    """`layers`: ends of the layers in `model.chosen`, whose candidates lie in the order of falling bounds.

    `upper`: their bounds. `lean`: the rows may value a team too high; such teams are noted and excluded.
    """

    def __init__(
        self, model: Model, upper: Floats, layers: Sequence[int], pinned: Flags, judge: Judge
    ) -> None:
        self._model, self._layers, self._judge = model, [0, *layers], judge
        self._program = Program(model, np.arange(min(layers[0], len(model.chosen))))
        self._pinned = np.flatnonzero(pinned)
        self._asks = np.concatenate(
            [np.ones(len(model.chosen), bool), [each.whole for each in model.helpers]]
        )
        self._place = {row: column for column, row in enumerate(model.chosen.tolist())}
        worst = min(0.0, float(model.points.min(initial=0))) * judge.largest
        self._floor = worst + sum(min(0.0, each.points) * each.high for each in model.helpers) - 1
        self._number = 0
        self.opened = self._layers[1]
        self._entry: dict[int, int] = {}
        self._distance: dict[tuple[Team, int], int] = {}
        self._question, self._open, self._end = Question(), list[Leaf](), 0
        self._best: Team = ()
        self._points = -INF
        self.overvalued = 0
        self.leaves: list[Leaf] = []
        for layer, start in enumerate(self._layers[:-1]):
            self._keep(self.leaves, float(upper[start]), layer, ())

    def best(self, question: Question, leaves: list[Leaf], stop: Stop) -> tuple[Team, float, bool]:
        """The best team within the choice, a bound for all others, and if the search came to its end.

        `leaves` must come from a question that asked for less, and is changed.
        """
        self._question, self._best, self._points = question, (), -INF
        self._switch_rows()
        for team, points in self._judge.pool.items():
            self._offer(team, points)
        self._end = self._program.runs + NODES
        done = all(self._layer_done(leaves, layer, stop) for layer in range(len(self._layers) - 1))
        if done:
            return self._best, self._points, True
        return self._best, max(-leaf[0] for leaf in leaves), False

    def _layer_done(self, leaves: list[Leaf], layer: int, stop: Stop) -> bool:
        """The leaves of one layer that may hold better teams, the last first: programs stay alike."""
        opened = [leaf for leaf in leaves if leaf[2] == layer and -leaf[0] > self._points + TOLERANCE]
        if not opened:
            return True
        taken = set(opened)
        leaves[:] = [leaf for leaf in leaves if leaf not in taken]
        self._open = sorted(opened, reverse=True)
        while self._open:
            if self._over(stop):
                break
            leaf = self._open.pop()
            if -leaf[0] <= self._points + TOLERANCE:
                leaves.append(leaf)
            else:
                self._dive(leaves, leaf, stop)
        leaves += self._open
        return not self._open

    def _offer(self, team: Team, points: float) -> None:
        if points > self._points and self._question.answered_by(team):
            self._best, self._points = team, points

    def _dive(self, leaves: list[Leaf], leaf: Leaf, stop: Stop) -> None:
        """Down from a leaf, taking in whoever lies closest to one half, and keeping the other side."""
        bound, layer, decided = -leaf[0], leaf[2], leaf[3]
        while True:
            solved = self._solved(layer, decided)
            bound = min(bound, solved.bound)
            if bound <= self._floor:
                return
            if bound <= self._points + TOLERANCE or self._over(stop):
                break
            column = fractional(solved.values, self._asks)
            if column is not None:
                self._keep(self._open, bound, layer, (*decided, (column, 0)))
                decided = (*decided, (column, 1))
            elif not self._looked_at(solved, bound):
                break
        closed = bound <= self._points + TOLERANCE
        self._keep(leaves if closed else self._open, bound, layer, decided)

    def _over(self, stop: Stop) -> bool:
        return stop.left() <= 0 or self._program.runs > self._end or self.overvalued > OVERVALUED

    def _keep(
        self, leaves: list[Leaf], bound: float, layer: int, decided: tuple[tuple[int, int], ...]
    ) -> None:
        self._number += 1
        leaves.append((-bound, self._number, layer, decided))

    def _solved(self, layer: int, decided: tuple[tuple[int, int], ...]) -> Solved:
        low, high = np.zeros(len(self._program.top)), self._program.top.copy()
        high[self._layers[layer + 1] : self._program.count] = 0
        high[[self._place[row] for row in self._question.without if row in self._place]] = 0
        low[self._pinned] = high[self._pinned] = 1
        for column, value in decided:
            low[column] = max(low[column], value)
            high[column] = min(high[column], value)
        if (low > high).any():
            return Solved(-INF, low)
        self._enter(layer)
        return self._program.solve(low, high, self._points + TOLERANCE)

    def _enter(self, layer: int) -> None:
        """A team of a later layer has a member of just that layer."""
        self.opened = max(self.opened, self._layers[layer + 1])
        if layer and layer not in self._entry:
            row = np.zeros(self._program.count)
            row[self._layers[layer] : self._layers[layer + 1]] = 1
            self._entry[layer] = self._program.add([Row(row, {}, 0, INF)])
        for other, number in self._entry.items():
            self._program.change(number, float(other == layer), INF)

    def _switch_rows(self) -> None:
        """Rows that keep earlier teams apart hold only while they are asked for."""
        asked = {(team, self._question.differ) for team in self._question.apart}
        for team, differ in sorted(asked - set(self._distance)):
            row = (~np.isin(self._model.chosen, team)).astype(float)
            self._distance[team, differ] = self._program.add([Row(row, {}, differ, INF)])
        for known, number in self._distance.items():
            self._program.change(number, float(known[1]) if known in asked else -INF, INF)

    def _looked_at(self, solved: Solved, bound: float) -> bool:
        """Judges the team of a whole solution. True if rows were added and the leaf must be solved again."""
        inside = solved.values[: self._program.count] > 0.5
        rows = self._model.chosen[inside]
        team = tuple(sorted(rows.tolist()))
        this = Row(np.where(inside, 1.0, -1.0), {}, -INF, len(rows) - 1.0)
        cuts = self._judge.cuts(self._model, rows)
        if cuts is not None:
            self._program.add([*cuts, this])
            return True
        points = self._judge.points(team)
        self._judge.pool[team] = points
        self._offer(team, points)
        if bound <= self._points + TOLERANCE:
            return False
        self.overvalued += 1
        self._program.add([this])
        return True
