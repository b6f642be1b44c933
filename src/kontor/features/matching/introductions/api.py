"""Introductions for programs: list, propose, answer, take back, withdraw, report what became of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.matching.ask import Ask
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.disclosure import Shown
from kontor.features.matching.introductions.finding import measured_for, partner_of
from kontor.features.matching.introductions.queries import Row, readable, row_of, rows_of, viewer_before
from kontor.features.matching.introductions.rules import Pair, may_answer, may_propose, may_withdraw
from kontor.features.matching.models import Introduction, Outcome, Side
from kontor.features.matching.models.states import Channel
from kontor.features.organisations.models import Organisation

router = Router("matching")


class SideOut(Schema):
    """A side as far as you may read it: `level` is teaser, coded, named or contacts; `key` only by name."""

    role: str
    own: bool
    level: str
    title: str
    key: str
    country: str
    what: str
    teaser: str
    trl: int | None
    codes: list[str]
    reply: str = Field(description="yes, no, later or empty")
    contacts: list[str] = Field(description="names and addresses of those who agreed, after both said yes")


class OutcomeOut(Schema):
    role: str
    month: int
    kind: str
    amount: Decimal | None
    note: str
    at: dt.datetime


class IntroductionOut(Schema):
    key: str
    state: str
    note: str
    proposed_at: dt.datetime
    deadline_on: dt.date
    agreed_at: dt.datetime | None
    asker: SideOut
    partner: SideOut
    outcomes: list[OutcomeOut] = Field(
        description="the ledger, oldest first; a later row of a month corrects"
    )


class ProposeIn(Schema):
    asker: str = Field(max_length=12, description="key of the organisation that asks")
    partner: str = Field(max_length=12, description="key on a match: an organisation's or an anonymous one's")
    note: str = Field("", max_length=2_000, description="both sides read it")
    name_asker: bool = Field(False, description="say from the start who asks")
    days: int | None = Field(None, ge=3, le=60, description="days to answer; empty: as the site is set")


class AnswerIn(Schema):
    organisation: str = Field(max_length=12, description="key of your organisation")
    reply: str = Field(description="yes, no or later")
    reason: str = Field(
        "",
        max_length=12,
        description="with no: need, known, solved, competitor, time, size, distance, outdated or other",
    )
    words: str = Field("", max_length=1_000, description="with no; needed for other")
    later_until: dt.date | None = Field(None, description="with later: within 90 days")


class OrganisationIn(Schema):
    organisation: str = Field(max_length=12, description="key of your organisation")


class OutcomeIn(Schema):
    organisation: str = Field(max_length=12, description="key of your organisation")
    kind: str = Field(description="nothing, talk, pilot, joint_bid or contract")
    month: int | None = Field(None, ge=0, le=12, description="0, 3, 6 or 12; empty: the latest that has come")
    amount: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2, description="EUR, exact")
    note: str = Field("", max_length=1_000)


@router.get("/", response=Page[IntroductionOut])
@policy(SIGNED_IN)
def list_introductions(request: HttpRequest, page: Query[PageQuery], state: str = "") -> dict[str, Any]:
    """Those you may read, the latest first; each side as far as you may read it, which is noted."""
    rows = readable(request.user)
    answer = paginate(rows.filter(state=state[:20]) if state else rows, page)
    viewer = viewer_before(request.user, answer["items"])
    shown = rows_of(answer["items"], viewer)
    actions.note_disclosures(viewer, (each for row in shown for each in row.shown), Channel.API)
    return {**answer, "items": [_out(row) for row in shown]}


@router.post("/", response={201: IntroductionOut})
@policy(may_propose)
def propose(request: HttpRequest, body: ProposeIn) -> Status[dict[str, Any]]:
    """Ask both sides whether they want to be introduced."""
    asker = found(Organisation.objects.visible_to(request.user), key=body.asker)
    partner = partner_of(body.partner, request.user)
    require(request, may_propose, Pair(asker, partner.organisation))
    introduction = actions.propose_introduction(
        asker=asker,
        partner=partner.organisation,
        statement=partner.statement,
        note=body.note,
        name_asker=body.name_asker,
        days=body.days,
        measured=measured_for(Ask(organisation=asker.key), body.partner, request.user),
        actor=actor_of(request),
    )
    return Status(201, _one(request, introduction.key))


@router.get("/{key}/", response=IntroductionOut)
@policy(SIGNED_IN)
def read(request: HttpRequest, key: str) -> dict[str, Any]:
    """One introduction."""
    return _one(request, key)


@router.post("/{key}/answer/", response=IntroductionOut)
@policy(may_answer)
def answer(request: HttpRequest, key: str, body: AnswerIn) -> dict[str, Any]:
    """Yes, no (with a reason) or later (with a day) for your organisation."""
    introduction, side = _answerable(request, key, body.organisation)
    actions.answer_introduction(
        introduction=introduction,
        organisation=side.organisation,
        reply=body.reply,
        reason=body.reason,
        words=body.words,
        later_until=body.later_until,
        actor=actor_of(request),
    )
    return _one(request, key)


@router.post("/{key}/undo/", response=IntroductionOut)
@policy(may_answer)
def undo(request: HttpRequest, key: str, body: OrganisationIn) -> dict[str, Any]:
    """Take your organisation's answer back, until the other side has answered."""
    introduction, side = _answerable(request, key, body.organisation)
    actions.undo_answer(introduction=introduction, organisation=side.organisation, actor=actor_of(request))
    return _one(request, key)


