"""Seats: add, change, fill, empty, invite and remove them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router
from kontor.base.permissions import policy
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.api.reading import answered, composed_by, seat_in, variant_in
from kontor.features.matching.consortia.api.shown import ConsortiumOut
from kontor.features.matching.consortia.rules import may_compose
from kontor.features.matching.introductions.finding import partner_of

router = Router("matching")
REVISION = "the seat's, as you read it; older than the stored one: 409"


class FactsIn(Schema):
    """What only the organisation knows; leave out what is not known."""

    led_before: bool | None = None
    new: bool | None = None
    in_difficulty: bool | None = None


class SeatIn(Schema):
    """Only what is sent is changed. Money in the programme's currency, exact to the cent."""

    role: str = Field("partner", max_length=12, description="lead, partner or associated")
    task: str = Field("", max_length=200)
    cost: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    grant: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    brings: list[str] = Field([], max_length=50, description="keys of competences it is there for")
    facts: FactsIn = Field(default_factory=FactsIn)


class NewSeatIn(SeatIn):
    variant: str = Field(max_length=12)
    candidate: str = Field("", max_length=12, description="an organisation's key or an anonymous one's")
    reason: str = Field("", max_length=1_000, description="where a team that the composer proposed is left")


class ChangeSeatIn(SeatIn):
    revision: int | None = Field(None, description=REVISION)


class PutIn(Schema):
    candidate: str = Field(max_length=12, description="an organisation's key or an anonymous one's")
    revision: int | None = Field(None, description=REVISION)
    reason: str = Field("", max_length=1_000)


class LeaveIn(Schema):
    revision: int | None = Field(None, description=REVISION)
    reason: str = Field("", max_length=1_000)


class PlaceIn(Schema):
    position: int = Field(ge=0, le=1_000, description="counted from 0")


class SwapIn(Schema):
    other: str = Field(max_length=12, description="key of another seat of the same variant")


class InviteIn(Schema):
    note: str = Field("", max_length=1_000, description="the invited read it")


@router.post("/{key}/seats/", response={201: ConsortiumOut})
@policy(may_compose)
def add_seat(request: HttpRequest, key: str, body: NewSeatIn) -> Status[dict[str, Any]]:
    """At the end of a variant, empty or with somebody proposed."""
    variant = variant_in(composed_by(request, key), body.variant)
    actions.add_seat(
        variant=variant,
        values=_values(body, {"variant", "candidate", "reason"}),
        reason=body.reason,
        actor=actor_of(request),
        **(_who(request, body.candidate) if body.candidate else {}),
    )
    return Status(201, answered(request, key))


@router.patch("/{key}/seats/{seat}/", response=ConsortiumOut)
@policy(may_compose)
def change_seat(request: HttpRequest, key: str, seat: str, body: ChangeSeatIn) -> dict[str, Any]:
    """Role, task, money, competences and facts."""
    actions.change_seat(
        seat=seat_in(composed_by(request, key), seat),
        values=_values(body, {"revision"}),
        revision=body.revision,
        actor=actor_of(request),
    )
    return answered(request, key)


@router.post("/{key}/seats/{seat}/put/", response=ConsortiumOut)
@policy(may_compose)
def put(request: HttpRequest, key: str, seat: str, body: PutIn) -> dict[str, Any]:
    """Propose somebody for a seat that is empty, proposed or declined."""
    actions.put_into_seat(
        seat=seat_in(composed_by(request, key), seat),
        revision=body.revision,
        reason=body.reason,
        actor=actor_of(request),
        **_who(request, body.candidate),
    )
    return answered(request, key)


@router.post("/{key}/seats/{seat}/empty/", response=ConsortiumOut)
@policy(may_compose)
def empty(request: HttpRequest, key: str, seat: str, body: LeaveIn) -> dict[str, Any]:
    """The seat stays, whoever was proposed goes."""
    row = seat_in(composed_by(request, key), seat)
    actions.empty_seat(seat=row, revision=body.revision, reason=body.reason, actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/seats/{seat}/remove/", response=ConsortiumOut)
@policy(may_compose)
def remove(request: HttpRequest, key: str, seat: str, body: LeaveIn) -> dict[str, Any]:
    """409 where somebody is invited or has accepted."""
    row = seat_in(composed_by(request, key), seat)
    actions.remove_seat(seat=row, revision=body.revision, reason=body.reason, actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/seats/{seat}/move/", response=ConsortiumOut)
@policy(may_compose)
def move(request: HttpRequest, key: str, seat: str, body: PlaceIn) -> dict[str, Any]:
    """To another place in the row; the others move up."""
    row = seat_in(composed_by(request, key), seat)
    actions.move_seat(seat=row, position=body.position, actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/seats/{seat}/swap/", response=ConsortiumOut)
@policy(may_compose)
def swap(request: HttpRequest, key: str, seat: str, body: SwapIn) -> dict[str, Any]:
    """Whoever is proposed for one seat is proposed for the other; 409 where somebody is invited already."""
    consortium = composed_by(request, key)
    first, second = seat_in(consortium, seat), seat_in(consortium, body.other)
    actions.swap_seats(first=first, second=second, actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/seats/{seat}/invite/", response=ConsortiumOut)
@policy(may_compose)
def invite(request: HttpRequest, key: str, seat: str, body: InviteIn) -> dict[str, Any]:
    """Mail whoever answers for the organisation."""
    row = seat_in(composed_by(request, key), seat)
    actions.invite_seat(seat=row, note=body.note, actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/seats/{seat}/withdraw/", response=ConsortiumOut)
@policy(may_compose)
def withdraw(request: HttpRequest, key: str, seat: str) -> dict[str, Any]:
    """Take an invitation back, also from somebody who accepted."""
    actions.withdraw_invitation(seat=seat_in(composed_by(request, key), seat), actor=actor_of(request))
    return answered(request, key)


def _values(body: SeatIn, besides: set[str]) -> dict[str, Any]:
    told = body.dict(exclude_unset=True, exclude=besides)
    if "facts" in told:
        told["facts"] = {name: value for name, value in told["facts"].items() if value is not None}
    return told


def _who(request: HttpRequest, candidate: str) -> dict[str, Any]:
    found = partner_of(candidate, request.user)
    return {"organisation": found.organisation, "statement": found.statement}
