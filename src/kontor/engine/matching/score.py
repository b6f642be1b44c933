"""The parts of a score, each between 0 and 1 and each for all candidates at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.matching.ask import Ask, asks_of_organisation
from kontor.engine.matching.encoder import DIMENSIONS
from kontor.engine.matching.entry import Passage
from kontor.engine.matching.fit import Compared, Scanned, compare, joined, share_of_words
from kontor.engine.matching.index import Index
from kontor.engine.matching.index.columns import STATEMENT_KINDS, UNDATED
from kontor.engine.matching.model import Audience, Part, Profile, Query, QueryKind, StatementKind, Weights
from kontor.engine.matching.past import PAST_PARTS, PastEvidence
from kontor.engine.matching.pool import Pool
from kontor.engine.matching.rules import allowed_audiences

if TYPE_CHECKING:
    from numpy.typing import NDArray

HALF_LIFE_DAYS = 180
UNKNOWN = 0.5
FAMILIAR_INTRODUCTIONS = 5
"""After this many introductions half of the novelty is gone."""

# Cosines between which a candidate's statement goes from wholly new to a group to what the group has already.
NEW_TO_GROUP = 0.15
KNOWN_TO_GROUP = 0.75


@dataclass(frozen=True, slots=True)
class Context:
    """What the parts are computed from.

    `asker` is the asking organisation, `mutual` what it has for the candidates.
    """

    query: Query
    index: Index
    asks: Sequence[Ask]
    pool: Pool
    origin: str
    asker: Profile | None
    mutual: Mutual | None
    coverage: NDArray[np.float64]
    past: PastEvidence | None = None


@dataclass(frozen=True, slots=True)
class Mutual:
    """How each candidate fits the asker in the other direction: the best of these asks, and its passage."""

    asks: tuple[Ask, ...]
    fit: NDArray[np.float64]
    ask: NDArray[np.intp]
    passage: NDArray[np.int64]


def fit(context: Context) -> NDArray[np.float64]:
    """How well its best statement answers the question."""
    return context.pool.fit


def reciprocity(context: Context) -> NDArray[np.float64] | None:
    """Whether the asker also has what the candidate looks for; for somebody who offers, the reverse."""
    return context.mutual.fit if context.mutual else None


def complementarity(context: Context) -> NDArray[np.float64] | None:
    """What a candidate adds that the group lacks: the share of missing competences, else how unlike the
    group it is.
    """
    if context.query.competences:
        missing = 1 - context.coverage
        wanted = context.pool.fits[-len(context.query.competences) :]
        added = np.maximum(0, wanted - context.coverage[:, None]).sum(axis=0)
        return at_most_one(added / max(float(missing.sum()), 1e-9))
    group = _group_vectors(context)
    if group is None or not len(group):
        return None
    own = _best_vectors(context)
    nearest = (_units(own) @ _units(group).T).max(axis=1).astype(np.float64)
    return at_most_one((KNOWN_TO_GROUP - np.round(nearest, 6)) / (KNOWN_TO_GROUP - NEW_TO_GROUP))


def border(context: Context) -> NDArray[np.float64] | None:
    """1 for a partner in another country than the asker."""
    if not context.origin:
        return None
    country = column(context, "country")
    across: NDArray[np.float64] = ((country != context.origin) & (country != "")).astype(np.float64)
    return across


def freshness(context: Context) -> NDArray[np.float64] | None:
    """Halves with each year since the statement was confirmed; UNKNOWN where nobody dated it."""
    if not context.query.today:
        return None
    today = dt.date.fromisoformat(context.query.today).toordinal()
    days = passage_column(context, "day", UNDATED)
    ages = np.maximum(0, today - days)
    values: NDArray[np.float64] = 0.5 ** (ages / HALF_LIFE_DAYS)
    return np.where(days == UNDATED, UNKNOWN, values)


def answer_rate(context: Context) -> NDArray[np.float64] | None:
    """The share of introductions it answered; UNKNOWN before the first.

    Left out where nobody in the whole directory has any: who else is compared must not change a score.
    """
    rates = column(context, "answer_rate").astype(float)
    if np.isnan(rates).all() and _nobody_answered(context.index):
        return None
    return np.where(np.isnan(rates), UNKNOWN, rates)


def _nobody_answered(index: Index) -> bool:
    return all(bool(np.isnan(segment.columns.answer_rate).all()) for segment in index.segments)


def novelty(context: Context) -> NDArray[np.float64]:
    """Falls with every introduction; 0 for those the asker works with already."""
    introductions = column(context, "introductions").astype(float)
    values: NDArray[np.float64] = FAMILIAR_INTRODUCTIONS / (FAMILIAR_INTRODUCTIONS + introductions)
    known = set(context.asker.partners) if context.asker else set()
    if not known:
        return values
    keys = [
        context.index.segments[s].row_keys[r]
        for s, r in zip(context.pool.segment, context.pool.row, strict=True)
    ]
    return np.where([key in known for key in keys], 0.0, values)


def _from_past(name: str) -> Callable[[Context], NDArray[np.float64] | None]:
    """A part that is counted from earlier cooperations; left out where the search was given none.

    A teaser has none of it: whom an organisation works with would give its name away.
    """

    def part(context: Context) -> NDArray[np.float64] | None:
        if context.past is None:
            return None
        by_segment = rows_of_past(context.index, context.past, context.past.values[name])
        pool = context.pool
        return np.concatenate(
            [values[pool.row[pool.segment == number]] for number, values in enumerate(by_segment)]
        )

    return part


def rows_of_past(index: Index, past: PastEvidence, values: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Values by organisation of the past as values by row of each segment: 0 for teasers and the unknown."""
    padded = np.append(values, 0.0)
    numbers = past.past.numbers
    return [
        np.where(
            segment.columns.anonymous,
            0.0,
            padded[np.fromiter((numbers.get(key, -1) for key in segment.row_keys), np.int64)],
        )
        for segment in index.segments
    ]


