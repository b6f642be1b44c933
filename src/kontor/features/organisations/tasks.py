"""Jobs of the directory. Each does nothing the second time it runs for the same work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.jobs import JobContext, enqueue, handler
from kontor.features.organisations.actions.pairs import note_duplicates
from kontor.features.organisations.actions.reminders import due_statements, remind_organisation

REMIND = "organisations.remind"


@handler("organisations.duplicates", title=_("Look for duplicates"))
def find_duplicates(job: JobContext) -> dict[str, Any]:
    return {"pairs": note_duplicates(job)}


@handler(REMIND, title=_("Ask whether statements still hold"))
def remind(job: JobContext) -> dict[str, Any]:
    """Mails every organisation with stale statements, then queues itself for the first of next month."""
    due = due_statements(timezone.now())
    mails = 0
    for done, (organisation, statements) in enumerate(due.items()):
        job.progress(done, len(due))
        mails += remind_organisation(organisation=organisation, statements=statements, actor=job.actor)
    today = timezone.localdate()
    plan_reminders((today.replace(day=1) + dt.timedelta(days=32)).replace(day=1))
    return {"organisations": len(due), "mails": mails}


def plan_reminders(day: dt.date) -> None:
    """Queue the reminders of `day`'s month for that day, once; a running site keeps itself going
    from there."""
    month = day.strftime("%Y-%m")
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(6)))
    enqueue(REMIND, {"month": month}, actor=Actor.system("reminders"), dedup_key=month, run_after=at)
