"""The reserve list, and what happens when money becomes free."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import policy
from kontor.features.decisions import actions
from kontor.features.decisions.actions.reserve import preview
from kontor.features.decisions.grounds import names_of
from kontor.features.decisions.rules import may_decide, may_read_round
from kontor.features.decisions.tabs import around
from kontor.features.decisions.views.doors import decided_round, done_or_told, read_round


@require_safe
@policy(may_read_round)
def reserve(request: HttpRequest, key: str) -> HttpResponse:
    """Who waits, in which order, and who would move up now."""
    round = read_round(request, key)
    context = {**around(request.user, round, "reserve"), "plan": preview(round)}
    context["names"] = names_of(round)
    context["envelopes"] = list(round.envelopes.select_related("envelope"))
    return render(request, "decisions/reserve.html", context)


@require_POST
@policy(may_decide)
def move_up(request: HttpRequest, key: str) -> HttpResponse:
    round = decided_round(request, key)
    made = done_or_told(request, actions.move_up, round=round, actor=actor_of(request))
    if made is True:
        messages.success(request, _("The money of withdrawn proposals is free again. Nobody moved up."))
    elif made:
        text = ngettext(
            "%(count)s proposal moved up. Publish it, then write.",
            "%(count)s proposals moved up. Publish them, then write.",
            len(made),
        )
        messages.success(request, text % {"count": len(made)})
    return redirect("decisions:reserve", round.key)


urlpatterns = [
    path("<str:key>/reserve/", reserve, name="reserve"),
    path("<str:key>/reserve/move-up/", move_up, name="move-up"),
]
