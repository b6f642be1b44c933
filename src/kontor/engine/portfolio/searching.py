"""Branching over lists of fillings: an open column in or out, until one filling of each envelope is left.

Both branches keep few fillings where a column stands in about half of each list that has it. At every node
prices of the relaxation and envelopes two by two rule out what loses too much, in whole numbers; only that
lists hold nothing whose relaxation has no solution is HiGHS's word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.agreeing import OPEN, Lists, settle
from kontor.engine.portfolio.decomposed import Filled
from kontor.engine.portfolio.highs import quiet
from kontor.engine.portfolio.pairwise import narrow
from kontor.engine.portfolio.repricing import reprice

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEPT = 0.7
"""The relaxation is asked again where it leaves no more than this part of the fillings."""


class Searching:
    """`x`: the best solution that loses at most `budget` (in units of 1/scale), `value` what it is worth."""

    def __init__(self, found: Filled, budget: int, seed: int, stop: Stop) -> None:
        self.found, self.budget, self.seed, self.stop = found, budget, seed, stop
        self.x: tuple[int, ...] | None = None
        self.value = 0

    def run(self, lists: Lists) -> bool:
        """False where the time was over before all was seen."""
        waiting = [lists]
        try:
            while waiting:
                lists = waiting.pop()
                if not self._narrowed(lists):
                    continue
                if all(len(each) == 1 for each in lists.loss) or not (lists.state == OPEN).any():
                    self._take(lists)
                else:
                    waiting += self._branches(lists)
        except OutOfTime:
            return False
        return True

    def _narrowed(self, lists: Lists) -> bool:
        """False where nothing here loses as little as is asked."""
        if self.stop.left() <= 0:
            raise OutOfTime
        if not narrow(lists, self.budget):
            return False
        while True:
            before = lists.size
            if not reprice(self.found, lists, quiet(self.seed, self.stop)):
                return False
            if not narrow(lists, self.budget):
                return False
            if lists.size > KEPT * before:
                return True

    def _take(self, lists: Lists) -> None:
        """The best filling of each envelope: they agree on everything. From now on only better ones count."""
        x = np.maximum(lists.state, 0)
        for columns, taking, loss in zip(lists.columns, lists.taking, lists.loss, strict=True):
            x[columns] = taking[int(loss.argmin())]
        values = self.found.parts.programme.values
        self.x = tuple(int(each) for each in x)
        self.value = sum(v * each for v, each in zip(values, self.x, strict=True))
        self.budget = self.found.bound - (self.value + 1) * self.found.scale

    def _branches(self, lists: Lists) -> list[Lists]:
        """The likelier one last: it is looked at next."""
        column, likely = _divider(lists)
        found = []
        for taken in (1 - likely, likely):
            branch = Lists(lists.state.copy(), lists.columns, list(lists.taking), list(lists.loss))
            branch.state[column] = taken
            if settle(branch):
                found.append(branch)
        return found


def _divider(lists: Lists) -> tuple[int, int]:
    """The open column that halves the lists best, and whether the best fillings rather have it."""
    shape = lists.state.shape
    without, within, lean = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int64)
    for columns, taking, loss in zip(lists.columns, lists.taking, lists.loss, strict=True):
        places = np.flatnonzero(lists.state[columns] == OPEN)
        held = taking[:, places]
        share = held.mean(axis=0)
        without[columns[places]] -= np.log(1 - share)
        within[columns[places]] -= np.log(share)
        lean[columns[places]] += _lean(held, loss)
    halving = np.where(lists.state == OPEN, np.minimum(without, within), -1.0)
    column = int(halving.argmax())
    return column, int(lean[column] > 0)


def _lean(held: NDArray[np.bool_], loss: NDArray[np.int64]) -> NDArray[np.int64]:
    """How much less the best filling with a column loses than the best without it."""
    most = int(loss.max())
    within = np.where(held, loss[:, None], most).min(axis=0)
    found: NDArray[np.int64] = np.where(held, most, loss[:, None]).min(axis=0) - within
    return found
