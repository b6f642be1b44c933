"""The pools of experts: profiles, loads, absences, what ties them to others, groups of undertakings."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.errors import KontorError
from kontor.base.permissions import policy, require
from kontor.features.juries import actions
from kontor.features.juries.api.finding import JuryReasonIn, Revision, RowNumber, kept_expert
from kontor.features.juries.models import DeclaredConflict, Expert, GroupLink, Tie
from kontor.features.juries.rules import may_keep_experts, may_run_some, may_use_pool
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import Programme

router = Router("juries")
Short = Annotated[str, Field(max_length=60)]
Code = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Address = Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]


class ExpertOut(Schema):
    key: str
    programme: str
    name: str
    email: str
    organisation: str = Field(description="key; empty where there is none")
    profile: str
    fields: list[str] = Field(description="themes of the programme")
    languages: list[str] = Field(description="those read")
    language: str = Field(description="of letters")
    load: int | None = Field(description="applications at a time, at most; null: as the jury says")
    away_from: dt.date | None
    away_until: dt.date | None
    revision: int


class TieOut(Schema):
    id: int
    kind: str
    organisation: str = Field(description="key; empty where it is a person's")
    person: str
    email: str
    until: dt.date | None = Field(description="null: it still holds")


class ExpertSeatOut(Schema):
    panel: str
    member: str
    state: str


class ExpertDeclaredOut(Schema):
    application: str = Field(description="number; empty for one with an organisation")
    organisation: str
    reason: str


class ExpertWholeOut(ExpertOut):
    ties: list[TieOut]
    declared: list[ExpertDeclaredOut]
    seats: list[ExpertSeatOut]


class ExpertValuesIn(Schema):
    """What is left out stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=200)
    email: Address | None = None
    organisation: str | None = Field(None, max_length=12, description="key; empty: none")
    profile: str | None = Field(None, max_length=5_000)
    fields: list[Short] | None = Field(None, max_length=50)
    languages: list[Code] | None = Field(None, max_length=30)
    language: Literal["en", "de", "nl"] | None = None
    load: int | None = Field(None, ge=1, le=200, description="null takes it away, as with the days")
    away_from: dt.date | None = None
    away_until: dt.date | None = None


class ExpertIn(ExpertValuesIn):
    programme: str = Field(max_length=60, description="key of a programme that you manage")
    name: str = Field(min_length=1, max_length=200)
    email: Address


class ExpertChangeIn(ExpertValuesIn):
    revision: Revision


class TieIn(Schema):
    """To an organisation, or to a person by their address."""

    kind: Literal["supervisor", "employer", "family", "money"]
    organisation: str = Field("", max_length=12)
    person: str = Field("", max_length=200)
    email: Address | None = None
    until: dt.date | None = None


class GroupIn(Schema):
    first: str = Field(max_length=12, description="key of an organisation")
    second: str = Field(max_length=12)
    source: str = Field("", max_length=200, description="the register or report that says so")


class GroupOut(Schema):
    id: int
    first: str
    second: str
    names: list[str]
    source: str


class ExpertsQuery(PageQuery):
    programme: str = Field("", max_length=60)
    q: str = Field("", max_length=200, description="part of the name or of the competence")


@router.get("/experts/", response=Page[ExpertOut])
@policy(may_run_some)
def experts(request: HttpRequest, query: Query[ExpertsQuery]) -> dict[str, Any]:
    """Everybody in the pools you keep."""
    rows = Expert.objects.kept_by(request.user).select_related("programme", "organisation")
    if query.programme:
        rows = rows.filter(programme__key=query.programme)
    if query.q:
        rows = rows.filter(name__icontains=query.q) | rows.filter(profile__icontains=query.q)
    answer = paginate(rows, query)
    return {**answer, "items": [_out(row) for row in answer["items"]]}


@router.post("/experts/", response={201: ExpertOut})
@policy(may_use_pool)
def add(request: HttpRequest, body: ExpertIn) -> Status[dict[str, Any]]:
    """Into a programme's pool. 409 where the address is there already."""
    pool: Programme = found(Programme.objects.alive(), key=body.programme)
    require(request, may_use_pool, pool)
    values = _values(request, pool, body.dict(exclude_unset=True, exclude={"programme"}))
    return Status(201, _out(actions.add_expert(programme=pool, values=values, actor=actor_of(request))))


@router.get("/experts/{expert}/", response=ExpertWholeOut)
@policy(may_keep_experts)
def read(request: HttpRequest, expert: str) -> dict[str, Any]:
    """One with ties, declared conflicts and seats."""
    return _whole(kept_expert(request, expert))


@router.patch("/experts/{expert}/", response=ExpertWholeOut)
@policy(may_keep_experts)
def change(request: HttpRequest, expert: str, body: ExpertChangeIn) -> dict[str, Any]:
    """Profile, load, absence. 409 where somebody changed it since. Conflicts are looked for anew."""
    row = kept_expert(request, expert)
    values = _values(request, row.programme, body.dict(exclude_unset=True, exclude={"revision"}))
    actions.change_expert(expert=row, values=values, revision=body.revision, actor=actor_of(request))
    return _whole(kept_expert(request, expert))


@router.delete("/experts/{expert}/", response={204: None})
@policy(may_keep_experts)
def archive(request: HttpRequest, expert: str) -> Status[None]:
    """Out of the pool; seats and assessments stay. `restore` undoes it."""
    actions.archive_expert(expert=kept_expert(request, expert), actor=actor_of(request))
    return Status(204, None)


