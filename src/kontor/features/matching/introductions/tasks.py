"""The daily round: reminders, expiry, questions about outcomes. Each step does nothing the second time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.actor import Actor
from kontor.base.events import OrganisationGone
from kontor.base.jobs import JobContext, enqueue, handler, standing
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.progress import MONTHS, months_later
from kontor.features.matching.models import Introduction, Side
from kontor.features.matching.models.states import MUTUAL, OPEN, Reply

ROUND = "matching.introductions"
HOUR = 7


@handler(ROUND, title=gettext_lazy("Remind of introductions, close late ones, ask what became of them"))
def look_after(job: JobContext) -> dict[str, Any]:
    """Today's round, then the next one is queued."""
    today = timezone.localdate()
    counts = {
        "expired": _expire(job, today),
        "reminded": _remind(job, today),
        "asked": _ask(job, today),
    }
    plan_round()
    return counts


@standing
def plan_round() -> None:
    """Queue the next round for tomorrow morning; once, however often it is called."""
    day = timezone.localdate() + dt.timedelta(days=1)
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(HOUR)))
    payload = {"day": day.isoformat()}
    actor = Actor.system("introductions")
    enqueue(ROUND, payload, actor=actor, dedup_key=day.isoformat(), run_after=at)


def on_gone(event: OrganisationGone) -> None:
    """What is open of organisations that leave is closed with them."""
    actions.withdraw_for_gone(event.keys)


def _expire(job: JobContext, today: dt.date) -> int:
    late = list(Introduction.objects.filter(state__in=OPEN, deadline_on__lt=today).order_by("id"))
    count = 0
    for done, introduction in enumerate(late):
        job.progress(done, len(late), _("Closing late introductions"))
        count += actions.expire_introduction(introduction=introduction, today=today, actor=job.actor)
    return count


def _remind(job: JobContext, today: dt.date) -> int:
    sides = Side.objects.filter(
        introduction__state__in=OPEN, remind_on__lte=today, reminded_at=None, asked_at__isnull=False
    ).exclude(reply__in=[Reply.YES, Reply.NO])
    due = list(sides.select_related("introduction").order_by("id"))
    mails = 0
    for done, side in enumerate(due):
        job.progress(done, len(due), _("Sending reminders"))
        mails += actions.remind_side(side=side, today=today, actor=job.actor)
    return mails


def _ask(job: JobContext, today: dt.date) -> int:
    due = Q()
    for month in MONTHS:
        # agreed at least so many months ago, and not asked about that month: the action looks closer
        latest = months_later(today, -month)
        due |= Q(agreed_at__date__lte=latest, sides__reports_asked__lt=month)
    rows = list(Introduction.objects.filter(due, state__in=MUTUAL).distinct().order_by("id"))
    mails = 0
    for done, introduction in enumerate(rows):
        job.progress(done, len(rows), _("Asking what became of contacts"))
        mails += actions.ask_for_outcomes(introduction=introduction, today=today, actor=job.actor)
    return mails
