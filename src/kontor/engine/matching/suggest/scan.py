"""Whom to compare in full: for each asking statement those nearest in meaning, and those that share its rare
words and codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kontor.engine.matching.suggest.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 4096
"""Answers judged at once: the products of a block with them stay in the cache."""

SAMPLE = 4096
SPARE = 3
"""Sampled answers above the expected rank, so that few rows find less than they need."""

NOTHING = np.zeros(0, dtype=np.int64)


class Found(NamedTuple):
    """Pairs of an asking row (a number within those given) and an answering row of the table."""

    ask: NDArray[np.int64]
    answer: NDArray[np.int64]


def nearest(asks: NDArray[np.float32], table: Table, parts: Sequence[tuple[int, int]], count: int) -> Found:
    """The `count` answers nearest in meaning to each ask, and all as near as the last of them.

    A product of matrices, of which only what lies above a threshold is looked at. The threshold of each row
    comes from a sample; a row that it served badly is looked at whole.
    """
    total = sum(last - first for first, last in parts)
    if not total or not len(asks):
        return Found(NOTHING, NOTHING)
    thresholds = _thresholds(asks, table, parts, total, count)
    rows, columns, values = _above(asks, table, parts, thresholds)
    short = np.flatnonzero(np.bincount(rows, minlength=len(asks)) < min(count, total))
    if short.size:
        more = [_best_of(asks[row], table, parts, count) for row in short]
        keep = ~np.isin(rows, short)
        rows = np.concatenate([rows[keep], np.repeat(short, [len(c) for c, _ in more])])
        columns = np.concatenate([columns[keep], *(c for c, _ in more)])
        values = np.concatenate([values[keep], *(v for _, v in more)])
    return _highest(rows, columns, values, count)


def _thresholds(
    asks: NDArray[np.float32], table: Table, parts: Sequence[tuple[int, int]], total: int, count: int
) -> NDArray[np.float32]:
    if total <= count:
        return np.full((len(asks), 1), -np.inf, dtype=np.float32)
    step = max(1, total // SAMPLE)
    sample = np.concatenate([table.directions[first:last:step] for first, last in parts])
    judged = asks @ sample.T
    # in a small directory the sample is everybody and the rank exact
    rank = count if step == 1 else int(count / step + SPARE * np.sqrt(count / step) + SPARE)
    rank = min(rank, judged.shape[1])
    lowest: NDArray[np.float32] = np.partition(judged, -rank, axis=1)[:, -rank, None]
    # the same product in a larger block may round its last digit otherwise
    return lowest - np.float32(1e-6)


def _above(
    asks: NDArray[np.float32],
    table: Table,
    parts: Sequence[tuple[int, int]],
    thresholds: NDArray[np.float32],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    products = np.empty((len(asks), CHUNK), dtype=np.float32)
    rows, columns, values = [], [], []
    for first, last in parts:
        for start in range(first, last, CHUNK):
            width = min(CHUNK, last - start)
            judged = products if width == CHUNK else np.empty((len(asks), width), dtype=np.float32)
            np.matmul(asks, table.directions[start : start + width].T, out=judged)
            at = _flat(judged >= thresholds)
            rows.append(at // width)
            columns.append(at % width + start)
            values.append(judged.ravel()[at])
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)


def _flat(marks: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Positions of the few that are true, eight at a glance."""
    flat = marks.ravel()
    if flat.size % 8:
        return np.flatnonzero(flat)
    eights = np.flatnonzero(flat.view(np.uint64))
    inside, bit = np.nonzero(flat.reshape(-1, 8)[eights])
    return eights[inside] * 8 + bit


def _best_of(
    ask: NDArray[np.float32], table: Table, parts: Sequence[tuple[int, int]], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    values = np.concatenate([table.directions[first:last] @ ask for first, last in parts])
    columns = np.concatenate([np.arange(first, last) for first, last in parts])
    count = min(count, len(values))
    least = np.partition(values, -count)[-count]
    at = np.flatnonzero(values >= least)
    return columns[at], values[at]


def _highest(
    rows: NDArray[np.int64], columns: NDArray[np.int64], values: NDArray[np.float32], count: int
) -> Found:
    """Of each row the `count` highest and those equal to the last of them; what points away is left out."""
    judged = np.round(values, 5)
    order = np.lexsort((columns, -judged, rows))
    rows, columns, judged = rows[order], columns[order], judged[order]
    starts = np.searchsorted(rows, rows, side="left")
    last = np.minimum(starts + count - 1, np.searchsorted(rows, rows, side="right") - 1)
    keep = (judged >= judged[last]) & (judged > 0)
    return Found(rows[keep], columns[keep])


def sharing(asks: Sequence[int], table: Table, parts: Sequence[tuple[int, int]], count: int) -> Found:
    """For each ask, a row of the table, the `count` answers that share most of its rare words and codes."""
    rows, columns = [], []
    for number, ask in enumerate(asks):
        found = _sharing_one(ask, table, parts, count)
        rows.append(np.full(len(found), number, dtype=np.int64))
        columns.append(found)
    if not rows:
        return Found(NOTHING, NOTHING)
    return Found(np.concatenate(rows), np.concatenate(columns))


def _sharing_one(ask: int, table: Table, parts: Sequence[tuple[int, int]], count: int) -> NDArray[np.int64]:
    keys = slice(int(table.key_offsets[ask]), int(table.key_offsets[ask + 1]))
    held, weights = [], []
    for number, weight in zip(table.key_numbers[keys], table.key_weights[keys], strict=True):
        here = table.holders[table.holder_offsets[number] : table.holder_offsets[number + 1]]
        held.append(here)
        weights.append(np.full(len(here), weight, dtype=np.float64))
    if not held or not count:
        return NOTHING
    rows = np.concatenate(held)
    inside = np.zeros(len(rows), dtype=np.bool_)
    for first, last in parts:
        inside |= (rows >= first) & (rows < last)
    distinct, place = np.unique(rows[inside], return_inverse=True)
    if not distinct.size:
        return NOTHING
    score = np.round(np.bincount(place, weights=np.concatenate(weights)[inside]), 6)
    least = np.partition(score, -min(count, len(score)))[-min(count, len(score))]
    best: NDArray[np.int64] = distinct[score >= least].astype(np.int64)
    return best[: 4 * count]
