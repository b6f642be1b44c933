"""The directory laid out for comparing everybody with everybody: one row per statement, all in arrays.

Organisations stand in the order of country and key, so the layout does not depend on how the index grew, and
one country is one stretch of rows. Needs come before what organisations are able to do; within each, what may
be shown comes before what only asks (anonymous statements).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Lists(NamedTuple):
    """`values[offsets[n]:offsets[n + 1]]` is list number n."""

    offsets: NDArray[np.int64]
    values: NDArray[Any]

    @classmethod
    def of(cls, lists: Iterable[Iterable[Any]], dtype: Any) -> Lists:
        rows = [np.asarray(list(each), dtype=dtype) for each in lists]
        counts = np.cumsum([0, *(len(row) for row in rows)])
        return cls(counts.astype(np.int64), np.concatenate(rows) if rows else np.zeros(0, dtype))

    @classmethod
    def grouped(cls, groups: NDArray[np.int32], count: int) -> Lists:
        """The positions of each group number, in order."""
        order = np.argsort(groups, kind="stable").astype(np.int32)
        return cls(np.searchsorted(groups[order], np.arange(count + 1)).astype(np.int64), order)


@dataclass(frozen=True, slots=True)
class Table:
    """Facts per organisation (`country` to `answer_rate`) and per statement (the rest).

    `needs_shown`, `needs`, `able_shown`: rows up to which those stretches reach, able ones starting at
    `needs`. `directions` are unit vectors, all zero where not encoded; `lengths` those of `vectors`.
    `term_*`: the terms of each statement with its weight as a question and its impact as an answer.
    `key_*`: the few rare terms and codes by which candidates are looked up; `holder_*` where they stand.
    `codes` is n x 6 numbers, -1 for none, into `near`, which holds numbers into `nearness`.
    """

    keys: NDArray[np.str_]
    country: NDArray[np.str_]
    introductions: NDArray[np.int32]
    answer_rate: NDArray[np.float64]
    known_offsets: NDArray[np.int64]
    known: NDArray[np.int32]
    stretches: NDArray[np.int64]
    owner: NDArray[np.int32]
    competence: NDArray[np.bool_]
    day: NDArray[np.int32]
    text: NDArray[np.int64]
    names: NDArray[np.str_]
    vectors: NDArray[np.int8]
    lengths: NDArray[np.float64]
    directions: NDArray[np.float32]
    ceiling: NDArray[np.float64]
    vocabulary: NDArray[np.int64]
    term_offsets: NDArray[np.int64]
    terms: NDArray[np.int32]
    term_weights: NDArray[np.float32]
    term_impacts: NDArray[np.float32]
    key_offsets: NDArray[np.int64]
    key_numbers: NDArray[np.int32]
    key_weights: NDArray[np.float32]
    holder_offsets: NDArray[np.int64]
    holders: NDArray[np.int32]
    codes: NDArray[np.int32]
    near: NDArray[np.uint8]
    nearness: NDArray[np.float64]

    @property
    def needs_shown(self) -> int:
        return int(self.stretches[0])

    @property
    def needs(self) -> int:
        return int(self.stretches[1])

    @property
    def able_shown(self) -> int:
        return int(self.stretches[2])

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Whether a statement may answer."""
        rows = np.arange(len(self.owner))
        here: NDArray[np.bool_] = (rows < self.needs_shown) | (
            (rows >= self.needs) & (rows < self.able_shown)
        )
        return here

    def save(self, folder: Path) -> None:
        """One file per column, so that several processes share one copy in memory."""
        for item in fields(self):
            np.save(folder / f"{item.name}.npy", getattr(self, item.name))

    @classmethod
    def load(cls, folder: Path) -> Table:
        return cls(**{item.name: np.load(folder / f"{item.name}.npy", mmap_mode="r") for item in fields(cls)})

    def fingerprint(self) -> str:
        """Equal for equal directories."""
        digest = hashlib.blake2b(digest_size=16)
        for item in fields(self):
            if item.name != "directions":
                column = np.ascontiguousarray(getattr(self, item.name))
                digest.update(f"{item.name}{column.shape}{column.dtype}".encode())
                digest.update(column.tobytes())
        return digest.hexdigest()

    def blocks(self, size: int) -> list[tuple[int, int]]:
        """Stretches of at most `size` organisations of one country."""
        return [
            (start, min(start + size, last))
            for first, last in self._countries()
            for start in range(first, last, size)
        ]

    def _countries(self) -> Iterator[tuple[int, int]]:
        changes = np.flatnonzero(self.country[1:] != self.country[:-1]) + 1
        bounds = [0, *changes.tolist(), len(self.country)]
        return ((a, b) for a, b in pairwise(bounds) if a < b)
