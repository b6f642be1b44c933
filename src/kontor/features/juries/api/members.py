"""The assessors of a jury: invited, changed, ill, back, out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import policy
from kontor.features.juries import actions
from kontor.features.juries.api.finding import JuryReasonIn, Revision, member_in, run_panel
from kontor.features.juries.conflicts import assessable, conflicts_of
from kontor.features.juries.models import AssignmentState, Expert, Member, Panel, ReviewState
from kontor.features.juries.rules import may_run_panel

router = Router("juries")


class PanelMemberOut(Schema):
    key: str
    expert: str
    name: str
    state: str = Field(description="invited, accepted, declined, ill or removed")
    chair: bool
    load_min: int
    load_max: int | None = Field(description="null: as the expert or the jury says")
    blocked: int = Field(description="applications that conflicts of interest bar")
    assigned: int
    handed_in: int
    reason: str
    revision: int


class MemberIn(Schema):
    expert: str = Field(max_length=12)
    chair: bool = False
    load_min: int = Field(0, ge=0, le=200)
    load_max: int | None = Field(None, ge=0, le=200)


class MemberChangeIn(Schema):
    """What is left out stays as it is."""

    revision: Revision
    chair: bool | None = None
    load_min: int | None = Field(None, ge=0, le=200)
    load_max: int | None = Field(None, ge=0, le=200, description="null: as the expert or the jury says")


class IllIn(Schema):
    reason: str = Field("", max_length=300)


@router.get("/{key}/members/", response=list[PanelMemberOut])
@policy(may_run_panel)
def members(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Assessors, with how many applications conflicts bar them from."""
    row = run_panel(request, key)
    return _told(row, list(_rows(row)))


@router.post("/{key}/members/", response={201: PanelMemberOut})
@policy(may_run_panel)
def invite(request: HttpRequest, key: str, body: MemberIn) -> Status[dict[str, Any]]:
    """Invite an expert of the pool, by mail. 409 for one who is in conflict with every application."""
    row = run_panel(request, key)
    expert: Expert = found(Expert.objects.alive().filter(programme=row.call.programme), key=body.expert)
    made = actions.invite_member(
        panel=row, expert=expert, values=body.dict(exclude={"expert"}), actor=actor_of(request)
    )
    return Status(201, _one(row, made))


@router.patch("/{key}/members/{member}/", response=PanelMemberOut)
@policy(may_run_panel)
def change(request: HttpRequest, key: str, member: str, body: MemberChangeIn) -> dict[str, Any]:
    """Chair and load. 409 where somebody changed them since."""
    row = run_panel(request, key)
    given = body.dict(exclude_unset=True)
    revision = given.pop("revision")
    values = {name: value for name, value in given.items() if value is not None or name == "load_max"}
    done = actions.change_member(
        member=member_in(row, member), values=values, revision=revision, actor=actor_of(request)
    )
    return _one(row, done)


@router.post("/{key}/members/{member}/ill/", response=PanelMemberOut)
@policy(may_run_panel)
def ill(request: HttpRequest, key: str, member: str, body: IllIn) -> dict[str, Any]:
    """Ill or prevented; ask for a plan of kind `repair` afterwards."""
    row = run_panel(request, key)
    who = member_in(row, member)
    return _one(row, actions.report_ill(member=who, reason=body.reason, actor=actor_of(request)))


@router.post("/{key}/members/{member}/back/", response=PanelMemberOut)
@policy(may_run_panel)
def back(request: HttpRequest, key: str, member: str) -> dict[str, Any]:
    """Well again, or taken out by mistake."""
    row = run_panel(request, key)
    return _one(row, actions.report_back(member=member_in(row, member), actor=actor_of(request)))


@router.post("/{key}/members/{member}/remove/", response=PanelMemberOut)
@policy(may_run_panel)
def remove(request: HttpRequest, key: str, member: str, body: JuryReasonIn) -> dict[str, Any]:
    """Out of the jury; `back` undoes it."""
    row = run_panel(request, key)
    who = member_in(row, member)
    return _one(row, actions.remove_member(member=who, reason=body.reason, actor=actor_of(request)))


def _rows(panel: Panel) -> Any:
    active = Q(assignments__state=AssignmentState.ACTIVE)
    handed_in = active & Q(assignments__review__state=ReviewState.SUBMITTED)
    return panel.members.select_related("expert").annotate(
        given=Count("assignments", filter=active), done=Count("assignments", filter=handed_in)
    )


def _one(panel: Panel, member: Member) -> dict[str, Any]:
    return _told(panel, list(_rows(panel).filter(pk=member.pk)))[0]


def _told(panel: Panel, rows: Sequence[Any]) -> list[dict[str, Any]]:
    applications = list(assessable(panel))
    conflicts = conflicts_of(panel, [each.expert for each in rows], applications)
    same = ("key", "state", "chair", "load_min", "load_max", "reason", "revision")
    return [
        {
            **{name: getattr(each, name) for name in same},
            "expert": each.expert.key,
            "name": each.expert.name,
            "blocked": sum(conflicts.blocks(each.expert_id, one.pk) for one in applications),
            "assigned": each.given,
            "handed_in": each.done,
        }
        for each in rows
    ]
