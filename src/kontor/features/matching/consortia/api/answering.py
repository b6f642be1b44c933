"""Invitations for those who are invited: they read the invitation, not the consortium."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.queries import seats_to_answer
from kontor.features.matching.consortia.rules import may_answer_seat
from kontor.features.matching.models import Seat

router = Router("matching")


class SeatInvitationOut(Schema):
    seat: str = Field(description="key")
    state: str
    organisation: str = Field(description="key of yours")
    title: str
    text: str
    lead: str
    task: str
    meant_for: list[str] = Field(description="keys of competences")
    invited_at: dt.datetime | None


class ReplyIn(Schema):
    accept: bool
    reason: str = Field(
        "",
        max_length=20,
        description="with a no: need, known, solved, competitor, time, size, distance, outdated or other",
    )
    words: str = Field("", max_length=1_000)


@router.get("/invitations/", response=Page[SeatInvitationOut])
@policy(SIGNED_IN)
def list_invitations(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Those that wait for an answer of your organisations."""
    answer = paginate(seats_to_answer(request.user), page)
    return {**answer, "items": [_out(seat) for seat in answer["items"]]}


@router.post("/invitations/{seat}/answer/", response=SeatInvitationOut)
@policy(may_answer_seat)
def reply(request: HttpRequest, seat: str, body: ReplyIn) -> dict[str, Any]:
    """Accept, or decline with a reason that those read who compose."""
    row = _own(request, seat)
    answer = actions.answer_seat(
        seat=row, accept=body.accept, reason=body.reason, words=body.words, actor=actor_of(request)
    )
    return _out(answer)


@router.post("/invitations/{seat}/undo/", response=SeatInvitationOut)
@policy(may_answer_seat)
def undo_reply(request: HttpRequest, seat: str) -> dict[str, Any]:
    """Think it over again, as long as the consortium is being composed."""
    return _out(actions.take_answer_back(seat=_own(request, seat), actor=actor_of(request)))


def _own(request: HttpRequest, key: str) -> Seat:
    """404 for a seat to which nobody is invited: it is no invitation."""
    rows = Seat.objects.exclude(invited_at=None).exclude(organisation=None)
    rows = rows.filter(variant__removed_at=None)
    seat: Seat = found(rows.select_related("organisation", "variant__consortium__lead"), key=key)
    require(request, may_answer_seat, seat)
    return seat


def _out(seat: Seat) -> dict[str, Any]:
    consortium = seat.variant.consortium
    return {
        "seat": seat.key,
        "state": seat.state,
        "organisation": seat.organisation.key if seat.organisation else "",
        "title": consortium.title,
        "text": consortium.text,
        "lead": consortium.lead.name,
        "task": seat.task,
        "meant_for": list(seat.brings),
        "invited_at": seat.invited_at,
    }
