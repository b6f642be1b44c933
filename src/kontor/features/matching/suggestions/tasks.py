"""The nightly run: everybody against everybody, then the lists are written batch by batch."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.actor import Actor
from kontor.base.events import OrganisationGone
from kontor.base.jobs import JobContext, enqueue, handler, standing
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Audience
from kontor.engine.matching.ranking import Rows
from kontor.engine.matching.solve import points
from kontor.engine.matching.suggest import Suggested, SuggestParams, suggest
from kontor.engine.matching.suggest.exact import Points
from kontor.features.matching.memory import memory
from kontor.features.matching.models import Introduction, Refusal, Suggestion
from kontor.features.matching.models.states import BLOCKING
from kontor.features.matching.suggestions import actions
from kontor.features.matching.suggestions.queries import EVERYBODY, question_of
from kontor.features.matching.tasks import lexicon
from kontor.features.matching.weights.queries import active_rows

HOUR = 2
WORTH_PROCESSES = 3000
"""Organisations from which a second process pays for its start."""

EXACT = 10_000
"""Organisations up to which candidates are scored as on the page of matches: beyond, a night is too short."""

MEMBERS_READ = (Audience.PUBLIC, Audience.MEMBERS)
STEPS = {
    "read": gettext_lazy("Reading profiles"),
    "compare": gettext_lazy("Comparing"),
    "score": gettext_lazy("Counting points"),
    "allot": gettext_lazy("Giving out places"),
}


@handler(actions.SUGGEST, title=gettext_lazy("Suggest partners to everybody"))
def suggest_partners(job: JobContext) -> dict[str, int]:
    """Computes and writes everybody's suggestions; a nightly run queues the next.

    What blocks found lies in a folder that the job's checkpoint names: a stopped run goes on from there.
    """
    state = job.checkpoint.load() or {"folder": f"suggestions-{job.key}", "day": job.payload["day"]}
    job.checkpoint.save(state)
    folder = Path(settings.JOBS_ROOT) / str(state["folder"])
    index, rows = memory.current(), active_rows()

    def tell(done: int, total: int, step: str) -> None:
        job.progress(done, total, str(STEPS[step]))

    found = suggest(
        index,
        excluded=pairs_apart(),
        today=state["day"],
        progress=tell,
        resume_from=folder,
        processes=(os.cpu_count() or 1) if len(index) >= WORTH_PROCESSES else 1,
        params=SuggestParams(weights=rows.known),
        points=points_by(index, rows) if len(index) <= EXACT else None,
    )
    made_at = timezone.now()
    written = _write(job, found, len(index), made_at)
    actions.drop_older_than(made_at)
    shutil.rmtree(folder, ignore_errors=True)
    if job.payload.get("nightly"):
        plan_suggestions()
    return {"organisations": len(index), "suggestions": written}


def points_by(index: Index, rows: Rows) -> Points:
    """The scores of the page of matches, as a member reads it: by the learned rows, with earlier projects."""
    past = memory.past(MEMBERS_READ)

    def asked(key: str, partners: Sequence[str]) -> Mapping[str, float]:
        query = question_of(key, partners, rows, MEMBERS_READ)
        return points(index, query, lexicon=lexicon(), params=EVERYBODY, past=past)

    return asked


def _write(job: JobContext, found: Iterator[Suggested], total: int, made_at: dt.datetime) -> int:
    written = done = 0
    while batch := list(itertools.islice(found, actions.BATCH)):
        written += actions.replace_suggestions(batch, made_at=made_at)
        done += len(batch)
        job.progress(done, total, _("Writing suggestions"))
    return written


def pairs_apart() -> set[tuple[str, str]]:
    """Pairs that must not be suggested: one said no, or they are introduced already."""
    refused = Refusal.objects.filter(lifted_at=None).values_list("by__key", "other__key")
    introduced = Introduction.objects.filter(state__in=BLOCKING).values_list("asker__key", "partner__key")
    return {*refused, *introduced}


@standing
def plan_suggestions() -> None:
    """Queue the next night's run; once, however often it is called."""
    day = timezone.localdate() + dt.timedelta(days=1)
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(HOUR)))
    payload = {"day": day.isoformat(), "nightly": True}
    enqueue(
        actions.SUGGEST,
        payload,
        actor=Actor.system("suggestions"),
        dedup_key=day.isoformat(),
        run_after=at,
    )


def on_gone(event: OrganisationGone) -> None:
    """Who leaves the directory is suggested to nobody any more, and has no list."""
    gone = Suggestion.objects.filter(organisation__key__in=event.keys)
    (gone | Suggestion.objects.filter(partner__key__in=event.keys)).delete()
