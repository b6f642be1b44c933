"""The decision board, deciding as the adopted scenario says, confirming, and publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import policy
from kontor.features.decisions import actions
from kontor.features.decisions.actions.publishing import undecided
from kontor.features.decisions.forms import PublishForm
from kontor.features.decisions.models import Decision, Round
from kontor.features.decisions.queries import board_of, demand_on, freed_since
from kontor.features.decisions.rules import may_decide, may_read_round
from kontor.features.decisions.tabs import around
from kontor.features.decisions.views.doors import decided_round, done_or_told, read_round, tried
from kontor.features.decisions.views.showing import BADGES, verdicts_of


@require_safe
@policy(may_read_round)
def board(request: HttpRequest, key: str) -> HttpResponse:
    """Envelopes with running totals, and every proposal in the order of the ranking."""
    round = read_round(request, key)
    shown = board_of(round)
    held = [row.decision for row in shown.rows if row.decision]
    for decision in held:
        decision.round = round
    mine = actor_of(request).key
    waiting = [one for one in held if one.needs_confirmation]
    context = {
        **around(request.user, round, "board"),
        "board": shown,
        "demand": demand_on(shown.book),
        "badges": BADGES,
        "verdicts": verdicts_of(round),
        "open_count": sum(row.decision is None and not row.withdrawn for row in shown.rows),
        "fresh_count": sum(one.publication_id is None for one in held),
        "to_confirm": [one for one in waiting if one.decided_by_key != mine],
        "own_to_confirm": [one for one in waiting if one.decided_by_key == mine],
        "freed": freed_since(shown),
    }
    return render(request, "decisions/board.html", context)


@require_POST
@policy(may_decide)
def as_adopted(request: HttpRequest, key: str) -> HttpResponse:
    """Every proposal without a decision gets the one that the adopted scenario proposes."""
    round = decided_round(request, key)
    made = done_or_told(request, actions.decide_as_adopted, round=round, actor=actor_of(request))
    if made is True:
        messages.info(request, _("There is nothing left to decide."))
    elif made:
        text = ngettext("%(count)s decision is taken.", "%(count)s decisions are taken.", len(made))
        messages.success(request, text % {"count": len(made)})
    return redirect(round)


@require_POST
@policy(may_decide)
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The second person's yes to the ticked grants."""
    round = decided_round(request, key)
    chosen = list(Decision.objects.live().filter(round=round, key__in=request.POST.getlist("decision")))
    count = done_or_told(
        request, actions.confirm_decisions, round=round, decisions=chosen, actor=actor_of(request)
    )
    if isinstance(count, int) and count is not True:
        text = ngettext("%(count)s grant is confirmed.", "%(count)s grants are confirmed.", count)
        messages.success(request, text % {"count": count})
    return redirect(round)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_decide)
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """What applicants will learn, and the button."""
    round = decided_round(request, key)
    open_ones = undecided(round)
    form = PublishForm(request.POST if request.method == "POST" else None, undecided=bool(open_ones))
    if request.method == "POST" and form.is_valid():
        made = tried(
            form, actions.publish_decisions, round=round, actor=actor_of(request), **form.cleaned_data
        )
        if made:
            messages.success(request, _("The applicants can read their decisions. Prepare the letters now."))
            return redirect("decisions:letters", round.key)
    context = {
        **around(request.user, round, "board"),
        "form": form,
        "fresh": _fresh(round),
        "undecided": open_ones,
        "badges": BADGES,
    }
    return render(request, "decisions/publish.html", context, status=400 if form.errors else 200)


def _fresh(round: Round) -> list[Decision]:
    rows = Decision.objects.live().filter(round=round, publication=None).select_related("application__lead")
    found = list(rows.order_by("application__number"))
    for one in found:
        one.round = round
    return found


urlpatterns = [
    path("<str:key>/", board, name="board"),
    path("<str:key>/as-adopted/", as_adopted, name="as-adopted"),
    path("<str:key>/confirm/", confirm, name="confirm"),
    path("<str:key>/publish/", publish, name="publish"),
]
