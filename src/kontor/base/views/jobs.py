"""Long work: a person's jobs, everybody's for administrators, and one job with its progress and two
buttons.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kontor.base.jobs import cancel_job, retry_job
from kontor.base.jobs.handlers import result_in_words, title_of
from kontor.base.jobs.queue import FINISHED
from kontor.base.jobs.rules import sees_all_jobs, sees_job
from kontor.base.jobs.signals import heard
from kontor.base.models import Job, JobState
from kontor.base.permissions import SIGNED_IN, policy, require

KINDS = {
    JobState.WAITING: "neutral",
    JobState.RUNNING: "info",
    JobState.RETRYING: "warn",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "neutral",
}


def _page(request: HttpRequest, rows: QuerySet[Job], everybody: bool) -> HttpResponse:
    page = Paginator(rows.order_by("-created_at", "-id"), 25).get_page(request.GET.get("page"))
    lines = [(job, title_of(job.kind), KINDS[JobState(job.state)]) for job in page.object_list]
    context = {
        "page": page,
        "lines": lines,
        "everybody": everybody,
        "may_see_all": sees_all_jobs.test(request.user),
    }
    return render(request, "base/jobs.html", context)


@require_safe
@policy(SIGNED_IN)
def my_jobs(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    return _page(request, Job.objects.filter(actor_key=person.key), everybody=False)


@require_safe
@policy(sees_all_jobs)
def all_jobs(request: HttpRequest) -> HttpResponse:
    return _page(request, Job.objects.all(), everybody=True)


@require_safe
@policy(sees_job)
def job(request: HttpRequest, key: str) -> HttpResponse:
    """The whole page; to htmx, which asks every two seconds while the job is under way, only its state."""
    row = get_object_or_404(Job, key=key)
    require(request, sees_job, row)
    context = {
        "job": row,
        "title": title_of(row.kind),
        "kind": KINDS[JobState(row.state)],
        "over": row.state in FINISHED,
        "said": heard(row),
        "result": result_in_words(row.kind, row.result),
    }
    htmx: Any = getattr(request, "htmx", None)
    return render(request, "base/job_state.html" if htmx else "base/job.html", context)


@require_POST
@policy(sees_job)
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    row = get_object_or_404(Job, key=key)
    require(request, sees_job, row)
    cancel_job(row)
    messages.success(request, _("The job will stop."))
    return HttpResponseRedirect(reverse("base:job", args=[key]))


@require_POST
@policy(sees_job)
def retry(request: HttpRequest, key: str) -> HttpResponse:
    row = get_object_or_404(Job, key=key)
    require(request, sees_job, row)
    retry_job(row)
    messages.success(request, _("The job was queued again."))
    return HttpResponseRedirect(reverse("base:job", args=[key]))


urlpatterns = [
    path("jobs/", my_jobs, name="jobs"),
    path("jobs/all/", all_jobs, name="jobs-all"),
    path("jobs/<str:key>/", job, name="job"),
    path("jobs/<str:key>/cancel/", cancel, name="job-cancel"),
    path("jobs/<str:key>/retry/", retry, name="job-retry"),
]
