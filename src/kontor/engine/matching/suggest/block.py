"""One block: organisations of one country, each with the partners that go into the allotment."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.score import FAMILIAR_INTRODUCTIONS, HALF_LIFE_DAYS, UNKNOWN
from kontor.engine.matching.solve import NOTICEABLE, NOTICEABLE_WORDS
from kontor.engine.matching.suggest.diverse import in_order
from kontor.engine.matching.suggest.lots import lots_of_pairs
from kontor.engine.matching.suggest.model import SuggestParams
from kontor.engine.matching.suggest.rate import Rated, Statements, rate
from kontor.engine.matching.suggest.scan import NOTHING, nearest, sharing
from kontor.engine.matching.suggest.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

MUTUAL, MEANING, WORDS, CODES = 1, 2, 4, 8
"""What besides the direction speaks for a pair, as bits."""

NOTABLY_MUTUAL = 0.3

CANDIDATE = np.dtype(
    [
        ("asker", np.int32),
        ("partner", np.int32),
        ("ask", np.int32),
        ("answer", np.int32),
        ("weight", np.float64),
        ("score", np.float64),
        ("fit", np.float64),
        ("direction", np.uint8),
        ("marks", np.uint8),
    ]
)
"""One pair that goes into the allotment: `weight` is its score less what it repeats."""


def block_of(
    table: Table,
    statements: Statements,
    bounds: tuple[int, int],
    params: SuggestParams,
    *,
    seed: int = 0,
    today: str = "",
) -> NDArray[np.void]:
    """The candidates of the organisations from `bounds[0]` to before `bounds[1]`, as rows of CANDIDATE."""
    first, second = pairs_of(table, bounds, params)
    rated = rate(table, statements, first, second)
    scores = totals(table, rated, params, today)
    worthy = np.flatnonzero(rated.fit >= params.floor)
    lots = lots_of_pairs(table.keys, rated.first, rated.second, seed)
    order = worthy[np.lexsort((lots[worthy], -scores[worthy], rated.first[worthy]))]
    order = _kept(order, table, rated, params)
    chosen, weights = in_order(
        rated.first[order], scores[order], rated.answer[order], table, params.twins, params.likeness
    )
    order = order[chosen]
    found = np.zeros(len(order), dtype=CANDIDATE)
    for name, values in (("asker", rated.first), ("partner", rated.second), ("ask", rated.ask)):
        found[name] = values[order]
    found["answer"], found["fit"], found["direction"] = (
        rated.answer[order],
        rated.fit[order],
        rated.direction[order],
    )
    found["weight"], found["score"], found["marks"] = weights, scores[order], _marks(rated)[order]
    return found


def pairs_of(
    table: Table, bounds: tuple[int, int], params: SuggestParams
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of organisations worth comparing, ordered; nobody with oneself or with whom it must not meet."""
    country = str(table.country[bounds[0]])
    if params.across and not country:
        return NOTHING, NOTHING
    able, needs = (table.needs, table.able_shown), (0, table.needs_shown)
    asks_needs = _rows_between(table, bounds, 0, table.needs)
    asks_able = _rows_between(table, bounds, table.needs, len(table.owner))
    needy = np.unique(table.owner[asks_needs])
    alone = asks_able[~np.isin(table.owner[asks_able], needy)]
    found = [
        _found(table, rows, _abroad(table, stretch, country, params), params)
        for rows, stretch in ((asks_needs, able), (asks_able, needs), (alone, able))
    ]
    count = len(table.keys)
    codes = np.sort(np.concatenate(found))
    codes = codes[np.diff(codes, prepend=-1) > 0]
    first, second = codes // count, codes % count
    keep = (first != second) & ~_acquainted(table, first, second)
    return first[keep], second[keep]


def _rows_between(table: Table, bounds: tuple[int, int], start: int, end: int) -> NDArray[np.int64]:
    owner = table.owner[start:end]
    return np.flatnonzero((owner >= bounds[0]) & (owner < bounds[1])) + start


