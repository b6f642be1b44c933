"""Writing one section: with a script every field saves itself, without one a button saves the section."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.completeness import problems_of, state_of
from kontor.features.calls.models import Application
from kontor.features.calls.rules import may_write_application
from kontor.features.calls.writing.fields import field_views, section_views
from kontor.features.calls.writing.partners import AddPartnerForm
from kontor.features.calls.writing.posted import NOT_POSTED, written_in
from kontor.features.calls.writing.queries import others_at
from kontor.features.calls.writing.views.finding import application_by, said, section_in
from kontor.features.calls.writing.views.overview import head_of
from kontor.programmes.forms import Section


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_write_application)
def write(request: HttpRequest, key: str, section: str) -> HttpResponse:
    application = application_by(request, key, may_write_application)
    if not application.is_draft:
        messages.info(request, _("The application is handed in; it can be read, not written."))
        return redirect(application)
    asked = section_in(application, section)
    if request.method == "POST":
        return _save(request, application, asked)
    context = page_of(request, application, asked)
    return render(request, "calls/writing/section.html", context)


def page_of(request: HttpRequest, application: Application, asked: Section) -> dict[str, Any]:
    state = state_of(application)
    problems = problems_of(state)
    checked = problems if "check" in request.GET else []
    order = [one.key for one in state.form.asked_in(application.step)]
    at = order.index(asked.key)
    return {
        **head_of(request, application),
        "section": asked,
        "sections": section_views(state, problems, asked.key),
        "view": next(one for one in section_views(state, problems, asked.key) if one.current),
        "fields": list(field_views(state, asked, checked)),
        "writes": any(one.kind not in NOT_POSTED for one in asked.fields),
        "partners": state.partners,
        "add_partner": AddPartnerForm(call=application.call),
        "previous": order[at - 1] if at else "",
        "following": order[at + 1] if at + 1 < len(order) else "",
        "others": others_at(application, request.user),
    }


def _save(request: HttpRequest, application: Application, asked: Section) -> HttpResponse:
    partners = list(application.partners.current())
    try:
        written = written_in(request.POST, asked, application, partners)
        saved = actions.save_answers(application=application, written=written, actor=actor_of(request))
    except KontorError as error:
        messages.error(request, f"{error.message} {error.remedy}".strip())
        return redirect("calls:write", application.key, asked.key)
    except TypeError as wrong:
        raise Http404 from wrong
    parked = [one for one in saved.values() if one.outcome == actions.Outcome.PARKED]
    if parked:
        text = ngettext(
            "Saved. One text met another one: both are shown.",
            "Saved. {count} texts met others: both are shown each time.",
            len(parked),
        )
        messages.warning(request, text.format(count=len(parked)))
        return redirect("calls:write", application.key, asked.key)
    following = request.POST.get("go", "")
    if any(one.outcome != actions.Outcome.SAME for one in saved.values()):
        messages.success(request, _("Saved."))
    elif not following:
        messages.info(request, _("Everything here was saved already."))
    if following == "check":
        return redirect("calls:check-application", application.key)
    known = {one.key for one in application.questions.asked_in(application.step)}
    return redirect("calls:write", application.key, following if following in known else asked.key)


def save_typed(request: HttpRequest, application: Application) -> None:
    """Save what stands in the other fields of the page before one of its small buttons does its work."""
    partners = list(application.partners.current())
    written: dict[str, actions.Written] = {}
    for asked in application.questions.asked_in(application.step):
        written |= written_in(request.POST, asked, application, partners)
    if written:
        with said(request):
            actions.save_answers(application=application, written=written, actor=actor_of(request))


@require_safe
@policy(may_write_application)
def part(request: HttpRequest, key: str, field: str) -> HttpResponse:
    """One field as it is now, for a page that somebody else changed meanwhile."""
    application = application_by(request, key, may_write_application)
    form = application.questions
    try:
        section = form.section_of(field)
    except KeyError as unknown:
        raise Http404 from unknown
    state = state_of(application)
    view = next(one for one in field_views(state, section) if one.field.key == field)
    context = {"view": view, "application": application, "call": application.call, "edits": True}
    if view.field.kind == "partners":
        context |= {"partners": state.partners, "add_partner": AddPartnerForm(call=application.call)}
    return render(request, "calls/writing/_field.html", context)


urlpatterns = [
    path("applications/<slug:key>/write/<slug:section>/", write, name="write"),
    path("applications/<slug:key>/field/<slug:field>/", part, name="field"),
]
