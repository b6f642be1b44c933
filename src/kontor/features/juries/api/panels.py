"""Panels: reading, phases, assessors, conflicts, results."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import SIGNED_IN, allowed, policy, require
from kontor.features.accounts.rules import is_controller
from kontor.features.calls.models import Application, Call
from kontor.features.calls.rules import may_manage_call
from kontor.features.juries import actions
from kontor.features.juries.api.finding import read_panel, run_panel
from kontor.features.juries.conflicts import assessable, conflicts_of
from kontor.features.juries.models import Expert, Member, Panel
from kontor.features.juries.outcomes import read_round
from kontor.features.juries.queries import panels_for, results_of
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import seen_by
from kontor.features.juries.visibility import Thing

router = Router("juries")


class PanelOut(Schema):
    key: str
    call: str
    step: int
    phase: str
    reviews: int = Field(description="assessments per application")
    due_on: dt.date | None
    blind: str
    adjusted: bool = Field(description="whether calibrated totals rank")
    revision: int = Field(description="send it with a change")
    sheets: int
    handed_in: int


class PanelIn(Schema):
    call: str = Field(max_length=60)
    step: int = Field(1, ge=1, le=2)


class PhaseIn(Schema):
    to: str = Field(max_length=12)
    revision: int = Field(ge=1, le=2_147_483_647)
    reason: str = Field("", max_length=300)


class PanelMemberOut(Schema):
    key: str
    expert: str
    name: str
    state: str
    chair: bool
    blocked: int = Field(description="applications that conflicts of interest bar")


class MemberIn(Schema):
    expert: str = Field(max_length=12)
    chair: bool = False


class IllIn(Schema):
    reason: str = Field("", max_length=300)


class JuryConflictOut(Schema):
    expert: str
    name: str
    application: str = Field(description="number")
    kinds: list[str]
    sentences: list[str]
    waived: bool
    signed_as: str


class WaiverIn(Schema):
    expert: str = Field(max_length=12)
    application: str = Field(max_length=12)
    reason: str = Field(max_length=2_000)
    signed_as: str = Field(max_length=200)


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


@router.get("/", response=Page[PanelOut])
@policy(SIGNED_IN)
def panels(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Those you run, sit in or control."""
    answer = paginate(panels_for(request.user), page)
    return {**answer, "items": [_panel(row) for row in answer["items"]]}


@router.post("/", response={201: PanelOut})
@policy(may_manage_call)
def open_panel(request: HttpRequest, body: PanelIn) -> Status[dict[str, Any]]:
    """A jury for a step of a call. 409 where it has one."""
    call: Call = found(Call.objects.select_related("programme", "version"), key=body.call)
    require(request, may_manage_call, call)
    return Status(201, _panel(actions.open_panel(call=call, step=body.step, actor=actor_of(request))))


@router.get("/{key}/", response=PanelOut)
@policy(may_read_panel)
def panel(request: HttpRequest, key: str) -> dict[str, Any]:
    row, _viewer = read_panel(request, key)
    return _panel(panels_for(request.user).get(pk=row.pk))


@router.post("/{key}/phase/", response=PanelOut)
@policy(may_run_panel)
def phase(request: HttpRequest, key: str, body: PhaseIn) -> dict[str, Any]:
    """On to the next phase, or back with a reason. 409 where something is missing or somebody was quicker."""
    row = run_panel(request, key)
    if body.to not in {value for value, _label in Panel._meta.get_field("phase").choices or ()}:
        raise Http404
    moved = actions.move_phase(
        panel=row, to=body.to, revision=body.revision, reason=body.reason, actor=actor_of(request)
    )
    return _panel(panels_for(request.user).get(pk=moved.pk))


