"""Desk, cases and the partner board."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import PUBLIC, allowed, policy, require
from kontor.features.accounts.rules import is_controller
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.casework import actions
from kontor.features.calls.casework.queries import (
    case_for,
    cases_for,
    desk_of,
    wishes_for,
)
from kontor.features.calls.casework.rules import (
    may_change_wish,
    may_help_in_call,
    may_read_case,
    may_see_desk,
    may_work_on_case,
    sits_at_a_desk,
)
from kontor.features.calls.casework.words import entry_line, notice_line
from kontor.features.calls.models import CallContact, Case, CaseEntry, OrganisationNotice, PartnerWish
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.rules import may_edit

router = Router("calls")
Short = Annotated[str, Field(max_length=60)]


class DeskRowOut(Schema):
    application: str
    number: str
    title: str
    lead: str
    requested: str = Field(description="exact amount")
    state: str
    contact: str
    case: str
    due_on: dt.date | None
    days_left: int | None
    level: str = Field(description="running, soon, very-soon, late; empty without a clock")


class CaseOut(Schema):
    key: str
    call: str
    title: str
    name: str
    organisation: str
    application: str = Field(description="its number; empty where there is none")
    contact: str
    state: str
    opened_at: dt.datetime
    revision: int


class EntryOut(Schema):
    at: dt.datetime
    kind: str
    line: str
    text: str
    shared: bool
    by: str


class CaseWholeOut(CaseOut):
    email: str
    language: str
    region: str
    themes: list[str]
    entries: list[EntryOut]


class EntryIn(Schema):
    kind: str = Field(pattern="^(note|telephone|meeting|mail)$")
    text: str = Field(min_length=1, max_length=5_000)
    shared: bool = False


class HandOverIn(Schema):
    to: str = Field(max_length=254, description="mail address of a contact person of the call")
    reason: str = Field(min_length=1, max_length=1_000)
    revision: int = Field(ge=1, le=2_000_000_000)


class ClosingIn(Schema):
    reason: str = Field(min_length=1, max_length=500)
    revision: int | None = Field(
        None, ge=1, le=2_000_000_000, description="as you read it; older than stored: 409"
    )


class WishOut(Schema):
    key: str
    organisation: str
    country: str
    title: str
    text: str
    language: str
    countries: list[str]
    kinds: list[str]
    themes: list[str]
    state: str
    created_at: dt.datetime
    revision: int


class WishIn(Schema):
    title: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=3_000)
    language: str = Field("en", pattern="^[a-z]{2}$")
    countries: list[Short] = Field([], max_length=60)
    kinds: list[Short] = Field([], max_length=10)
    themes: list[Short] = Field([], max_length=60)


class NewWishIn(WishIn):
    organisation: str = Field(max_length=12, description="key of an organisation that you may edit")


class WishChangeIn(WishIn):
    revision: int = Field(ge=1, le=2_000_000_000)


class WishTurnIn(Schema):
    to: str = Field(pattern="^(open|found|withdrawn)$")


class NoticeOut(Schema):
    id: int
    application: str = Field(description="number")
    kind: str = Field(description="merged, left or rules")
    line: str
    at: dt.datetime


class CasesQuery(PageQuery):
    mine: bool = True
    closed: bool = False


@router.get("/cases/", response=Page[CaseOut])
@policy(sits_at_a_desk)
def list_cases(request: HttpRequest, query: Query[CasesQuery]) -> dict[str, Any]:
    """Your own open cases; with `mine=false` those of all calls on whose desk you sit."""
    page = paginate(cases_for(request.user, mine=query.mine, closed=query.closed), query)
    return {**page, "items": [_case_out(one) for one in page["items"]]}


@router.get("/cases/{case}", response=CaseWholeOut)
@policy(may_read_case)
def read_case(request: HttpRequest, case: str) -> dict[str, Any]:
    row = case_for(request.user, case, reads_all=allowed(request, is_controller))
    require(request, may_read_case, row)
    return _whole_out(row)


@router.post("/cases/{case}/entries", response={201: CaseWholeOut})
@policy(may_work_on_case)
def log_entry(request: HttpRequest, case: str, body: EntryIn) -> Status[Any]:
    """Write into the log; what is written stays."""
    row = _worked(request, case)
    actions.log_entry(case=row, actor=actor_of(request), **body.dict())
    return Status(201, _whole_out(row))


@router.post("/cases/{case}/hand-over", response=CaseWholeOut)
@policy(may_work_on_case)
def hand_over(request: HttpRequest, case: str, body: HandOverIn) -> dict[str, Any]:
    """To another contact person of the call, with a reason that both read."""
    row = _worked(request, case)
    to = found(CallContact.objects.select_related("user").filter(call=row.call), user__email__iexact=body.to)
    handed = actions.hand_over_case(
        case=row, to=to, reason=body.reason, revision=body.revision, actor=actor_of(request)
    )
    return _whole_out(case_for(request.user, handed.key))


@router.post("/cases/{case}/close", response=CaseWholeOut)
@policy(may_work_on_case)
def close_case(request: HttpRequest, case: str, body: ClosingIn) -> dict[str, Any]:
    row = _worked(request, case)
    actions.close_case(case=row, reason=body.reason, revision=body.revision, actor=actor_of(request))
    return _whole_out(case_for(request.user, case))


@router.post("/cases/{case}/reopen", response=CaseWholeOut)
@policy(may_work_on_case)
def reopen_case(request: HttpRequest, case: str) -> dict[str, Any]:
    actions.reopen_case(case=_worked(request, case), actor=actor_of(request))
    return _whole_out(case_for(request.user, case))


@router.get("/{key}/desk", response=list[DeskRowOut])
@policy(may_see_desk)
def read_desk(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """What was handed in, with contact person, clock and state."""
    call = call_for(request.user, key)
    require(request, may_see_desk, call)
    return [
        {
            "application": row.application.key,
            "number": row.application.number,
            "title": row.application.title,
            "lead": row.application.lead.name,
            "requested": f"{row.application.requested:.2f}",
            "state": row.application.state,
            "contact": str(row.case.contact) if row.case and row.case.contact else "",
            "case": row.case.key if row.case else "",
            "due_on": row.clock.due_on if row.clock else None,
            "days_left": row.left,
            "level": str(row.level or ""),
        }
        for row in desk_of(call).rows
    ]


@router.get("/{key}/notices", response=list[NoticeOut])
@policy(may_see_desk)
def list_notices(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """What became of organisations of applications since, that nobody has looked at yet."""
    call = call_for(request.user, key)
    require(request, may_see_desk, call)
    return [
        {
            "id": one.pk,
            "application": one.application.number,
            "kind": one.kind,
            "line": notice_line(one),
            "at": one.at,
        }
        for one in desk_of(call).notices
    ]


@router.post("/{key}/notices/{notice}/settle", response={204: None})
@policy(may_help_in_call)
def settle_notice(
    request: HttpRequest, key: str, notice: Annotated[int, Field(ge=1, le=2_147_483_647)]
) -> Status[None]:
    """Somebody looked at it."""
    call = call_for(request.user, key)
    require(request, may_help_in_call, call)
    rows = OrganisationNotice.objects.filter(application__call=call).select_related("application")
    actions.settle_notice(notice=found(rows, pk=notice), actor=actor_of(request))
    return Status(204, None)


@router.get("/{key}/wishes", response=Page[WishOut])
@policy(PUBLIC)
def list_wishes(request: HttpRequest, key: str, query: Query[PageQuery]) -> dict[str, Any]:
    """Who looks for a partner in the call."""
    page = paginate(wishes_for(request.user, call_for(request.user, key)), query)
    return {**page, "items": [_wish_out(one) for one in page["items"]]}


@router.post("/{key}/wishes", response={201: WishOut})
@policy(may_edit)
def add_wish(request: HttpRequest, key: str, body: NewWishIn) -> Status[Any]:
    call = call_for(request.user, key)
    values = body.dict()
    owner = found(Organisation.objects.visible_to(request.user), key=values.pop("organisation"))
    require(request, may_edit, owner)
    made = actions.add_wish(call=call, organisation=owner, values=values, actor=actor_of(request))
    return Status(201, _wish_out(made))


@router.put("/{key}/wishes/{wish}", response=WishOut)
@policy(may_change_wish)
def change_wish(request: HttpRequest, key: str, wish: str, body: WishChangeIn) -> dict[str, Any]:
    row = _own_wish(request, key, wish)
    values = body.dict()
    revision = values.pop("revision")
    saved = actions.change_wish(wish=row, values=values, revision=revision, actor=actor_of(request))
    return _wish_out(PartnerWish.objects.select_related("organisation").get(pk=saved.pk))


@router.post("/{key}/wishes/{wish}/turn", response=WishOut)
@policy(may_change_wish)
def turn_wish(request: HttpRequest, key: str, wish: str, body: WishTurnIn) -> dict[str, Any]:
    """Off the board because a partner was found or for another reason, or back on it."""
    row = _own_wish(request, key, wish)
    if body.to == "open":
        actions.reopen_wish(wish=row, actor=actor_of(request))
    else:
        actions.close_wish(wish=row, found=body.to == "found", actor=actor_of(request))
    return _wish_out(PartnerWish.objects.select_related("organisation").get(pk=row.pk))


def _worked(request: HttpRequest, key: str) -> Case:
    row = case_for(request.user, key)
    require(request, may_work_on_case, row)
    return row


def _own_wish(request: HttpRequest, key: str, wish: str) -> PartnerWish:
    """404 for one that the person may neither see nor change, 403 for others'."""
    call = call_for(request.user, key)
    rows = PartnerWish.objects.select_related("organisation").filter(call=call)
    row: PartnerWish = found(rows, key=wish)
    require(request, may_change_wish, row)
    return row


def _case_out(one: Case) -> dict[str, Any]:
    return {
        "key": one.key,
        "call": one.call.key,
        "title": one.title,
        "name": one.name,
        "organisation": one.organisation.name if one.organisation else "",
        "application": one.application.number if one.application else "",
        "contact": str(one.contact) if one.contact else "",
        "state": one.state,
        "opened_at": one.opened_at,
        "revision": one.revision,
    }


def _whole_out(one: Case) -> dict[str, Any]:
    return {
        **_case_out(one),
        "email": one.email,
        "language": one.language,
        "region": one.region,
        "themes": one.themes,
        "entries": [entry_told(entry) for entry in one.entries.all()],
    }


def entry_told(entry: CaseEntry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "kind": entry.kind,
        "line": entry_line(entry),
        "text": entry.text,
        "shared": entry.shared,
        "by": entry.actor_label,
    }


def _wish_out(one: PartnerWish) -> dict[str, Any]:
    names = (
        "key", "title", "text", "language", "countries", "kinds", "themes", "state", "created_at", "revision",
    )  # fmt: skip
    told = {name: getattr(one, name) for name in names}
    return {**told, "organisation": one.organisation.name, "country": one.organisation.country}