@router.post("/experts/{expert}/restore/", response=ExpertWholeOut)
@policy(may_keep_experts)
def restore(request: HttpRequest, expert: str) -> dict[str, Any]:
    """Back into the pool. 409 where somebody else has the address there now."""
    rows = Expert.objects.exclude(archived_at=None).select_related("programme", "organisation")
    row: Expert = found(rows, key=expert)
    require(request, may_keep_experts, row)
    actions.restore_expert(expert=row, actor=actor_of(request))
    return _whole(kept_expert(request, expert))


@router.post("/experts/{expert}/erase/", response={204: None})
@policy(may_keep_experts)
def erase(request: HttpRequest, expert: str) -> Status[None]:
    """Forget the personal data of one who is out of the pool, for good. 409 while a jury is at work."""
    rows = Expert.objects.exclude(archived_at=None).select_related("programme")
    row: Expert = found(rows, key=expert)
    require(request, may_keep_experts, row)
    actions.erase_expert(expert=row, actor=actor_of(request))
    return Status(204, None)


@router.post("/experts/{expert}/ties/", response={201: ExpertWholeOut})
@policy(may_keep_experts)
def tie(request: HttpRequest, expert: str, body: TieIn) -> Status[dict[str, Any]]:
    """What binds an expert to somebody: conflicts follow from it at once."""
    row = kept_expert(request, expert)
    values = body.dict() | {"organisation": _organisation(request, body.organisation)}
    actions.add_tie(expert=row, values=values, actor=actor_of(request))
    return Status(201, _whole(row))


@router.post("/experts/{expert}/ties/{tie}/remove/", response=ExpertWholeOut)
@policy(may_keep_experts)
def untie(request: HttpRequest, expert: str, tie: RowNumber, body: JuryReasonIn) -> dict[str, Any]:
    """Take one out that does not hold."""
    row = kept_expert(request, expert)
    one: Tie = found(Tie.objects.filter(expert=row).select_related("expert"), pk=tie)
    actions.remove_tie(tie=one, reason=body.reason, actor=actor_of(request))
    return _whole(row)


@router.get("/groups/", response=Page[GroupOut])
@policy(may_run_some)
def groups(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Organisations of one group of undertakings, as far as you see both; links chain."""
    seen = Organisation.objects.visible_to(request.user).values("pk")
    rows = GroupLink.objects.filter(first__in=seen, second__in=seen).select_related("first", "second")
    answer = paginate(rows, page)
    return {**answer, "items": [_group(row) for row in answer["items"]]}


@router.post("/groups/", response={201: GroupOut})
@policy(may_run_some)
def link(request: HttpRequest, body: GroupIn) -> Status[dict[str, Any]]:
    """Note that two organisations are of one group; the same pair twice stays one link."""
    seen = Organisation.objects.visible_to(request.user)
    made = actions.link_group(
        first=found(seen, key=body.first),
        second=found(seen, key=body.second),
        source=body.source,
        actor=actor_of(request),
    )
    return Status(201, _group(made))


@router.post("/groups/{link}/remove/", response={204: None})
@policy(may_run_some)
def unlink(request: HttpRequest, link: RowNumber, body: JuryReasonIn) -> Status[None]:
    seen = Organisation.objects.visible_to(request.user).values("pk")
    rows = GroupLink.objects.filter(first__in=seen, second__in=seen).select_related("first", "second")
    actions.unlink_group(link=found(rows, pk=link), reason=body.reason, actor=actor_of(request))
    return Status(204, None)


def _values(request: HttpRequest, pool: Programme, given: dict[str, Any]) -> dict[str, Any]:
    cleared = {"load", "away_from", "away_until"}
    values = {name: value for name, value in given.items() if value is not None or name in cleared}
    if "organisation" in values:
        values["organisation"] = _organisation(request, values["organisation"])
    version = pool.current
    themes = {each.key for each in version.definition.themes} if version else set()
    for at, each in enumerate(values.get("fields", ())):
        if each not in themes:
            raise KontorError(
                _("The programme has no theme “{key}”.").format(key=each),
                code="field-unknown",
                path=f"body.fields.{at}",
                remedy=_("Take keys of the programme's themes."),
            )
    return values


def _organisation(request: HttpRequest, key: str) -> Organisation | None:
    if not key:
        return None
    organisation: Organisation = found(Organisation.objects.visible_to(request.user), key=key)
    return organisation


def _out(row: Expert) -> dict[str, Any]:
    same = (
        *("key", "name", "email", "profile", "fields", "languages", "language", "load"),
        *("away_from", "away_until", "revision"),
    )
    return {
        **{name: getattr(row, name) for name in same},
        "programme": row.programme.key,
        "organisation": row.organisation.key if row.organisation else "",
    }


def _whole(row: Expert) -> dict[str, Any]:
    declared = DeclaredConflict.objects.filter(expert=row, withdrawn_at=None)
    return {
        **_out(row),
        "ties": [
            {
                **{name: getattr(each, name) for name in ("kind", "person", "email", "until")},
                "id": each.pk,
                "organisation": each.organisation.key if each.organisation else "",
            }
            for each in row.ties.select_related("organisation")
        ],
        "declared": [
            {
                "application": each.application.number if each.application else "",
                "organisation": each.organisation.name if each.organisation else "",
                "reason": each.reason,
            }
            for each in declared.select_related("application", "organisation")
        ],
        "seats": [
            {"panel": each.panel.key, "member": each.key, "state": each.state}
            for each in row.seats.select_related("panel")
        ],
    }


def _group(row: GroupLink) -> dict[str, Any]:
    return {
        "id": row.pk,
        "first": row.first.key,
        "second": row.second.key,
        "names": [row.first.name, row.second.name],
        "source": row.source,
    }
