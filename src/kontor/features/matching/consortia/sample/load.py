"""Sample consortia from their file to rows, as the actions would have left them."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.events import SampleLoaded, SampleRemoved
from kontor.base.models import Attachment
from kontor.features.matching.consortia.actions.leaving import forget_files
from kontor.features.matching.consortia.frozen import frozen_facts
from kontor.features.matching.models import Comment, Consortium, Override, Seat, TeamVariant
from kontor.features.matching.models.consortia import ConsortiumState, SeatRole, SeatState
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.actions import freeze_version
from kontor.features.programmes.models import Programme

FILE = Path(__file__).with_name("consortia.toml")
_ACTOR = Actor.system("sample")
Told = dict[str, Any]


@cache
def read_consortia() -> list[Told]:
    """What the file tells, as it stands there."""
    told: list[Told] = tomllib.loads(FILE.read_text(encoding="utf-8"))["consortium"]
    return told


@transaction.atomic
def load_consortia(event: SampleLoaded) -> None:
    """Write those that are missing; what is there stays as people changed it."""
    known = set(Consortium.objects.values_list("key", flat=True))
    programmes = {row.key: row for row in Programme.objects.filter(is_sample=True)}
    organisations = Organisation.objects.filter(is_sample=True).in_bulk(field_name="key")
    for told in read_consortia():
        programme = programmes.get(told["programme"])
        if told["key"] in known or told["lead"] not in organisations or programme is None:
            continue
        _write(told, programme, organisations)


def forget_sample_files(event: SampleRemoved) -> None:
    """Rows go with their lead or with their programme, which went before this event arrives; files do not."""
    staying = Consortium.objects.filter(lead__is_sample=False).values("pk")
    files = Attachment.objects.filter(subject_kind="consortium").exclude(subject_id__in=staying)
    forget_files(list(files.values_list("subject_id", flat=True)))


def _write(told: Told, programme: Programme, organisations: dict[str, Organisation]) -> None:
    now = timezone.now()
    version = programme.current
    consortium = Consortium.objects.create(
        key=told["key"],
        title=told["title"],
        text=told["text"],
        language=told["language"],
        lead=organisations[told["lead"]],
        programme=programme,
        version=version,
        definition=programme.key,
        instrument=told["instrument"],
        product=told.get("product", ""),
        themes=told.get("themes", []),
        kets=told.get("kets", []),
        months=told.get("months"),
        changed_by=_ACTOR.label,
    )
    began = now - dt.timedelta(days=told["began_days_ago"])
    consortium.created_at = began
    variants = [
        _variant(each, number, consortium, organisations, began)
        for number, each in enumerate(told["variant"])
    ]
    if "chosen" in told:
        consortium.chosen = variants[told["chosen"]]
    for each in told.get("comment", ()):
        _comment(each, consortium, organisations, now)
    for each in told.get("override", ()):
        Override.objects.create(
            consortium=consortium,
            variant_name=each["variant"],
            change=each["change"],
            about=organisations.get(each["about"]),
            reason=each["reason"],
            actor_label=each["who"],
        )
    if told.get("state") == ConsortiumState.APPROVED:
        _decide(told, consortium, began, now)
    consortium.save()


def _variant(
    told: Told,
    number: int,
    consortium: Consortium,
    organisations: dict[str, Organisation],
    began: dt.datetime,
) -> TeamVariant:
    variant = TeamVariant.objects.create(
        consortium=consortium,
        key=f"smpvar{consortium.key[-4:]}{number:02d}",
        name=told["name"],
        position=number,
        proposal={"team": told["proposal"]} if "proposal" in told else {},
    )
    Seat.objects.bulk_create(
        _seat(seat, at, variant, organisations, began) for at, seat in enumerate(told["seats"])
    )
    return variant


def _seat(
    told: Told, at: int, variant: TeamVariant, organisations: dict[str, Organisation], began: dt.datetime
) -> Seat:
    state = told.get("state", SeatState.OPEN)
    lead = told.get("organisation") == variant.consortium.lead.key
    asked = state in {SeatState.INVITED, SeatState.ACCEPTED, SeatState.DECLINED} and not lead
    answered = state in {SeatState.ACCEPTED, SeatState.DECLINED}
    return Seat(
        key=f"smpst{variant.key[-5:]}{at:02d}",
        variant=variant,
        position=at,
        role=told.get("role", SeatRole.PARTNER),
        task=told.get("task", ""),
        organisation=organisations.get(told.get("organisation", "")),
        state=state if told.get("organisation", "") in organisations else SeatState.OPEN,
        reason=told.get("reason", ""),
        words=told.get("words", ""),
        cost=Decimal(told["cost"]) if "cost" in told else None,
        grant=Decimal(told["grant"]) if "grant" in told else None,
        brings=told.get("brings", []),
        invited_at=began + dt.timedelta(days=2) if asked else None,
        answered_at=began + dt.timedelta(days=4) if answered else None,
        answered_by=_ACTOR.label if answered else "",
        changed_by=_ACTOR.label,
    )


def _comment(
    told: Told, consortium: Consortium, organisations: dict[str, Organisation], now: dt.datetime
) -> None:
    number = Comment.objects.filter(consortium=consortium).count()
    comment = Comment.objects.create(
        key=f"smpcm{consortium.key[-4:]}{number:03d}",
        consortium=consortium,
        organisation=organisations.get(told["by"]),
        text=told["text"],
        language=told["language"],
        actor_key="sample",
        actor_label=told["who"],
    )
    at = now - dt.timedelta(days=told["days_ago"])
    Comment.objects.filter(pk=comment.pk).update(at=at)


def _decide(told: Told, consortium: Consortium, began: dt.datetime, now: dt.datetime) -> None:
    """As if it had been handed in and approved: version and facts are frozen."""
    assert consortium.chosen is not None
    assert consortium.version is not None
    consortium.frozen = frozen_facts(consortium, consortium.chosen)
    freeze_version(version=consortium.version, reason=f"consortium {consortium.key}", actor=_ACTOR)
    consortium.state = ConsortiumState.APPROVED
    consortium.submitted_at = began + dt.timedelta(days=20)
    consortium.decided_at = now - dt.timedelta(days=told["decided_days_ago"])
    consortium.decision = told["decision"]
