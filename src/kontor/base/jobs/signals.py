"""Progress and cancel requests, which must pass while the handler's own transaction is open.

Inside a transaction a row is invisible to others until commit, and on SQLite nobody else may write at all.
There
the two go through small files beside the database; outside a transaction they are columns of the job's row.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from kontor.base.models import Job, JobState


def say(job: Job, *, done: int, total: int, step: str) -> None:
    """Publish progress: in the row, or in a file while a transaction is open."""
    values: dict[str, Any] = {"done": done, "total": total, "step": step}
    if connection.in_atomic_block:
        _write(_path(job.key, "progress"), json.dumps(values))
        return
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
        **values, heartbeat_at=timezone.now()
    )


def heard(job: Job) -> dict[str, Any]:
    """The newest published progress: {"done", "total", "step"}."""
    if job.state == JobState.RUNNING:
        # the handler may end, and its file go, at any moment
        with suppress(FileNotFoundError):
            values: dict[str, Any] = json.loads(_path(job.key, "progress").read_text(encoding="utf-8"))
            return values
    return {"done": job.done, "total": job.total, "step": job.step}


def want_cancel(job: Job) -> None:
    """Leave a mark that a handler inside a long transaction sees at its next progress call."""
    _write(_path(job.key, "cancel"), "")


def cancel_wanted(job: Job) -> bool:
    """Whether somebody asked this job to stop."""
    if _path(job.key, "cancel").exists():
        return True
    return Job.objects.filter(pk=job.pk, cancel_requested=True).exists()


def forget(job: Job) -> None:
    """Remove the files of a job that is over or starts anew."""
    for name in ("progress", "cancel"):
        _path(job.key, name).unlink(missing_ok=True)


def _path(key: str, name: str) -> Path:
    return Path(settings.JOBS_ROOT) / f"{key}.{name}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
