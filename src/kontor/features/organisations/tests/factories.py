"""Rows that tests begin with, made by the actions themselves."""

from __future__ import annotations

from typing import Any

from kontor.base.actor import Actor
from kontor.features.organisations import actions
from kontor.features.organisations.models import Membership, Organisation, Statement

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


def statement(of: Organisation, text: str = "We build gearboxes.", **fields: Any) -> Statement:
    values = {"kind": "offer", "language": "en", "text": text, **fields}
    return actions.add_statement(organisation=of, actor=ACTOR, **values)
