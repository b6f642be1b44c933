"""Check, submit, receipt, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import Conflict, KontorError
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.completeness import blocking, problems_of, state_of
from kontor.features.calls.dossier.reading import content_for
from kontor.features.calls.models import Application, Submission
from kontor.features.calls.rules import (
    may_handle_application,
    may_read_application,
    may_submit_application,
    may_write_application,
)
from kontor.features.calls.snapshot import canonical
from kontor.features.calls.writing.views.finding import application_by, said
from kontor.features.calls.writing.views.overview import head_of, told_of


@require_safe
@policy(may_write_application)
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Every problem with its field and rule, then the button."""
    application = application_by(request, key, may_write_application)
    if not application.is_draft:
        return redirect(application)
    problems = problems_of(state_of(application))
    context = {
        **head_of(request, application),
        "problems": blocking(problems),
        "warnings": [one for one in problems if not one.blocks],
        "sections": told_of(application, content_for(request.user, application)),
    }
    return render(request, "calls/writing/check.html", context)


@require_POST
@policy(may_submit_application)
def submit(request: HttpRequest, key: str) -> HttpResponse:
    application = application_by(request, key, may_submit_application)
    seen = request.POST.get("revision", "")
    try:
        actions.submit_application(
            application=application,
            revision=int(seen) if seen.isdecimal() else None,
            actor=actor_of(request),
        )
    except Conflict as changed:
        messages.warning(request, f"{changed.message} {changed.remedy}")
        return redirect("calls:check-application", application.key)
    except KontorError as error:
        messages.error(request, f"{error.message} {error.remedy}")
        return redirect("calls:check-application", application.key)
    return redirect("calls:receipt", application.key)


def _last(application: Application) -> Submission:
    last: Submission | None = application.submissions.order_by("-id").first()
    if last is None:
        raise Http404
    return last


@require_safe
@policy(may_read_application)
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    application = application_by(request, key)
    last = _last(application)
    context = {
        **head_of(request, application),
        "submission": last,
        "moment": last.at.astimezone(application.call.zone),
    }
    return render(request, "calls/writing/receipt.html", context)


@require_safe
@policy(may_read_application)
def handed_in(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The very text whose hash the receipt names."""
    application = application_by(request, key)
    found = application.submissions.filter(pk=pk).first()
    if found is None:
        raise Http404
    answer = HttpResponse(canonical(found.snapshot), content_type="application/json")
    name = found.receipt.replace("/", "-")
    answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@policy(may_submit_application)
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    application = application_by(request, key, may_submit_application)
    text = _("It is a draft again and does not count as handed in. Submit it before the deadline.")
    with said(request):
        actions.take_submission_back(application=application, actor=actor_of(request))
        messages.warning(request, text)
    return redirect(application)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_submit_application)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    application = application_by(request, key, may_submit_application)
    if request.method == "POST":
        with said(request, _("The application is withdrawn.")):
            reason = request.POST.get("reason", "")
            actions.withdraw_application(application=application, reason=reason, actor=actor_of(request))
        return redirect(application)
    return render(request, "calls/writing/withdraw.html", head_of(request, application))


@require_POST
@policy(may_submit_application)
def undo(request: HttpRequest, key: str) -> HttpResponse:
    application = application_by(request, key, may_submit_application)
    with said(request, _("The application is back where it was.")):
        actions.undo_withdrawal(application=application, actor=actor_of(request))
    return redirect(application)


@require_POST
@policy(may_handle_application)
def invite(request: HttpRequest, key: str) -> HttpResponse:
    application = application_by(request, key, may_handle_application)
    with said(request, _("The applicants are invited to the second step.")):
        actions.invite_to_second_step(application=application, actor=actor_of(request))
    return redirect(application)


urlpatterns = [
    path("applications/<slug:key>/check/", check, name="check-application"),
    path("applications/<slug:key>/submit/", submit, name="submit"),
    path("applications/<slug:key>/receipt/", receipt, name="receipt"),
    path("applications/<slug:key>/handed-in/<int:pk>/", handed_in, name="handed-in"),
    path("applications/<slug:key>/take-back/", take_back, name="take-back"),
    path("applications/<slug:key>/withdraw/", withdraw, name="withdraw-application"),
    path("applications/<slug:key>/undo/", undo, name="undo"),
    path("applications/<slug:key>/invite/", invite, name="invite"),
]