def _abroad(
    table: Table, stretch: tuple[int, int], country: str, params: SuggestParams
) -> list[tuple[int, int]]:
    """The parts of a stretch of answers that lie across the border; those of unknown country come first."""
    if not params.across:
        return [stretch]
    owners = table.owner[stretch[0] : stretch[1]]
    known = int(np.searchsorted(table.country, "", side="right"))
    home = (
        np.searchsorted(table.country, country, side="left"),
        np.searchsorted(table.country, country, "right"),
    )
    start, left, right = (int(np.searchsorted(owners, bound)) + stretch[0] for bound in (known, *home))
    return [part for part in ((start, left), (right, stretch[1])) if part[0] < part[1]]


def _found(
    table: Table, rows: NDArray[np.int64], parts: list[tuple[int, int]], params: SuggestParams
) -> NDArray[np.int64]:
    """Pairs of organisations as numbers: asker times the count of organisations plus partner."""
    if not rows.size or not parts:
        return NOTHING
    encoded = rows[table.lengths[rows] > 0]
    near = nearest(table.directions[encoded], table, parts, params.pool)
    shared = sharing(rows.tolist(), table, parts, params.pool_words)
    owners = np.concatenate([table.owner[encoded[near.ask]], table.owner[rows[shared.ask]]]).astype(np.int64)
    partners = table.owner[np.concatenate([near.answer, shared.answer])].astype(np.int64)
    pairs: NDArray[np.int64] = owners * len(table.keys) + partners
    return pairs


def _acquainted(table: Table, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Pairs that said no, or that know each other already."""
    if not table.known.size:
        return np.zeros(len(first), dtype=np.bool_)
    count = len(table.keys)
    owners = np.repeat(np.arange(count), np.diff(table.known_offsets))
    return np.isin(first * count + second, owners * count + table.known)


def totals(table: Table, rated: Rated, params: SuggestParams, today: str) -> NDArray[np.float64]:
    """The weighted parts of the score that can be told for pairs, as in a search."""
    weights = params.weights
    introductions = table.introductions[rated.second]
    parts = [
        (weights.fit, rated.fit),
        (weights.reciprocity, rated.mutual),
        (weights.novelty, FAMILIAR_INTRODUCTIONS / (FAMILIAR_INTRODUCTIONS + introductions)),
    ]
    if today:
        days = table.day[rated.answer].astype(np.int64)
        ages = np.maximum(0, dt.date.fromisoformat(today).toordinal() - days)
        parts.append((weights.freshness, np.where(days == 0, UNKNOWN, 0.5 ** (ages / HALF_LIFE_DAYS))))
    rates = table.answer_rate[rated.second]
    if not np.isnan(table.answer_rate).all():
        parts.append((weights.answer_rate, np.where(np.isnan(rates), UNKNOWN, rates)))
    total = sum(weight for weight, _ in parts)
    summed = sum(
        (weight / total * np.round(values, 6) for weight, values in parts), start=np.zeros(len(rates))
    )
    rounded: NDArray[np.float64] = np.round(summed, 9)
    return rounded


def _kept(order: NDArray[np.int64], table: Table, rated: Rated, params: SuggestParams) -> NDArray[np.int64]:
    """The best `keep` of each asker, and the best newcomers besides."""
    newcomer = (table.introductions[rated.second[order]] == 0) & (rated.fit[order] >= params.newcomer_floor)
    among_all = _rank_within(rated.first[order])
    among_new = np.full(len(order), params.keep_newcomers)
    among_new[newcomer] = _rank_within(rated.first[order][newcomer])
    kept: NDArray[np.int64] = order[(among_all < params.keep) | (among_new < params.keep_newcomers)]
    return kept


def _rank_within(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the same group stand before each; `groups` is ordered."""
    return np.arange(len(groups)) - np.searchsorted(groups, groups, side="left")


def _marks(rated: Rated) -> NDArray[np.uint8]:
    marks: NDArray[np.uint8] = (
        MUTUAL * (rated.mutual >= NOTABLY_MUTUAL)
        + MEANING * (rated.meaning >= NOTICEABLE)
        + WORDS * (rated.words >= NOTICEABLE_WORDS)
        + CODES * (rated.codes > 0)
    ).astype(np.uint8)
    return marks
