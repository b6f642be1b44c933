"""The index in this process's memory, brought up to date from the rows before each search.

One small query tells whether anything changed; then only what changed is read. A search in progress keeps the
index it started with, for an index never changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from kontor.engine.matching.entry import Entry
from kontor.engine.matching.index import Index
from kontor.features.matching.models import IndexEntry, IndexStamp

CHUNK = 500


@dataclass
class Memory:
    """`stamp` is the newest change that `index` holds."""

    index: Index = field(default_factory=Index)
    stamp: int = -1
    lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Index:
        """The index as of the last commit. Waits while another thread brings it up to date."""
        newest = IndexStamp.objects.filter(id=1).values_list("value", flat=True).first() or 0
        if newest == self.stamp:
            return self.index
        if connection.in_atomic_block:
            # What this transaction wrote may yet be rolled back: it must not stay where all share it.
            return Index.build(_entries(IndexEntry.objects.filter(gone=False)))
        with self.lock:
            if newest != self.stamp:
                self._read(newest)
            return self.index

    def _read(self, newest: int) -> None:
        if newest < self.stamp or self.stamp < 0:
            self.index = Index.build(_entries(IndexEntry.objects.filter(gone=False)))
        else:
            changed = IndexEntry.objects.filter(stamp__gt=self.stamp)
            gone = list(changed.filter(gone=True).values_list("organisation_key", flat=True))
            self.index = self.index.updated(_entries(changed.filter(gone=False)), gone)
        self.stamp = newest


def _entries(rows: QuerySet[IndexEntry]) -> Iterator[Entry]:
    fields = rows.order_by("organisation_key").values_list("content", "vectors")
    for content, vectors in fields.iterator(chunk_size=CHUNK):
        yield Entry.from_json(content, None if vectors is None else bytes(vectors))


memory = Memory()
