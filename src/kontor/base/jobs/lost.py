"""Jobs whose worker died: found by their heartbeat, or at once where the dead process ran on this machine.
And jobs that wait for nobody, because their worker died after it took their place in the queue and before it
claimed them.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kontor.base.jobs.process import is_dead_here
from kontor.base.jobs.run import due_jobs, postpone, run_job, submit
from kontor.base.models import Job, JobState

log = logging.getLogger("kontor.jobs")
# A worker elsewhere that has been silent for so long is taken for dead; it beats every HEARTBEAT seconds.
HEARTBEAT = 5.0
LEASE = dt.timedelta(seconds=60)


def take_over_lost_jobs() -> int:
    """Put every job of a dead worker back into the queue; how many."""
    taken = 0
    for job in Job.objects.filter(state=JobState.RUNNING):
        if is_lost(job) and postpone(job, run_after=None, error="the worker died"):
            log.warning("job %s (%s) is taken over from %s", job.key, job.kind, job.worker)
            taken += 1
    return taken


def queue_stranded_jobs() -> int:
    """Queue due jobs anew that have no place in the queue; how many.

    A second place, had by a worker that takes the first one just now, does no harm: of two, one claims the
    job.
    """
    late = timezone.now() - LEASE
    overdue = list(due_jobs().filter(created_at__lt=late).exclude(run_after__gt=late))
    if not overdue:
        return 0
    places = DBTaskResult.objects.filter(status="READY", task_path=run_job.module_path)
    waiting = {place["args"][0] for place in places.values_list("args_kwargs", flat=True)}
    return sum(_queue_again(job) for job in overdue if job.key not in waiting)


def _queue_again(job: Job) -> bool:
    with transaction.atomic():
        stored = due_jobs().select_for_update().filter(pk=job.pk).first()
        if stored is not None:
            submit(stored)
            log.warning("job %s (%s) had no place in the queue", job.key, job.kind)
    return stored is not None


def is_lost(job: Job) -> bool:
    """On this machine the process table knows; elsewhere a heartbeat older than LEASE tells.

    The process table comes first because on SQLite a handler's long transaction also holds up its heartbeat.
    """
    dead = is_dead_here(job.worker)
    if dead is not None:
        return dead
    return job.heartbeat_at is None or timezone.now() - job.heartbeat_at > LEASE


def beat(worker: str) -> None:
    """Say that the jobs of `worker` are alive."""
    Job.objects.filter(state=JobState.RUNNING, worker=worker).update(heartbeat_at=timezone.now())
