"""The desk of a call, one's own cases, and one case with its log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import allowed, policy, require
from kontor.features.accounts.rules import is_controller
from kontor.features.calls.announcing.forms import ReasonForm
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.announcing.views.editing import tried
from kontor.features.calls.announcing.views.reading import head
from kontor.features.calls.casework import actions
from kontor.features.calls.casework.forms import EntryForm, HandOverForm
from kontor.features.calls.casework.queries import (
    case_for,
    cases_for,
    contacts_with_load,
    desk_of,
    shared_log,
)
from kontor.features.calls.casework.rules import (
    may_help_in_call,
    may_read_case,
    may_see_desk,
    may_work_on_case,
    sits_at_a_desk,
)
from kontor.features.calls.casework.words import entry_line, notice_line
from kontor.features.calls.models import CallContact, Case, OrganisationNotice
from kontor.features.calls.queries import application_for
from kontor.features.calls.rules import may_read_application

PAGE_SIZE = 50


@require_safe
@policy(may_see_desk)
def desk(request: HttpRequest, key: str) -> HttpResponse:
    """Everything handed in with contact, clock and eligibility; what waits comes first."""
    call = call_for(request.user, key)
    require(request, may_see_desk, call)
    found = desk_of(call)
    context = {
        **head(request, call, "desk"),
        "desk": found,
        "notices": [(one, notice_line(one)) for one in found.notices],
        "undecided": [row for row in found.rows if row.undecided],
        "waiting": call.faq.waiting().count(),
        "currency": call.definition_of_programme.currency,
    }
    return render(request, "calls/casework/desk.html", context)


@require_POST
@policy(may_help_in_call)
def settle(request: HttpRequest, key: str, notice: int) -> HttpResponse:
    """Somebody looked at what became of an organisation."""
    call = call_for(request.user, key)
    require(request, may_help_in_call, call)
    rows = OrganisationNotice.objects.select_related("application")
    found = get_object_or_404(rows, application__call=call, pk=notice)
    actions.settle_notice(notice=found, actor=actor_of(request))
    messages.success(request, _("Noted that somebody looked at it."))
    return redirect("calls:desk", call.key)


@require_safe
@policy(sits_at_a_desk)
def cases(request: HttpRequest) -> HttpResponse:
    """One's own open cases; `?all=1` those of all colleagues, `?closed=1` also finished ones."""
    everybody, closed = request.GET.get("all") == "1", request.GET.get("closed") == "1"
    rows = cases_for(request.user, mine=not everybody, closed=closed)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    views = [("", _("My open cases")), ("all=1", _("All open cases")), ("all=1&closed=1", _("All cases"))]
    now = "all=1&closed=1" if closed else "all=1" if everybody else ""
    context = {
        "page": page,
        "tabs": [
            {"label": label, "href": f"?{query}", "current": query == now, "count": None}
            for query, label in views
        ],
    }
    return render(request, "calls/casework/cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read_case)
def case(request: HttpRequest, key: str) -> HttpResponse:
    """One case; a line written here joins its log."""
    found = _case(request, key)
    form = EntryForm(request.POST or None, initial={"kind": "note"})
    if request.method == "POST":
        require(request, may_work_on_case, found)
        if form.is_valid() and tried(
            form, actions.log_entry, case=found, actor=actor_of(request), **form.cleaned_data
        ):
            messages.success(request, _("The line is written."))
            return redirect(found)
    context = {
        **head(request, found.call, "desk"),
        "case": found,
        "works": allowed(request, may_work_on_case, found),
        "form": form,
        "entries": [(one, entry_line(one)) for one in found.entries.all()],
        "fields": _themes(found),
    }
    return render(request, "calls/casework/case.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_work_on_case)
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    found = _worked(request, key)
    initial = {"revision": found.revision}
    contacts = contacts_with_load(found.call)
    form = HandOverForm(request.POST or None, case=found, contacts=contacts, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["to"] = get_object_or_404(CallContact, call=found.call, pk=given["to"])
        if tried(form, actions.hand_over_case, case=found, actor=actor_of(request), **given):
            messages.success(request, _("The case is handed over."))
            return redirect(found)
    return _page(request, found, form, _("Hand the case over"), _("Hand over"))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_work_on_case)
def close(request: HttpRequest, key: str) -> HttpResponse:
    found = _worked(request, key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, actions.close_case, case=found, reason=reason, actor=actor_of(request)):
            messages.success(request, _("The case is closed. You can open it again."))
            return redirect(found)
    return _page(request, found, form, _("Close the case"), _("Close"))


@require_POST
@policy(may_work_on_case)
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    found = _worked(request, key)
    try:
        actions.reopen_case(case=found, actor=actor_of(request))
    except KontorError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The case is open again."))
    return redirect(found)


@require_safe
@policy(may_read_application)
def my_contact(request: HttpRequest, key: str) -> HttpResponse:
    """For the people of an application: who accompanies it, and what the log shares with them."""
    application = application_for(request.user, key)
    require(request, may_read_application, application)
    found, shared = shared_log(application)
    entries = [(one, entry_line(one)) for one in shared]
    context = {"application": application, "case": found, "entries": entries}
    return render(request, "calls/casework/my_contact.html", context)


def _case(request: HttpRequest, key: str) -> Case:
    found = case_for(request.user, key, reads_all=allowed(request, is_controller))
    require(request, may_read_case, found)
    return found


def _worked(request: HttpRequest, key: str) -> Case:
    found = case_for(request.user, key)
    require(request, may_work_on_case, found)
    return found


def _themes(found: Case) -> list[Any]:
    definition = found.call.definition_of_programme
    return [one.name for one in definition.themes if one.key in found.themes]


def _page(request: HttpRequest, found: Case, form: forms.Form, title: str, button: str) -> HttpResponse:
    context = {
        **head(request, found.call, "desk"),
        "case": found,
        "form": form,
        "title": title,
        "button": button,
    }
    return render(request, "calls/casework/case_form.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("cases/", cases, name="cases"),
    path("cases/<str:key>/", case, name="case"),
    path("cases/<str:key>/hand-over/", hand_over, name="hand-over"),
    path("cases/<str:key>/close/", close, name="close-case"),
    path("cases/<str:key>/reopen/", reopen, name="reopen-case"),
    path("applications/<str:key>/contact/", my_contact, name="my-contact"),
    path("<slug:key>/desk/", desk, name="desk"),
    path("<slug:key>/desk/notices/<int:notice>/", settle, name="settle-notice"),
]
