"""Rows beside the plain flow: fields that need an expert, the level of the worst served, a limit on changes.

Most of them are kept by themselves, so they enter the programme when a solution breaks them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.juries.arrays import Arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Side:
    """The sum of `coefs` over the chosen pairs, less `share` times the level, is at least `lower`.

    `row`: the application it is about, `coefs[e]`; without one `coefs[a, e]`.
    """

    row: int | None
    coefs: NDArray[np.int64]
    lower: int
    share: int = 0

    def at(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Coefficients of the given pairs."""
        if self.row is None:
            return self.coefs[rows, columns]
        return np.where(rows == self.row, self.coefs[columns], 0)


@dataclass(frozen=True, slots=True)
class Served:
    """How well applications are served: the level of one is `scale` times its sum of fits over `share[a]`."""

    share: NDArray[np.int64]
    scale: int

    def level(self, arrays: Arrays, chosen: NDArray[np.bool_]) -> int:
        """The level of the worst served, in whole numbers."""
        sums = (arrays.units * chosen).sum(axis=1)
        return int((self.scale * sums // self.share).min(initial=np.iinfo(np.int64).max))

    def only(self, rows: NDArray[np.int64]) -> Served:
        return Served(self.share[rows], self.scale)


class Sides:
    """`active` rows are in the programme; `violated` finds those that have to join them.

    `served` is given where the level counts.
    """

    def __init__(self, arrays: Arrays, served: Served | None = None, extra: Sequence[Side] = ()) -> None:
        self.arrays, self.served = arrays, served
        self.active = list(extra)
        self._wanted: set[int] = set()
        self._leveled: set[int] = set()

    def violated(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], x: NDArray[np.float64], level: float
    ) -> list[Side]:
        """Rows that are broken by the shares `x` of pairs and are not active yet; from now on they are."""
        found = [*self._broken_wants(rows, columns, x), *self._broken_levels(rows, columns, x, level)]
        self.active += found
        return found

    def _broken_wants(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], x: NDArray[np.float64]
    ) -> list[Side]:
        arrays = self.arrays
        if not len(arrays.wants):
            return []
        held = np.zeros((len(arrays.units), len(arrays.competent)))
        chosen = x > 0
        np.add.at(held, rows[chosen], x[chosen, None] * arrays.competent[:, columns[chosen]].T)
        short = np.flatnonzero(held[arrays.wants[:, 0], arrays.wants[:, 1]] < 1 - CLOSE)
        new = [int(w) for w in short if int(w) not in self._wanted]
        self._wanted.update(new)
        return [
            Side(int(arrays.wants[w, 0]), arrays.competent[arrays.wants[w, 1]].astype(np.int64), 1)
            for w in new
        ]

    def _broken_levels(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], x: NDArray[np.float64], level: float
    ) -> list[Side]:
        if self.served is None:
            return []
        units, share, scale = self.arrays.units, self.served.share, self.served.scale
        sums = np.bincount(rows, weights=units[rows, columns] * x, minlength=len(units))
        short = np.flatnonzero(scale * sums < share * level - 1e-4 * scale)
        new = [int(a) for a in short if int(a) not in self._leveled]
        self._leveled.update(new)
        return [Side(a, scale * units[a], 0, int(share[a])) for a in new]
