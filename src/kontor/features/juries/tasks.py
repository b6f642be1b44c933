"""Working assignments out as a job, the order of a pitch day, and looking for conflicts when things
change.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.actor import Actor
from kontor.base.events import ApplicationChanged, OrganisationChanged, subscribe
from kontor.base.jobs import JobContext, enqueue, handler, standing
from kontor.engine.core.result import Status
from kontor.engine.juries.model import Params
from kontor.engine.juries.pitches import model as pitches
from kontor.engine.juries.pitches.solve import order
from kontor.engine.juries.solve import repair, solve
from kontor.features.juries import actions
from kontor.features.juries.actions.checking import LOOKED_AT
from kontor.features.juries.models import Panel, PitchDay, Plan
from kontor.features.juries.models.panel import WRITING
from kontor.features.juries.problem import answer_of, broken_json, pitch_day_of, question_of
from kontor.features.matching.tasks import encoder

RECHECK = "juries.recheck"
REMIND = "juries.remind"
# Reminders go out at this hour of the site's time.
HOUR = 7
# Seconds that an assignment may take; what is found until then is told with its bound.
LIMIT = 120.0
# Kinds of changes in the directory that say nothing about who is tied to whom.
HARMLESS = frozenset({"statement", "confirmed", "translation", "introduction", "figures", "sample"})


class Clock:
    """Seconds left of a job, as the engine asks for them; each question also says how far the job is."""

    def __init__(self, job: JobContext, limit: float = LIMIT) -> None:
        self.job, self.limit, self.started = job, limit, time.monotonic()

    def left(self) -> float:
        gone = time.monotonic() - self.started
        done = min(95, 20 + int(75 * gone / self.limit))
        self.job.progress(done, 100, _("Proving the best assignment"))
        return max(0.0, self.limit - gone)


def fit_of_texts(applications: Any, experts: Any) -> Any:
    """Cosine between what applications say and what experts can, 0 to 1, one row per application."""
    first, second = (_unit(encoder().encode(list(texts))) for texts in (applications, experts))
    return np.clip(first @ second.T, 0.0, 1.0)


def _unit(vectors: Any) -> Any:
    floats = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(floats, axis=1, keepdims=True)
    return floats / np.where(lengths > 0, lengths, 1.0)


@handler(
    actions.ASSIGN,
    title=gettext_lazy("Assign applications to assessors"),
    words={"assigned": gettext_lazy("Assignments"), "changes": gettext_lazy("Changes")},
)
def assign(job: JobContext) -> dict[str, Any]:
    """Answer one plan; nothing to do where it is answered or was thrown away."""
    rows = Plan.objects.select_related("panel__call__programme", "panel__call__version")
    plan = rows.filter(key=job.payload["plan"], status="").first()
    if plan is None:
        return {"assigned": 0}
    job.progress(0, 100, _("Reading applications and profiles"))
    panel, params = plan.panel, Params()
    seen = Panel.objects.values_list("assigning", flat=True).get(pk=panel.pk)
    keep = plan.kind == "repair"
    question = question_of(panel, fit_of_texts, keep=keep, third=bool(plan.asked.get("third")))
    work = repair if keep and question.problem.previous else solve
    result = work(question.problem, stop=Clock(job), seed=0, params=params)
    answer = answer_of(question, result, params)
    actions.finish_plan(plan=plan, status=result.status.value, result=answer, seen=seen)
    job.progress(100, 100)
    changes = answer["changes"]["reached"] if answer["changes"] else len(answer["assigned"])
    return {"assigned": len(answer["assigned"]), "changes": round(changes)}


def order_day(day: PitchDay, actor: Actor) -> PitchDay:
    """Work the running order out at once: twelve pitches take less than a second. The day is as short as the
    rules allow; in it jurors go out and come in as seldom as can be.
    """
    revision = day.revision
    found = _shortest(pitch_day_of(day))
    members = dict(day.panel.members.values_list("key", "pk"))
    placed = {
        each.pitch: (each.begin, each.end, [members[key] for key in each.present]) for each in found.placed
    }
    return actions.order_pitches(
        day=day,
        placed=placed,
        blocked=broken_json(found),
        proven=found.status == Status.OPTIMAL,
        changes=found.changes,
        revision=revision,
        actor=actor,
    )


def _shortest(whole: pitches.PitchDay) -> pitches.Order:
    """The order of the fewest slots that works; whatever fits into some slots fits into more."""
    slots = whole.frame.slots()
    best = order(whole)
    low, high = len(whole.pitches), len(slots)
    while best.placed and low < high:
        middle = (low + high) // 2
        found = order(replace(whole, frame=replace(whole.frame, end=slots[middle - 1][1])))
        if found.placed:
            best, high = found, middle
        else:
            low = middle + 1
    return best


@handler(
    REMIND,
    title=gettext_lazy("Remind assessors of open score sheets"),
    words={"mails": gettext_lazy("Mails sent")},
)
def remind(job: JobContext) -> dict[str, int]:
    """Today's reminders, then the next round is queued; a second round on the same day changes nothing."""
    rows = Panel.objects.filter(phase__in=WRITING, is_sample=False).exclude(due_on=None)
    due = list(rows.select_related("call__programme"))
    mails = 0
    for done, panel in enumerate(due):
        job.progress(done, len(due))
        mails += actions.remind_assessors(panel=panel, only_due=True, actor=job.actor)
    plan_reminders()
    return {"mails": mails}


@standing
def plan_reminders() -> None:
    """Queue the next round for tomorrow morning; once, however often it is called."""
    day = timezone.localdate() + dt.timedelta(days=1)
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(HOUR)))
    enqueue(REMIND, {}, actor=Actor.system("juries"), dedup_key=day.isoformat(), run_after=at)


@handler(RECHECK, title=gettext_lazy("Look for conflicts of interest anew"))
def recheck(job: JobContext) -> dict[str, int]:
    """After the directory changed: whoever is in conflict now is blocked."""
    return {"blocked": len(actions.block_conflicts(actor=Actor.system("juries")))}


def on_application(event: ApplicationChanged) -> None:
    """Partners came or went: within the transaction, so that nobody reads what they must not."""
    actions.block_conflicts(applications=event.keys, actor=Actor.system("juries"))


def on_organisation(event: OrganisationChanged) -> None:
    """Memberships, projects, contacts: one job for however many changes, where any jury is at work."""
    if event.kind in HARMLESS or not Panel.objects.filter(phase__in=LOOKED_AT).exists():
        return
    enqueue(RECHECK, {}, actor=Actor.system("juries"), dedup_key="juries")


def register() -> None:
    """Subscribe to what juries react to."""
    subscribe(ApplicationChanged, on_application)
    subscribe(OrganisationChanged, on_organisation)
