"""How well a passage answers an ask: meaning, words and codes as z-scores against unrelated texts, added up.

Ranks were tried instead and lost (reciprocal rank fusion of encoder and words found less than the encoder
alone). The background is fixed, not taken from the candidates: a fit then means the same in a directory of
ten and of a million, and does not move when somebody else joins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from kontor.engine.matching.ask import Ask
from kontor.engine.matching.codes import nearness
from kontor.engine.matching.encoder import CODE_WORDS, DIMENSIONS, cosines, sign_codes
from kontor.engine.matching.index import Segment
from kontor.engine.matching.index.columns import STATEMENT_KINDS
from kontor.engine.matching.model import Code, Query, QueryKind, StatementKind
from kontor.engine.matching.rules import allowed_audiences

if TYPE_CHECKING:
    from numpy.typing import NDArray

F = TypeVar("F", np.float32, np.float64)

# Cosine of two unrelated statements: mean and standard deviation.
MEANING_MEAN = 0.10
MEANING_DEVIATION = 0.088
# Word score, as a share of full agreement, that one standard deviation of chance makes.
WORDS_DEVIATION = 0.20
CODES_DEVIATION = 0.30
WORDS_WEIGHT = 0.4
CODES_WEIGHT = 0.5
# Codes that were read from the question's text count so much beside those that somebody named
# (benchmarks/suggested_codes.py: with 1, what is read wrongly costs as much as the rest brings).
SUGGESTED_SHARE = 0.7
# The summed score at which a match is as likely good as not, and how fast that changes.
MIDDLE = 3.0
STEEPNESS = 1.1

ANSWERS: dict[QueryKind, dict[StatementKind, float]] = {
    QueryKind.NEED: {StatementKind.OFFER: 1.0, StatementKind.COMPETENCE: 0.95, StatementKind.NEED: 0.35},
    QueryKind.CHALLENGE: {StatementKind.OFFER: 1.0, StatementKind.COMPETENCE: 0.95, StatementKind.NEED: 0.35},
    QueryKind.OFFER: {StatementKind.NEED: 1.0, StatementKind.COMPETENCE: 0.5, StatementKind.OFFER: 0.35},
    QueryKind.IDEA: {StatementKind.OFFER: 1.0, StatementKind.COMPETENCE: 1.0, StatementKind.NEED: 1.0},
}
"""How far a statement of a kind can answer a question of a kind: the fit is multiplied by it."""

PIECE = 32_768
"""Passages whose signs are compared at once."""

_MEANING_BY_BITS = (
    (np.cos(np.pi * np.arange(DIMENSIONS + 1) / DIMENSIONS) - MEANING_MEAN) / MEANING_DEVIATION
).astype(np.float32)
"""The z-score of meaning that a number of differing signs stands for."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows compared in full with one ask, each by its best passage: -1 where only its codes speak for a row.

    `meaning` is a z-score, `words` a share of full agreement, `codes` a nearness from 0 to 1.
    """

    passage: NDArray[np.int64]
    fit: NDArray[np.float64]
    meaning: NDArray[np.float64]
    words: NDArray[np.float64]
    codes: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scanned:
    """One ask against one segment: word scores and summed z-scores per passage, nearness of codes per row.

    `factor` tells by kind and audience how far a passage can answer, `coded` whether any row has codes near
    those asked for. `skipped` are terms so common that the scan of a large directory leaves them to the
    comparison.
    """

    words: NDArray[np.float32]
    codes: NDArray[np.float64]
    summed: NDArray[np.float32]
    factor: NDArray[np.float32]
    skipped: tuple[tuple[str, float], ...] = ()
    coded: bool = False


def scan(ask: Ask, segment: Segment, query: Query) -> Scanned:
    """What speaks for every passage: meaning by the differing signs of two codes, words and codes exactly."""
    skipped = tuple(pair for pair in ask.terms if segment.postings.is_common(pair[0]))
    words = share_of_words(ask, segment, skipped)
    codes = code_nearness(ask, segment, query)
    summed = words * np.float32(WORDS_WEIGHT / WORDS_DEVIATION)
    coded = bool(ask.codes or ask.suggested) and bool(codes.any())
    if coded:
        near = (codes * (CODES_WEIGHT / CODES_DEVIATION)).astype(np.float32)
        summed += np.repeat(near, np.diff(segment.starts))
    if ask.has_meaning:
        add_meaning(summed, segment, sign_codes(ask.vector[None, :])[0])
    return Scanned(
        words, codes, summed, answer_factor(ask, segment, query).astype(np.float32), skipped, coded
    )


def estimates(scanned: Scanned, segment: Segment) -> NDArray[np.float64]:
    """The estimated fit of every row: of its best passage, or of its codes."""
    fits = squashed(scanned.summed) * scanned.factor[segment.passages.place]
    return np.maximum(best_of_rows(fits, segment.starts), squashed_codes(scanned.codes))


def estimates_at(scanned: Scanned, segment: Segment, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    """The estimated fit of these passages."""
    fits: NDArray[np.float32] = squashed(scanned.summed[chosen])
    fits *= scanned.factor[segment.passages.place[chosen]]
    return fits


def answer_factor(ask: Ask, segment: Segment, query: Query) -> NDArray[np.float64]:
    """By kind and audience of a passage: how far it can answer, 0 where the asker may not see it."""
    kinds = np.array([ANSWERS[ask.kind][kind] for kind in STATEMENT_KINDS])
    table: NDArray[np.float64] = (kinds[:, None] * allowed_audiences(query)[None, :]).ravel()
    return table


def compare(
    ask: Ask, segment: Segment, scanned: Scanned, rows: NDArray[np.int64], factor: NDArray[np.float64]
) -> Compared:
    """These rows compared in full. `factor` by kind and audience is 0 where a passage does not count."""
    counts = segment.starts[rows + 1] - segment.starts[rows]
    bounds = np.concatenate([[0], np.cumsum(counts)])
    chosen = np.repeat(segment.starts[rows] - bounds[:-1], counts) + np.arange(bounds[-1])
    meaning = meanings(ask, segment, chosen)
    words = scanned.words[chosen].astype(np.float64)
    if scanned.skipped:
        more = segment.postings.scores_at(scanned.skipped, chosen) / np.float32(ask.ceiling)
        words = np.minimum(1, words + more)
    codes = scanned.codes[rows]
    summed = meaning + WORDS_WEIGHT / WORDS_DEVIATION * words
    summed += CODES_WEIGHT / CODES_DEVIATION * np.repeat(codes, counts)
    fits = squashed(summed) * factor[segment.passages.place[chosen]]
    best = first_best(fits, bounds)
    by_codes = squashed_codes(codes)
    found = best >= 0
    found[found] &= (fits[best[found]] > 0) & (fits[best[found]] >= by_codes[found])
    at = best[found]
    compared = Compared(np.full(len(rows), -1), by_codes, np.zeros(len(rows)), np.zeros(len(rows)), codes)
    for column, values in (
        (compared.passage, chosen),
        (compared.fit, fits),
        (compared.meaning, meaning),
        (compared.words, words),
    ):
        column[found] = values[at]
    return compared


def meanings(ask: Ask, segment: Segment, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Exact z-scores of meaning; 0, the background, for passages that are not encoded."""
    if not ask.has_meaning:
        return np.zeros(len(chosen))
    z = (cosines(segment.passages.vectors[chosen], ask.vector) - MEANING_MEAN) / MEANING_DEVIATION
    return np.where(segment.passages.encoded[chosen], z, 0.0)


