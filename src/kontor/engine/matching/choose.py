"""From scored candidates to the list: no crowd of twins, a cap on the popular, room for newcomers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.lots import lot
from kontor.engine.matching.index.columns import SIZES
from kontor.engine.matching.model import Params, Query
from kontor.engine.matching.model.organisation import SME_SIZES
from kontor.engine.matching.ranking import placed
from kontor.engine.matching.score import Context, Scores, column, passage_column, rows_of_past

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Chosen:
    """`candidate` is a number in the pool; `reserved`: it owes its place to the newcomers' share, or, where
    `shared` is set too, to the share of newcomers and small firms, by whose row of weights it is scored.
    """

    candidate: int
    newcomer: bool
    reserved: bool = False
    shared: bool = False


def choose(
    context: Context, scores: Scores, params: Params, seed: int, small: Scores | None = None
) -> list[Chosen]:
    """The list in its final order. Equal scores are put in the order of a lot drawn with `seed`.

    With `small`, the scores of newcomers and small firms, both groups share the places.
    """
    query = context.query
    introductions = column(context, "introductions")
    placed_by = _places(context, scores, small, params, seed)
    accepted = _within_caps(
        list(placed_by), introductions, passage_column(context, "text", -1), query, params
    )
    both = len(set(placed_by.values())) > 1
    chosen = [
        Chosen(number, not introductions[number], placed_by[number] and both, placed_by[number])
        for number in accepted[: query.top]
    ]
    spare = [number for number in accepted[query.top :] if not introductions[number]]
    lifted = [number for number in spare if context.pool.fit[number] >= params.newcomer_floor]
    return _with_newcomers(chosen, lifted, query, placed_by)


def _places(
    context: Context, scores: Scores, small: Scores | None, params: Params, seed: int
) -> dict[int, bool]:
    """All who are worth showing, best first, and whether each was placed among newcomers and small firms."""
    worthy = _worthy(context, scores, params)
    first = [number for number in ranking(context, scores, seed) if worthy[number]]
    if small is None:
        return dict.fromkeys(first, False)
    known, new_or_small = groups(context)
    worthy = _worthy(context, small, params)
    other = [n for n in ranking(context, small, seed) if worthy[n] and new_or_small[n]]
    return placed([n for n in first if known[n]], other, context.query.small_share)


def _worthy(context: Context, scores: Scores, params: Params) -> NDArray[np.bool_]:
    nobody = np.zeros(len(context.pool))
    backed = sum((scores.values.get(name, nobody) for name in ("projects", "kin")), start=nobody)
    return np.asarray((context.pool.fit >= params.floor) | (backed > 0))


def groups(context: Context) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who has a past, and who is new or a small firm. A teaser is new, whatever its organisation did."""
    pool, evidence = context.pool, context.past
    known = np.zeros(len(pool), dtype=np.bool_)
    if evidence is not None:
        had = rows_of_past(context.index, evidence, (evidence.past.counts > 0).astype(np.float64))
        known = np.concatenate([rows[pool.row[pool.segment == n]] for n, rows in enumerate(had)]) > 0
    small = np.isin(column(context, "size"), [SIZES.index(size) for size in SME_SIZES])
    return known, ~known | small


def ranking(context: Context, scores: Scores, seed: int) -> list[int]:
    """All candidates, best first. Lots are drawn where scores are equal, for each takes its time."""
    order = np.argsort(-scores.total, kind="stable")
    ranked: list[int] = order.tolist()
    totals = scores.total[order]
    bounds = [0, *(np.flatnonzero(totals[1:] != totals[:-1]) + 1).tolist(), len(ranked)]
    for first, last in pairwise(bounds):
        if last - first > 1:
            ranked[first:last] = sorted(ranked[first:last], key=lambda n: lot(seed, _name(context, n)))
    return ranked


def _name(context: Context, number: int) -> str:
    pool = context.pool
    segment, row = context.index.segments[pool.segment[number]], pool.row[number]
    return f"{segment.row_keys[row]}\0{segment.teasers[row]}"


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


def _with_newcomers(
    chosen: list[Chosen], spare: list[int], query: Query, placed_by: Mapping[int, bool]
) -> list[Chosen]:
    """Gives the last places of known organisations to the best newcomers, up to their share."""
    lacking = math.floor(query.newcomer_share * query.top) - sum(each.newcomer for each in chosen)
    lifted = [Chosen(number, True, True, placed_by[number]) for number in spare[: max(0, lacking)]]
    leaving = {each.candidate for each in [each for each in chosen if not each.newcomer][::-1][: len(lifted)]}
    return [*(each for each in chosen if each.candidate not in leaving), *lifted[: len(leaving)]]