PARTS: dict[str, Callable[[Context], NDArray[np.float64] | None]] = {
    "fit": fit,
    "reciprocity": reciprocity,
    "complementarity": complementarity,
    "border": border,
    "freshness": freshness,
    "answer_rate": answer_rate,
    "novelty": novelty,
} | {name: _from_past(name) for name in PAST_PARTS}


@dataclass(frozen=True, slots=True)
class Scores:
    """`total` per candidate, and the parts that apply with their share of the weights."""

    total: NDArray[np.float64]
    values: dict[str, NDArray[np.float64]]
    weights: dict[str, float]

    def parts(self, candidate: int) -> tuple[Part, ...]:
        return tuple(
            Part(name, float(self.values[name][candidate]), self.weights[name]) for name in self.values
        )


def score(context: Context, weights: Weights) -> Scores:
    """Adds the parts up. Values are rounded to six digits, so that sums are the same on every machine."""
    values = {}
    for name, part in PARTS.items():
        computed = part(context) if getattr(weights, name) > 0 else None
        if computed is not None:
            values[name] = np.round(computed, 6)
    total_weight = sum(getattr(weights, name) for name in values)
    shares = {name: getattr(weights, name) / total_weight for name in values}
    total = sum((shares[name] * values[name] for name in values), start=np.zeros(len(context.pool)))
    return Scores(np.round(total, 9), values, shares)


def mutual_fit(query: Query, asks: Sequence[Ask], pool: Pool, index: Index) -> Mutual | None:
    """The direction that the question does not ask for: the asker's offers against the candidates' needs,
    or its needs against their offers and competences.

    None where the asker has nothing to show in that direction.
    """
    offering = all(ask.kind == QueryKind.OFFER for ask in asks)
    kinds = (StatementKind.NEED,) if offering else (StatementKind.OFFER, StatementKind.COMPETENCE)
    if not query.organisation:
        return None
    back = tuple(asks_of_organisation(query.organisation, index, kinds))
    if not back:
        return None
    answers = (StatementKind.OFFER, StatementKind.COMPETENCE) if offering else (StatementKind.NEED,)
    factor = (
        np.outer([kind in answers for kind in STATEMENT_KINDS], allowed_audiences(query))
        .astype(float)
        .ravel()
    )
    compared = [_compare_back(ask, pool, index, factor) for ask in back]
    fits = np.stack([each.fit for each in compared])
    best = fits.argmax(axis=0)
    numbers = np.arange(len(pool))
    passages = np.stack([each.passage for each in compared])
    return Mutual(back, fits[best, numbers], best, passages[best, numbers])


def _compare_back(ask: Ask, pool: Pool, index: Index, factor: NDArray[np.float64]) -> Compared:
    """By meaning alone where there are vectors: counting words takes a whole pass for each ask."""
    parts = []
    for number, segment in enumerate(index.segments):
        words = (
            np.zeros(segment.postings.passages, np.float32)
            if ask.has_meaning
            else share_of_words(ask, segment)
        )
        nothing = np.zeros(len(segment.row_keys))
        rows = pool.row[pool.segment == number]
        parts.append(
            compare(ask, segment, Scanned(words, nothing, words, factor.astype(np.float32)), rows, factor)
        )
    return joined(parts)


def column(context: Context, name: str) -> NDArray[Any]:
    """A column of facts for each candidate."""
    pool = context.pool
    taken = [
        getattr(segment.columns, name)[pool.row[pool.segment == number]]
        for number, segment in enumerate(context.index.segments)
    ]
    return np.concatenate(taken)


def passage_column(context: Context, name: str, missing: int) -> NDArray[Any]:
    """A column of facts for each candidate's best passage; `missing` where only codes speak for it."""
    pool = context.pool
    best = pool.best.passage
    values = np.full(len(pool), missing, dtype=np.int64)
    for number, segment in enumerate(context.index.segments):
        here = (pool.segment == number) & (best >= 0)
        values[here] = getattr(segment.passages, name)[best[here]]
    return values


def _best_vectors(context: Context) -> NDArray[np.int8]:
    pool = context.pool
    best = pool.best.passage
    vectors = np.zeros((len(pool), DIMENSIONS), dtype=np.int8)
    for number, segment in enumerate(context.index.segments):
        here = (pool.segment == number) & (best >= 0)
        vectors[here] = segment.passages.vectors[best[here]]
    return vectors


def _group_vectors(context: Context) -> NDArray[np.int8] | None:
    """What the asker and its team offer and can do; None without a group or before the encoder ran.

    Of the team only what the asker may read by name: who is in it anybody may write.
    """
    keys = [key for key in (context.query.organisation, *context.query.team) if key]
    matrices = []
    for key in dict.fromkeys(keys):
        entry = context.index.entry(key)
        own = key == context.query.organisation
        able = [
            n
            for n, passage in enumerate(entry.passages)
            if passage.kind != StatementKind.NEED and (own or _readable(passage, context.query))
        ]
        matrices.append(entry.matrix[able])
    group = np.concatenate(matrices) if matrices else None
    return group if group is not None and group.any() else None


def _readable(passage: Passage, query: Query) -> bool:
    return passage.audience != Audience.TEASER and passage.audience in query.audiences


def _units(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    rows = vectors.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    units: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return units


def at_most_one(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Values brought between 0 and 1."""
    return np.clip(values.astype(np.float64), 0.0, 1.0)
