"""Envelopes two by two: what a filling costs its neighbours, who must agree with it on all that they share.

Every two envelopes that share open columns pass each other what agreeing costs, pattern by pattern of those
columns, so that the sum of what each loses at least grows (max-product linear programming, Globerson and
Jaakkola, Fixing max-product, NIPS 2007). Fillings with which a solution would lose too much are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.portfolio.agreeing import OPEN, Lists, settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

SWEEPS = 3
"""Rounds of messages before fillings are dropped."""
KEPT = 0.8
"""Narrowing ends where more than this part of the fillings is left."""
BITS, FEW = 62, 8
"""Shared columns that are looked at, of any two envelopes, and how many make patterns few enough to count."""
FAR = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Pair:
    """Two envelopes that share open columns, and the pattern (0 up to `count`) that each of their fillings
    has there.
    """

    one: int
    other: int
    of_one: NDArray[np.int64]
    of_other: NDArray[np.int64]
    count: int

    def least(self, lists: Lists) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What the best filling with each pattern loses; FAR where there is none."""
        mine, theirs = np.full(self.count, FAR), np.full(self.count, FAR)
        np.minimum.at(mine, self.of_one, lists.loss[self.one])
        np.minimum.at(theirs, self.of_other, lists.loss[self.other])
        return mine, theirs


def narrow(lists: Lists, budget: int) -> bool:
    """Leaves what solutions that lose at most `budget` need, as far as envelopes two by two can tell; False
    where there are none.
    """
    while True:
        before = lists.size
        pairs = _consistent(lists)
        if pairs is None:
            return False
        for _ in range(SWEEPS):
            _even_out(lists, pairs)
        if not _drop(lists, pairs, budget) or not settle(lists):
            return False
        if lists.size > KEPT * before:
            return True


def _consistent(lists: Lists) -> list[Pair] | None:
    """The pairs, once every filling has one to agree with in each other envelope; None where one has none."""
    while True:
        pairs = [_pair(lists, *each) for each in _shared(lists).items()]
        kept = [np.ones(len(each), np.bool_) for each in lists.loss]
        for pair in pairs:
            has = [np.zeros(pair.count, np.bool_) for _ in range(2)]
            has[0][pair.of_one] = has[1][pair.of_other] = True
            common = has[0] & has[1]
            kept[pair.one] &= common[pair.of_one]
            kept[pair.other] &= common[pair.of_other]
        if all(each.all() for each in kept):
            return pairs
        if not all(each.any() for each in kept):
            return None
        for number, each in enumerate(kept):
            lists.keep(number, each)
        if not settle(lists):
            return None


def _shared(lists: Lists) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """For every two envelopes the places of the open columns that they share."""
    where: dict[int, list[tuple[int, int]]] = {}
    for number, columns in enumerate(lists.columns):
        for place in np.flatnonzero(lists.state[columns] == OPEN).tolist():
            where.setdefault(int(columns[place]), []).append((number, place))
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for spots in where.values():
        for n, (one, mine) in enumerate(spots):
            for other, theirs in spots[n + 1 :]:
                found.setdefault((one, other), []).append((mine, theirs))
    return found


def _pair(lists: Lists, names: tuple[int, int], places: list[tuple[int, int]]) -> Pair:
    (one, other), spots = names, np.array(places[:BITS])
    bits = np.int64(1) << np.arange(len(spots))
    mine, theirs = lists.taking[one][:, spots[:, 0]] @ bits, lists.taking[other][:, spots[:, 1]] @ bits
    if len(spots) <= FEW:
        return Pair(one, other, mine, theirs, 1 << len(spots))
    patterns, number = np.unique(np.concatenate((mine, theirs)), return_inverse=True)
    return Pair(one, other, number[: len(mine)], number[len(mine) :], len(patterns))


def _even_out(lists: Lists, pairs: list[Pair]) -> None:
    """Each of two envelopes takes half of what the best two fillings with a pattern lose together."""
    for pair in pairs:
        mine, theirs = pair.least(lists)
        total = mine + theirs
        lists.loss[pair.one] = lists.loss[pair.one] + (total // 2 - mine)[pair.of_one]
        lists.loss[pair.other] = lists.loss[pair.other] + (total - total // 2 - theirs)[pair.of_other]


def _drop(lists: Lists, pairs: list[Pair], budget: int) -> bool:
    """Drops fillings that lose too much with the best in each other envelope that agrees with them."""
    least = np.array([int(each.min()) for each in lists.loss])
    needed = [each + int(least.sum()) - low for each, low in zip(lists.loss, least, strict=True)]
    for pair in pairs:
        mine, theirs = pair.least(lists)
        needed[pair.one] = needed[pair.one] + (theirs - least[pair.other])[pair.of_one]
        needed[pair.other] = needed[pair.other] + (mine - least[pair.one])[pair.of_other]
    kept = [each <= budget for each in needed]
    if not all(each.any() for each in kept):
        return False
    for number, each in enumerate(kept):
        lists.keep(number, each)
    return True
