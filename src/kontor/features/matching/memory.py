"""The index and the earlier projects in this process's memory, brought up to date from the rows before each
search.

One small query tells whether anything changed; then only what changed is read. What another version of Kontor
wrote is marked for the indexing job and cannot be found until that has run. A search in progress keeps the
index it started with, for an index never changes. Earlier projects of a large directory may lag behind by the
seconds that it takes to gather them, and by REST times as long where one change follows the other; the index
never does.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
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


AT_ONCE = 500
"""Organisations up to which what changed in the past is gathered within the search: some tenths of a second
with descriptions as long as those of CORDIS.
"""

REST = 9
"""After the past of a large directory was gathered, so many times as long it is left as it is: however often
profiles change, a process spends at most a tenth of one core on it.
"""

log = logging.getLogger("kontor.matching")


@dataclass(frozen=True)
class Known:
    """Earlier projects as of `stamp`, by who may be found; `prints` tell what of each they were made from."""

    pasts: Mapping[tuple[Listing, ...], Past | None] = field(default_factory=dict)
    prints: Mapping[str, PastPrint] = field(default_factory=dict)
    stamp: int = -1


@dataclass
class Memory:
    """`stamp` is the newest change that `index` holds. `gathering` is at work on the next `known`, of which
    none begins before `rests_until`, in seconds of `clock`.
    """

    index: Index = field(default_factory=Index)
    stamp: int = -1
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: Known = field(default_factory=Known)
    known_lock: threading.Lock = field(default_factory=threading.Lock)
    gathering: threading.Thread | None = None
    rests_until: float = 0.0
    clock: Callable[[], float] = time.monotonic

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
        """Earlier projects of those whom these audiences may find; None without any.

        They are gathered anew when somebody changed who is in them. In a large directory that is done beside
        the searches, which go on with what was known before: whoever shows what rests on a project has to
        look whether it may still be shown.
        """
        listings = tuple(listing for listing, audience in FINDABLE.items() if audience in audiences)
        if connection.in_atomic_block:
            return past_of(lexicon(), listings)
        newest = IndexStamp.objects.filter(id=1).values_list("value", flat=True).first() or 0
        small = len(self.current()) <= AT_ONCE
        with self.known_lock:
            if listings not in self.known.pasts:
                self.known = renewed(self.known, newest, listings)
            elif newest != self.known.stamp and small:
                self.known = renewed(self.known, newest)
            elif newest != self.known.stamp and self.gathering is None and self.clock() >= self.rests_until:
                self.gathering = threading.Thread(target=self._gather, name="past", daemon=True)
                self.gathering.start()
            return self.known.pasts[listings]

    def _gather(self) -> None:
        """Brings the past up to date, unless somebody did so meanwhile: then the next search looks again."""
        began = self.clock()
        try:
            before = self.known
            newest = IndexStamp.objects.filter(id=1).values_list("value", flat=True).first() or 0
            found = renewed(before, newest)
            with self.known_lock:
                self.known = found if self.known is before else self.known
        except Exception:
            # The next search starts it again; until then what was known before goes on to serve.
            log.exception("earlier projects were not gathered anew")
        finally:
            ended = self.clock()
            self.rests_until = ended + REST * (ended - began)
            self.gathering = None
            connection.close()

    def _read(self, newest: int) -> None:
        if newest < self.stamp or self.stamp < 0:
            self.index = Index.build(_entries(IndexEntry.objects.filter(gone=False)))
        else:
            changed = IndexEntry.objects.filter(stamp__gt=self.stamp)
            gone = list(changed.filter(gone=True).values_list("organisation_key", flat=True))
            self.index = self.index.updated(_entries(changed.filter(gone=False)), gone)
        self.stamp = newest


def renewed(known: Known, newest: int, more: tuple[Listing, ...] | None = None) -> Known:
    """What is known as of `newest`: gathered anew where a change concerns it, and `more` in any case."""
    if known.stamp == newest:
        prints, concerned = known.prints, False
    else:
        prints, concerned = _prints(known, newest)
    kept = {} if concerned else dict(known.pasts)
    wanted = {*known.pasts, more} if more else set(known.pasts)
    fresh = {listings: past_of(lexicon(), listings) for listings in wanted - set(kept)}
    return Known(kept | fresh, prints, newest)


def _prints(known: Known, newest: int) -> tuple[Mapping[str, PastPrint], bool]:
    """What the past would be made from now, and whether that differs from what it was made from."""
    changed = list(
        IndexEntry.objects.filter(stamp__gt=known.stamp).values_list("organisation_key", flat=True)
    )
    if known.stamp < 0 or newest < known.stamp or len(changed) > CHUNK:
        prints = prints_of(None)
        return prints, prints != known.prints
    now = prints_of(changed)
    concerned = any(known.prints.get(key) != now.get(key) for key in changed)
    gone = set(changed)
    left = {key: told for key, told in known.prints.items() if key not in gone}
    return left | now, concerned


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
