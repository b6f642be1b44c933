"""Rows that tests begin with, made by the actions themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kontor.base.actor import Actor
from kontor.base.keys import new_key
from kontor.features.organisations import actions
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.models import (
    EarlierProject,
    Membership,
    Organisation,
    Participation,
    Statement,
)

ACTOR = Actor.system("test")


def organisation(
    name: str = "Nordwind Maschinenbau GmbH", country: str = "DE", **fields: Any
) -> Organisation:
    extra = {
        name: fields.pop(name) for name in ("codes", "cluster", "consent", "is_sample") if name in fields
    }
    values = {"name": name, "country": country, **fields}
    return actions.create_organisation(values=values, actor=ACTOR, **extra)


def cluster(name: str = "Cluster Energie Nord e.V.", **fields: Any) -> Organisation:
    return organisation(name, kind="cluster", **fields)


def membership(of: Organisation, member: Organisation, **dates: Any) -> Membership:
    return actions.add_membership(cluster=of, member=member, actor=ACTOR, **dates)


def project(title: str, *members: Organisation, year: int | None = 2022, **fields: Any) -> EarlierProject:
    """An earlier project of three years; the first member leads."""
    values = {"key": new_key(), "source": "cordis", "external_id": new_key(), "language": "en", **fields}
    if year:
        values |= {"started_on": dt.date(year, 1, 1), "ended_on": dt.date(year + 2, 12, 31)}
    made = EarlierProject.objects.create(title=title, **values)
    for number, member in enumerate(members):
        role = "partner" if number else "lead"
        Participation.objects.create(project=made, organisation=member, role=role)
    if members:
        announce(members, "projects")
    return made


def statement(of: Organisation, text: str = "We build gearboxes.", **fields: Any) -> Statement:
    values = {"kind": "offer", "language": "en", "text": text, **fields}
    return actions.add_statement(organisation=of, actor=ACTOR, **values)
