"""Calls for programs: list, read, draft, publish, extend, withdraw."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import PUBLIC, policy, require
from kontor.features.calls.announcing import actions
from kontor.features.calls.announcing.actions.checks import faults_before_publication
from kontor.features.calls.announcing.api.days import DayOut, day_told
from kontor.features.calls.announcing.api.moments import Moment
from kontor.features.calls.announcing.api.regions import RegionIn, regions_held
from kontor.features.calls.announcing.api.shown import (
    AnnouncedContactOut,
    CallInstrumentOut,
    CallRegionOut,
    contact_told,
    instrument_told,
    regions_told,
)
from kontor.features.calls.announcing.queries import (
    call_for,
    calls_for,
    money_left,
    open_wishes,
    phase_of,
)
from kontor.features.calls.announcing.rules import may_add_call
from kontor.features.calls.models import Call, CallState
from kontor.features.calls.rules import may_manage_call
from kontor.features.programmes.models import Programme
from kontor.programmes.forms import form_for, form_json

router = Router("calls")


Told = dict[str, Annotated[str, Field(max_length=3_000)]]


class CallOut(Schema):
    key: str
    title: dict[str, str] = Field(description="by language")
    programme: str
    definition: str = Field(description="key of the programme or of its variant")
    instrument: str
    more: list[str] = Field(description="further instruments one may apply for")
    state: str = Field(description="draft, published or withdrawn")
    phase: str = Field(description="draft, coming, open, second, closed or withdrawn, by the server's clock")
    languages: list[str]
    time_zone: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    steps: int
    second_closes_at: dt.datetime | None
    revision: int


class EnvelopeLeftOut(Schema):
    key: str
    left: str = Field(description="exact amount")
    currency: str
    binding: bool = Field(description="the one that ends first")


class AnswerOut(Schema):
    key: str
    texts: dict[str, dict[str, str]]


class CallWholeOut(CallOut):
    """The announcement as its page shows it."""

    version: int | None = Field(description="of the programme, frozen under a published call")
    currency: str
    summary: dict[str, str]
    mode: str = Field(description="single, virtual-pot, mixed or real-pot")
    regions: list[CallRegionOut] = Field(description="regional annexes")
    instruments: list[CallInstrumentOut] = Field(description="what one may apply for, the main one first")
    takes: bool = Field(description="whether it takes applications now")
    left: list[EnvelopeLeftOut]
    days: list[DayOut]
    contacts: list[AnnouncedContactOut]
    wishes: int = Field(description="organisations that look for a partner")
    questions: list[AnswerOut] = Field(description="answered and published")


class CallFaultOut(Schema):
    message: str
    path: str
    remedy: str


class CallIn(Schema):
    programme: str = Field(max_length=60)
    instrument: str = Field(max_length=60)
    definition: str = Field("", max_length=60)
    key: str = Field("", max_length=60)


class CallChangeIn(Schema):
    """What is left out stays as it is."""

    revision: int = Field(ge=1, le=2_000_000_000)
    title: Told | None = None
    summary: Told | None = None
    languages: list[Annotated[str, Field(max_length=8)]] | None = Field(None, min_length=1, max_length=30)
    time_zone: str | None = Field(None, max_length=60)
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    steps: int | None = Field(None, ge=1, le=2)
    second_closes_at: Moment | None = None
    more: list[Annotated[str, Field(max_length=60)]] | None = Field(None, max_length=30)
    mode: Literal["single", "virtual-pot", "mixed", "real-pot"] | None = None
    regions: list[RegionIn] | None = Field(None, max_length=30, description="all of them; the old ones go")


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=500)


class DeadlineIn(ReasonIn):
    step: int = Field(1, ge=1, le=2)
    region: str = Field("", max_length=60, description="of a synchronised call: its own deadline alone")
    to: Moment


class CallsQuery(PageQuery):
    when: str = Field("", pattern="^(open|coming|closed|draft|)$")
    programme: str = Field("", max_length=60)
    q: str = Field("", max_length=200)


@router.get("/", response=Page[CallOut])
@policy(PUBLIC)
def list_calls(request: HttpRequest, query: Query[CallsQuery]) -> dict[str, Any]:
    """Calls that you may read, the latest deadline first."""
    rows = calls_for(request.user, when=query.when, programme=query.programme, words=query.q)
    page = paginate(rows, query)
    return {**page, "items": [call_out(row) for row in page["items"]]}


@router.post("/", response={201: CallOut})
@policy(may_add_call)
def add_call(request: HttpRequest, body: CallIn) -> Status[Any]:
    """A draft of an instrument; the programme's file fills what it knows."""
    programme = found(Programme.objects.visible_to(request.user), key=body.programme)
    require(request, may_add_call, programme)
    made = actions.add_call(
        programme=programme,
        instrument=body.instrument,
        definition=body.definition,
        key=body.key,
        actor=actor_of(request),
    )
    return Status(201, call_out(made))


