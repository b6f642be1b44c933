"""The choice of candidates that a search tree works on, larger where that is needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kontor.engine.consortia.choose import TOLERANCE
from kontor.engine.consortia.linear import Relaxed
from kontor.engine.consortia.rows import INF, Builder
from kontor.engine.consortia.tables import Rows
from kontor.engine.consortia.tree import Judge, Leaf, Question, Team, Tree
from kontor.engine.core.stop import Stop

CHOICE = 8
"""Candidates in the first choice, as a multiple of the first layer."""

WIDER = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """`given_up`: the tree grew too large; the team may not be the best though there is time."""

    team: Team
    points: float
    bound: float
    proven: bool
    given_up: bool


class Grower:
    """Asks one tree after the other, each with more candidates, and keeps leaves between questions."""

    def __init__(
        self, builder: Builder, relaxed: Relaxed, order: Rows, first: int, judge: Judge, stop: Stop
    ) -> None:
        self._builder, self._relaxed, self._judge, self._stop = builder, relaxed, judge, stop
        pinned = builder.tables.pinned
        self._order = np.concatenate([pinned, order[~np.isin(order, pinned)]])
        self._first = max(first, len(pinned), 1)
        self._count = min(len(order), CHOICE * self._first)
        self._lean = True
        self.opened = 0
        self._plant()

    def best(self, question: Question) -> Answer:
        while True:
            team, bound, done = self._tree.best(question, self._leaves_for(question), self._stop)
            self.opened = max(self.opened, self._tree.opened)
            points = self._judge.pool[team] if team else -INF
            beyond = self._beyond()
            if not done:
                bound = min(max(bound, beyond, points), self._relaxed.bound)
                if self._stop.left() <= 0:
                    return Answer(team, points, bound, False, False)
                if not (self._lean and self._tree.overvalued):
                    return Answer(team, points, bound, False, True)
                self._lean = False
            elif beyond <= points + TOLERANCE:
                return Answer(team, points, points, True, False)
            else:
                self._count = min(WIDER * self._count, len(self._order))
            self._plant()

    def _plant(self) -> None:
        chosen = self._order[: self._count]
        layers = [self._first]
        while layers[-1] < self._count:
            layers.append(2 * layers[-1])
        layers[-1] = self._count
        pinned = np.isin(chosen, self._builder.tables.pinned)
        model = self._builder.exact(chosen, lean=self._lean)
        self._tree = Tree(model, self._relaxed.upper[chosen], layers, pinned, self._judge)
        self._chain: tuple[tuple[Team, ...], int, list[Leaf]] | None = None

    def _leaves_for(self, question: Question) -> list[Leaf]:
        """Those of the question before if it asked for less, else those of the problem itself."""
        if not question.apart and not question.without:
            return self._tree.leaves
        if question.without:
            return list(self._tree.leaves)
        if self._chain and self._chain[1] == question.differ:
            earlier = self._chain[0]
            if question.apart[: len(earlier)] == earlier:
                self._chain = (question.apart, question.differ, self._chain[2])
                return self._chain[2]
        self._chain = (question.apart, question.differ, list(self._tree.leaves))
        return self._chain[2]

    def _beyond(self) -> float:
        outside = self._order[self._count : self._count + 1]
        return float(self._relaxed.upper[outside].max(initial=-INF))
