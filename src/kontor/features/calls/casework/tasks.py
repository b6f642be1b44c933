"""The daily round: warnings about clocks, and self-checks whose time is over."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.actor import Actor
from kontor.base.jobs import JobContext, enqueue, handler, standing
from kontor.features.calls.casework.actions import warn_of_clock
from kontor.features.calls.casework.problem import clocks
from kontor.features.calls.checking.actions import forget_checks
from kontor.features.calls.models import Application, CallState
from kontor.features.calls.models.states import CLOSED, HANDED_IN

log = logging.getLogger("kontor.calls")
ROUND = "calls.clocks"
HOUR = 6


@handler(ROUND, title=gettext_lazy("Warn of deadlines of applications"))
def look_at_clocks(job: JobContext) -> dict[str, Any]:
    """Today's round, then the next one is queued; a second round on the same day changes nothing."""
    rows = (
        Application.objects.filter(state__in=set(HANDED_IN) - set(CLOSED), call__state=CallState.PUBLISHED)
        .select_related("call__programme", "call__version")
        .order_by("pk")
    )
    due = list(rows)
    mails, failed = 0, list[str]()
    for done, application in enumerate(due):
        job.progress(done, len(due), _("Looking at the clocks of applications"))
        today = timezone.localdate(timezone=application.call.zone)
        for clock in clocks(application):
            try:
                mails += warn_of_clock(application=application, clock=clock, today=today, actor=job.actor)
            except Exception:  # one application must not keep the others, and the days to come, back
                log.exception("No warning about %s; the next round tries again", application.key)
                failed.append(application.number)
    forgotten = forget_checks(today=timezone.localdate())
    plan_round()
    return {"mails": mails, "forgotten": forgotten, **({"failed": failed} if failed else {})}


@standing
def plan_round() -> None:
    """Queue the next round for tomorrow morning; once, however often it is called."""
    day = timezone.localdate() + dt.timedelta(days=1)
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(HOUR)))
    payload = {"day": day.isoformat()}
    enqueue(ROUND, payload, actor=Actor.system("calls"), dedup_key=day.isoformat(), run_after=at)
