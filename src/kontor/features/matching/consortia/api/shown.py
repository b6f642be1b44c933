"""A consortium, its board and the composer's answers as programs read them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from kontor.features.matching.consortia.lights import Light
from kontor.features.matching.consortia.money import Share, Split
from kontor.features.matching.consortia.queries import Board, Card, ListRow, Need, View
from kontor.features.matching.models import Consortium


class ConsortiumRowOut(Schema):
    key: str
    title: str
    state: str
    lead: str = Field(description="name of the organisation that composes")
    programme: str = Field(description="key; empty for a free idea")
    product: str = Field(description="the target product in words")
    seats: int = Field(description="of the chosen variant, else of the first that you may read")
    accepted: int
    waiting: int = Field(description="invited, not answered yet")
    countries: list[str]
    changed_at: dt.datetime


class LightOut(Schema):
    rule: str
    state: str = Field(description="yes, clarify or no")
    text: str
    reasons: list[str]
    changes: list[str] = Field(description="what would change it")
    preference: bool = Field(description="told, but refuses nobody")
    source: str


class LevelOut(Schema):
    text: str
    level: int


class SeatOut(Schema):
    """A seat as far as you may read it; `organisation` is empty where it is not known to you by name."""

    key: str
    revision: int = Field(description="send it with a change")
    role: str = Field(description="lead, partner or associated")
    state: str = Field(description="open, proposed, invited, accepted or declined")
    title: str
    organisation: str
    anonymous: bool
    own: bool
    where: str
    what: str
    teaser: str
    task: str
    cost: Decimal | None
    grant: Decimal | None
    brings: list[LevelOut]
    meant_for: list[str] = Field(description="keys of competences")
    reason: str = Field(description="why it declined, for those who read the whole board")
    words: str
    lights: list[LightOut] = Field(description="what the rules say of this partner")


class NeedOut(Schema):
    key: str
    text: str
    level: int
    required: bool
    have: int
    by: list[str]


class ShareOut(Schema):
    label: str = Field(description="partner as you may know it, or country code")
    country: str
    cost: Decimal | None
    grant: Decimal | None
    percent: Decimal | None = Field(description="of the whole cost")
    most_grant: Decimal | None = Field(description="at the instrument's rate, rounded down to the cent")


class CeilingOut(Schema):
    name: str = Field(description="project or grant")
    used: Decimal
    ceiling: Decimal
    left: Decimal


class MoneyOut(Schema):
    currency: str
    cost: Decimal
    grant: Decimal
    own: Decimal
    unknown: int = Field(description="partners whose cost is not known")
    rate: Decimal | None
    partners: list[ShareOut]
    countries: list[ShareOut]
    ceilings: list[CeilingOut]


class VariantOut(Schema):
    key: str
    name: str
    chosen: bool
    state: str = Field(description="the worst light; empty where no instrument is chosen")
    seats: list[SeatOut]
    lights: list[LightOut]
    missing: list[NeedOut] = Field(description="needed competences that nobody reaches")
    welcome: list[NeedOut] = Field(description="further ones that nobody reaches")
    needs: list[NeedOut]
    money: MoneyOut
    partners: int
    smes: int
    countries: list[str]


class ConsortiumOut(Schema):
    key: str
    title: str
    text: str
    state: str
    lead: str
    lead_key: str
    programme: str
    definition: str
    instrument: str
    product: str
    themes: list[str]
    kets: list[str]
    months: int | None
    revision: int = Field(description="rises with every change of the board")
    details_revision: int = Field(description="send it with a change of the details")
    whole: bool = Field(description="whether you read every variant")
    composes: bool = Field(description="whether you may change the board")
    offered_to: str = Field(
        description="name of the partner that is asked to take the lead, for its people too"
    )
    submitted_at: dt.datetime | None
    decided_at: dt.datetime | None
    decision: str
    variants: list[VariantOut]


def row_out(row: ListRow) -> dict[str, Any]:
    consortium = row.consortium
    return {
        "key": consortium.key,
        "title": consortium.title,
        "state": consortium.state,
        "lead": consortium.lead.name,
        "programme": consortium.programme.key if consortium.programme else "",
        "product": row.product,
        "seats": row.seats,
        "accepted": row.accepted,
        "waiting": row.waiting,
        "countries": list(row.countries),
        "changed_at": consortium.changed_at,
    }


def board_out(board: Board) -> dict[str, Any]:
    found: Consortium = board.consortium
    same = ("key", "title", "text", "state", "definition", "instrument", "product", "themes", "kets")
    more = ("months", "revision", "details_revision", "submitted_at", "decided_at", "decision")
    return {
        **{name: getattr(found, name) for name in (*same, *more)},
        "lead": found.lead.name,
        "lead_key": found.lead.key,
        "programme": found.programme.key if found.programme else "",
        "whole": board.whole,
        "composes": board.composes,
        "offered_to": _offered(board),
        "variants": [_variant(view, board.whole) for view in board.views],
    }


def _offered(board: Board) -> str:
    asked = board.consortium.offered_to
    return asked.name if asked is not None and (board.whole or asked.pk in board.own) else ""


def _variant(view: View, whole: bool) -> dict[str, Any]:
    return {
        "key": view.variant.key,
        "name": view.variant.name,
        "chosen": view.chosen,
        "state": view.lights.state if view.lights else "",
        "seats": [seat_out(card, whole) for card in view.cards],
        "lights": [_light(each) for each in view.lights.rules] if view.lights else [],
        "missing": [_need(each) for each in view.missing],
        "welcome": [_need(each) for each in view.welcome],
        "needs": [_need(each) for each in view.needs],
        "money": _money(view.money),
        "partners": view.partners,
        "smes": view.smes,
        "countries": list(view.countries),
    }


def seat_out(card: Card, whole: bool) -> dict[str, Any]:
    """`whole`: the reader may know why somebody declined."""
    seat = card.seat
    named = seat.organisation is not None and (card.named or card.own)
    return {
        "key": seat.key,
        "revision": seat.revision,
        "role": seat.role,
        "state": seat.state,
        "title": card.title,
        "organisation": seat.organisation.key if seat.organisation and named else "",
        "anonymous": seat.organisation is not None and not named,
        "own": card.own,
        "where": card.where,
        "what": card.what,
        "teaser": card.teaser,
        "task": seat.task,
        "cost": seat.cost,
        "grant": seat.grant,
        "brings": [{"text": text, "level": level} for text, level in card.brings],
        "meant_for": list(seat.brings),
        "reason": seat.reason if whole or card.own else "",
        "words": seat.words if whole or card.own else "",
        "lights": [_light(each) for each in card.lights],
    }


def _light(light: Light) -> dict[str, Any]:
    return {
        "rule": light.key,
        "state": light.state,
        "text": light.text,
        "reasons": list(light.reasons),
        "changes": list(light.changes),
        "preference": light.preference,
        "source": light.source,
    }


def _need(need: Need) -> dict[str, Any]:
    names = ("key", "text", "level", "required", "have")
    return {**{name: getattr(need, name) for name in names}, "by": list(need.by)}


def _money(money: Split) -> dict[str, Any]:
    names = ("currency", "cost", "grant", "own", "unknown", "rate")
    ceilings = ("name", "used", "ceiling", "left")
    return {
        **{name: getattr(money, name) for name in names},
        "partners": [_share(each) for each in money.partners],
        "countries": [_share(each) for each in money.countries],
        "ceilings": [{name: getattr(each, name) for name in ceilings} for each in money.ceilings],
    }


def _share(share: Share) -> dict[str, Any]:
    names = ("label", "country", "cost", "grant", "percent", "most_grant")
    return {name: getattr(share, name) for name in names}
