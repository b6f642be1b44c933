"""How well two organisations fit: what one asks with against what the other answers with.

The same three numbers as in a search, meaning, words and codes, here between whole statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.fit import (
    ANSWERS,
    CODES_DEVIATION,
    CODES_WEIGHT,
    MEANING_DEVIATION,
    MEANING_MEAN,
    WORDS_DEVIATION,
    WORDS_WEIGHT,
    squashed,
)
from kontor.engine.matching.model import QueryKind, StatementKind
from kontor.engine.matching.suggest.table import Lists, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEED, OFFER, ALIKE = range(3)
DIRECTIONS = ("need", "offer", "alike")
"""It answers my need, I answer its need, both are able to do related things."""

ALIKE_FACTOR = 0.5
"""Two who are able to do the same may do it together, but neither answers the other."""


@dataclass(frozen=True, slots=True)
class Statements:
    """Per organisation the rows of its statements: all that ask, and those that may answer."""

    needs: Lists
    able: Lists
    needs_shown: Lists
    able_shown: Lists

    @classmethod
    def of(cls, table: Table) -> Statements:
        count, rows = len(table.keys), np.arange(len(table.owner))
        is_need, shown = rows < table.needs, table.shown

        def lists(chosen: NDArray[np.bool_]) -> Lists:
            found = Lists.grouped(table.owner[chosen], count)
            return Lists(found.offsets, np.flatnonzero(chosen).astype(np.int32)[found.values])

        return cls(lists(is_need), lists(~is_need), lists(is_need & shown), lists(~is_need & shown))


@dataclass(frozen=True, slots=True)
class Rated:
    """Pairs of organisations. `fit` is that of the better direction, `mutual` that of the other.

    `ask` and `answer` are the rows of the two statements that speak for the pair; `meaning` is a z-score,
    `words` and `codes` shares of full agreement, all of these two.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    fit: NDArray[np.float64]
    mutual: NDArray[np.float64]
    direction: NDArray[np.uint8]
    ask: NDArray[np.int64]
    answer: NDArray[np.int64]
    meaning: NDArray[np.float64]
    words: NDArray[np.float64]
    codes: NDArray[np.float64]


def rate(table: Table, statements: Statements, first: NDArray[np.int64], second: NDArray[np.int64]) -> Rated:
    """Rates each pair (first[n], second[n]) from the side of `first`, in the order given.

    Pairs that have nothing to say to each other are left out.
    """
    without_needs = np.diff(statements.needs.offsets)[first] == 0
    joined = [
        _crossed(statements.needs, statements.able_shown, first, second, NEED),
        _crossed(statements.able, statements.needs_shown, first, second, OFFER),
        _crossed(statements.able, statements.able_shown, first, second, ALIKE, np.flatnonzero(without_needs)),
    ]
    pair, ask, answer = (np.concatenate([part[n] for part in joined]) for n in (0, 2, 3))
    direction = np.concatenate([part[1] for part in joined])
    meaning = meanings(table, ask, answer)
    words = shares_of_words(table, ask, answer)
    codes = code_nearness(table, ask, answer)
    summed = meaning + WORDS_WEIGHT / WORDS_DEVIATION * words + CODES_WEIGHT / CODES_DEVIATION * codes
    fits = np.round(squashed(summed) * _factor(table, direction, ask, answer), 6)
    some, best = _best_of_pairs(pair, fits, direction, ask, answer, len(first))
    chosen = np.zeros(len(first), dtype=np.uint8)
    chosen[some] = direction[best]
    back = (direction != chosen[pair]) & (direction != ALIKE)
    other = np.zeros(len(first))
    np.maximum.at(other, pair[back], fits[back])
    return Rated(
        first=first[some],
        second=second[some],
        fit=fits[best],
        mutual=other[some],
        direction=direction[best],
        ask=ask[best],
        answer=answer[best],
        meaning=meaning[best],
        words=words[best],
        codes=codes[best],
    )


