"""Fillings that can stand in one solution: they agree on what is settled and lose no more than may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.portfolio.decomposed import Filled

if TYPE_CHECKING:
    from numpy.typing import NDArray

OPEN = -1
FAR = np.iinfo(np.int64).max // 4096


@dataclass(slots=True)
class Lists:
    """`state[j]`: 1 or 0 where every solution has or lacks column j, else OPEN. Of envelope k: `columns[k]`
    in question, `taking[k][n]` which of them filling n has, `loss[k][n]` what it is worth less than the best.
    """

    state: NDArray[np.int64]
    columns: list[NDArray[np.int64]]
    taking: list[NDArray[np.bool_]]
    loss: list[NDArray[np.int64]]

    @property
    def size(self) -> int:
        return sum(len(each) for each in self.loss)

    def keep(self, number: int, kept: NDArray[np.bool_]) -> None:
        self.taking[number], self.loss[number] = self.taking[number][kept], self.loss[number][kept]


def agreeing(found: Filled, budget: int | None) -> Lists | None:
    """The lists without what can be in no solution; None where nothing is left. `budget`: what all fillings
    may lose together, in units of 1/scale.
    """
    lists = _lists(found)
    while lists is not None:
        before = lists.size
        if not _settle_all(lists) or (budget is not None and not _afford(lists, budget)):
            return None
        if lists.size == before:
            break
    return lists


def _lists(found: Filled) -> Lists | None:
    lists = Lists(np.full(len(found.parts.programme.values), OPEN), [], [], [])
    lists.state[found.parts.count == 0] = 0
    for columns, each in zip(found.parts.columns, found.fillings, strict=True):
        rest = np.ones(len(columns), np.bool_)
        rest[each.near] = False
        if not _settle(lists.state, columns[rest], each.base[rest]):
            return None
        lists.columns.append(columns[each.near])
        lists.taking.append(each.taken)
        lists.loss.append(each.loss - each.least)
    return lists


def _settle(state: NDArray[np.int64], columns: NDArray[np.int64], taken: NDArray[np.bool_]) -> bool:
    """False where that contradicts what is settled already."""
    agrees = bool(((state[columns] == OPEN) | (state[columns] == taken)).all())
    state[columns] = taken
    return agrees


def _settle_all(lists: Lists) -> bool:
    """What all fillings of an envelope have or lack binds the others. False where none is left somewhere."""
    while True:
        before = lists.state.copy()
        for number, columns in enumerate(lists.columns):
            state, taking = lists.state[columns], lists.taking[number]
            kept = ((state == OPEN) | (taking == state)).all(axis=1)
            if not kept.any():
                return False
            lists.keep(number, kept)
            taking = lists.taking[number]
            alike = (taking == taking[0]).all(axis=0)
            _settle(lists.state, columns[alike], taking[0, alike])
        if (before == lists.state).all():
            return True


def _afford(lists: Lists, budget: int) -> bool:
    """Drops fillings with which the others lose too much: in every other envelope the best filling that
    agrees on the column where agreeing costs most, and the best at all where nothing is shared.
    """
    least = np.array([int(each.min()) for each in lists.loss])
    costs = [_costs(lists, number) for number in range(len(lists.loss))]
    for number, columns in enumerate(lists.columns):
        needed = lists.loss[number] + int(least.sum()) - int(least[number])
        for other, (without, within) in enumerate(costs):
            shared = np.flatnonzero((lists.state[columns] == OPEN) & (within[columns] >= 0))
            if other == number or not len(shared):
                continue
            taking = lists.taking[number][:, shared]
            price = np.where(taking, within[columns[shared]], without[columns[shared]]).max(axis=1)
            needed = needed + np.maximum(price - least[other], 0)
        kept = needed <= budget
        if not kept.any():
            return False
        lists.keep(number, kept)
    return True


def _costs(lists: Lists, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What the best filling without and with each column loses; less than 0 where it is not in question."""
    columns, taking, loss = lists.columns[number], lists.taking[number], lists.loss[number]
    without, within = np.full(len(lists.state), -1), np.full(len(lists.state), -1)
    without[columns] = np.where(taking, FAR, loss[:, None]).min(axis=0)
    within[columns] = np.where(taking, loss[:, None], FAR).min(axis=0)
    return without, within
