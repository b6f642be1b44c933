"""From candidates to lists: each organisation has some places, each partner may be suggested so often.

Pairs are taken from the worthiest down, each if the asker has a place left and the partner is not yet
suggested too often. Both sides rank a pair by the same number, so this is the one stable assignment with
capacities (Gale and Shapley 1962): whoever misses a partner it would rather have had was outbid by those who
fit that partner better. First only so many places go to the well known that newcomers keep their share; what
they do not fill is given out in a second round.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kontor.engine.matching.suggest.model import SuggestParams

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Allotted(NamedTuple):
    """`taken`: numbers of the candidates that were given a place. `reserved`: only as a newcomer."""

    taken: NDArray[np.int64]
    reserved: NDArray[np.bool_]


def allot(
    asker: NDArray[np.int32],
    partner: NDArray[np.int32],
    weight: NDArray[np.float64],
    newcomer: NDArray[np.bool_],
    lots: NDArray[np.uint64],
    params: SuggestParams,
    organisations: int,
) -> Allotted:
    """Gives out the places. Equal weights go in the order of `lots`; `newcomer` tells who counts as one."""
    order = np.lexsort((lots, -weight)).tolist()
    askers, partners, new = asker.tolist(), partner.tolist(), newcomer.tolist()
    places = [params.top] * organisations
    left = [params.capacity(organisations)] * organisations
    for_known = [params.top - math.floor(params.newcomer_share * params.top)] * organisations
    taken = []
    waiting = []
    for number in order:
        who, whom = askers[number], partners[number]
        if not places[who] or not left[whom]:
            continue
        if not new[number]:
            if not for_known[who]:
                waiting.append(number)
                continue
            for_known[who] -= 1
        places[who] -= 1
        left[whom] -= 1
        taken.append(number)
    for number in waiting:
        who, whom = askers[number], partners[number]
        if places[who] and left[whom]:
            places[who] -= 1
            left[whom] -= 1
            taken.append(number)
    given = np.array(sorted(taken), dtype=np.int64)
    return Allotted(
        given, newcomer[given] & _outbid(asker, weight, given, newcomer, set(waiting) - set(taken))
    )


def _outbid(
    asker: NDArray[np.int32],
    weight: NDArray[np.float64],
    given: NDArray[np.int64],
    newcomer: NDArray[np.bool_],
    missed: set[int],
) -> NDArray[np.bool_]:
    """Places of askers whose list left out somebody better known that is worth more."""
    most: dict[int, float] = {}
    for number in missed:
        who = int(asker[number])
        most[who] = max(most.get(who, -math.inf), float(weight[number]))
    return np.array([weight[n] < most.get(int(asker[n]), -math.inf) for n in given], dtype=np.bool_)
