"""Doing one job: claim it, call its handler, note the outcome."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django_tasks import task

from kontor.base.errors import KontorError
from kontor.base.jobs.context import Cancelled, JobContext, Lost, mine
from kontor.base.jobs.handlers import Handler, handler_of
from kontor.base.jobs.process import this_worker
from kontor.base.jobs.signals import forget
from kontor.base.models import Job, JobState

log = logging.getLogger("kontor.jobs")
# First pause before trying again; it doubles with each attempt, up to an hour.
BACK_OFF = dt.timedelta(seconds=10)
LONGEST_PAUSE = dt.timedelta(hours=1)


@task()
def run_job(key: str) -> None:
    """The queue's entry: what django-tasks stores and a worker calls."""
    execute(key, worker=this_worker())


def submit(job: Job) -> None:
    """Hand a waiting or retrying job to the workers, in the current transaction."""
    if settings.JOBS == "inline":
        transaction.on_commit(lambda: execute(job.key, worker=this_worker()))
    else:
        run_job.using(run_after=job.run_after).enqueue(job.key)


def run_due_jobs(limit: int = 1_000) -> int:
    """Run every due job in this process, also those that the first ones queue; how many ran. For tests."""
    ran = 0
    while ran < limit:
        job = due_jobs().first()
        if job is None or not execute(job.key, worker=this_worker()):
            break
        ran += 1
    return ran


def due_jobs() -> models.QuerySet[Job]:
    """Jobs that could start now, oldest first."""
    ready = models.Q(run_after=None) | models.Q(run_after__lte=timezone.now())
    return Job.objects.filter(ready, state__in=(JobState.WAITING, JobState.RETRYING)).order_by(
        "created_at", "id"
    )


def execute(key: str, *, worker: str) -> bool:
    """Run the job unless somebody else has it, cancelled it, or its time has not come; whether it ran."""
    job = claim(key, worker)
    if job is None:
        return False
    forget(job)
    try:
        known = handler_of(job.kind)
        result = known.function(JobContext(job)) or {}
    except Cancelled:
        _close(job, state=JobState.CANCELLED, error="")
    except Lost:
        log.warning("job %s (%s) was taken over by another worker", job.key, job.kind)
    except Exception as problem:
        log.exception("job %s (%s) failed in attempt %s", job.key, job.kind, job.attempts)
        _fail(job, problem)
    else:
        _succeed(job, known, result)
    return True


def claim(key: str, worker: str) -> Job | None:
    """Take a due job for `worker`: it is now running, with one attempt more. None when it is not to be
    had.
    """
    with transaction.atomic():
        job = due_jobs().select_for_update().filter(key=key).first()
        if job is None:
            return None
        now = timezone.now()
        job.state, job.worker = JobState.RUNNING, worker
        job.attempts += 1
        job.started_at = job.started_at or now
        job.heartbeat_at = now
        job.save(update_fields=["state", "worker", "attempts", "started_at", "heartbeat_at"])
    return job


def _succeed(job: Job, known: Handler, result: dict[str, object]) -> None:
    extra: dict[str, object] = {"payload": {}} if known.forget_payload else {}
    _close(job, state=JobState.DONE, result=result, error="", step="", **extra)


def _fail(job: Job, problem: Exception) -> None:
    """Try again later, unless the attempts are used up or the error says that it would not help."""
    hopeless = isinstance(problem, KontorError) and problem.status < 500
    error = str(problem) if isinstance(problem, KontorError) else f"{type(problem).__name__}: {problem}"
    if hopeless or job.attempts >= job.max_attempts:
        _close(job, state=JobState.FAILED, error=error[:4_000])
        return
    pause = min(BACK_OFF * 2 ** (job.attempts - 1), LONGEST_PAUSE)
    postpone(job, run_after=timezone.now() + pause, error=error[:4_000])


def postpone(job: Job, *, run_after: dt.datetime | None, error: str) -> bool:
    """Put a running job back into the queue; False when this attempt no longer owns it."""
    with transaction.atomic():
        if not mine(job).update(state=JobState.RETRYING, run_after=run_after, error=error, worker=""):
            return False
        job.refresh_from_db()
        submit(job)
    return True


def _close(job: Job, **values: object) -> None:
    mine(job).update(finished_at=timezone.now(), worker="", **values)
    forget(job)
