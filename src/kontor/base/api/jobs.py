"""Long work for programs: where a job stands, stopping it, trying it again."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema

from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.jobs import cancel_job, retry_job
from kontor.base.jobs.handlers import title_of
from kontor.base.jobs.rules import sees_all_jobs, sees_job
from kontor.base.jobs.signals import heard
from kontor.base.models import Job
from kontor.base.permissions import SIGNED_IN, policy, require

router = Router("jobs")


class JobOut(Schema):
    """`state`: waiting, running, retrying, done, failed or cancelled."""

    key: str
    kind: str
    title: str
    state: str
    done: int
    total: int
    step: str
    attempts: int
    result: dict[str, Any] = Field(description="what it did, once it is done")
    error: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    asked_by: str


class QueuedOut(Schema):
    """Work that was asked for. `key` is empty where the same work is under way for somebody else, whose job
    is theirs alone to look at.
    """

    key: str
    kind: str
    title: str
    state: str


class JobsQuery(PageQuery):
    everybody: bool = Field(False, description="not only your own; for administrators")
    state: Literal["", "waiting", "running", "retrying", "done", "failed", "cancelled"] = ""


@router.get("/", response=Page[JobOut])
@policy(SIGNED_IN)
def list_jobs(request: HttpRequest, query: Query[JobsQuery]) -> dict[str, Any]:
    """Your jobs, the latest first."""
    person: Any = request.user
    rows = Job.objects.order_by("-created_at", "-id")
    if query.everybody:
        require(request, sees_all_jobs)
    else:
        rows = rows.filter(actor_key=person.key)
    part = paginate(rows.filter(state=query.state) if query.state else rows, query)
    return {**part, "items": [job_out(job) for job in part["items"]]}


@router.get("/{key}", response=JobOut)
@policy(sees_job)
def get_job(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """Where it stands; ask again every few seconds while it is under way."""
    return job_out(_job_for(request, key))


@router.post("/{key}/cancel", response=JobOut)
@policy(sees_job)
def cancel(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """Stop it: a waiting job at once, a running one at its next step."""
    job = _job_for(request, key)
    cancel_job(job)
    job.refresh_from_db()
    return job_out(job)


@router.post("/{key}/retry", response=JobOut)
@policy(sees_job)
def retry(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """Queue a failed or cancelled job again; it goes on from its checkpoint."""
    job = _job_for(request, key)
    retry_job(job)
    job.refresh_from_db()
    return job_out(job)


def _job_for(request: HttpRequest, key: str) -> Job:
    """The job, if the caller may see it; of others nobody learns that they exist."""
    person: Any = request.user
    rows = Job.objects.all()
    if not sees_all_jobs.test(person):
        rows = rows.filter(actor_key=getattr(person, "key", "")).exclude(actor_key="")
    job: Job = found(rows, key=key)
    require(request, sees_job, job)
    return job


def queued_out(request: HttpRequest, job: Job) -> dict[str, Any]:
    """For operations that queue a job, which may find the one of another person."""
    own = sees_job.test(request.user, job)
    return {
        "key": job.key if own else "",
        "kind": job.kind,
        "title": str(title_of(job.kind)),
        "state": job.state,
    }


def job_out(job: Job) -> dict[str, Any]:
    said = heard(job)
    plain = ("key", "kind", "state", "attempts", "error", "created_at", "finished_at")
    return {
        **{field: getattr(job, field) for field in plain},
        "title": str(title_of(job.kind)),
        "done": said["done"],
        "total": said["total"],
        "step": said["step"],
        "result": job.result or {},
        "asked_by": job.actor_label,
    }
