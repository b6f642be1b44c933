"""The shapes of answers, and finding a round."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Schema

from kontor.base.api import Router
from kontor.base.permissions import require
from kontor.features.decisions.models import Decision, Round, RoundEnvelope, Scenario
from kontor.features.decisions.queries import round_for
from kontor.features.decisions.rules import may_decide, may_read_round
from kontor.features.decisions.templatetags.decision_words import reader_language

router = Router("decisions")
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
# The part of the description that says: the answer is a PDF.
PDF: dict[str, Any] = {
    "responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
}


class RoundOut(Schema):
    key: str
    call: str
    programme: str
    pot: str = Field(description="virtual, balancing or real")
    four_eyes: bool
    adopted: str | None = Field(description="key of the scenario that the board follows")
    applications: int
    decided: int
    granted: int
    revision: int


class RoundEnvelopeOut(Schema):
    """Amounts are exact, as texts."""

    key: str
    name: str
    kind: str
    limit: Decimal
    committed: Decimal
    left: Decimal


class ProposalOut(Schema):
    application: str
    number: str
    title: str
    place: int | None
    score: Decimal | None
    asked: Decimal
    decision: str | None
    amount: Decimal
    proposed: str = Field(description="what the adopted scenario says; empty without one")
    left: dict[str, Decimal] = Field(description="by envelope, after this one and all granted before it")
    out: str = Field(description="why it has no place; empty where it has one")
    withdrawn: bool


class BoardOut(Schema):
    envelopes: list[RoundEnvelopeOut]
    proposals: list[ProposalOut]


class DecisionOut(Schema):
    key: str
    application: str
    number: str
    kind: str
    reason: str
    conditions: str
    redirect_to: str
    amount: Decimal
    percent: int
    draws: dict[str, Decimal] = Field(description="amount by envelope of the round")
    reserve_place: int | None
    decided_at: dt.datetime
    confirmed: bool
    published: bool


class ScenarioOut(Schema):
    key: str
    name: str
    settings: dict[str, Any]
    result: dict[str, Any] = Field(description="status, granted, unfunded with reasons, left, ranking")
    created_at: dt.datetime


class CountOut(Schema):
    count: int


def language_or_reader(language: str) -> str:
    return language or reader_language()


def read(request: HttpRequest, key: str) -> Round:
    found = round_for(request.user, key)
    require(request, may_read_round, found)
    return found


def decided(request: HttpRequest, key: str) -> Round:
    found = round_for(request.user, key)
    require(request, may_decide, found)
    return found


def round_told(row: Round, applications: int, held: int, granted: int) -> dict[str, Any]:
    return {
        "key": row.key,
        "call": row.call.key,
        "programme": row.call.programme.key,
        "pot": row.pot,
        "four_eyes": row.four_eyes,
        "adopted": row.adopted.key if row.adopted else None,
        "applications": applications,
        "decided": held,
        "granted": granted,
        "revision": row.revision,
    }


def envelope_told(row: RoundEnvelope) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": str(row),
        "kind": row.kind,
        "limit": row.limit,
        "committed": row.committed,
        "left": row.left,
    }


def decision_told(row: Decision) -> dict[str, Any]:
    return {
        "key": row.key,
        "application": row.application.key,
        "number": row.application.number,
        "kind": row.kind,
        "reason": row.reason,
        "conditions": row.conditions,
        "redirect_to": row.redirect_to,
        "amount": row.amount,
        "percent": row.percent,
        "draws": {draw.envelope.key: draw.amount for draw in row.draws.all()},
        "reserve_place": row.reserve_place,
        "decided_at": row.decided_at,
        "confirmed": row.confirmed_at is not None,
        "published": row.publication_id is not None,
    }


def scenario_told(row: Scenario) -> dict[str, Any]:
    names = ("key", "name", "settings", "result", "created_at")
    return {name: getattr(row, name) for name in names}


def decision_in(round: Round, key: str) -> Decision:
    rows = Decision.objects.filter(round=round, key=key).select_related("application")
    found = rows.prefetch_related("draws__envelope").first()
    if found is None:
        raise Http404
    found.round = round
    return found
