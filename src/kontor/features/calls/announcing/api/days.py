"""Days of a call beside its deadlines."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import policy, require
from kontor.features.calls.announcing import actions
from kontor.features.calls.announcing.api.moments import Moment
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.models import Call, CallDay
from kontor.features.calls.rules import may_manage_call

router = Router("calls")


class DayOut(Schema):
    key: str
    kind: str
    name: dict[str, str] = Field(description="by language")
    place: str
    starts_at: dt.datetime
    ends_at: dt.datetime


class DayIn(Schema):
    kind: Literal["information", "matchmaking", "consultation", "jury", "decision", "other"]
    name: dict[str, Annotated[str, Field(max_length=200)]] = Field(min_length=1, description="by language")
    place: str = Field("", max_length=200)
    starts_at: Moment
    ends_at: Moment


@router.post("/{key}/days", response={201: DayOut})
@policy(may_manage_call)
def add_day(request: HttpRequest, key: str, body: DayIn) -> Status[Any]:
    """An information meeting, a partnering event, the jury: it joins the calendar."""
    call = _managed(request, key)
    return Status(201, day_told(actions.add_day(call=call, values=body.dict(), actor=actor_of(request))))


@router.put("/{key}/days/{day}", response=DayOut)
@policy(may_manage_call)
def change_day(request: HttpRequest, key: str, day: str, body: DayIn) -> dict[str, Any]:
    row: CallDay = found(_managed(request, key).days.all(), key=day)
    return day_told(actions.change_day(day=row, values=body.dict(), actor=actor_of(request)))


@router.delete("/{key}/days/{day}", response={204: None})
@policy(may_manage_call)
def remove_day(request: HttpRequest, key: str, day: str) -> Status[None]:
    """Off the calendar; what it said stays in the log."""
    row: CallDay = found(_managed(request, key).days.select_related("call"), key=day)
    actions.remove_day(day=row, actor=actor_of(request))
    return Status(204, None)


def day_told(one: CallDay) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("key", "kind", "name", "place", "starts_at", "ends_at")}


def _managed(request: HttpRequest, key: str) -> Call:
    call = call_for(request.user, key)
    require(request, may_manage_call, call)
    return call
