"""Amendments: asked by the programme, answered by the applicant, both versions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import allowed, policy, require
from kontor.features.calls.dossier.actions import amending
from kontor.features.calls.dossier.asked import asked_fields
from kontor.features.calls.dossier.forms import AskForm, DeadlineForm
from kontor.features.calls.dossier.reading import content_for
from kontor.features.calls.dossier.rules import may_read_papers, may_take_over
from kontor.features.calls.dossier.views.reading import application_of, head, language, said
from kontor.features.calls.dossier.whole import shown_amendment
from kontor.features.calls.models import Amendment, Application, ApplicationState
from kontor.features.calls.rules import may_handle_application, may_submit_application
from kontor.features.organisations.views.problems import show_at_field


@dataclass(frozen=True)
class Row:
    amendment: Amendment
    labels: list[str]
    overdue: bool


@never_cache
@require_safe
@policy(may_read_papers)
def amendments(request: HttpRequest, key: str) -> HttpResponse:
    """What was asked, the latest first."""
    application = application_of(request, key)
    form = application.questions
    now = timezone.now()
    rows = [
        Row(row, [form.field(key).label.best(language()) for key in row.fields], row.is_overdue(now))
        for row in application.amendments.select_related("application")
    ]
    context = {**head(request, application, "amendments"), "rows": rows, "asks": _asks(request, application)}
    return render(request, "calls/dossier/amendments.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_handle_application)
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Name the fields, the question and the deadline."""
    application = application_of(request, key)
    require(request, may_handle_application, application)
    sections = application.questions.asked_in(application.step)
    fields = [field for section in sections for field in section.fields if field.kind != "partners"]
    form = AskForm(request.POST or None, fields=fields, language=language(), zone=application.call.zone)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = amending.ask_amendment(
                application=application,
                fields=data["fields_asked"],
                question=data["question"],
                deadline=data["deadline"],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The applicants are told by mail."))
            return redirect(made)
    context = {**head(request, application, "amendments"), "form": form}
    return render(request, "calls/dossier/amendment_ask.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@policy(may_read_papers)
def amendment(request: HttpRequest, key: str, amendment_key: str) -> HttpResponse:
    """One question with both versions; the applicant's form while it waits."""
    application = application_of(request, key)
    row = amendment_in(application, amendment_key)
    fields = asked_fields(application, row, row.after, language())
    return page(request, application, row, fields=fields, note=row.note)


def page(
    request: HttpRequest, application: Application, row: Amendment, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of one amendment; `more` is what a form that was refused shows again."""
    now = timezone.now()
    handles = allowed(request, may_handle_application, application)
    content = content_for(request.user, application)
    context = {
        **head(request, application, "amendments"),
        "shown": shown_amendment(row, content, language()),
        "row": row,
        "waiting": row.is_waiting(now),
        "overdue": row.is_overdue(now),
        "answers": row.is_waiting(now) and allowed(request, may_take_over, application),
        "submits": allowed(request, may_submit_application, application),
        "asks_again": handles and row.state != "answered",
        "deadline_form": DeadlineForm(zone=application.call.zone),
        **more,
    }
    return render(request, "calls/dossier/amendment.html", context, status=status)


@require_POST
@policy(may_handle_application)
def withdraw(request: HttpRequest, key: str, amendment_key: str) -> HttpResponse:
    application = application_of(request, key)
    require(request, may_handle_application, application)
    row = amendment_in(application, amendment_key)
    with said(request, _("The question is withdrawn.")):
        amending.withdraw_amendment(amendment=row, actor=actor_of(request))
    return redirect(row)


@never_cache
@require_POST
@policy(may_handle_application)
def deadline(request: HttpRequest, key: str, amendment_key: str) -> HttpResponse:
    """A new deadline; it brings a withdrawn question back."""
    application = application_of(request, key)
    require(request, may_handle_application, application)
    row = amendment_in(application, amendment_key)
    form = DeadlineForm(request.POST, zone=application.call.zone)
    if not form.is_valid():
        return page(request, application, row, status=400, deadline_form=form)
    with said(request, _("The applicants are told by mail.")):
        amending.ask_again(amendment=row, deadline=form.cleaned_data["deadline"], actor=actor_of(request))
    return redirect(row)


def amendment_in(application: Application, key: str) -> Amendment:
    found: Amendment = get_object_or_404(application.amendments.select_related("application__call"), key=key)
    return found


def _asks(request: HttpRequest, application: Application) -> bool:
    open_ = application.is_handed_in and application.state != ApplicationState.DECIDED
    return open_ and allowed(request, may_handle_application, application)


urlpatterns: list[Any] = [
    path("<str:key>/amendments/", amendments, name="amendments"),
    path("<str:key>/amendments/ask/", ask, name="amendment-ask"),
    path("<str:key>/amendments/<str:amendment_key>/", amendment, name="amendment"),
    path("<str:key>/amendments/<str:amendment_key>/withdraw/", withdraw, name="amendment-withdraw"),
    path("<str:key>/amendments/<str:amendment_key>/deadline/", deadline, name="amendment-deadline"),
]
