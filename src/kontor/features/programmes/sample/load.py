"""Sample programmes from the library, and what the files beside this one tell of them, to rows."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from kontor import programmes
from kontor.base.actor import Actor
from kontor.base.audit import record, record_many
from kontor.base.events import SampleLoaded, SampleRemoved
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.actions import (
    add_programme,
    commit_money,
    move_product,
    publish_draft,
    reallocate,
    release_commitment,
)
from kontor.features.programmes.models import MemberCompetence, ProductStep, Programme

HERE = Path(__file__).parent
_ACTOR = Actor.system("sample")
Told = dict[str, Any]


@transaction.atomic
def load_programmes(event: SampleLoaded) -> None:
    """Write those that are missing; what is there stays as people changed it."""
    known = set(Programme.objects.values_list("key", flat=True))
    for key, text in programmes.shipped_texts().items():
        if key not in known:
            programme = add_programme(text=text, actor=_ACTOR, is_sample=True)
            publish_draft(programme=programme, actor=_ACTOR)
    told = read_competences()
    for programme in Programme.objects.filter(is_sample=True, key=told["programme"]):
        _write_competences(programme, told["member"])
        _write_steps(programme, read_life()["step"])
        _write_money(programme, read_life())


@transaction.atomic
def remove_programmes(event: SampleRemoved) -> None:
    """Delete sample programmes with all that hangs on them."""
    for programme in Programme.objects.filter(is_sample=True):
        record(actor=_ACTOR, verb="sample.removed", subject=programme, changes={"is_sample": [True, None]})
        programme.delete()


@cache
def read_competences() -> Told:
    """Who can do what: `programme` and a list `member` of key, name and cells (competence, level,
    evidence).
    """
    return tomllib.loads((HERE / "competences.toml").read_text(encoding="utf-8"))


@cache
def read_life() -> Told:
    """Steps of products, commitments and re-allocations; ages in days before the sample was loaded."""
    return tomllib.loads((HERE / "life.toml").read_text(encoding="utf-8"))


def _write_competences(programme: Programme, members: list[Told]) -> None:
    organisations = Organisation.objects.filter(is_sample=True).in_bulk(
        [member["key"] for member in members], field_name="key"
    )
    there = set(programme.member_competences.values_list("organisation__key", "competence"))
    rows = [
        MemberCompetence(
            programme=programme,
            organisation=organisations[member["key"]],
            competence=cell["competence"],
            level=cell["level"],
            evidence=cell.get("evidence", ""),
            changed_by=_ACTOR.label[:200],
        )
        for member in members
        if member["key"] in organisations
        for cell in member["cells"]
        if (member["key"], cell["competence"]) not in there
    ]
    MemberCompetence.objects.bulk_create(rows)
    changes = [
        (row.organisation, {"programme": [None, programme.key], row.competence: [None, row.level]})
        for row in rows
    ]
    record_many(actor=_ACTOR, verb="state-competence", items=changes)


def _write_steps(programme: Programme, steps: list[Told]) -> None:
    """The way of each product, unless somebody moved one already."""
    if programme.product_steps.exists():
        return
    now = timezone.now()
    for told in steps:
        step = move_product(
            programme=programme,
            product=told["product"],
            stage=told["stage"],
            note=told["note"],
            actor=_ACTOR,
        )
        at = now - dt.timedelta(days=told["days_ago"])
        ProductStep.objects.filter(pk=step.pk).update(at=at)


def _write_money(programme: Programme, life: Told) -> None:
    """Commitments and re-allocations in the order of the file, unless there are some already."""
    if programme.commitments.exists() or programme.reallocations.exists():
        return
    now = timezone.now()
    for told in life["money"]:
        at = now - dt.timedelta(days=told["days_ago"])
        if "target" in told:
            moved = reallocate(
                programme=programme,
                source=told["source"],
                target=told["target"],
                amount=Decimal(told["amount"]),
                reason=told["reason"],
                actor=_ACTOR,
            )
            programme.reallocations.filter(pk=moved.pk).update(decided_at=at)
            continue
        made = commit_money(
            programme=programme,
            draws=dict.fromkeys(told["envelopes"], Decimal(told["amount"])),
            reference=told["reference"],
            actor=_ACTOR,
        )
        if "released" in told:
            release_commitment(commitment=made, reason=told["released"], actor=_ACTOR)
        programme.commitments.filter(pk=made.pk).update(made_at=at)
