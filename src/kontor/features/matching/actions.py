"""Use cases of the matchmaker: keep the index, save and share searches.

What leaves the directory leaves the index in the same transaction. What enters is written at once when it is
little, so that a person finds what they just typed; a whole import is left to the indexing job.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.bulk import insert_values
from kontor.base.errors import KontorError
from kontor.base.jobs import enqueue
from kontor.base.keys import new_key
from kontor.base.models import Job
from kontor.engine.matching.encoder import Encoder
from kontor.engine.matching.entry import encode_profiles
from kontor.engine.matching.lexicon import Lexicon
from kontor.features.accounts.models import User
from kontor.features.matching.ask import Ask
from kontor.features.matching.introductions.history import NEWCOMER, histories_of
from kontor.features.matching.models import IndexEntry, IndexStamp, SavedSearch
from kontor.features.matching.problem import expires_on, findable, profile_of
from kontor.features.organisations.models import Organisation

# So many organisations are indexed in the transaction that changed them: some 20 ms each, mostly encoding.
AT_ONCE = 20
BATCH = 200
INDEX_JOB = "matching.index"


@transaction.atomic
def index_organisations(keys: Sequence[str], *, lexicon: Lexicon, encoder: Encoder | None) -> int:
    """Write the index rows of `keys` anew; those that may not be found become `gone`.

    Returns how many can be found.
    """
    today = timezone.localdate()
    organisations = findable(keys, today)
    histories = histories_of(organisation.key for organisation in organisations)
    profiles = (profile_of(each, histories.get(each.key, NEWCOMER)) for each in organisations)
    entries = encode_profiles(profiles, lexicon, encoder)
    stamp = _next_stamp()
    rows = [
        IndexEntry(
            organisation_key=organisation.key,
            stamp=stamp,
            expires_on=expires_on(organisation),
            vectors=entry.vectors,
            content=entry.as_json(),
        )
        for organisation, entry in zip(organisations, entries, strict=True)
    ]
    missing = sorted(set(keys) - {row.organisation_key for row in rows})
    _write(rows)
    _write([IndexEntry(organisation_key=key, stamp=stamp, gone=True) for key in missing])
    return len(rows)


@transaction.atomic
def drop_organisations(keys: Sequence[str]) -> None:
    """Take organisations out of the index, content and all, in the caller's transaction."""
    stamp = _next_stamp()
    _write([IndexEntry(organisation_key=key, stamp=stamp, gone=True) for key in keys])


@transaction.atomic
def mark_for_indexing(keys: Sequence[str], *, actor: Actor) -> Job:
    """Leave many organisations to the indexing job. Until then the index holds what it held of them."""
    # The same lock as for a stamp: who writes index rows writes them one after the other.
    _next_stamp()
    known = set(IndexEntry.objects.values_list("organisation_key", flat=True))
    marked = [key for key in keys if key in known]
    for start in range(0, len(marked), BATCH):
        IndexEntry.objects.filter(organisation_key__in=marked[start : start + BATCH]).update(dirty=True)
    unknown = (key for key in dict.fromkeys(keys) if key not in known)
    insert_values(
        IndexEntry,
        [{"organisation_key": key, "stamp": 0, "gone": True, "dirty": True} for key in unknown],
    )
    return enqueue(INDEX_JOB, {}, actor=actor, dedup_key="all")


@transaction.atomic
def mark_expired(today: dt.date, *, actor: Actor) -> Job | None:
    """Have entries read again in which a statement's validity has ended."""
    expired = IndexEntry.objects.filter(expires_on__lte=today, dirty=False)
    if not expired.update(dirty=True):
        return None
    return enqueue(INDEX_JOB, {}, actor=actor, dedup_key="all")


def rebuild_index(*, actor: Actor) -> Job:
    """Have every organisation indexed anew: after an update of the encoder, or when in doubt."""
    with transaction.atomic():
        IndexEntry.objects.update(dirty=True)
    keys = list(Organisation.objects.alive().values_list("key", flat=True))
    return mark_for_indexing(keys, actor=actor)


@transaction.atomic
def save_search(*, ask: Ask, name: str, owner: User, actor: Actor) -> SavedSearch:
    """Keep a question under a name; raises KontorError when there is none."""
    if ask.is_empty:
        raise KontorError(
            _("There is no question to save."),
            code="search-empty",
            path="q",
            remedy=_("Write what you look for first."),
        )
    name = name.strip()[:200] or ask.text.strip()[:80] or str(_("Search"))
    saved = SavedSearch.objects.create(key=new_key(22), owner=owner, name=name, query=ask.as_dict())
    record(actor=actor, verb="save", subject=saved, changes={"name": [None, name]})
    return saved


@transaction.atomic
def share_search(saved: SavedSearch, *, shared: bool, actor: Actor) -> None:
    """Whoever has the link may open the question; the answer shows each reader what that reader may see."""
    if saved.shared != shared:
        record(
            actor=actor,
            verb="share" if shared else "unshare",
            subject=saved,
            changes={"shared": [saved.shared, shared]},
        )
        saved.shared = shared
        saved.save(update_fields=["shared"])


@transaction.atomic
def delete_search(saved: SavedSearch, *, actor: Actor) -> None:
    saved.deleted_at = timezone.now()
    saved.save(update_fields=["deleted_at"])
    record(actor=actor, verb="delete", subject=saved, changes={"deleted": [False, True]})


@transaction.atomic
def restore_search(saved: SavedSearch, *, actor: Actor) -> None:
    """Take a deletion back."""
    saved.deleted_at = None
    saved.save(update_fields=["deleted_at"])
    record(actor=actor, verb="restore", subject=saved, changes={"deleted": [True, False]})


def _next_stamp() -> int:
    """A stamp above all before: microseconds of the clock, so that one rolled back is never given again."""
    IndexStamp.objects.get_or_create(id=1)
    row = IndexStamp.objects.select_for_update().get(id=1)
    row.value = max(row.value + 1, time.time_ns() // 1000)
    row.save(update_fields=["value"])
    return row.value


def _write(rows: Iterable[IndexEntry]) -> None:
    changed: list[Any] = ["stamp", "gone", "dirty", "expires_on", "vectors", "content"]
    IndexEntry.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["organisation_key"],
        update_fields=changed,
    )