@router.get("/{key}", response=CallWholeOut)
@policy(PUBLIC)
def read_call(request: HttpRequest, key: str) -> dict[str, Any]:
    """The announcement: what, for whom, until when, how much is left, whom to ask."""
    call = call_for(request.user, key)
    left = money_left(call)
    return {
        **call_out(call),
        "version": call.version.number if call.version else None,
        "currency": call.definition_of_programme.currency,
        "summary": call.summary,
        "mode": call.mode,
        "regions": regions_told(call, left),
        "instruments": [instrument_told(call, one) for one in call.instruments],
        "takes": call.takes(timezone.now()),
        "left": [
            {
                "key": one.envelope.key,
                "left": str(one.envelope.remaining),
                "currency": one.envelope.currency,
                "binding": one.binding,
            }
            for one in left
        ],
        "days": [day_told(one) for one in call.days.all()],
        "contacts": [contact_told(one) for one in call.contacts.select_related("user", "organisation")],
        "wishes": open_wishes(call),
        "questions": [{"key": one.key, "texts": one.texts} for one in call.faq.published()],
    }


@router.get("/{key}/form", response=dict[str, Any])
@policy(PUBLIC)
def read_form(request: HttpRequest, key: str) -> dict[str, Any]:
    """What the call asks, as docs/formats/form.md says; frozen once it is published."""
    call = call_for(request.user, key)
    return call.form or form_json(form_for(call.definition_of_programme, call.instrument_of_programme))


@router.get("/{key}/faults", response=list[CallFaultOut])
@policy(may_manage_call)
def list_faults(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """What a draft still lacks before it can be published; empty for a published call."""
    call = managed_by(request, key)
    if call.state != CallState.DRAFT:
        return []
    return [
        {"message": str(one.message), "path": one.path, "remedy": str(one.remedy)}
        for one in faults_before_publication(call, timezone.now())
    ]


@router.patch("/{key}", response=CallOut)
@policy(may_manage_call)
def change_call(request: HttpRequest, key: str, body: CallChangeIn) -> dict[str, Any]:
    """Change a draft; 409 where somebody saved since `revision`, or the call is published."""
    call = managed_by(request, key)
    values = body.dict(exclude_unset=True)
    revision = values.pop("revision")
    cleared = {"second_closes_at"}
    values = {name: value for name, value in values.items() if value is not None or name in cleared}
    if body.regions is not None:
        values["regions"] = regions_held(body.regions)
    return call_out(actions.save_call(call=call, values=values, revision=revision, actor=actor_of(request)))


@router.delete("/{key}", response={204: None})
@policy(may_manage_call)
def discard_call(request: HttpRequest, key: str) -> Status[None]:
    """Throw a draft away."""
    actions.discard_call(call=managed_by(request, key), actor=actor_of(request))
    return Status(204, None)


@router.post("/{key}/publish", response=CallOut)
@policy(may_manage_call)
def publish_call(request: HttpRequest, key: str) -> dict[str, Any]:
    """Make it public; freezes the programme's version and the form under it."""
    return call_out(actions.publish_call(call=managed_by(request, key), actor=actor_of(request)))


@router.post("/{key}/withdraw", response=CallOut)
@policy(may_manage_call)
def withdraw_call(request: HttpRequest, key: str, body: ReasonIn) -> dict[str, Any]:
    call = managed_by(request, key)
    return call_out(actions.withdraw_call(call=call, reason=body.reason, actor=actor_of(request)))


@router.post("/{key}/restore", response=CallOut)
@policy(may_manage_call)
def restore_call(request: HttpRequest, key: str) -> dict[str, Any]:
    """Undo a withdrawal."""
    return call_out(actions.restore_call(call=managed_by(request, key), actor=actor_of(request)))


@router.post("/{key}/deadline", response=CallOut)
@policy(may_manage_call)
def move_deadline(request: HttpRequest, key: str, body: DeadlineIn) -> dict[str, Any]:
    """Extend a deadline, of one region alone where it is named; never to an earlier time."""
    call = managed_by(request, key)
    return call_out(actions.move_deadline(call=call, actor=actor_of(request), **body.dict()))


def call_out(call: Call) -> dict[str, Any]:
    names = (
        "key", "title", "definition", "instrument", "more", "state", "languages", "time_zone", "opens_at",
        "closes_at", "steps", "second_closes_at", "revision",
    )  # fmt: skip
    told = {name: getattr(call, name) for name in names}
    return {**told, "programme": call.programme.key, "phase": phase_of(call, timezone.now()).key}


def managed_by(request: HttpRequest, key: str) -> Call:
    call = call_for(request.user, key)
    require(request, may_manage_call, call)
    return call
