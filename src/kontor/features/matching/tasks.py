"""The indexing job, and what the matchmaker does when the directory changes."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.actor import Actor
from kontor.base.events import OrganisationChanged, OrganisationGone
from kontor.base.jobs import JobContext, enqueue, handler, standing
from kontor.engine.matching.encoder import Encoder, Remembering
from kontor.engine.matching.lexicon import Lexicon
from kontor.features.matching import actions
from kontor.features.matching.models import IndexEntry

EXPIRE_JOB = "matching.expire"


@functools.cache
def lexicon() -> Lexicon:
    """The shipped bilingual lexicon, read once per process."""
    from kontor.codes import lexicon as shipped

    return shipped.load()


@functools.cache
def encoder() -> Encoder:
    """One encoder per process: loading takes 0.5 s and 250 MB. It keeps the vectors of the last questions."""
    from kontor.codes import encoder as installed

    return Remembering(installed.load())


@handler(
    actions.INDEX_JOB,
    title=gettext_lazy("Index organisations for the matchmaker"),
    words={"indexed": gettext_lazy("Organisations indexed")},
)
def index_dirty(job: JobContext) -> dict[str, int]:
    """Index what is marked, batch by batch, each in its own transaction: a stopped job goes on."""
    return {"indexed": index_marked(lambda done, total: job.progress(done, total, _("Reading profiles")))}


@handler(EXPIRE_JOB, title=gettext_lazy("Take statements whose validity ended out of the matches"))
def drop_expired(job: JobContext) -> None:
    """Has what ended by today indexed anew, then queues itself for tomorrow."""
    actions.mark_expired(timezone.localdate(), actor=job.actor)
    plan_expiry()


@standing
def plan_expiry() -> None:
    """Queue the next look at what has ended, shortly after midnight; once, however often it is called."""
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    at = timezone.make_aware(dt.datetime.combine(tomorrow, dt.time(0, 5)))
    enqueue(EXPIRE_JOB, {}, actor=Actor.system("matching"), dedup_key=tomorrow.isoformat(), run_after=at)


def index_marked(progress: Callable[[int, int], None]) -> int:
    """Index every marked row; `progress` hears how many are done and how many there are."""
    indexed = 0
    dirty = IndexEntry.objects.filter(dirty=True).order_by("organisation_key")
    while keys := list(dirty.values_list("organisation_key", flat=True)[: actions.BATCH]):
        actions.index_organisations(keys, lexicon=lexicon(), encoder=encoder())
        indexed += len(keys)
        progress(indexed, indexed + dirty.count())
    return indexed


def on_changed(event: OrganisationChanged) -> None:
    """A few at once, so that a person finds what they just wrote; many by the job."""
    if len(event.keys) <= actions.AT_ONCE:
        actions.index_organisations(event.keys, lexicon=lexicon(), encoder=encoder())
    else:
        actions.mark_for_indexing(event.keys, actor=Actor.system("matching"))


def on_gone(event: OrganisationGone) -> None:
    actions.drop_organisations(event.keys)


def warm_up() -> None:
    """Load the index, the lexicon, the encoder and what recognises languages: some seconds, once."""
    from django.contrib.auth.models import AnonymousUser

    from kontor.features.matching.ask import Ask
    from kontor.features.matching.memory import memory
    from kontor.features.matching.queries import find_partners

    memory.past()
    find_partners(Ask(text="Wir suchen einen Partner jenseits der Grenze.", top=1), AnonymousUser())
