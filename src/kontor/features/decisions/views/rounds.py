"""All rounds that a person may read, beginning one, and its settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import allowed, policy, require
from kontor.features.decisions import actions
from kontor.features.decisions.forms import OpenForm, RoundForm
from kontor.features.decisions.queries import calls_to_decide, rounds_for
from kontor.features.decisions.rules import may_decide, may_open_some, may_see_some
from kontor.features.decisions.tabs import around
from kontor.features.decisions.views.doors import decided_round, tried


@require_safe
@policy(may_see_some)
def rounds(request: HttpRequest) -> HttpResponse:
    """Calls whose decisions are under way or taken."""
    opens = allowed(request, may_open_some)
    context = {
        "rows": list(rounds_for(request.user)),
        "opens": opens and calls_to_decide(request.user).exists(),
    }
    return render(request, "decisions/rounds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_open_some)
def open_round(request: HttpRequest) -> HttpResponse:
    calls = list(calls_to_decide(request.user))
    form = OpenForm(request.POST or None, calls=calls, initial={"call": request.GET.get("call", "")})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        call = next(one for one in calls if one.key == told.pop("call"))
        require(request, may_decide, call)
        made = tried(form, actions.open_round, call=call, actor=actor_of(request), **told)
        if made:
            messages.success(request, _("The decisions can begin. Compute a scenario, or look at the board."))
            return redirect(made)
    context = {"form": form, "calls": calls}
    return render(request, "decisions/open.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_decide)
def settings(request: HttpRequest, key: str) -> HttpResponse:
    round = decided_round(request, key)
    form = RoundForm(request.POST or None, round=round)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        changed = tried(
            form,
            actions.change_round,
            round=round,
            values=form.values,
            ceiling=told.get("ceiling"),
            balancing=told.get("balancing"),
            revision=told["revision"],
            actor=actor_of(request),
        )
        if changed:
            messages.success(request, _("Saved."))
            return redirect("decisions:record", round.key)
    context = {**around(request.user, round, "record"), "form": form}
    return render(request, "decisions/settings.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("", rounds, name="rounds"),
    path("new/", open_round, name="open"),
    path("<str:key>/settings/", settings, name="settings"),
]
