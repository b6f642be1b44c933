"""The ranking, raw beside calibrated, and what an applicant is told."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import SIGNED_IN, allowed, policy
from kontor.features.calls.models import Application
from kontor.features.calls.rules import own_q
from kontor.features.juries import actions
from kontor.features.juries.marking import rounded
from kontor.features.juries.models import Panel
from kontor.features.juries.outcomes import Outcome, Round, read_round
from kontor.features.juries.queries import comments_of
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import only_from_outside, seen_by, viewer_of
from kontor.features.juries.views.reading import head, read_by, run_by, said
from kontor.features.juries.visibility import Role, Thing, sees
from kontor.features.juries.wording import failures, spoken

#: Effects below it are not seen in two decimals.
TOLD = 0.005


@never_cache
@require_safe
@policy(may_read_panel)
def results(request: HttpRequest, key: str) -> HttpResponse:
    """Totals and ranks; with the severity of assessors beside, for those who run the jury."""
    panel, viewer = read_by(request, key)
    sits = viewer.member is not None and allowed(request, may_run_panel, panel)
    if not viewer.may(Thing.RESULTS):
        if not sits:
            raise Http404
        return render(request, "juries/results.html", {**head(request, panel, "results", viewer), "sits": 1})
    read = read_round(panel)
    hidden = {each.application.pk for each in seen_by(viewer, read) if each.outcome is None}
    context = {
        **head(request, panel, "results", viewer),
        "sits": sits,
        "shown": True,
        "rows": ranking(read, hidden),
        "open": [each for each in read.outcomes if each.final is None and each.application.pk not in hidden],
        "in_words": read.scale.in_words,
        "worth": read.scale.worth(spoken()),
        "criteria": [each.name.best(spoken()) for each in read.scale.criteria],
    }
    if viewer.role == Role.MANAGER:
        context["calibration"] = _calibration(read)
    return render(request, "juries/results.html", context)


@require_POST
@policy(may_run_panel)
def calibrated(request: HttpRequest, key: str) -> HttpResponse:
    """Decide which totals rank."""
    panel = run_by(request, key)
    given = request.POST.get("revision", "")
    with said(request, _("Saved.")):
        only_from_outside(viewer_of(request.user, panel))
        actions.use_adjusted(
            panel=panel,
            adjusted=request.POST.get("adjusted") == "yes",
            reason=request.POST.get("reason", ""),
            revision=int(given) if given.isdecimal() else None,
            actor=actor_of(request),
        )
    return redirect("juries:results", panel.key)


@never_cache
@require_safe
@policy(SIGNED_IN)
def outcome(request: HttpRequest, application: str) -> HttpResponse:
    """What the jury says of one's own application, once applicants are informed; 404 before and for
    others.
    """
    rows = Application.objects.filter(own_q(request.user)).select_related("call")
    row = rows.filter(key=application).first()
    panel = (
        Panel.objects.filter(call=row.call, assignments__application=row)
        .select_related("call__programme", "call__version")
        .order_by("-step")
        .first()
        if row
        else None
    )
    told = sees(panel, Role.APPLICANT) if panel else frozenset()
    if row is None or panel is None or not told:
        raise Http404
    read = read_round(panel)
    found = next((each for each in read.outcomes if each.application.pk == row.pk), None)
    if found is None:
        raise Http404
    context = {
        "application": row,
        "panel": panel,
        "outcome": found if Thing.RESULTS in told else None,
        "total": rounded(found.total),
        "counts": rounded(found.adjusted if panel.adjusted else found.total),
        "verdict": read.scale.shown(found.final.verdict, spoken()) if found.final else "",
        "shares": _shares(found, read),
        "comments": comments_of(found) if Thing.COMMENTS in told else {},
        "below": failures(found, read.scale) if Thing.RESULTS in told else [],
    }
    return render(request, "juries/outcome.html", context)


def ranking(read: Round, hidden: set[int]) -> list[dict[str, Any]]:
    """Best first by the totals that count; both totals and both ranks of each."""
    raw = {each.application.pk: rank for rank, each in read.ranked(adjusted=False)}
    adjusted = {each.application.pk: rank for rank, each in read.ranked(adjusted=True)}
    rows = []
    for rank, each in read.ranked(adjusted=read.panel.adjusted):
        pk = each.application.pk
        if pk in hidden:
            continue
        rows.append(
            {
                "rank": rank,
                "outcome": each,
                "total": rounded(each.total),
                "adjusted": rounded(each.adjusted),
                "raw_rank": raw[pk],
                "adjusted_rank": adjusted[pk],
                "moves": raw[pk] - adjusted[pk],
                "verdict": read.scale.shown(each.final.verdict, spoken()) if each.final else "",
                "below": failures(each, read.scale),
                "shares": _shares(each, read),
            }
        )
    return rows


def _shares(outcome: Outcome, read: Round) -> list[Any]:
    if outcome.final is None:
        return []
    shares = outcome.final.score.shares
    return [(each.name.best(spoken()), rounded(100 * shares[each.key])) for each in read.scale.criteria]


def _calibration(read: Round) -> dict[str, Any] | None:
    found = read.calibration
    if found is None or read.scale.in_words:
        return None
    names = {row.key: row.expert.name for row in read.panel.members.select_related("expert")}
    return {
        "jurors": [(names.get(each.juror, "–"), each) for each in found.jurors],
        "between": found.between,
        "noise": found.noise,
        "differs": any(each.used and abs(each.effect) >= TOLD for each in found.jurors),
    }


urlpatterns = [
    path("outcome/<str:application>/", outcome, name="outcome"),
    path("<str:key>/results/", results, name="results"),
    path("<str:key>/results/calibrated/", calibrated, name="calibrated"),
]
