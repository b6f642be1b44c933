"""Jobs of the directory. Each does nothing the second time it runs for the same work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.jobs import JobContext, enqueue, handler, standing
from kontor.features.organisations.actions.pairs import note_duplicates
from kontor.features.organisations.actions.reminders import due_statements, remind_organisation

REMIND = "organisations.remind"


@handler("organisations.duplicates", title=_("Look for duplicates"), words={"pairs": _("Pairs found")})
def find_duplicates(job: JobContext) -> dict[str, Any]:
    return {"pairs": note_duplicates(job)}


@handler(
    REMIND,
    title=_("Ask whether statements still hold"),
    words={"organisations": _("Organisations asked"), "mails": _("Mails sent")},
)
def remind(job: JobContext) -> dict[str, Any]:
    """Mails every organisation with stale statements, then queues itself for the first of next month."""
    due = due_statements(timezone.now())
    mails = 0
    for done, (organisation, statements) in enumerate(due.items()):
        job.progress(done, len(due))
        mails += remind_organisation(organisation=organisation, statements=statements, actor=job.actor)
    plan_reminders()
    return {"organisations": len(due), "mails": mails}


@standing
def plan_reminders() -> None:
    """Queue the reminders for the first of next month, six in the morning; once, however often it is
    called."""
    day = (timezone.localdate().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    month = day.strftime("%Y-%m")
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(6)))
    enqueue(REMIND, {"month": month}, actor=Actor.system("reminders"), dedup_key=month, run_after=at)
