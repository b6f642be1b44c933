"""Who may see a job, stop it and try it again: whoever asked for it, and administrators."""

from __future__ import annotations

from typing import Any

from kontor.base.permissions import holds, predicate

sees_all_jobs = holds("administrator")


@predicate
def asked_for(user: Any, job: Any) -> bool:
    return bool(user.is_authenticated and job is not None and job.actor_key == user.key)


sees_job = sees_all_jobs | asked_for
