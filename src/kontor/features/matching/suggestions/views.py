"""The pages of suggestions: a member's own list, a manager's overview."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.api import found
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.accounts.queries import organisations_of
from kontor.features.matching.suggestions import actions
from kontor.features.matching.suggestions.queries import (
    cards_for,
    made_on,
    members_with_counts,
    runs,
    suggested_to,
)
from kontor.features.matching.suggestions.rules import may_run, own_q
from kontor.features.organisations.models import Organisation

PAGE = 50


@require_safe
@policy(SIGNED_IN)
def suggestions(request: HttpRequest) -> HttpResponse:
    """The list of one organisation; without one, the reader's only organisation or all that one may read."""
    key = request.GET.get("organisation", "")
    own = organisations_of(request.user)
    if not key and len(own) == 1 and not may_run.test(request.user):
        key = next(iter(own))
    if not key:
        return _overview(request)
    organisation = found(Organisation.objects.alive().filter(own_q(request.user)), key=key)
    rows = list(suggested_to(organisation, request.user))
    context = {
        "organisation": organisation,
        "cards": cards_for(organisation, rows, request.user),
        "made_on": made_on(rows),
        "many": len(own) > 1 or may_run.test(request.user),
    }
    return render(request, "matching/suggestions/list.html", context)


def _overview(request: HttpRequest) -> HttpResponse:
    page = Paginator(members_with_counts(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "runs": runs(), "may_run": may_run.test(request.user)}
    return render(request, "matching/suggestions/overview.html", context)


@require_POST
@policy(may_run)
def run_now(request: HttpRequest) -> HttpResponse:
    """Have everybody's suggestions computed."""
    actions.run_suggestions(actor=actor_of(request))
    messages.success(request, _("The suggestions are being computed. You can go on with other things."))
    return redirect("matching:suggestions")