@router.post("/{key}/withdraw/", response=IntroductionOut)
@policy(may_withdraw)
def withdraw(request: HttpRequest, key: str) -> dict[str, Any]:
    """Take back what you proposed."""
    introduction = found(readable(request.user), key=key)
    require(request, may_withdraw, introduction)
    actions.withdraw_introduction(introduction=introduction, actor=actor_of(request))
    return _one(request, key)


@router.post("/{key}/outcomes/", response={201: IntroductionOut})
@policy(may_answer)
def report(request: HttpRequest, key: str, body: OutcomeIn) -> Status[dict[str, Any]]:
    """Add to the ledger what became of it."""
    introduction, side = _answerable(request, key, body.organisation)
    actions.report_outcome(
        introduction=introduction,
        organisation=side.organisation,
        kind=body.kind,
        month=body.month,
        amount=body.amount,
        note=body.note,
        actor=actor_of(request),
    )
    return Status(201, _one(request, key))


def _answerable(request: HttpRequest, key: str, organisation: str) -> tuple[Introduction, Side]:
    """The introduction and your side; 403 for a side that is not yours, whether it is one or not."""
    introduction: Introduction = found(readable(request.user), key=key)
    sides = [side for side in introduction.sides.all() if side.organisation.key == organisation]
    require(request, may_answer, sides[0] if sides else None)
    return introduction, sides[0]


def _one(request: HttpRequest, key: str) -> dict[str, Any]:
    introduction: Introduction = found(readable(request.user), key=key)
    viewer = viewer_before(request.user, [introduction])
    row = row_of(introduction, viewer, in_list=False)
    actions.note_disclosures(viewer, row.shown, Channel.API)
    return _out(row)


def _out(row: Row) -> dict[str, Any]:
    introduction = row.introduction
    roles = {shown.side.organisation_id: shown.side.role for shown in row.shown}
    return {
        "key": introduction.key,
        "state": introduction.state,
        "note": introduction.note,
        "proposed_at": introduction.proposed_at,
        "deadline_on": introduction.deadline_on,
        "agreed_at": introduction.agreed_at,
        "asker": _side_out(row.asker),
        "partner": _side_out(row.partner),
        "outcomes": [_outcome_out(outcome, roles) for outcome in introduction.outcomes.all()],
    }


def _side_out(shown: Shown) -> dict[str, Any]:
    organisation = shown.side.organisation
    return {
        "role": shown.side.role,
        "own": shown.own,
        "level": shown.level,
        "title": shown.title,
        "key": organisation.key if shown.named else "",
        "country": organisation.country if shown.where else "",
        "what": shown.what,
        "teaser": shown.teaser,
        "trl": shown.trl,
        "codes": list(shown.codes),
        "reply": shown.side.reply,
        "contacts": [f"{each.name} <{each.email}>" for each in shown.contacts],
    }


def _outcome_out(outcome: Outcome, roles: dict[int, str]) -> dict[str, Any]:
    return {
        "role": roles[outcome.organisation_id],
        "month": outcome.month,
        "kind": outcome.kind,
        "amount": outcome.amount,
        "note": outcome.note,
        "at": outcome.at,
    }
