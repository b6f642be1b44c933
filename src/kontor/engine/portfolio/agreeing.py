"""Fillings that can stand in one solution: they agree on what is settled and lose no more than may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.portfolio.decomposed import Filled

if TYPE_CHECKING:
    from numpy.typing import NDArray

OPEN = -1


@dataclass(slots=True)
class Lists:
    """`state[j]`: 1 or 0 where every solution has or lacks column j, else OPEN. Of envelope k: `columns[k]`
    in question, `taking[k][n]` which of them filling n has, `loss[k][n]` what it is worth less than the best.

    Losses may be moved from one envelope to another, as long as those of a solution add up to the same.
    """

    state: NDArray[np.int64]
    columns: list[NDArray[np.int64]]
    taking: list[NDArray[np.bool_]]
    loss: list[NDArray[np.int64]]

    @property
    def size(self) -> int:
        return sum(len(each) for each in self.loss)

    @property
    def least(self) -> int:
        """What every solution loses at least."""
        return sum(int(each.min()) for each in self.loss)

    def keep(self, number: int, kept: NDArray[np.bool_]) -> None:
        if not kept.all():
            self.taking[number], self.loss[number] = self.taking[number][kept], self.loss[number][kept]


def agreeing(found: Filled) -> Lists | None:
    """The lists without what contradicts the columns on which all agree; None where nothing is left."""
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
    return lists if settle(lists) else None


def _settle(state: NDArray[np.int64], columns: NDArray[np.int64], taken: NDArray[np.bool_]) -> bool:
    """False where that contradicts what is settled already."""
    agrees = bool(((state[columns] == OPEN) | (state[columns] == taken)).all())
    state[columns] = taken
    return agrees


def settle(lists: Lists) -> bool:
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
