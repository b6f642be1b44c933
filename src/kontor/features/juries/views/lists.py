"""All juries of a person, and opening one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.accounts.rules import is_administrator, is_controller
from kontor.features.calls.models import Call
from kontor.features.calls.rules import may_manage_call
from kontor.features.juries import actions
from kontor.features.juries.forms import OpenForm
from kontor.features.juries.models import Panel, Phase
from kontor.features.juries.models.panel import programmes_managed
from kontor.features.juries.queries import invitations_for, panels_for, sheets_to_write
from kontor.features.juries.rules import may_run_some
from kontor.features.juries.views.reading import PHASE_BADGES
from kontor.features.organisations.views.problems import show_at_field


@require_safe
@policy(SIGNED_IN)
def juries(request: HttpRequest) -> HttpResponse:
    """What one runs, sits in or is invited to; sheets that wait first."""
    invitations = list(invitations_for(request.user))
    # who is only invited has no page there yet, but the invitation
    waiting = (
        set()
        if (is_administrator | is_controller).test(request.user)
        else {seat.panel_id for seat in invitations}
    )
    managed = programmes_managed(request.user)
    rows = [
        row for row in panels_for(request.user) if row.pk not in waiting or row.call.programme.key in managed
    ]
    context = {
        "rows": [(row, PHASE_BADGES[Phase(row.phase)]) for row in rows],
        "sheets": list(sheets_to_write(request.user)),
        "invitations": invitations,
        "opens": bool(may_run_some.test(request.user)),
    }
    return render(request, "juries/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_some)
def new_panel(request: HttpRequest) -> HttpResponse:
    """A jury for a call of a programme one manages."""
    calls = Call.objects.select_related("programme", "version").exclude(state="withdrawn")
    if not is_administrator.test(request.user):
        calls = calls.filter(programme__key__in=programmes_managed(request.user))
    form = OpenForm(request.POST or None, calls=list(calls), initial={"call": request.GET.get("call", "")})
    if request.method == "POST" and form.is_valid():
        call = get_object_or_404(calls, key=form.cleaned_data["call"])
        require(request, may_manage_call, call)
        try:
            panel: Panel = actions.open_panel(
                call=call, step=form.cleaned_data["step"], actor=actor_of(request)
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The jury is open. Invite its assessors."))
            return redirect("juries:members", panel.key)
    context = {
        "form": form,
        "title": _("Open a jury"),
        "lead": _("One jury for each step of a call. Criteria and thresholds come from the programme."),
        "button": _("Open the jury"),
    }
    return render(request, "juries/form.html", context)


urlpatterns = [
    path("", juries, name="list"),
    path("new/", new_panel, name="new"),
]
