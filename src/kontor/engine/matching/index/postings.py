"""Word search: which passages hold a term, and how much it says there (BM25, Robertson and Zaragoza 2009)."""

from __future__ import annotations

import itertools
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.matching.terms import ONE, Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

K1 = 1.2
B = 0.5
USUAL_LENGTH = 25.0
"""Terms of a usual passage.

A constant instead of the directory's mean: passages are cut to one size, and a score must not move when
somebody else joins.
"""

COMMON = 20_000
COMMON_SHARE = 50
"""A term that more than COMMON passages and one in COMMON_SHARE hold is common."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Sorted by term: `rows[offsets[t]:offsets[t + 1]]` are the passages that hold term `t`, with their
    `impact`.
    """

    numbers: Mapping[str, int]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    impacts: NDArray[np.float32]
    passages: int

    @classmethod
    def build(cls, passages: Iterable[Terms]) -> Postings:
        numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        terms, counts, weights, lengths = array("i"), array("i"), array("B"), array("f")
        for bag in passages:
            terms.extend(map(numbers.__getitem__, bag))
            weights.extend(bag.values())
            counts.append(len(bag))
            lengths.append(sum(bag.values()) / ONE)
        rows = np.repeat(np.arange(len(counts), dtype=np.int32), _int32(counts))
        return cls._sorted(dict(numbers), _int32(terms), rows, weights, lengths, len(counts))

    @classmethod
    def _sorted(
        cls,
        numbers: dict[str, int],
        terms: NDArray[np.int32],
        rows: NDArray[np.int32],
        weights: array[int],
        lengths: array[float],
        count: int,
    ) -> Postings:
        order = np.argsort(terms, kind="stable")
        held = (
            np.frombuffer(weights, dtype=np.uint8)[order].astype(np.float32) / ONE
            if weights
            else np.zeros(0, "f4")
        )
        rows = rows[order]
        length = np.frombuffer(lengths, dtype=np.float32) if lengths else np.zeros(0, "f4")
        dampening = K1 * (1 - B + B * length[rows] / USUAL_LENGTH)
        return cls(
            numbers=numbers,
            offsets=np.searchsorted(terms[order], np.arange(len(numbers) + 1)).astype(np.int64),
            rows=rows,
            impacts=(held * (K1 + 1) / (held + dampening)).astype(np.float32),
            passages=count,
        )

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Passages that hold `term`, and its impact there."""
        number = self.numbers.get(term)
        if number is None:
            return self.rows[:0], self.impacts[:0]
        here = slice(self.offsets[number], self.offsets[number + 1])
        return self.rows[here], self.impacts[here]

    def is_common(self, term: str) -> bool:
        """Whether so many passages hold `term` that adding it up for all of them costs more than it tells.

        Never in a directory of up to COMMON passages.
        """
        number = self.numbers.get(term)
        if number is None:
            return False
        held = int(self.offsets[number + 1] - self.offsets[number])
        return held > max(COMMON, self.passages // COMMON_SHARE)

    def scores_at(
        self, weighted: Iterable[tuple[str, float]], chosen: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """What `scores` gives, for these passages alone."""
        total = np.zeros(len(chosen), dtype=np.float32)
        # of the type of the rows: else each look-up copies a list of postings
        chosen = chosen.astype(np.int32)
        for term, weight in weighted:
            rows, impacts = self.of(term)
            if len(rows):
                at = np.minimum(np.searchsorted(rows, chosen), len(rows) - 1)
                total += np.where(rows[at] == chosen, np.float32(weight) * impacts[at], np.float32(0))
        return total

    def scores(self, weighted: Iterable[tuple[str, float]]) -> NDArray[np.float32]:
        """The sum of weight times impact for each passage, added in the order given."""
        total = np.zeros(self.passages, dtype=np.float32)
        for term, weight in weighted:
            rows, impacts = self.of(term)
            total[rows] += np.float32(weight) * impacts
        return total


def _int32(values: array[int]) -> NDArray[np.int32]:
    return np.frombuffer(values, dtype=np.int32) if values else np.zeros(0, dtype=np.int32)
