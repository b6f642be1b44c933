"""A block of organisations laid out in columns, never changed once built."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.encoder import DIMENSIONS
from kontor.engine.matching.entry import Entry, Passage
from kontor.engine.matching.index.columns import (
    CodeUse,
    Columns,
    Passages,
    code_uses_of,
    columns_of,
    languages_of,
    passage_columns_of,
    rows_of,
)
from kontor.engine.matching.index.postings import Postings
from kontor.engine.matching.model import Code, Profile

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Segment:
    """`numbers` finds an entry by its key, `records` are the entries as JSON, read again only for what is
    shown.

    `starts` bounds each row's passages, `teaser_rows` finds an anonymous row by its statement's key.
    """

    numbers: dict[str, int]
    keys: tuple[str, ...]
    row_keys: tuple[str, ...]
    row_entries: NDArray[np.int32]
    teasers: tuple[str, ...]
    teaser_rows: dict[str, int]
    records: tuple[bytes, ...]
    columns: Columns
    passages: Passages
    starts: NDArray[np.int64]
    postings: Postings
    codes: dict[Code, CodeUse]
    languages: dict[str, NDArray[np.int32]]
    entry_starts: NDArray[np.int64]
    encoder: str

    @classmethod
    def build(cls, entries: Sequence[Entry]) -> Segment:
        rows = [row for number, entry in enumerate(entries) for row in rows_of(number, entry)]
        chosen = [(entries[row.entry], number) for row in rows for number in row.passages]
        counts = np.array([len(row.passages) for row in rows], dtype=np.int64)
        return cls(
            numbers={entry.key: number for number, entry in enumerate(entries)},
            keys=tuple(entry.key for entry in entries),
            row_keys=tuple(entries[row.entry].key for row in rows),
            row_entries=np.array([row.entry for row in rows], dtype=np.int32),
            teasers=tuple(row.teaser for row in rows),
            teaser_rows={row.teaser: place for place, row in enumerate(rows) if row.teaser},
            records=tuple(json.dumps(e.as_json(), ensure_ascii=False).encode() for e in entries),
            columns=columns_of(rows, entries),
            passages=passage_columns_of(rows, entries, chosen),
            starts=np.concatenate([[0], np.cumsum(counts)]),
            postings=Postings.build(entry.passages[number].terms for entry, number in chosen),
            codes=code_uses_of(rows, entries),
            languages=languages_of(rows, entries),
            entry_starts=np.searchsorted([row.entry for row in rows], np.arange(len(entries) + 1)).astype(
                np.int64
            ),
            encoder=next((entry.encoder for entry in entries if entry.vectors is not None), ""),
        )

    def entry(self, number: int) -> Entry:
        """The entry as it was put in."""
        content = json.loads(self.records[number])
        entry = Entry.from_json(content)
        vectors = self._vectors_of(number, len(entry.passages)) if content["encoder"] else None
        return Entry(entry.profile, entry.passages, vectors, content["encoder"])

    def profile(self, number: int) -> tuple[Profile, tuple[Passage, ...]]:
        """Profile and passages of an entry, without its vectors."""
        entry = Entry.from_json(json.loads(self.records[number]))
        return entry.profile, entry.passages

    def _vectors_of(self, number: int, count: int) -> bytes:
        matrix = np.zeros((count, DIMENSIONS), dtype=np.int8)
        first, last = self.starts[self.entry_starts[number]], self.starts[self.entry_starts[number + 1]]
        matrix[self.passages.number[first:last]] = self.passages.vectors[first:last]
        return matrix.tobytes()
