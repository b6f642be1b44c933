"""One proposal as its page shows it, a scenario in words, the protocol, and who would move up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Schema

from kontor.base.pdf import answer_with_pdf
from kontor.base.permissions import policy
from kontor.features.decisions.actions.reserve import preview
from kontor.features.decisions.actions.scenarios import is_outdated
from kontor.features.decisions.api.rounds import Spoken
from kontor.features.decisions.api.shown import PDF, language_or_reader, read, router
from kontor.features.decisions.models import Decision, Round, Scenario
from kontor.features.decisions.money import CENT, ZERO
from kontor.features.decisions.papers import protocol
from kontor.features.decisions.queries import Demand, Row, board_of, demand_on, history_of, scenario_in
from kontor.features.decisions.rules import may_read_round
from kontor.features.decisions.sides import Cell, Side, side_by_side
from kontor.features.decisions.wording import said


class EnvelopeTotalOut(Schema):
    """An envelope as the proposal meets it; `after` is below zero where it does not fit."""

    envelope: str
    asked: Decimal
    free: Decimal = Field(description="without what this proposal was granted")
    after: Decimal


class PastDecisionOut(Schema):
    key: str
    kind: str
    reason: str
    amount: Decimal
    decided_at: dt.datetime
    by: str
    ended_at: dt.datetime | None
    ending: str = Field(description="undone, replaced or withdrawn; empty: it holds")


class ProposalWholeOut(Schema):
    application: str
    number: str
    title: str
    place: int | None
    total: Decimal | None
    adjusted: Decimal | None
    per_criterion: dict[str, Decimal]
    passes: bool
    below: list[str]
    verdict: str
    comments: dict[str, list[str]] = Field(description="the assessors' words, by language")
    source: str = Field(description="of a score from outside; empty for one of a jury")
    out: str = Field(description="why it has no place in the ranking; empty where it has one")
    totals: list[EnvelopeTotalOut]
    proposed: str = Field(description="what the adopted scenario says; empty without one")
    proposed_reason: str
    seen: str = Field(description="key of the decision that holds, empty for none: send it when you decide")
    history: list[PastDecisionOut] = Field(description="the latest first, those taken back too")


class CellWordsOut(Schema):
    application: str
    number: str
    funded: bool
    amount: Decimal
    percent: int
    from_pot: Decimal = Field(description="what the balancing pot adds")
    reserve: int | None
    reason: str = Field(description="why it is not funded")
    change: list[str] = Field(description="what would have changed that")


class ScenarioWordsOut(Schema):
    """In the language of Accept-Language."""

    key: str
    name: str
    rule: str
    pot: str
    status: str = Field(description="optimal, feasible or infeasible")
    outdated: bool = Field(description="something changed since it was computed: it cannot be adopted")
    adopted: bool
    conditions: list[str]
    blocked: list[str] = Field(description="the smallest set of conditions that clash")
    ties: list[tuple[str, str]] = Field(description="drawn by lot: the chosen, the others")
    amount: Decimal
    left: dict[str, Decimal] = Field(description="by name of the envelope")
    proposals: list[CellWordsOut] = Field(description="in the order of the ranking, those that are out last")


class DemandOut(Schema):
    envelope: str
    name: str
    limit: Decimal
    asked: Decimal
    proposals: int
    times: Decimal | None = Field(description="how many times its money is asked for")


class ProtocolLineOut(Schema):
    place: int
    number: str
    title: str
    score: str
    asked: dict[str, Decimal] = Field(description="by envelope")
    funded: bool
    percent: int
    from_pot: Decimal
    reserve: int | None
    reason: str


class ProtocolOut(Schema):
    scenario: str
    lines: list[ProtocolLineOut] = Field(description="the joint ranking")
    left: dict[str, Decimal]
    pot: Decimal | None = Field(description="the balancing pot; null without one")
    pot_left: Decimal | None
    demand: list[DemandOut] = Field(description="oversubscription of each envelope")


class MovingOut(Schema):
    application: str = Field(description="number")
    percent: int


class ReserveOut(Schema):
    granted: list[MovingOut] = Field(description="who would move up now")
    waiting: list[str] = Field(description="who stays on the list, in order")
    withdrawn: list[str] = Field(description="whose money is free again")
    left: dict[str, Decimal] = Field(description="afterwards, by envelope")


@router.get("/rounds/{key}/proposals/{application}/", response=ProposalWholeOut)
@policy(may_read_round)
def proposal(request: HttpRequest, key: str, application: str) -> dict[str, Any]:
    """How it was judged, what it does to the money, what is decided, and what was before."""
    board = board_of(read(request, key))
    row = board.of(application)
    standing = row.candidate.standing
    same = ("adjusted", "per_criterion", "passes", "below", "verdict", "comments", "source")
    return {
        **{name: getattr(standing, name) for name in same},
        "application": row.application.key,
        "number": row.application.number,
        "title": row.application.title,
        "place": row.place,
        "total": standing.raw,
        "out": row.out,
        "totals": [_total(row, one) for one in board.envelopes],
        "proposed": row.proposed.kind if row.proposed else "",
        "proposed_reason": row.proposed.reason if row.proposed else "",
        "seen": row.decision.key if row.decision else "",
        "history": [_past(one, said(one.grounds, board.names)) for one in history_of(row.application)],
    }


@router.get("/rounds/{key}/scenarios/{scenario}/", response=ScenarioWordsOut)
@policy(may_read_round)
def scenario_words(request: HttpRequest, key: str, scenario: str) -> dict[str, Any]:
    """One in words: who is funded, and for each of the others why not and what would have changed it."""
    round = read(request, key)
    found = scenario_in(round, scenario)
    side: Side = side_by_side(board_of(round), [found]).columns[0]
    same = ("rule", "pot", "conditions", "blocked", "ties", "amount")
    return {
        **{name: getattr(side, name) for name in same},
        "key": found.key,
        "name": found.name,
        "status": found.result["status"],
        "outdated": is_outdated(round, found),
        "adopted": round.adopted_id == found.pk,
        "left": dict(side.left),
        "proposals": [_cell(one) for one in side.cells],
    }


@router.get("/rounds/{key}/protocol/", response=ProtocolOut)
@policy(may_read_round)
def protocol_data(request: HttpRequest, key: str, scenario: str = "") -> dict[str, Any]:
    """The joint ranking with whose money pays what, of the adopted scenario or of the one named."""
    round = read(request, key)
    found, board = _chosen(round, scenario), board_of(round)
    told = protocol.protocol_of(board, found)
    columns = [column for column, _name in told.columns]
    return {
        "scenario": found.name,
        "lines": [_line(one, columns) for one in told.lines],
        "left": dict(told.left),
        "pot": told.balancing[0].quantize(CENT) if told.balancing else None,
        "pot_left": told.balancing[1] if told.balancing else None,
        "demand": [_demand(one) for one in demand_on(board.book)],
    }


@router.get("/rounds/{key}/protocol.pdf", response={200: None}, openapi_extra=PDF)
@policy(may_read_round)
def protocol_pdf(request: HttpRequest, key: str, scenario: str = "", language: Spoken = "") -> HttpResponse:
    """The same to print."""
    round = read(request, key)
    content = protocol.pdf(round, _chosen(round, scenario), language=language_or_reader(language))
    return answer_with_pdf(content, f"protocol-{round.call.key}")


@router.get("/rounds/{key}/reserve/", response=ReserveOut)
@policy(may_read_round)
def reserve(request: HttpRequest, key: str) -> dict[str, Any]:
    """Who waits, in which order, and who would move up now."""
    plan = preview(read(request, key))
    return {
        "granted": [
            {"application": one.application.number, "percent": percent} for one, percent in plan.granted
        ],
        "waiting": [one.application.number for one in plan.waiting],
        "withdrawn": [one.application.number for one in plan.withdrawn],
        "left": plan.left,
    }


def _chosen(round: Round, key: str) -> Scenario:
    found = scenario_in(round, key) if key else round.adopted or round.scenarios.first()
    if found is None:
        raise Http404
    return found


def _total(row: Row, envelope: Any) -> dict[str, Any]:
    own = ZERO
    if row.decision and row.decision.grants:
        draws = (one.amount for one in row.decision.draws.all() if one.envelope_id == envelope.pk)
        own = sum(draws, ZERO)
    asked = row.candidate.split.get(envelope.key, ZERO)
    free = envelope.limit - envelope.committed + own
    return {"envelope": envelope.key, "asked": asked, "free": free, "after": free - asked}


def _past(one: Decision, words: str) -> dict[str, Any]:
    same = ("key", "kind", "amount", "decided_at", "ended_at", "ending")
    told = {name: getattr(one, name) for name in same}
    return {**told, "reason": words or one.reason, "by": one.decided_by}


def _cell(one: Cell) -> dict[str, Any]:
    same = ("funded", "amount", "percent", "reserve", "reason", "change")
    return {
        **{name: getattr(one, name) for name in same},
        "application": one.row.application.key,
        "number": one.row.application.number,
        "from_pot": one.balanced,
    }


def _line(one: protocol.Line, columns: list[str]) -> dict[str, Any]:
    same = ("place", "number", "title", "score", "funded", "percent", "reserve", "reason")
    parts = zip(columns, one.parts, strict=True)
    return {
        **{name: getattr(one, name) for name in same},
        "asked": {column: part for column, part in parts if part is not None},
        "from_pot": one.balanced,
    }


def _demand(one: Demand) -> dict[str, Any]:
    return {
        "envelope": one.envelope.key,
        "name": str(one.envelope),
        "limit": one.envelope.limit,
        "asked": one.asked,
        "proposals": one.proposals,
        "times": one.times,
    }
