"""No twenty near-twins: maximal marginal relevance (Carbonell and Goldstein 1998) of what answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.suggest.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOGETHER = 64
"""Organisations whose candidates are compared with each other at once."""


def in_order(
    askers: NDArray[np.int64],
    scores: NDArray[np.float64],
    answers: NDArray[np.int64],
    table: Table,
    twins: int,
    likeness: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Positions in the order in which each asker should meet them, and what each is then worth.

    Again and again the one is taken that is worth most: its score less `likeness` times its cosine with the
    most similar one taken before. So what it is worth never rises along the order. A text that `twins` have
    brought is not taken again. `askers` is ordered, each one's candidates best first.
    """
    starts = np.flatnonzero(np.diff(askers, prepend=-1))
    bounds = [*starts.tolist(), len(askers)]
    positions, worth = [], []
    for number in range(0, len(starts), TOGETHER):
        chosen = bounds[number : number + TOGETHER + 1]
        if len(chosen) > 1:
            found, values = _in_order_together(np.array(chosen), scores, answers, table, twins, likeness)
            positions.append(found)
            worth.append(values)
    if not positions:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    return np.concatenate(positions), np.concatenate(worth)


def _in_order_together(
    bounds: NDArray[np.int64],
    scores: NDArray[np.float64],
    answers: NDArray[np.int64],
    table: Table,
    twins: int,
    likeness: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    counts = np.diff(bounds)
    places = bounds[:-1, None] + np.arange(counts.max())
    valid = places < bounds[1:, None]
    places = np.minimum(places, bounds[-1] - 1)
    own, text = np.where(valid, scores[places], -np.inf), table.text[answers[places]]
    vectors = table.directions[answers[places]]
    alike = np.round(vectors @ vectors.transpose(0, 2, 1), 5).astype(np.float64)
    rows = np.arange(len(counts))
    nearest, left, uses = np.zeros(own.shape), valid.copy(), np.zeros(own.shape, dtype=np.int64)
    picked, worth = [], []
    for _ in range(own.shape[1]):
        value = np.where(left, own - likeness * nearest, -np.inf)
        best = value.argmax(axis=1)
        some = np.isfinite(value[rows, best])
        picked.append(np.where(some, places[rows, best], -1))
        worth.append(value[rows, best])
        nearest = np.maximum(nearest, alike[rows, best])
        left[rows, best] = False
        uses += (text == text[rows, best][:, None]) & some[:, None]
        left &= uses < twins
    found, values = np.stack(picked, axis=1), np.stack(worth, axis=1)
    return found[found >= 0], np.round(values[found >= 0], 9)
