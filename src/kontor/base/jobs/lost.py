"""Jobs whose worker died: found by their heartbeat, or at once where the dead process ran on this machine."""

from __future__ import annotations

import datetime as dt
import logging

from django.utils import timezone

from kontor.base.jobs.process import is_dead_here
from kontor.base.jobs.run import postpone
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
