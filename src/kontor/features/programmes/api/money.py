"""A programme's money: envelopes for everybody, commitments and re-allocations for those who decide."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import PUBLIC, policy, require
from kontor.features.programmes import actions
from kontor.features.programmes.models import Commitment, Envelope, Programme, Reallocation
from kontor.features.programmes.queries import programme_for, published
from kontor.features.programmes.rules import may_edit

router = Router("programmes")
Amount = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]


class EnvelopeOut(Schema):
    """Amounts are exact, as texts."""

    key: str
    kind: str = Field(description="budget, part, theme or other")
    names: dict[str, str]
    currency: str
    planned: Decimal = Field(description="what the published file says")
    amount: Decimal = Field(description="after re-allocations")
    committed: Decimal
    remaining: Decimal


class CommitmentOut(Schema):
    key: str
    reference: str
    amount: Decimal
    draws: dict[str, Decimal] = Field(description="amount by key of the envelope")
    made_at: dt.datetime
    released_at: dt.datetime | None
    release_reason: str


class ReallocationOut(Schema):
    source: str
    target: str
    amount: Decimal
    reason: str
    decided_at: dt.datetime


class CommitIn(Schema):
    reference: str = Field(max_length=300, description="the case")
    draws: dict[str, Amount] = Field(description="amount by key of the envelope; a case counts once in each")


class ReleaseIn(Schema):
    reason: str = Field(max_length=300)


class MoveIn(Schema):
    source: str = Field(max_length=130, description="key of the envelope that gives")
    target: str = Field(max_length=130, description="key of the envelope that takes")
    amount: Amount
    reason: str = Field(max_length=500)


@router.get("/{key}/envelopes/", response=list[EnvelopeOut])
@policy(PUBLIC)
def envelopes(request: HttpRequest, key: str) -> list[Envelope]:
    """What each envelope holds and what is left of it."""
    programme = programme_for(request.user, key)
    published(programme)
    return list(programme.envelopes.filter(closed=False))


@router.get("/{key}/commitments/", response=Page[CommitmentOut])
@policy(may_edit)
def commitments(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """Cases, the latest first, released ones too."""
    programme = _decided(request, key)
    answer = paginate(programme.commitments.prefetch_related("draws__envelope"), page)
    return {**answer, "items": [_commitment(row) for row in answer["items"]]}


@router.post("/{key}/commitments/", response={201: CommitmentOut})
@policy(may_edit)
def commit(request: HttpRequest, key: str, body: CommitIn) -> Status[dict[str, Any]]:
    """Promise money to a case. 409 where an envelope holds too little."""
    made = actions.commit_money(
        programme=_decided(request, key),
        draws=body.draws,
        reference=body.reference,
        actor=actor_of(request),
    )
    return Status(201, _commitment(made))


@router.post("/{key}/commitments/{commitment}/release/", response=CommitmentOut)
@policy(may_edit)
def release(request: HttpRequest, key: str, commitment: str, body: ReleaseIn) -> dict[str, Any]:
    """Give the money back to its envelopes, with a reason. 409 where that was done before."""
    row: Commitment = found(_decided(request, key).commitments.all(), key=commitment)
    actions.release_commitment(commitment=row, reason=body.reason, actor=actor_of(request))
    row.refresh_from_db()
    return _commitment(row)


@router.get("/{key}/reallocations/", response=Page[ReallocationOut])
@policy(may_edit)
def reallocations(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """Decisions to move money, the latest first."""
    programme = _decided(request, key)
    answer = paginate(programme.reallocations.select_related("source", "target"), page)
    return {**answer, "items": [_reallocation(row) for row in answer["items"]]}


@router.post("/{key}/reallocations/", response={201: ReallocationOut})
@policy(may_edit)
def reallocate(request: HttpRequest, key: str, body: MoveIn) -> Status[dict[str, Any]]:
    """Move uncommitted money from one envelope to another."""
    row = actions.reallocate(
        programme=_decided(request, key),
        source=body.source,
        target=body.target,
        amount=body.amount,
        reason=body.reason,
        actor=actor_of(request),
    )
    return Status(201, _reallocation(row))


def _decided(request: HttpRequest, key: str) -> Programme:
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    return programme


def _commitment(row: Commitment) -> dict[str, Any]:
    return {
        "key": row.key,
        "reference": row.reference,
        "amount": row.amount,
        "draws": {draw.envelope.key: draw.amount for draw in row.draws.all()},
        "made_at": row.made_at,
        "released_at": row.released_at,
        "release_reason": row.release_reason,
    }


def _reallocation(row: Reallocation) -> dict[str, Any]:
    return {
        "source": row.source.key,
        "target": row.target.key,
        "amount": row.amount,
        "reason": row.reason,
        "decided_at": row.decided_at,
    }