def _best_of_pairs(
    pair: NDArray[np.int64],
    fits: NDArray[np.float64],
    direction: NDArray[np.uint8],
    ask: NDArray[np.int64],
    answer: NDArray[np.int64],
    count: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pairs that have anything to say to each other, and of each the place of its best fit: of equals the
    first by direction, ask and answer.
    """
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, pair, fits)
    equal = np.flatnonzero(fits == highest[pair])
    order = equal[np.lexsort((answer[equal], ask[equal], direction[equal], pair[equal]))]
    some, starts = np.unique(pair[order], return_index=True)
    return some, order[starts]


def _crossed(
    asking: Lists,
    answering: Lists,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    direction: int,
    pairs: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Every asking statement of `first` with every answering one of `second`: number of the pair, direction,
    and both rows.
    """
    numbers = np.arange(len(first)) if pairs is None else pairs
    a, b = first[numbers], second[numbers]
    asks, answers = np.diff(asking.offsets)[a], np.diff(answering.offsets)[b]
    counts = asks * answers
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    width = np.repeat(answers, counts)
    ask = asking.values[np.repeat(asking.offsets[a], counts) + place // np.maximum(width, 1)]
    answer = answering.values[np.repeat(answering.offsets[b], counts) + place % np.maximum(width, 1)]
    kinds = np.full(len(place), direction, dtype=np.uint8)
    return np.repeat(numbers, counts), kinds, ask.astype(np.int64), answer.astype(np.int64)


def _factor(
    table: Table, direction: NDArray[np.uint8], ask: NDArray[np.int64], answer: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How far a statement of this kind can answer one of that kind, as in a search."""
    able = np.array(
        [ANSWERS[QueryKind.NEED][StatementKind.OFFER], ANSWERS[QueryKind.NEED][StatementKind.COMPETENCE]]
    )
    needs = np.array(
        [ANSWERS[QueryKind.OFFER][StatementKind.NEED], ANSWERS[QueryKind.IDEA][StatementKind.NEED]]
    )
    by_need = able[table.competence[answer].astype(int)]
    by_offer = needs[table.competence[ask].astype(int)]
    chosen: NDArray[np.float64] = np.choose(direction, [by_need, by_offer, np.full(len(ask), ALIKE_FACTOR)])
    return chosen


def meanings(table: Table, ask: NDArray[np.int64], answer: NDArray[np.int64]) -> NDArray[np.float64]:
    """Exact z-scores; 0, the background, where one of the two is not encoded."""
    dots = np.zeros(len(ask))
    for number, here in _by_ask(ask):
        # whole numbers below 2^24: the sum is exact in whatever order
        dots[here] = table.vectors[answer[here]].astype(np.float32) @ table.vectors[number].astype(np.float32)
    lengths = table.lengths[ask] * table.lengths[answer]
    cosine = np.divide(dots, lengths, out=np.full(len(ask), MEANING_MEAN), where=lengths > 0)
    z: NDArray[np.float64] = (cosine - MEANING_MEAN) / MEANING_DEVIATION
    return z


def shares_of_words(table: Table, ask: NDArray[np.int64], answer: NDArray[np.int64]) -> NDArray[np.float64]:
    """Word score of each answer to its ask as a share of full agreement, at most 1."""
    scores = np.zeros(len(ask))
    if not len(ask):
        return scores
    weights = np.zeros(int(table.vocabulary[0]) + 1)
    for number, here in _by_ask(ask):
        if table.ceiling[number] <= 0:
            continue
        terms = slice(int(table.term_offsets[number]), int(table.term_offsets[number + 1]))
        weights[table.terms[terms]] = table.term_weights[terms]
        scores[here] = _word_scores(table, answer[here], weights) / table.ceiling[number]
        weights[table.terms[terms]] = 0
    return np.minimum(1, np.round(scores, 6))


def _by_ask(ask: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Each asking row, and the places of its pairs."""
    if not len(ask):
        return
    order = np.argsort(ask, kind="stable")
    starts = np.flatnonzero(np.diff(ask[order], prepend=-1))
    bounds = [*starts.tolist(), len(ask)]
    yield from (
        (number, order[first:last])
        for number, first, last in zip(ask[order[starts]].tolist(), bounds[:-1], bounds[1:], strict=True)
    )


def _word_scores(
    table: Table, answers: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Only what both hold is weighed: of all terms of all answers a few in a hundred."""
    first = table.term_offsets[answers]
    counts = table.term_offsets[answers + 1] - first
    ends = np.cumsum(counts)
    at = np.repeat(first - ends + counts, counts)
    at += np.arange(len(at))
    found = weights[table.terms[at]]
    common = np.flatnonzero(found)
    worth = found[common] * table.term_impacts[at[common]]
    whose = np.searchsorted(ends, common, side="right")
    scores: NDArray[np.float64] = np.bincount(whose, weights=worth, minlength=len(answers)).astype(float)
    return scores


def code_nearness(table: Table, ask: NDArray[np.int64], answer: NDArray[np.int64]) -> NDArray[np.float64]:
    """How near the answer's codes come to those of the ask, from 0 to 1."""
    result = np.zeros(len(ask))
    both = np.flatnonzero((table.codes[ask, 0] >= 0) & (table.codes[answer, 0] >= 0))
    if not both.size:
        return result
    asked, held = table.codes[ask[both]], table.codes[answer[both]]
    best = np.zeros(asked.shape)
    for one in range(asked.shape[1]):
        for other in range(held.shape[1]):
            valid = np.flatnonzero((asked[:, one] >= 0) & (held[:, other] >= 0))
            if valid.size:
                near = table.nearness[table.near[asked[valid, one], held[valid, other]]]
                best[valid, one] = np.maximum(best[valid, one], near)
    count = (asked >= 0).sum(axis=1)
    result[both] = 0.6 * best.max(axis=1) + 0.4 * best.sum(axis=1) / count
    return result
