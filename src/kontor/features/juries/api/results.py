"""Results of a jury, raw beside calibrated, and what an applicant is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import SIGNED_IN, allowed, policy
from kontor.features.calls.models import Application
from kontor.features.calls.rules import own_q
from kontor.features.juries import actions
from kontor.features.juries.api.finding import Revision, read_panel, run_panel
from kontor.features.juries.api.shown import VerdictOut, verdict_told
from kontor.features.juries.marking import rounded
from kontor.features.juries.models import Panel
from kontor.features.juries.outcomes import Round, read_round
from kontor.features.juries.queries import comments_of, results_of
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import only_from_outside, seen_by, viewer_of
from kontor.features.juries.visibility import Role, Thing, sees

router = Router("juries")
FINEST = 4  # decimals of statistics


class JuryResultOut(Schema):
    application: str
    total: Decimal | None = Field(description="percent of the best result; null until everything is in")
    adjusted: Decimal | None
    counts: Decimal | None = Field(description="the one that ranks")
    rank: int | None
    per_criterion: dict[str, Decimal]
    passes: bool
    below: list[str] = Field(description="criteria that miss their threshold")
    verdict: str


class SeverityOut(Schema):
    member: str
    name: str
    count: int = Field(description="assessments handed in")
    raw_gap: float = Field(description="mean distance from the others' mean of the same applications")
    effect: float = Field(description="points given above or below others, shrunk")
    error: float = Field(description="its standard error")
    used: bool = Field(description="whether enough assessments stand behind it")


class MovedOut(Schema):
    application: str
    number: str
    raw: Decimal | None
    adjusted: Decimal | None
    raw_rank: int
    adjusted_rank: int


class CalibrationOut(Schema):
    adjusted: bool = Field(description="whether calibrated totals rank")
    reason: str
    minimum: int = Field(description="assessments that an assessor needs")
    between: float | None = Field(description="standard deviation of severities; null before the first sheet")
    noise: float | None
    assessors: list[SeverityOut] = Field(description="empty where the jury judges in words")
    applications: list[MovedOut] = Field(description="those with a total: both totals, both ranks")
    revision: int = Field(description="of the jury; send it with a change")


class CalibrationIn(Schema):
    adjusted: bool
    reason: str = Field(min_length=1, max_length=500)
    revision: Revision


class JuryOutcomeOut(Schema):
    """What an applicant may know; what is null is not told."""

    application: str
    result: VerdictOut | None
    per_criterion: dict[str, Decimal] | None
    comments: dict[str, list[str]] | None = Field(description="in the assessors' words, by language")


# before the addresses of one jury, whose key would otherwise be “outcome”
@router.get("/outcome/{application}/", response=JuryOutcomeOut)
@policy(SIGNED_IN)
def outcome(request: HttpRequest, application: str) -> dict[str, Any]:
    """What the jury says of your own application, once applicants are informed; 404 before and for others."""
    row: Application = found(Application.objects.filter(own_q(request.user)), key=application)
    panels = Panel.objects.filter(call=row.call_id, assignments__application=row)
    panel = panels.select_related("call__programme", "call__version").order_by("-step").first()
    told = sees(panel, Role.APPLICANT) if panel else frozenset()
    if panel is None or not told:
        raise Http404
    read = read_round(panel)
    one = next((each for each in read.outcomes if each.application.pk == row.pk), None)
    if one is None:
        raise Http404
    shares = one.final.score.shares if one.final else {}
    results = Thing.RESULTS in told
    return {
        "application": row.key,
        "result": verdict_told(one, read) if results else None,
        "per_criterion": {key: rounded(100 * share) for key, share in shares.items()} if results else None,
        "comments": comments_of(one) if Thing.COMMENTS in told else None,
    }


@router.get("/{key}/results/", response=list[JuryResultOut])
@policy(may_read_panel)
def results(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Totals and ranks, where your part lets you see them in this phase; 404 before, 403 for a manager who
    sits in the jury.
    """
    row, viewer = read_panel(request, key)
    if not viewer.may(Thing.RESULTS):
        if allowed(request, may_run_panel, row):
            only_from_outside(viewer)
        raise Http404
    read = read_round(row)
    shown = {each.application.key for each in seen_by(viewer, read) if each.outcome is not None}
    names = ("total", "adjusted", "counts", "rank", "per_criterion", "passes", "below", "verdict")
    return [
        {"application": each.application_key, **{name: getattr(each, name) for name in names}}
        for each in results_of(read)
        if each.application_key in shown
    ]


@router.get("/{key}/calibration/", response=CalibrationOut)
@policy(may_run_panel)
def calibration(request: HttpRequest, key: str) -> dict[str, Any]:
    """How severe each assessor is, and what taking that out does to every rank. Raw totals rank at first.
    403 for a manager who sits in the jury.
    """
    return _calibration(_managed(request, key))


@router.put("/{key}/calibration/", response=CalibrationOut)
@policy(may_run_panel)
def choose(request: HttpRequest, key: str, body: CalibrationIn) -> dict[str, Any]:
    """Decide which totals rank, with a reason. 409 once applicants are informed."""
    panel = _managed(request, key)
    actions.use_adjusted(
        panel=panel,
        adjusted=body.adjusted,
        reason=body.reason,
        revision=body.revision,
        actor=actor_of(request),
    )
    return _calibration(_managed(request, key))


def _managed(request: HttpRequest, key: str) -> Panel:
    """403 for a manager who sits in the jury and therefore sees as an assessor."""
    panel = run_panel(request, key)
    only_from_outside(viewer_of(request.user, panel))
    return panel


def _calibration(panel: Panel) -> dict[str, Any]:
    read = read_round(panel)
    known = None if read.scale.in_words else read.calibration
    names = {row.key: row.expert.name for row in panel.members.select_related("expert")}
    return {
        "adjusted": panel.adjusted,
        "reason": panel.adjusted_reason,
        "minimum": panel.minimum,
        "between": round(known.between, FINEST) if known else None,
        "noise": round(known.noise, FINEST) if known else None,
        "assessors": [
            {
                "member": each.juror,
                "name": names.get(each.juror, ""),
                "count": each.count,
                "raw_gap": round(each.raw_gap, FINEST),
                "effect": round(each.effect, FINEST),
                "error": round(each.error, FINEST),
                "used": each.used,
            }
            for each in (known.jurors if known else ())
        ],
        "applications": _moved(read),
        "revision": panel.revision,
    }


def _moved(read: Round) -> list[dict[str, Any]]:
    adjusted = {each.application.pk: rank for rank, each in read.ranked(adjusted=True)}
    return [
        {
            "application": each.application.key,
            "number": each.application.number,
            "raw": rounded(each.total),
            "adjusted": rounded(each.adjusted),
            "raw_rank": rank,
            "adjusted_rank": adjusted[each.application.pk],
        }
        for rank, each in read.ranked(adjusted=False)
    ]