def first_best(values: NDArray[np.float64], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of the first largest value between neighbouring bounds, -1 between equal ones."""
    best = np.full(len(bounds) - 1, -1)
    counts = np.diff(bounds)
    filled = np.flatnonzero(counts)
    if filled.size:
        largest = np.maximum.reduceat(values, bounds[:-1][filled])
        position = np.where(values == np.repeat(largest, counts[filled]), np.arange(len(values)), len(values))
        best[filled] = np.minimum.reduceat(position, bounds[:-1][filled])
    return best


def share_of_words(
    ask: Ask, segment: Segment, skipped: tuple[tuple[str, float], ...] = ()
) -> NDArray[np.float32]:
    """Word score of each passage, without `skipped` terms, as a share of full agreement, at most 1."""
    if not ask.ceiling:
        return np.zeros(segment.postings.passages, dtype=np.float32)
    terms = [pair for pair in ask.terms if pair not in skipped] if skipped else ask.terms
    share = segment.postings.scores(terms)
    share /= np.float32(ask.ceiling)
    return np.minimum(1, share, out=share)


def code_nearness(ask: Ask, segment: Segment, query: Query) -> NDArray[np.float64]:
    """For each row how near its codes come to those asked for, weighed by what bears them."""
    named = _nearness_to(ask.codes, ask, segment, query)
    if not ask.suggested:
        return named
    return np.maximum(named, SUGGESTED_SHARE * _nearness_to(ask.suggested, ask, segment, query))


def _nearness_to(codes: tuple[Code, ...], ask: Ask, segment: Segment, query: Query) -> NDArray[np.float64]:
    rows = len(segment.row_keys)
    if not codes:
        return np.zeros(rows)
    table = answer_factor(ask, segment, query)
    best = np.zeros((len(codes), rows))
    for number, asked in enumerate(codes):
        for held, use in segment.codes.items():
            near = nearness(asked, held)
            if near > 0:
                np.maximum.at(best[number], use.rows, near * table[use.kinds.astype(int) * 3 + use.audiences])
    combined: NDArray[np.float64] = 0.6 * best.max(axis=0) + 0.4 * best.sum(axis=0) / len(codes)
    return combined


def add_meaning(summed: NDArray[np.float32], segment: Segment, code: NDArray[np.uint64]) -> None:
    """Adds to each passage the z-score that the signs differing from `code` stand for.

    Piece by piece, so that what is in between never leaves the cache.
    """
    signs, encoded = segment.passages.signs, segment.passages.encoded
    everyone = bool(encoded.all())
    room = np.empty((CODE_WORDS, PIECE), dtype=np.uint64), np.empty((CODE_WORDS, PIECE), dtype=np.uint8)
    for start in range(0, len(summed), PIECE):
        here = slice(start, start + PIECE)
        # nothing is out of range: clipping only saves a second look at each number
        found = _MEANING_BY_BITS.take(differing(signs[:, here], code, room), mode="clip")
        summed[here] += found if everyone else np.where(encoded[here], found, np.float32(0))


def differing(
    signs: NDArray[np.uint64], code: NDArray[np.uint64], room: tuple[NDArray[np.uint64], NDArray[np.uint8]]
) -> NDArray[np.uint16]:
    """Differing bits of each column of `signs` (8 x m) from `code` (8).

    `room` for what is in between, at least as wide, is used again from piece to piece.
    """
    other, bits = (each[:, : signs.shape[1]] for each in room)
    np.bitwise_xor(signs, code[:, None], out=other)
    np.bitwise_count(other, out=bits)
    # three words differ in at most 192 bits, which a byte holds
    for first in (0, 3, 6):
        for more in bits[first + 1 : first + 3]:
            bits[first] += more
    apart: NDArray[np.uint16] = np.add(bits[0], bits[3], dtype=np.uint16)
    apart += bits[6]
    return apart


def best_of_rows(values: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The largest value of each row's passages, 0 for a row without any."""
    counts = np.diff(starts)
    best = np.zeros(len(counts))
    filled = counts > 0
    if filled.any():
        best[filled] = np.maximum.reduceat(values, starts[:-1][filled])
    return best


def squashed(summed: NDArray[F]) -> NDArray[F]:
    """A sum of z-scores as a fit between 0 and 1, in the precision given."""
    fit: NDArray[F] = 1 / (1 + np.exp((MIDDLE - summed) / STEEPNESS))
    return fit


def squashed_codes(codes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The fit of a row that only its codes speak for."""
    return np.where(codes > 0, squashed(CODES_WEIGHT / CODES_DEVIATION * codes), 0.0)


def joined(parts: Sequence[Compared]) -> Compared:
    """What was compared segment by segment, one after the other."""
    return Compared(*(np.concatenate([getattr(part, name) for part in parts]) for name in Compared.__slots__))
