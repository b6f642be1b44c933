"""One's own seats in juries: the invitation, its answer, conflicts that come up later."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.juries import actions
from kontor.features.juries.api.conflicts import DeclaredOut, DeclareIn, declare_for, declared_told
from kontor.features.juries.api.finding import own_seat
from kontor.features.juries.conflicts import assessable, conflicts_of
from kontor.features.juries.models import Member, MemberState
from kontor.features.juries.models.panel import expert_q
from kontor.features.juries.rules import may_answer_seat

router = Router("juries")
GONE = (MemberState.DECLINED, MemberState.REMOVED)


class SeatOut(Schema):
    member: str = Field(description="key of the seat")
    panel: str
    call: str = Field(description="key")
    title: str
    programme: str
    state: str = Field(description="invited: it waits for your answer")
    chair: bool
    due_on: dt.date | None


class SeatApplicationOut(Schema):
    key: str
    number: str
    title: str
    lead: str
    conflicts: list[str] = Field(description="what is known already; you will not be given these")


class SeatWholeOut(SeatOut):
    applications: list[SeatApplicationOut] = Field(
        description="until it is answered, so that you can declare conflicts"
    )


class OwnConflictIn(Schema):
    application: str = Field(max_length=12)
    reason: str = Field(min_length=1, max_length=300)


class AcceptIn(Schema):
    signed_as: str = Field(max_length=200, description="your name in full: no conflict but those declared")
    declared: list[OwnConflictIn] = Field([], max_length=500)


class DeclineIn(Schema):
    reason: str = Field("", max_length=300)


@router.get("/invitations/", response=list[SeatOut])
@policy(SIGNED_IN)
def seats(request: HttpRequest) -> list[dict[str, Any]]:
    """Your seats in juries; those in the state `invited` wait for an answer."""
    rows = Member.objects.filter(expert_q(request.user, "expert__")).exclude(state__in=GONE)
    return [_seat(row) for row in rows.select_related("panel__call__programme").order_by("-pk")]


@router.get("/invitations/{member}/", response=SeatWholeOut)
@policy(may_answer_seat)
def seat(request: HttpRequest, member: str) -> dict[str, Any]:
    return _whole(own_seat(request, member))


@router.post("/invitations/{member}/accept/", response=SeatWholeOut)
@policy(may_answer_seat)
def accept(request: HttpRequest, member: str, body: AcceptIn) -> dict[str, Any]:
    """Sign that you know of no conflict but those declared, and take part. 409 where it was answered."""
    row = own_seat(request, member)
    rows = assessable(row.panel)
    declared = [(found(rows, key=each.application), each.reason) for each in body.declared]
    done = actions.accept_seat(
        member=row, signed_as=body.signed_as, declared=declared, actor=actor_of(request)
    )
    return _whole(done)


@router.post("/invitations/{member}/decline/", response=SeatWholeOut)
@policy(may_answer_seat)
def decline(request: HttpRequest, member: str, body: DeclineIn) -> dict[str, Any]:
    """Not this time."""
    row = own_seat(request, member)
    return _whole(actions.decline_seat(member=row, reason=body.reason, actor=actor_of(request)))


@router.post("/invitations/{member}/conflicts/", response={201: DeclaredOut})
@policy(may_answer_seat)
def declare(request: HttpRequest, member: str, body: DeclareIn) -> Status[dict[str, Any]]:
    """A conflict that came up later: what you were given in it is blocked at once."""
    row = own_seat(request, member)
    return Status(201, declared_told(declare_for(request, row.panel, row.expert, body)))


def _seat(row: Member) -> dict[str, Any]:
    return {
        "member": row.key,
        "panel": row.panel.key,
        "call": row.panel.call.key,
        "title": str(row.panel.call),
        "programme": row.panel.call.programme.name,
        "state": row.state,
        "chair": row.chair,
        "due_on": row.panel.due_on,
    }


def _whole(row: Member) -> dict[str, Any]:
    told = {**_seat(row), "applications": []}
    if row.state != MemberState.INVITED:
        return told
    applications = list(assessable(row.panel).select_related("lead"))
    known = conflicts_of(row.panel, [row.expert], applications).found
    told["applications"] = [
        {
            "key": each.key,
            "number": each.number,
            "title": each.title,
            "lead": each.lead.name,
            "conflicts": [one.sentence() for one in known.get((row.expert_id, each.pk), ())],
        }
        for each in applications
    ]
    return told
