"""From scored candidates to the list: no crowd of twins, a cap on the popular, room for newcomers."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.lots import lot
from kontor.engine.matching.model import Params, Query
from kontor.engine.matching.score import Context, Scores, column, passage_column

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Chosen:
    """`candidate` is a number in the pool; `reserved`: it owes its place to the newcomers' share."""

    candidate: int
    newcomer: bool
    reserved: bool = False


def choose(context: Context, scores: Scores, params: Params, seed: int) -> list[Chosen]:
    """The list in its final order. Equal scores are put in the order of a lot drawn with `seed`."""
    query = context.query
    introductions = column(context, "introductions")
    nobody = np.zeros(len(context.pool))
    worthy = (context.pool.fit >= params.floor) | (scores.values.get("projects", nobody) > 0)
    order = [number for number in ranking(context, scores, seed) if worthy[number]]
    accepted = _within_caps(order, introductions, passage_column(context, "text", -1), query, params)
    chosen = [Chosen(number, not introductions[number]) for number in accepted[: query.top]]
    spare = [number for number in accepted[query.top :] if not introductions[number]]
    lifted = [number for number in spare if context.pool.fit[number] >= params.newcomer_floor]
    return _with_newcomers(chosen, lifted, query)


def ranking(context: Context, scores: Scores, seed: int) -> list[int]:
    """All candidates, best first."""
    segments, pool = context.index.segments, context.pool
    names = [
        f"{segments[s].row_keys[r]}\0{segments[s].teasers[r]}"
        for s, r in zip(pool.segment, pool.row, strict=True)
    ]
    return sorted(range(len(pool)), key=lambda number: (-scores.total[number], lot(seed, names[number])))


def _within_caps(
    order: list[int], introductions: NDArray[np.int32], texts: NDArray[np.int64], query: Query, params: Params
) -> list[int]:
    """Leaves out further bearers of one text, and the popular beyond their share of the places."""
    popular_places = math.ceil(params.popular_share * query.top)
    twins: Counter[int] = Counter()
    popular = 0
    accepted = []
    for number in order:
        text, is_popular = int(texts[number]), introductions[number] >= params.popular
        if (text >= 0 and twins[text] >= params.twins) or (is_popular and popular >= popular_places):
            continue
        twins[text] += 1
        popular += int(is_popular)
        accepted.append(number)
    return accepted


def _with_newcomers(chosen: list[Chosen], spare: list[int], query: Query) -> list[Chosen]:
    """Gives the last places of known organisations to the best newcomers, up to their share."""
    lacking = math.floor(query.newcomer_share * query.top) - sum(each.newcomer for each in chosen)
    lifted = [Chosen(number, newcomer=True, reserved=True) for number in spare[: max(0, lacking)]]
    leaving = {each.candidate for each in [each for each in chosen if not each.newcomer][::-1][: len(lifted)]}
    return [*(each for each in chosen if each.candidate not in leaving), *lifted[: len(leaving)]]
