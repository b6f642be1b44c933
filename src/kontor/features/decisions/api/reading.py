"""Reading rounds, boards and decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, found, paginate
from kontor.base.permissions import policy, require
from kontor.features.decisions import actions
from kontor.features.decisions.api.shown import (
    BoardOut,
    DecisionOut,
    RoundOut,
    decision_told,
    envelope_told,
    read,
    round_told,
    router,
)
from kontor.features.decisions.grounds import names_of
from kontor.features.decisions.models import Decision
from kontor.features.decisions.queries import board_of, calls_to_decide, rounds_for, told_decision
from kontor.features.decisions.rules import (
    may_decide,
    may_open_some,
    may_read_own_decision,
    may_read_round,
    may_see_some,
)
from kontor.features.decisions.scores import NOTHING, standings
from kontor.features.decisions.wording import said


class OpenIn(Schema):
    call: str = Field(description="key of a published call with applications and no decisions yet")
    ceiling: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    balancing: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    four_eyes: bool = True


class ToldOut(Schema):
    """What an applicant may know."""

    application: str
    kind: str
    reason: str
    conditions: str
    redirect_to: str
    amount: Decimal
    reserve_place: int | None
    total: Decimal | None = Field(description="of 100")
    per_criterion: dict[str, Decimal]
    letter: str = Field(description="the letter's text once it is sent, else empty")


@router.get("/rounds/", response=Page[RoundOut])
@policy(may_see_some)
def rounds(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Calls whose decisions are under way or taken, the latest first."""
    answer = paginate(rounds_for(request.user).select_related("adopted"), page)
    items = [round_told(row, row.applications, row.decided, row.granted) for row in answer["items"]]
    return {**answer, "items": items}


@router.post("/rounds/", response={201: RoundOut})
@policy(may_open_some)
def open_round(request: HttpRequest, body: OpenIn) -> Status[dict[str, Any]]:
    """Begin the decisions on a call."""
    call = found(calls_to_decide(request.user), key=body.call)
    require(request, may_decide, call)
    made = actions.open_round(
        call=call,
        ceiling=body.ceiling,
        balancing=body.balancing,
        four_eyes=body.four_eyes,
        actor=actor_of(request),
    )
    return Status(201, round_told(made, len(board_of(made).rows), 0, 0))


@router.get("/rounds/{key}/board/", response=BoardOut)
@policy(may_read_round)
def board(request: HttpRequest, key: str) -> dict[str, Any]:
    """Envelopes with what is left, and every proposal in the order of the ranking."""
    shown = board_of(read(request, key))
    return {
        "envelopes": [envelope_told(row) for row in shown.envelopes],
        "proposals": [
            {
                "application": row.application.key,
                "number": row.application.number,
                "title": row.application.title,
                "place": row.place,
                "score": row.candidate.standing.raw,
                "asked": row.candidate.asked,
                "decision": row.decision.kind if row.decision else None,
                "amount": row.decision.amount if row.decision else Decimal("0.00"),
                "proposed": row.proposed.kind if row.proposed else "",
                "left": dict(row.left),
                "out": row.out,
                "withdrawn": row.withdrawn,
            }
            for row in shown.rows
        ],
    }


@router.get("/rounds/{key}/decisions/", response=Page[DecisionOut])
@policy(may_read_round)
def decisions(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """Those that hold, by the application's number."""
    rows = Decision.objects.live().filter(round=read(request, key)).select_related("application")
    rows = rows.prefetch_related("draws__envelope").order_by("application__number")
    answer = paginate(rows, page)
    return {**answer, "items": [decision_told(row) for row in answer["items"]]}


@router.get("/of/{application}/", response=ToldOut)
@policy(may_read_own_decision)
def told(request: HttpRequest, application: str) -> dict[str, Any]:
    """The published decision on an application of one's own organisation."""
    row = told_decision(request.user, application)
    require(request, may_read_own_decision, row.application)
    letter = getattr(row, "letter", None)
    standing = standings(row.round).get(row.application.key, NOTHING)
    return {
        "application": row.application.key,
        "kind": row.kind,
        "reason": said(row.grounds, names_of(row.round)) or row.reason,
        "conditions": row.conditions,
        "redirect_to": row.redirect_to,
        "amount": row.amount,
        "total": standing.raw,
        "per_criterion": standing.per_criterion,
        "reserve_place": row.reserve_place,
        "letter": letter.body if letter is not None and letter.sent_at else "",
    }
