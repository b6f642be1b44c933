"""Durable work: at least once, with progress, retry, cancel and take-over, the same on SQLite and PostgreSQL.

    @handler("organisations.import")
    def import_file(job: JobContext) -> dict[str, Any]: ...

    enqueue("organisations.import", {"file": 7}, actor=actor, dedup_key="file:7")

A job and its place in the queue are rows of the caller's transaction: it runs after commit or never.
Handlers are
idempotent: a worker may die after the work and before noting so, then another does it again.
"""

from kontor.base.jobs.context import Cancelled, Checkpoint, JobContext
from kontor.base.jobs.handlers import handler, standing
from kontor.base.jobs.queue import cancel_job, enqueue, retry_job
from kontor.base.jobs.run import run_due_jobs

__all__ = [
    "Cancelled",
    "Checkpoint",
    "JobContext",
    "cancel_job",
    "enqueue",
    "handler",
    "retry_job",
    "run_due_jobs",
    "standing",
]
