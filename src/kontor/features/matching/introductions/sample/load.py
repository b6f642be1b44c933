"""Sample introductions from their file to rows, their ages counted back from now."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kontor.base.events import OrganisationChanged, SampleLoaded, emit
from kontor.features.matching.introductions.actions.proposing import pair_of
from kontor.features.matching.introductions.progress import state_of_replies, state_of_worth, worth_of
from kontor.features.matching.models import Disclosure, Introduction, Outcome, Refusal, Side
from kontor.features.matching.models.states import BLOCKING, Channel, Level, Reply, Role, State
from kontor.features.organisations.models import Organisation, Statement

FILE = Path(__file__).with_name("introductions.toml")
BY = "Kontor (sample)"
Told = dict[str, Any]


def load_introductions(event: SampleLoaded) -> None:
    """Write those that are missing; a pair of which somebody proposed another meanwhile is left alone."""
    told = read_introductions()
    known = set(Introduction.objects.values_list("key", flat=True))
    busy = set(Introduction.objects.filter(state__in=BLOCKING).values_list("pair", flat=True))
    keys = {each[role] for each in told for role in Role.values}
    organisations = Organisation.objects.filter(is_sample=True).in_bulk(keys, field_name="key")
    now, changed = timezone.now(), set()
    with transaction.atomic():
        for each in told:
            asker, partner = organisations.get(each["asker"]), organisations.get(each["partner"])
            if asker is None or partner is None or each["key"] in known or pair_of(asker, partner) in busy:
                continue
            _write(each, asker, partner, now)
            changed |= {asker.key, partner.key}
        if changed:
            emit(OrganisationChanged(tuple(sorted(changed)), "introduction"))


def read_introductions() -> list[Told]:
    """What the file tells, as it stands there."""
    told: list[Told] = tomllib.loads(FILE.read_text(encoding="utf-8"))["introduction"]
    return told


def _write(told: Told, asker: Organisation, partner: Organisation, now: dt.datetime) -> None:
    at = now - dt.timedelta(days=told["proposed_days_ago"])
    introduction = Introduction.objects.create(
        key=told["key"],
        pair=pair_of(asker, partner),
        asker=asker,
        partner=partner,
        note=told.get("note", ""),
        language=told.get("language", "en"),
        parts=told["parts"],
        score=told["score"],
        proposed_at=at,
        proposed_by_key="sample",
        proposed_by_label=BY,
        deadline_on=timezone.localdate(at) + dt.timedelta(days=settings.INTRODUCTION_DAYS),
    )
    sides = [_side(told, introduction, asker, Role.ASKER), _side(told, introduction, partner, Role.PARTNER)]
    outcomes = [_outcome(row, introduction, sides) for row in told.get("outcomes", ())]
    _settle(introduction, sides, outcomes, told.get("closed", ""))
    _note_consequences(introduction, sides)


def _side(told: Told, introduction: Introduction, organisation: Organisation, role: Role) -> Side:
    said = told.get(f"{role}_reply", {})
    at, own = introduction.proposed_at, role == Role.ASKER and told["by"] == Role.ASKER
    statement = (
        Statement.objects.filter(key=told.get("statement", "")).first() if role == Role.PARTNER else None
    )
    later = said.get("later")
    later_until = timezone.localdate(at) + dt.timedelta(days=later) if later else None
    if later_until:
        introduction.deadline_on = later_until + dt.timedelta(days=7)
    return Side.objects.create(
        introduction=introduction,
        organisation=organisation,
        role=role,
        named_at_start=statement is None,
        statement=statement,
        reply=said.get("reply", Reply.NONE),
        reason=said.get("reason", ""),
        words=said.get("words", ""),
        later_until=later_until,
        replied_at=at + dt.timedelta(days=said["after"]) if said else None,
        replied_by=BY if said else "",
        asked_at=None if own else at,
        remind_on=later_until or timezone.localdate(at) + dt.timedelta(days=settings.INTRODUCTION_DAYS // 2),
    )


def _outcome(told: Told, introduction: Introduction, sides: list[Side]) -> Outcome:
    side = next(each for each in sides if each.role == told["side"])
    return Outcome.objects.create(
        introduction=introduction,
        organisation=side.organisation,
        month=told["month"],
        kind=told["kind"],
        amount=Decimal(told["amount"]) if "amount" in told else None,
        note=told.get("note", ""),
        at=introduction.proposed_at + dt.timedelta(days=31 * told["month"]),
        actor_key="sample",
        actor_label=BY,
    )


def _settle(introduction: Introduction, sides: list[Side], outcomes: list[Outcome], closed: str) -> None:
    """State and dates as the actions would have left them."""
    state = State(closed) if closed else state_of_replies(side.reply for side in sides)
    last = max((side.replied_at for side in sides if side.replied_at), default=introduction.proposed_at)
    if state == State.AGREED:
        introduction.agreed_at = last
        state = state_of_worth(worth_of(outcomes))
        asked = max((row.month for row in outcomes), default=0)
        Side.objects.filter(introduction=introduction).update(reports_asked=asked)
    elif state not in (State.PROPOSED, State.WAITING):
        introduction.closed_at = max(last, introduction.proposed_at + dt.timedelta(days=1))
    introduction.state = state
    introduction.save()


def _note_consequences(introduction: Introduction, sides: list[Side]) -> None:
    """A no stays; after both agreed, each was mailed the other's name."""
    for side in sides:
        other = next(each for each in sides if each is not side)
        if side.reply == Reply.NO:
            Refusal.objects.create(
                by=side.organisation,
                other=other.organisation,
                introduction=introduction,
                named=other.named_at_start,
                by_named=side.named_at_start,
                reason=side.reason,
                words=side.words,
                parts=introduction.parts,
                at=side.replied_at or introduction.proposed_at,
                actor_label=BY,
            )
        if introduction.agreed_at is not None:
            Disclosure.objects.create(
                introduction=introduction,
                about=other.organisation,
                level=Level.CONTACTS,
                channel=Channel.MAIL,
                viewer_key=f"mail:{side.organisation.key}",
                viewer_label=side.organisation.name,
                at=introduction.agreed_at,
                on=timezone.localdate(introduction.agreed_at),
            )
