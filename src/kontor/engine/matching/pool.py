"""The candidates: those whom the scan puts first, compared in full and laid side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.ask import Ask
from kontor.engine.matching.filter import Kept
from kontor.engine.matching.fit import Compared, Scanned, answer_factor, compare, joined, scan
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Params, Query

if TYPE_CHECKING:
    from numpy.typing import NDArray


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

    def of_best_ask(self, name: str) -> NDArray[np.float64]:
        """A column of `Compared` as it stands for the ask that each candidate answers best."""
        columns = np.stack([getattr(each, name) for each in self.compared])
        chosen: NDArray[np.float64] = columns[self.ask, np.arange(len(self.row))]
        return chosen

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
    estimates = [
        np.where(rows, np.max([ask[number].estimate for ask in scanned], axis=0), -1.0)
        for number, rows in enumerate(kept.rows)
    ]
    if lift:
        estimates = [np.where(e >= 0, e + more, e) for e, more in zip(estimates, lift, strict=True)]
    together = np.concatenate(estimates)
    possible = int((together > 0).sum())
    least = 0.0 if possible <= params.pool else float(np.partition(together, -params.pool)[-params.pool])
    chosen = [np.flatnonzero((each >= least) & (each > 0)) for each in estimates]
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


def _compare_all(
    ask: Ask, scanned: Sequence[Scanned], chosen: Sequence[NDArray[np.int64]], index: Index, query: Query
) -> Compared:
    parts = [
        compare(ask, segment, each, rows, answer_factor(ask, segment, query))
        for segment, each, rows in zip(index.segments, scanned, chosen, strict=True)
    ]
    return joined(parts)
