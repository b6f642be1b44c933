"""The pools of experts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import policy, require
from kontor.features.juries import actions
from kontor.features.juries.models import Expert
from kontor.features.juries.rules import may_run_some, may_use_pool
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import Programme

router = Router("juries")


class ExpertOut(Schema):
    key: str
    programme: str
    name: str
    email: str
    organisation: str = Field(description="key; empty where there is none")
    profile: str
    fields: list[str]
    languages: list[str]
    load: int | None
    away_from: dt.date | None
    away_until: dt.date | None
    revision: int


class ExpertIn(Schema):
    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    organisation: str = Field("", max_length=12)
    profile: str = Field("", max_length=5_000)
    fields: list[str] = Field([], max_length=50)
    languages: list[str] = Field([], max_length=30)
    load: int | None = Field(None, ge=1, le=200)


@router.get("/experts/", response=Page[ExpertOut])
@policy(may_run_some)
def experts(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Everybody in the pools you keep."""
    rows = Expert.objects.kept_by(request.user).select_related("programme", "organisation")
    answer = paginate(rows, page)
    return {**answer, "items": [_out(row) for row in answer["items"]]}


@router.post("/experts/{programme}/", response={201: ExpertOut})
@policy(may_use_pool)
def add(request: HttpRequest, programme: str, body: ExpertIn) -> Status[dict[str, Any]]:
    """Into a programme's pool. 409 where the address is there already."""
    pool: Programme = found(Programme.objects.alive(), key=programme)
    require(request, may_use_pool, pool)
    values = body.dict()
    key = values.pop("organisation")
    values["organisation"] = found(Organisation.objects.visible_to(request.user), key=key) if key else None
    return Status(201, _out(actions.add_expert(programme=pool, values=values, actor=actor_of(request))))


def _out(row: Expert) -> dict[str, Any]:
    same = ("key", "name", "email", "profile", "fields", "languages", "load", "away_from", "away_until")
    return {
        **{name: getattr(row, name) for name in same},
        "revision": row.revision,
        "programme": row.programme.key,
        "organisation": row.organisation.key if row.organisation else "",
    }
