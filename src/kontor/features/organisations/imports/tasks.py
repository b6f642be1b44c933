"""Jobs of imports. Each fetches its run and calls one action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.errors import Conflict
from kontor.base.jobs import Cancelled, JobContext, enqueue, handler, standing
from kontor.base.models import Job
from kontor.features.accounts.models import User
from kontor.features.organisations.imports import actions
from kontor.features.organisations.imports.undo import refuse_late_undo, undo_run
from kontor.features.organisations.models import ImportRun
from kontor.features.organisations.models.imports import ImportState

UNDO_JOB = "organisations.import.undo"
FORGET_JOB = "organisations.import.forget"
ROWS = {
    "rows": _("Rows"),
    "new": _("New organisations"),
    "change": _("Changed organisations"),
    "same": _("Without change"),
    "refused": _("Refused rows"),
}


def _user(job: JobContext) -> User | None:
    """Whose rights count. A job of the command line or of the system itself acts for nobody in particular."""
    if job.actor.key.startswith("system:"):
        return None
    return User.objects.get(key=job.actor.key)


def _run(job: JobContext) -> ImportRun:
    return ImportRun.objects.get(key=job.payload["run"])


def _stoppable(run: ImportRun, work: Callable[[], Any]) -> None:
    try:
        work()
    except Cancelled:
        actions.mark_cancelled(run=run)
        raise
    except Conflict as error:
        # it was cancelled after the last look, and before the work was noted
        run.refresh_from_db()
        if run.state == ImportState.CANCELLED:
            raise Cancelled(run.key) from error
        raise


def request_undo(*, run: ImportRun, actor: Actor) -> Job:
    """Queues taking a run back. Raises Conflict for one that is not done, or older than 30 days."""
    if run.state != ImportState.DONE:
        raise Conflict(
            _("Only an import that was written can be taken back."),
            code="import_not_done",
            remedy=_("Open its page to see what happened."),
        )
    refuse_late_undo(run)
    job = enqueue(UNDO_JOB, {"run": run.key}, actor=actor, dedup_key=run.key)
    ImportRun.objects.filter(pk=run.pk).update(job_key=job.key)
    return job


@handler(actions.CHECK_JOB, title=_("Checking a spreadsheet"), words=ROWS)
def check(job: JobContext) -> dict[str, Any]:
    run = _run(job)
    _stoppable(run, lambda: actions.check_run(run=run, user=_user(job), progress=job.progress))
    return dict(run.counts)


@handler(actions.WRITE_JOB, title=_("Importing organisations"), words=ROWS)
def write(job: JobContext) -> dict[str, Any]:
    run = _run(job)
    _stoppable(
        run, lambda: actions.write_run(run=run, actor=job.actor, user=_user(job), progress=job.progress)
    )
    return dict(run.counts)


@handler(
    UNDO_JOB,
    title=_("Taking an import back"),
    words={"removed": _("Removed"), "restored": _("Restored"), "kept": _("Left as they are")},
)
def undo(job: JobContext) -> dict[str, Any]:
    run = _run(job)
    done = undo_run(run=run, actor=job.actor, progress=job.progress)
    return {"removed": done.removed, "restored": done.restored, "kept": len(done.kept)}


@handler(FORGET_JOB, title=_("Deleting old uploads"), words={"runs": _("Imports")})
def forget(job: JobContext) -> dict[str, Any]:
    """Deletes what is older than 30 days, then queues itself for the next night."""
    count = actions.forget_old_files()
    plan_forgetting()
    return {"runs": count}


@standing
def plan_forgetting() -> None:
    """Queue it for the coming night, at three; once, however often it is called."""
    day = timezone.localdate() + dt.timedelta(days=1)
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(3)))
    name = day.isoformat()
    enqueue(FORGET_JOB, {"day": name}, actor=Actor.system("imports"), dedup_key=name, run_after=at)
