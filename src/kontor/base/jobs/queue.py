"""Putting jobs into the queue, and people's two buttons: cancel and try again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.jobs.handlers import Handler, handler_of
from kontor.base.jobs.run import submit
from kontor.base.jobs.signals import forget, want_cancel
from kontor.base.keys import new_key
from kontor.base.models import Job, JobState

UNFINISHED = (JobState.WAITING, JobState.RUNNING, JobState.RETRYING)
FINISHED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    actor: Actor,
    dedup_key: str = "",
    run_after: dt.datetime | None = None,
) -> Job:
    """Queue a job; it starts after the caller's transaction commits, not before `run_after`.

    While an unfinished job has the same kind and `dedup_key`, that one is returned instead of a second.
    Raises KeyError for a kind without handler.
    """
    known = handler_of(kind)
    with transaction.atomic():
        existing = _unfinished(kind, dedup_key)
        if existing is not None:
            return existing
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    key=new_key(),
                    kind=kind,
                    dedup_key=dedup_key,
                    payload=payload,
                    max_attempts=known.max_attempts,
                    run_after=run_after,
                    actor_key=actor.key,
                    actor_label=actor.label[:200],
                )
        except IntegrityError:
            # another transaction queued the same work between our look and our insert
            existing = _unfinished(kind, dedup_key)
            if existing is None:
                raise
            return existing
        submit(job)
    return job


def cancel_job(job: Job) -> None:
    """A waiting job is cancelled at once, a running one at its next progress call; a finished one is
    left alone.
    """
    if job.state == JobState.RUNNING:
        # first the file: on SQLite the row may be locked by the very transaction that is to stop
        want_cancel(job)
    with transaction.atomic():
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)
        Job.objects.filter(pk=job.pk, state__in=(JobState.WAITING, JobState.RETRYING)).update(
            state=JobState.CANCELLED, finished_at=timezone.now()
        )


def retry_job(job: Job) -> None:
    """Queue a failed or cancelled job again with fresh attempts; it goes on from its checkpoint.

    Raises KontorError `job-not-finished` for a job in any other state, `job-unknown` for a kind that nothing
    handles any more.
    """
    known = _known(job)
    with transaction.atomic():
        again = Job.objects.filter(pk=job.pk, state__in=(JobState.FAILED, JobState.CANCELLED)).update(
            state=JobState.RETRYING,
            max_attempts=job.attempts + known.max_attempts,
            run_after=None,
            cancel_requested=False,
            error="",
            finished_at=None,
        )
        if not again:
            raise KontorError(
                _("This job is not finished, or it succeeded."),
                code="job-not-finished",
                remedy=_("Only a failed or cancelled job can be tried again."),
                status=409,
            )
        # only now: the wish to stop a running job must outlive somebody's pressing of the other button
        forget(job)
        job.refresh_from_db()
        submit(job)


def _known(job: Job) -> Handler:
    try:
        return handler_of(job.kind)
    except KeyError as error:
        raise KontorError(
            _("This version of the software no longer does such jobs."),
            code="job-unknown",
            remedy=_("Begin the work anew where it began."),
            status=409,
        ) from error


def _unfinished(kind: str, dedup_key: str) -> Job | None:
    if not dedup_key:
        return None
    return Job.objects.filter(kind=kind, dedup_key=dedup_key, state__in=UNFINISHED).first()
