"""Scores of candidates as a search would give them: with earlier projects, and by two rows of weights.

The comparison of whole blocks knows neither: what the past says of a partner hangs on the asker's words and
acquaintances. So the few candidates that a block has left are asked for once more, one asker at a time, by
the same code as a search. That takes some milliseconds for each asker, more in a larger directory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.suggest.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

Points = Callable[[str, Sequence[str]], Mapping[str, float]]
"""Key of an asker and of its candidates to {key: score from 0 to 1}; who has nothing to say is left out."""


def exactly(
    table: Table, found: NDArray[np.void], points: Points, tell: Callable[[int, int], None]
) -> NDArray[np.void]:
    """The candidates with these scores; what a partner loses for repeating another stays what it was."""
    ordered = found[np.argsort(found["asker"], kind="stable")]
    starts = np.flatnonzero(np.diff(ordered["asker"], prepend=-1))
    told = np.full(len(ordered), np.nan)
    for number, (first, last) in enumerate(pairwise([*starts.tolist(), len(ordered)])):
        tell(number, len(starts))
        keys = table.keys[ordered["partner"][first:last]].tolist()
        scores = points(str(table.keys[ordered["asker"][first]]), keys)
        told[first:last] = [scores.get(key, np.nan) for key in keys]
    tell(len(starts), len(starts))
    ordered["weight"] = np.round(told - (ordered["score"] - ordered["weight"]), 9)
    ordered["score"] = told
    kept: NDArray[np.void] = ordered[~np.isnan(told)]
    return kept
