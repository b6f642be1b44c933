"""A ROCKET jury: four applications, four experts without conflicts, and people who must not see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from kontor import programmes
from kontor.base.actor import Actor
from kontor.base.keys import new_key
from kontor.features.accounts.models import User
from kontor.features.calls.actions import begin_application
from kontor.features.calls.models import Application, ApplicationPartner, Call
from kontor.features.juries import actions
from kontor.features.juries.models import (
    Assignment,
    Expert,
    Member,
    MemberState,
    Panel,
    Review,
    ReviewState,
    ReviewValue,
)
from kontor.features.organisations.tests.factories import ACTOR, organisation
from kontor.features.programmes.actions import add_programme, publish_draft
from kontor.features.programmes.models import Programme

CRITERIA = ("innovation", "market", "cross-border", "consortium", "budget")
FIRMS = (("Zonnewind BV", "NL"), ("Gezondlab BV", "NL"), ("Warmtekern BV", "NL"), ("Herzchip GmbH", "DE"))


def published(key: str) -> Programme:
    made = add_programme(text=programmes.shipped_texts()[key], actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


def call_of(programme: Programme, key: str = "rocket-test", instrument: str = "innovation-project") -> Call:
    now = timezone.now()
    return Call.objects.create(
        key=key, programme=programme, version=programme.current, definition=programme.key,
        instrument=instrument, title={"en": "ROCKET: last round", "de": "ROCKET: letzte Runde"},
        languages=["en", "de", "nl"], opens_at=now - dt.timedelta(days=60),
        closes_at=now - dt.timedelta(days=10), state="published",
    )  # fmt: skip


def application(call: Call, lead: Any, *partners: Any, title: str, **values: Any) -> Application:
    """An eligible application of these organisations."""
    made = begin_application(call=call, lead=lead, title=title, is_sample=True, actor=ACTOR)
    for position, partner in enumerate(partners, start=1):
        ApplicationPartner.objects.create(
            key=new_key(), application=made, organisation=partner, position=position
        )
    told = {"state": "eligible", "submitted_at": timezone.now(), **values}
    Application.objects.filter(pk=made.pk).update(**told)
    made.refresh_from_db()
    return made


def expert(programme: Programme, name: str, **values: Any) -> Expert:
    told = {
        "name": name, "email": f"{name.split()[0].lower()}@jury{new_key(4)}.example",
        "languages": ["en", "de", "nl"],
        "profile": f"{name} judges energy, health and materials.", **values,
    }  # fmt: skip
    return actions.add_expert(programme=programme, values=told, actor=ACTOR)


def seat(panel: Panel, who: Expert, state: str = MemberState.ACCEPTED, **values: Any) -> Member:
    return Member.objects.create(key=new_key(), panel=panel, expert=who, state=state, **values)


def assigned(member: Member, to: Application, kind: str = "usual") -> Assignment:
    return Assignment.objects.create(
        key=new_key(), panel=member.panel, member=member, application=to, kind=kind
    )


def reviewed(assignment: Assignment, *marks: str, comment: str = "") -> Review:
    """A sheet handed in, with one mark per criterion (a single one stands for all)."""
    review = Review.objects.create(
        assignment=assignment, state=ReviewState.SUBMITTED, submitted_at=timezone.now()
    )
    given = marks if len(marks) == len(CRITERIA) else marks * len(CRITERIA)
    rows = [(f"mark:{key}", mark) for key, mark in zip(CRITERIA, given, strict=True)]
    rows.append(("comment", comment or f"Words of {assignment.member.expert.name}"))
    ReviewValue.objects.bulk_create(ReviewValue(review=review, field=f, value=v) for f, v in rows)
    return review


@pytest.fixture
def place(user_with: Callable[..., User]) -> SimpleNamespace:
    """`panel` is being prepared; `experts` are not seated yet; the last one has no account."""
    programme = published("rocket")
    call = call_of(programme)
    firms = [organisation(name, country, size="small", language="en") for name, country in FIRMS]
    partners = [organisation(f"Partner {number} GmbH", "DE", size="small") for number in range(4)]
    assert programme.current is not None
    themes = [each.key for each in programme.current.definition.themes]
    applications = [
        application(
            call, firms[n], partners[n], title=f"Project {n + 1}", number=f"R-{n + 1}", language="en",
            themes=[themes[n % len(themes)]],
        )
        for n in range(4)
    ]  # fmt: skip
    panel = actions.open_panel(call=call, actor=ACTOR)
    names = ("Anna A", "Bert B", "Cleo C", "Dirk D")
    experts = [expert(programme, name, fields=themes) for name in names]
    people = {
        "manager": user_with("programme_manager", "rocket", name="Mona Manager"),
        "administrator": user_with("administrator"),
        "controller": user_with("controller"),
        "applicant": user_with("owner", firms[0].key, name="Olga Owner"),
        "rival": user_with("owner", firms[1].key, name="Rita Rival"),
        "stranger": user_with("programme_manager", "other"),
    }
    for each in experts[:3]:
        each.user = user_with("juror", "rocket", email=each.email, name=each.name)
        each.save()
    return SimpleNamespace(
        programme=programme, call=call, firms=firms, partners=partners, applications=applications,
        panel=panel, experts=experts, themes=themes, by=Actor.of_user(people["manager"]), **people,
    )  # fmt: skip


@pytest.fixture
def jury(place: SimpleNamespace) -> SimpleNamespace:
    """Everybody takes part; each application has two assessors: A and B, C and D, A and C, B and D."""
    members = [seat(place.panel, each) for each in place.experts]
    pairs = ((0, 0), (1, 0), (2, 1), (3, 1), (0, 2), (2, 2), (1, 3), (3, 3))
    place.assignments = [assigned(members[e], place.applications[a]) for e, a in pairs]
    place.members = members
    Panel.objects.filter(pk=place.panel.pk).update(phase="reviewing")
    place.panel.refresh_from_db()
    return place