@router.get("/{key}/members/", response=list[PanelMemberOut])
@policy(may_run_panel)
def members(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Assessors, with how many applications conflicts bar them from."""
    row = run_panel(request, key)
    rows = list(row.members.select_related("expert"))
    applications = list(assessable(row))
    conflicts = conflicts_of(row, [each.expert for each in rows], applications)
    return [
        _member(each, sum(conflicts.blocks(each.expert_id, one.pk) for one in applications)) for each in rows
    ]


@router.post("/{key}/members/", response={201: PanelMemberOut})
@policy(may_run_panel)
def invite(request: HttpRequest, key: str, body: MemberIn) -> Status[dict[str, Any]]:
    """Invite an expert of the pool. 409 for one who is in conflict with every application."""
    row = run_panel(request, key)
    expert: Expert = found(Expert.objects.alive().filter(programme=row.call.programme), key=body.expert)
    made = actions.invite_member(
        panel=row, expert=expert, values={"chair": body.chair}, actor=actor_of(request)
    )
    conflicts = conflicts_of(row, [expert])
    return Status(201, _member(made, len([p for p in conflicts.blocking if p[0] == expert.pk])))


@router.post("/{key}/members/{member}/ill/", response=PanelMemberOut)
@policy(may_run_panel)
def ill(request: HttpRequest, key: str, member: str, body: IllIn) -> dict[str, Any]:
    """Ill or prevented; ask for a plan of kind `repair` afterwards."""
    row = run_panel(request, key)
    who: Member = found(row.members.select_related("expert"), key=member)
    return _member(actions.report_ill(member=who, reason=body.reason, actor=actor_of(request)), 0)


@router.get("/{key}/conflicts/", response=list[JuryConflictOut])
@policy(may_read_panel)
def conflicts(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Every conflict of interest with its sentences; for those who run the jury, and for controllers."""
    row, _viewer = read_panel(request, key)
    if not (allowed(request, may_run_panel, row) or is_controller.test(request.user)):
        raise Http404
    experts = {each.expert_id: each.expert for each in row.members.select_related("expert")}
    applications = {each.pk: each for each in assessable(row)}
    told = conflicts_of(row, experts.values(), list(applications.values()))
    return [
        {
            "expert": experts[expert].key,
            "name": experts[expert].name,
            "application": applications[application].number,
            "kinds": list(dict.fromkeys(each.kind.value for each in listed)),
            "sentences": [each.sentence() for each in listed],
            "waived": (expert, application) in told.waived,
            "signed_as": told.waivers[expert, application].signed_as
            if (expert, application) in told.waived
            else "",
        }
        for (expert, application), listed in sorted(told.found.items())
    ]


@router.post("/{key}/waivers/", response={204: None})
@policy(may_run_panel)
def waive(request: HttpRequest, key: str, body: WaiverIn) -> Status[None]:
    """Sign that an expert may assess although these conflicts stand."""
    row = run_panel(request, key)
    expert: Expert = found(Expert.objects.filter(seats__panel=row), key=body.expert)
    application: Application = found(assessable(row), key=body.application)
    actions.sign_waiver(
        panel=row,
        expert=expert,
        application=application,
        reason=body.reason,
        signed_as=body.signed_as,
        actor=actor_of(request),
    )
    return Status(204, None)


@router.get("/{key}/results/", response=list[JuryResultOut])
@policy(may_read_panel)
def results(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Totals and ranks, where your part lets you see them in this phase; 404 before."""
    row, viewer = read_panel(request, key)
    if not viewer.may(Thing.RESULTS):
        raise Http404
    read = read_round(row)
    shown = {each.application.key for each in seen_by(viewer, read) if each.outcome is not None}
    names = ("total", "adjusted", "counts", "rank", "per_criterion", "passes", "below", "verdict")
    return [
        {"application": each.application_key, **{name: getattr(each, name) for name in names}}
        for each in results_of(read)
        if each.application_key in shown
    ]


def _panel(row: Panel) -> dict[str, Any]:
    same = ("key", "step", "phase", "reviews", "due_on", "blind", "adjusted", "revision")
    return {
        **{name: getattr(row, name) for name in same},
        "call": row.call.key,
        "sheets": getattr(row, "sheets", 0),
        "handed_in": getattr(row, "done", 0),
    }


def _member(row: Member, blocked: int) -> dict[str, Any]:
    return {
        "key": row.key,
        "expert": row.expert.key,
        "name": row.expert.name,
        "state": row.state,
        "chair": row.chair,
        "blocked": blocked,
    }
