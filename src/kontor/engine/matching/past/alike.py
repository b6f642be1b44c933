"""What a name tells of somebody without a past: whom it sounds like among those who took part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Columns = Mapping[str, tuple["NDArray[np.int64]", "NDArray[np.float64]"]]

KIN = 0.45
"""Cosine of two names in one country from which they are taken for relatives, as departments are."""

COMMON = 100
"""Words in more names of one country than this tell no relatives: *university*, *municipality*."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Names as sparse rows of length 1, and pairs of organisations with nearly the same name.

    Name `row[i]` holds word `term[i]` with `weight[i]`. `usual` is the mean name of all who took part, a
    vector of length 1 over words. `younger[i]` is a relative of `elder[i]`, which has a past, with cosine
    `cosine[i]`.
    """

    row: NDArray[np.int64]
    term: NDArray[np.int64]
    weight: NDArray[np.float64]
    usual: NDArray[np.float64]
    younger: NDArray[np.int64]
    elder: NDArray[np.int64]
    cosine: NDArray[np.float64]
    rows: int

    @classmethod
    def build(cls, names: Columns, countries: NDArray[np.str_], counts: NDArray[np.int64]) -> Likeness:
        """`names` gives for each word the organisations whose name holds it; `counts` their projects."""
        held = list(names.values())
        row = np.concatenate([rows for rows, _ in held]) if held else np.zeros(0, dtype=np.int64)
        weight = np.concatenate([weights for _, weights in held]) if held else np.zeros(0)
        term = np.repeat(np.arange(len(held)), [len(rows) for rows, _ in held])
        usual = _summed(term, weight * counts[row], len(held))
        younger, elder, cosine = _relatives(names, countries, counts)
        return cls(row, term, weight, _unit(usual), younger, elder, cosine, len(counts))

    def alike(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much more a name resembles those that took part, as `share` says, than it resembles all."""
        near = _unit(_summed(self.term, self.weight * share[self.row], len(self.usual)))
        more = near - self.usual * float(near @ self.usual)
        return np.clip(_summed(self.row, self.weight * more[self.term], self.rows), 0, 1)

    def inherited(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The best value among its relatives, as far as the names are one."""
        found = np.zeros(self.rows)
        np.maximum.at(found, self.younger, self.cosine * values[self.elder])
        return found


def _summed(numbers: NDArray[np.int64], values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    return np.bincount(numbers, values, minlength=length).astype(np.float64)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vector / max(float(np.sqrt((vector * vector).sum())), 1e-12))


def _relatives(
    names: Columns, countries: NDArray[np.str_], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pairs of one country with a cosine of at least KIN, over words that are not COMMON there."""
    parts = list(_shared_words(names, countries, counts))
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    pairs, places = np.unique(np.concatenate([pair for pair, _ in parts]), return_inverse=True)
    cosine = np.minimum(1, np.bincount(places, np.concatenate([product for _, product in parts])))
    near = cosine >= KIN
    return pairs[near] // len(counts), pairs[near] % len(counts), cosine[near]


def _shared_words(
    names: Columns, countries: NDArray[np.str_], counts: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """For each word and country the pairs that share it, as one number each, and the product of weights."""
    for rows, weights in names.values():
        if len(rows) < 2 or not counts[rows].any():
            continue
        for country in sorted(set(countries[rows].tolist()) - {""}):
            here = countries[rows] == country
            own, heavy = rows[here], weights[here]
            elder = counts[own] > 0
            if not 1 < len(own) <= COMMON or not elder.any():
                continue
            pairs = own[:, None] * len(counts) + own[None, elder]
            apart = own[:, None] != own[None, elder]
            yield pairs[apart], (heavy[:, None] * heavy[None, elder])[apart]
