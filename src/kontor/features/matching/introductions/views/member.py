"""Pages for the people of the two organisations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import SIGNED_IN, allowed, policy, require
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.forms import OutcomeForm
from kontor.features.matching.introductions.queries import (
    disclosures_about,
    mine_of,
    readable,
    refusals_by,
    viewer_before,
)
from kontor.features.matching.introductions.rules import (
    may_answer,
    may_oversee,
    may_read,
    may_read_log,
    may_withdraw,
)
from kontor.features.matching.introductions.views.showing import (
    answer_form,
    answer_tabs,
    page_of,
    said_after,
    shown_row,
    take_answer,
    take_report,
)
from kontor.features.matching.models import Introduction, Refusal, Side
from kontor.features.matching.models.states import Channel
from kontor.features.organisations.models import Organisation

PAGE_SIZE = 50


@require_safe
@policy(SIGNED_IN)
def my_introductions(request: HttpRequest) -> HttpResponse:
    """What one's own organisations are asked, and what became of the rest."""
    mine = mine_of(request.user)
    shown = [each for row in mine.rows for each in row.shown]
    actions.note_disclosures(mine.viewer, shown, Channel.LIST)
    groups = [
        (_("Waiting for your answer"), mine.to_answer, "warn"),
        (_("Tell what became of it"), mine.to_report, "warn"),
        (_("Waiting for the other side"), mine.waiting, "info"),
        (_("Both agreed"), mine.running, "good"),
        (_("Closed"), mine.closed, "neutral"),
    ]
    context = {
        "groups": [group for group in groups if group[1]],
        "refusals": refusals_by(request.user),
        "oversees": allowed(request, may_oversee),
    }
    return render(request, "matching/introductions/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One introduction as far as the reader may read it; answering where the reader answers for a side."""
    introduction = get_object_or_404(readable(request.user), key=key)
    require(request, may_read, introduction)
    side = _side_for(request, introduction)
    chosen, form = answer_form(request)
    if request.method == "POST":
        require(request, may_answer, side)
        assert side is not None
        if take_answer(form, introduction, side, actor_of(request)):
            messages.success(request, said_after(chosen))
            return redirect(introduction)
    row = shown_row(introduction, viewer_before(request.user, [introduction]), Channel.PAGE)
    context = {
        **page_of(row, side),
        "form": form,
        "answer": chosen,
        "tabs": answer_tabs(chosen, introduction.get_absolute_url()),
        "can_withdraw": introduction.is_open and allowed(request, may_withdraw, introduction),
        "reasons_shown": allowed(request, may_oversee),
        "logs": [each for each in row.shown if allowed(request, may_read_log, each.side.organisation)],
        "undo_href": reverse("matching:introduction-undo", args=[key]),
        "report_href": reverse("matching:introduction-outcome", args=[key]),
    }
    return render(request, "matching/introductions/detail.html", context)


def _side_for(request: HttpRequest, introduction: Introduction) -> Side | None:
    """The side the person answers for: one that has not answered before one that has."""
    sides = [side for side in introduction.sides.all() if allowed(request, may_answer, side)]
    return min(sides, key=lambda side: side.has_answered, default=None)


@require_POST
@policy(may_answer)
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's own answer back."""
    introduction = get_object_or_404(readable(request.user), key=key)
    side = _side_for(request, introduction)
    require(request, may_answer, side)
    assert side is not None
    actions.undo_answer(introduction=introduction, organisation=side.organisation, actor=actor_of(request))
    messages.success(request, _("Your answer is taken back."))
    return redirect(introduction)


@require_POST
@policy(may_withdraw)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """The proposer takes the introduction back."""
    introduction = get_object_or_404(readable(request.user), key=key)
    require(request, may_withdraw, introduction)
    actions.withdraw_introduction(introduction=introduction, actor=actor_of(request))
    messages.success(request, _("The introduction is withdrawn."))
    return redirect(introduction)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_answer)
def outcome(request: HttpRequest, key: str) -> HttpResponse:
    """Tell what became of it; a report for a month told before corrects it."""
    introduction = get_object_or_404(readable(request.user), key=key)
    side = _side_for(request, introduction)
    require(request, may_answer, side)
    assert side is not None
    form = OutcomeForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    month = _month(request)
    if request.method == "POST" and take_report(form, introduction, side, actor_of(request), month):
        messages.success(request, _("Thank you. It is in the ledger."))
        return redirect(introduction)
    row = shown_row(introduction, viewer_before(request.user, [introduction]), Channel.PAGE)
    context = {**page_of(row, side), "form": form, "month": month}
    return render(request, "matching/introductions/outcome.html", context)


def _month(request: HttpRequest) -> int | None:
    given = request.GET.get("month", "")
    return int(given) if given in {"0", "3", "6", "12"} else None


@require_POST
@policy(may_answer)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a no that one's own organisation gave."""
    refusal = get_object_or_404(Refusal.objects.select_related("by"), pk=pk)
    require(request, may_answer, Side(organisation=refusal.by))
    actions.lift_refusal(refusal=refusal, actor=actor_of(request))
    messages.success(request, _("The no is lifted. You may be introduced again."))
    return redirect("matching:my-introductions")


@require_safe
@policy(may_read_log)
def seen(request: HttpRequest, key: str) -> HttpResponse:
    """Who was shown more of an organisation than its teaser, when and where."""
    organisation = get_object_or_404(Organisation, key=key)
    require(request, may_read_log, organisation)
    page = Paginator(disclosures_about(organisation), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"organisation": organisation, "page": page}
    return render(request, "matching/introductions/seen.html", context)


urlpatterns = [
    path("mine/", my_introductions, name="my-introductions"),
    path("refusals/<int:pk>/lift/", lift, name="lift-refusal"),
    path("seen/<str:key>/", seen, name="disclosures"),
    path("<str:key>/", detail, name="introduction"),
    path("<str:key>/undo/", undo, name="introduction-undo"),
    path("<str:key>/withdraw/", withdraw, name="introduction-withdraw"),
    path("<str:key>/outcome/", outcome, name="introduction-outcome"),
]
