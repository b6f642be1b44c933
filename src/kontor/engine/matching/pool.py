"""The candidates: those whom the scan puts first, compared in full and laid side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.ask import Ask
from kontor.engine.matching.filter import Kept
from kontor.engine.matching.fit import (
    MIDDLE,
    STEEPNESS,
    Compared,
    Scanned,
    answer_factor,
    compare,
    estimates,
    estimates_at,
    joined,
    scan,
    squashed_codes,
)
from kontor.engine.matching.index import Index, Segment
from kontor.engine.matching.model import Params, Query

if TYPE_CHECKING:
    from numpy.typing import NDArray


LARGE = 50_000
"""Passages from which on the estimates of all rows are not worked out."""

SAMPLE = 20_000
"""Passages of which a sample consists."""


@dataclass(frozen=True)
class Pool:
    """`segment` and `row` place each candidate; `compared[a]` tells how each fits ask `a`; `complete`:
    nobody is missing.

    `fit` and `ask` are each candidate's best fit and the number of the ask it answers.
    """

    segment: NDArray[np.int64]
    row: NDArray[np.int64]
    compared: tuple[Compared, ...]
    complete: bool

    @cached_property
    def fits(self) -> NDArray[np.float64]:
        """Asks by candidates."""
        return np.stack([each.fit for each in self.compared])

    @cached_property
    def ask(self) -> NDArray[np.intp]:
        best: NDArray[np.intp] = self.fits.argmax(axis=0)
        return best

    @cached_property
    def fit(self) -> NDArray[np.float64]:
        best: NDArray[np.float64] = self.fits.max(axis=0)
        return best

    @cached_property
    def best(self) -> Compared:
        """Each candidate as compared with the ask that it answers best."""
        if len(self.compared) == 1:
            return self.compared[0]
        numbers = np.arange(len(self.row))
        columns = (np.stack([getattr(each, name) for each in self.compared]) for name in Compared.__slots__)
        return Compared(*(column[self.ask, numbers] for column in columns))

    def __len__(self) -> int:
        return len(self.row)


def scan_all(asks: Sequence[Ask], index: Index, query: Query) -> list[list[Scanned]]:
    """For each ask each segment."""
    return [[scan(ask, segment, query) for segment in index.segments] for ask in asks]


def draw(
    asks: Sequence[Ask],
    scanned: Sequence[Sequence[Scanned]],
    kept: Kept,
    index: Index,
    query: Query,
    params: Params,
    lift: Sequence[NDArray[np.float64]] = (),
) -> Pool:
    """The `params.pool` candidates with the highest estimates, and all that are equal to the last of them.

    So the pool does not depend on the order of the rows. The index must not be empty. `lift` adds to the
    estimate of each row what speaks for it beside its texts.
    """
    found = None if lift else _few(scanned, kept, index, params.pool)
    chosen, possible = found or _of_all(scanned, kept, index, params.pool, lift)
    compared = tuple(
        _compare_all(ask, by_segment, chosen, index, query)
        for ask, by_segment in zip(asks, scanned, strict=True)
    )
    return Pool(
        segment=np.repeat(np.arange(len(chosen)), [len(rows) for rows in chosen]),
        row=np.concatenate(chosen),
        compared=compared,
        complete=sum(len(rows) for rows in chosen) == possible,
    )


Chosen = tuple[list["NDArray[np.int64]"], int]
"""For each segment the chosen rows; and how many might have been chosen."""


def _of_all(
    scanned: Sequence[Sequence[Scanned]],
    kept: Kept,
    index: Index,
    count: int,
    lift: Sequence[NDArray[np.float64]],
) -> Chosen:
    """By the estimates of all rows."""
    found = []
    for number, (segment, rows) in enumerate(zip(index.segments, kept.rows, strict=True)):
        best = np.max([estimates(ask[number], segment) for ask in scanned], axis=0)
        found.append(np.where(rows, best + lift[number] if lift else best, -1.0))
    together = np.concatenate(found)
    possible = int((together > 0).sum())
    least = 0.0 if possible <= count else float(np.partition(together, -count)[-count])
    return [np.flatnonzero((each >= least) & (each > 0)) for each in found], possible


def _few(scanned: Sequence[Sequence[Scanned]], kept: Kept, index: Index, count: int) -> Chosen | None:
    """The same rows as `_of_all` chooses, in a large directory, from the few passages above a level.

    The level comes from a sample. None where the directory is small, or the level left too few.
    """
    total = sum(len(segment.passages.row) for segment in index.segments)
    if total < LARGE or kept.count < 4 * count:
        return None
    level = _level(scanned, kept, index, count, total // SAMPLE)
    if level <= 0:
        return None
    found = [
        _above(level, [ask[number] for ask in scanned], segment, rows)
        for number, (segment, rows) in enumerate(zip(index.segments, kept.rows, strict=True))
    ]
    together = np.concatenate([values for _, values in found])
    if len(together) <= count:
        return None
    least = float(np.partition(together, -count)[-count])
    return [rows[values >= least] for rows, values in found], len(together)


def _level(scanned: Sequence[Sequence[Scanned]], kept: Kept, index: Index, count: int, step: int) -> float:
    """An estimate that some more than `count` rows reach."""
    sampled = []
    for number, (segment, rows) in enumerate(zip(index.segments, kept.rows, strict=True)):
        some = np.arange(0, len(segment.passages.row), step)
        some = some[rows[segment.passages.row[some]]]
        sampled.append(np.max([estimates_at(ask[number], segment, some) for ask in scanned], axis=0))
    together = np.concatenate(sampled)
    expected = count / step
    # half as many again, for an organisation may have several passages, and three standard deviations
    rank = math.ceil(1.5 * expected + 3 * math.sqrt(expected)) + 1
    return float(np.partition(together, -rank)[-rank]) if len(together) >= rank else 0.0


def _above(
    level: float, scanned: Sequence[Scanned], segment: Segment, kept: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The kept rows whose estimate reaches `level`, in order, with their estimates."""
    rows: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    for each in scanned:
        reach = np.maximum(each.factor.astype(np.float64) / level, 1 + 1e-12)
        # the sum at which a passage of each kind and audience reaches the level, less what rounding may take
        least = (MIDDLE - STEEPNESS * np.log(reach - 1)) * np.where(reach > 1 + 1e-9, 1, np.inf) - 1e-3
        levels = least.astype(np.float32)
        passages = np.flatnonzero(each.summed >= levels.min())
        passages = passages[each.summed[passages] >= levels[segment.passages.place[passages]]]
        passages = passages[kept[segment.passages.row[passages]]]
        by_codes = np.flatnonzero(each.codes) if each.coded else np.zeros(0, dtype=np.int64)
        by_codes = by_codes[kept[by_codes]]
        rows += [segment.passages.row[passages].astype(np.int64), by_codes]
        values += [
            estimates_at(each, segment, passages).astype(np.float64),
            squashed_codes(each.codes[by_codes]),
        ]
    distinct, place = np.unique(np.concatenate(rows), return_inverse=True)
    best = np.zeros(len(distinct))
    np.maximum.at(best, place, np.concatenate(values))
    reached = best >= level
    return distinct[reached].astype(np.int64), best[reached]


def _compare_all(
    ask: Ask, scanned: Sequence[Scanned], chosen: Sequence[NDArray[np.int64]], index: Index, query: Query
) -> Compared:
    parts = [
        compare(ask, segment, each, rows, answer_factor(ask, segment, query))
        for segment, each, rows in zip(index.segments, scanned, chosen, strict=True)
    ]
    return joined(parts)
