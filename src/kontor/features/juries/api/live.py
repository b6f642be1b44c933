"""One's own scores of a pitch: secret until all are in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Router, not_found
from kontor.base.permissions import policy
from kontor.features.juries import actions
from kontor.features.juries.api.finding import read_panel, slot_in
from kontor.features.juries.models import LiveScore, Member, PitchSlot
from kontor.features.juries.rules import may_read_panel

router = Router("juries")


class LiveScoreOut(Schema):
    marks: dict[str, str] = Field(description="by criterion")
    words: str
    revision: int = Field(description="0 before the first mark; send it with a change")
    submitted_at: dt.datetime | None


class LiveScoreIn(Schema):
    marks: dict[str, str] = Field(description="by criterion, as /scale/ offers them; some may be missing")
    words: str = Field("", max_length=10_000)
    revision: int = Field(ge=0, le=2_147_483_647, description="as you read it; older than stored: 409")


@router.get("/{key}/pitch-day/slots/{slot}/score/", response=LiveScoreOut)
@policy(may_read_panel)
def score(request: HttpRequest, key: str, slot: str) -> dict[str, Any]:
    """Your own; 404 where you do not hear the pitch."""
    return _told(*_heard(request, key, slot))


@router.put("/{key}/pitch-day/slots/{slot}/score/", response=LiveScoreOut)
@policy(may_read_panel)
def save(request: HttpRequest, key: str, slot: str, body: LiveScoreIn) -> dict[str, Any]:
    """Keep marks as they come. 409 where another device wrote since, or they are handed in."""
    row, member = _heard(request, key, slot)
    actions.save_live_score(
        slot=row,
        member=member,
        marks=body.marks,
        words=body.words,
        revision=body.revision,
        actor=actor_of(request),
    )
    return _told(row, member)


@router.post("/{key}/pitch-day/slots/{slot}/score/submit/", response=LiveScoreOut)
@policy(may_read_panel)
def submit(request: HttpRequest, key: str, slot: str) -> dict[str, Any]:
    """Hand in, after the presentation; every criterion needs its mark."""
    row, member = _heard(request, key, slot)
    actions.submit_live_score(slot=row, member=member, actor=actor_of(request))
    return _told(row, member)


@router.post("/{key}/pitch-day/slots/{slot}/score/take-back/", response=LiveScoreOut)
@policy(may_read_panel)
def take_back(request: HttpRequest, key: str, slot: str) -> dict[str, Any]:
    """Change them once more, as long as not all are in."""
    row, member = _heard(request, key, slot)
    actions.take_back_live_score(slot=row, member=member, actor=actor_of(request))
    return _told(row, member)


def _heard(request: HttpRequest, key: str, slot: str) -> tuple[PitchSlot, Member]:
    panel, viewer = read_panel(request, key)
    row = slot_in(panel, viewer, slot)
    if viewer.member is None or viewer.member not in row.present.all():
        raise not_found()
    return row, viewer.member


def _told(row: PitchSlot, member: Member) -> dict[str, Any]:
    mine = LiveScore.objects.filter(slot=row, member=member).first()
    if mine is None:
        return {"marks": {}, "words": "", "revision": 0, "submitted_at": None}
    return {name: getattr(mine, name) for name in ("marks", "words", "revision", "submitted_at")}
