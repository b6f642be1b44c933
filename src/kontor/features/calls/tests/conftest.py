"""A ROCKET call in its second hour, a lead and its partner, and people who must not see their application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from kontor import programmes
from kontor.base.actor import Actor
from kontor.features.accounts.models import User
from kontor.features.calls import actions
from kontor.features.calls.actions import Written
from kontor.features.calls.dossier.actions.signing import sign_application
from kontor.features.calls.models import Application, Call, CallState, PartnerRole
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation
from kontor.features.programmes.actions import add_programme, publish_draft
from kontor.programmes.forms import form_for, form_json

SECRET = "Secret idea: a photonic nose for dairies"
SUMMARY = {"de": "Eine photonische Nase riecht saure Milch.", "nl": "Een fotonische neus ruikt zure melk."}


def answers_of(application: Application) -> dict[str, Any]:
    """Complete answers to the first step; the lead costs 100,000 and asks for 60,000, each other the same."""
    money = {"own-wages": "80000.00", "third-party": "20000.00", "grant": "60000.00"}
    return {
        "title": "A nose for milk",
        "summary": SUMMARY,
        "themes": ["health"],
        "technologies": ["photonics"],
        "innovation": SECRET,
        "applied-before": "no",
        "market": "Dairies lose milk every day.",
        "cross-border": "The chip comes from one side, the dairy from the other.",
        "months": "24",
        "budget": {one.key: money for one in application.partners.current()},
    }


@pytest.fixture
def round_(user_with: Callable[..., User]) -> SimpleNamespace:
    programme = add_programme(text=programmes.shipped_texts()["rocket"], actor=ACTOR)
    version = publish_draft(programme=programme, actor=ACTOR)
    instrument = version.definition.instrument("innovation-project")
    now = timezone.now()
    call = Call.objects.create(
        key="rocket-1",
        programme=programme,
        version=version,
        definition="rocket",
        instrument="innovation-project",
        title={"en": "ROCKET round one", "de": "ROCKET Runde eins", "nl": "ROCKET ronde één"},
        languages=["en", "de", "nl"],
        time_zone="Europe/Amsterdam",
        opens_at=now - dt.timedelta(hours=2),
        closes_at=now + dt.timedelta(hours=1),
        steps=2,
        second_closes_at=now + dt.timedelta(days=30),
        form=form_json(form_for(version.definition, instrument)),
        state=CallState.PUBLISHED,
    )
    ring = cluster("Fotonica Oost", country="NL")
    lead = organisation("Lumen Optica BV", "NL", size="small", nuts3="NL221", language="nl")
    partner = organisation("Molkerei Nord GmbH", "DE", size="medium", nuts3="DEA34", language="de")
    rival = organisation("Rivale Sensorik GmbH", "DE", size="small", nuts3="DEA34", language="de")
    membership(ring, lead)
    return SimpleNamespace(
        programme=programme, call=call, lead=lead, partner=partner, rival=rival, ring=ring,
        owner=user_with("owner", lead.key, name="Olga Owner", language="en"),
        editor=user_with("editor", lead.key, name="Ed Editor", language="en"),
        reader=user_with("reader", lead.key, name="Ria Reader", language="en"),
        colleague=user_with("owner", partner.key, name="Paul Partner", language="en"),
        competitor=user_with("owner", rival.key, name="Rita Rival", language="en"),
        helper=user_with("cluster_manager", ring.key, name="Hanna Helper", language="en"),
        manager=user_with("programme_manager", "rocket", name="Mia Manager", language="en"),
        other_manager=user_with("programme_manager", "scale-up", language="en"),
        controller=user_with("controller", language="en"),
        administrator=user_with("administrator", language="en"),
        nobody=user_with(),
    )  # fmt: skip


@pytest.fixture
def draft(round_: SimpleNamespace) -> Application:
    """Begun by the lead's owner, with a partner on the other side."""
    by = Actor.of_user(round_.owner)
    made = actions.begin_application(call=round_.call, lead=round_.lead, actor=by)
    actions.add_partner(application=made, organisation=round_.partner, values={}, actor=by)
    return made


@pytest.fixture
def answered(round_: SimpleNamespace, draft: Application) -> Application:
    """The same with every answer of the first step."""
    written = {key: Written(value) for key, value in answers_of(draft).items()}
    actions.save_answers(application=draft, written=written, actor=Actor.of_user(round_.owner))
    draft.refresh_from_db()
    return draft


def sign(application: Application) -> None:
    """Every partner's signature under what stands there now."""
    application.refresh_from_db()
    for partner in application.partners.current().filter(role=PartnerRole.PARTNER):
        sign_application(partner=partner, revision=application.revision, name="A director", actor=ACTOR)


@pytest.fixture
def complete(answered: Application) -> Application:
    """Answered, and signed by every partner: ready to be handed in."""
    sign(answered)
    return answered
