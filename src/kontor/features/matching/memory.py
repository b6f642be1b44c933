"""The index and the earlier projects in this process's memory, brought up to date from the rows before each
search.

One small query tells whether anything changed; then only what changed is read. What another version of Kontor
wrote is marked for the indexing job and cannot be found until that has run. A search in progress keeps the
index it started with, for an index never changes.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from kontor.base.actor import Actor
from kontor.engine.matching.entry import FORMAT, Entry
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import AUDIENCES_ALL, Audience
from kontor.engine.matching.past import Past
from kontor.features.matching.actions import mark_for_indexing
from kontor.features.matching.models import IndexEntry, IndexStamp
from kontor.features.matching.problem import FINDABLE, PastPrint, past_of, prints_of
from kontor.features.matching.tasks import encoder, lexicon
from kontor.features.organisations.models import Listing

CHUNK = 500


@dataclass
class Memory:
    """`stamp` is the newest change that `index` holds, `past_stamp` that `pasts` do.

    `prints` tell what of each organisation the pasts were made from.
    """

    index: Index = field(default_factory=Index)
    stamp: int = -1
    lock: threading.Lock = field(default_factory=threading.Lock)
    pasts: dict[tuple[Listing, ...], Past | None] = field(default_factory=dict)
    prints: dict[str, PastPrint] = field(default_factory=dict)
    past_stamp: int = -1
    past_lock: threading.Lock = field(default_factory=threading.Lock)

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

    def past(self, audiences: Collection[Audience] = AUDIENCES_ALL) -> Past | None:
        """Earlier projects as of the last commit, of those whom these audiences may find; None without any.

        They are gathered anew when somebody who took part in one changed, left, or takes part now.
        """
        newest = IndexStamp.objects.filter(id=1).values_list("value", flat=True).first() or 0
        listings = tuple(listing for listing, audience in FINDABLE.items() if audience in audiences)
        if connection.in_atomic_block:
            return past_of(lexicon(), listings)
        with self.past_lock:
            if newest != self.past_stamp:
                self._check_past(newest)
            if listings not in self.pasts:
                self.pasts[listings] = past_of(lexicon(), listings)
            return self.pasts[listings]

    def _check_past(self, newest: int) -> None:
        """Forgets the past where a change since the last look concerns it."""
        changed = list(
            IndexEntry.objects.filter(stamp__gt=self.past_stamp).values_list("organisation_key", flat=True)
        )
        if self.past_stamp < 0 or newest < self.past_stamp or len(changed) > CHUNK:
            self.prints = prints_of(None)
            self.pasts = {}
        else:
            prints = prints_of(changed)
            if any(self.prints.pop(key, None) != prints.get(key) for key in changed):
                self.pasts = {}
            self.prints |= prints
        self.past_stamp = newest

    def _read(self, newest: int) -> None:
        if newest < self.stamp or self.stamp < 0:
            self.index = Index.build(_entries(IndexEntry.objects.filter(gone=False)))
        else:
            changed = IndexEntry.objects.filter(stamp__gt=self.stamp)
            gone = list(changed.filter(gone=True).values_list("organisation_key", flat=True))
            self.index = self.index.updated(_entries(changed.filter(gone=False)), gone)
        self.stamp = newest


def _entries(rows: QuerySet[IndexEntry]) -> Iterator[Entry]:
    """The rows as entries; those of another format or encoder are left to the indexing job."""
    fields = rows.order_by("organisation_key").values_list("organisation_key", "dirty", "content", "vectors")
    readable, outdated = {"", encoder().name}, []
    for key, dirty, content, vectors in fields.iterator(chunk_size=CHUNK):
        if content.get("format") == FORMAT and content["encoder"] in readable:
            yield Entry.from_json(content, None if vectors is None else bytes(vectors))
        elif not dirty:
            outdated.append(key)
    if outdated:
        mark_for_indexing(outdated, actor=Actor.system("matching"))


memory = Memory()
