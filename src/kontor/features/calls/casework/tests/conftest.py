"""A call with applications, two contact persons, and people who must not see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from kontor.features.accounts.models import User
from kontor.features.calls.actions import begin_application
from kontor.features.calls.announcing.actions import add_call, publish_call, save_call
from kontor.features.calls.casework.actions import add_call_contact
from kontor.features.calls.models import Application, ApplicationPartner, ApplicationState, Call
from kontor.features.organisations.tests.factories import ACTOR, organisation
from kontor.features.programmes.actions import add_programme, publish_draft
from kontor.features.programmes.models import Programme

FILE = """schema = 1
key = "border-light"
version = "1"
languages = ["en", "de"]
name = { en = "Border light", de = "Grenzlicht" }
summary = { en = "Small grants across the border.", de = "Kleine Zuschüsse über die Grenze." }
budget = 100000.00

[[theme]]
key = "energy"
name = { en = "Energy", de = "Energie" }
codes = ["energy-efficiency"]

[[side]]
key = "de"
countries = ["DE"]
name = { en = "Germany", de = "Deutschland" }

[[side]]
key = "nl"
countries = ["NL"]
name = { en = "the Netherlands", de = "Niederlande" }

[[role]]
key = "applicant"
name = { en = "Applicant", de = "Antragsteller" }

[[instrument]]
key = "project"
kind = "innovation-project"
rate = 50
name = { en = "Project", de = "Projekt" }
summary = { en = "A product together.", de = "Ein gemeinsames Produkt." }

[[instrument.rule]]
rule = "minimum-countries"
minimum = 2

[[instrument.phase]]
key = "decision"
role = "applicant"
days = 120
name = { en = "Decision", de = "Entscheidung" }
"""
SECRET = "Secret: our valve melts ice without power"


@pytest.fixture
def programme(db: None) -> Programme:
    made = add_programme(text=FILE, actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


@pytest.fixture
def draft(programme: Programme) -> Call:
    """A call that could be published as it is."""
    return add_call(programme=programme, instrument="project", key="light-one", actor=ACTOR)


@pytest.fixture
def opened(draft: Call) -> Call:
    """Published, open since yesterday."""
    yesterday = timezone.now() - dt.timedelta(days=1)
    save_call(call=draft, values={"opens_at": yesterday}, revision=None, actor=ACTOR)
    return publish_call(call=Call.objects.get(pk=draft.pk), actor=ACTOR)


@pytest.fixture
def place(opened: Call, user_with: Callable[..., User]) -> SimpleNamespace:
    """`mona` manages; `nel` (NL) and `dirk` (DE) are contact persons; `lead` applies; `rival` competes."""
    lead, partner = (
        organisation("Lumen BV", "NL", nuts3="NL221"),
        organisation("Licht GmbH", "DE", nuts3="DEA1B"),
    )
    rival = organisation("Rivale GmbH", "DE", nuts3="DEA1B")
    nel, dirk = user_with(name="Nel Contact", language="nl"), user_with(name="Dirk Contact", language="de")
    for user, regions, languages in ((nel, ["NL"], ["nl", "en"]), (dirk, ["DE"], ["de", "en"])):
        values = {"regions": regions, "languages": languages, "capacity": 5}
        add_call_contact(call=opened, user=user, values=values, actor=ACTOR)
    return SimpleNamespace(
        call=opened,
        lead=lead,
        partner=partner,
        rival=rival,
        nel=nel,
        dirk=dirk,
        mona=user_with("programme_manager", "border-light", name="Mona Manager", language="en"),
        other_manager=user_with("programme_manager", "rocket"),
        controller=user_with("controller", language="en"),
        administrator=user_with("administrator", language="en"),
        owner=user_with("owner", lead.key, name="Olga Owner", language="en"),
        competitor=user_with("owner", rival.key, name="Rita Rival", language="en"),
        nobody=user_with(language="en"),
    )


@pytest.fixture
def handed_in(place: SimpleNamespace) -> Callable[..., Application]:
    """`handed_in(days_ago=3)`: an application of both partners; `partners=[...]` of others."""

    def make(days_ago: int = 3, partners: list[object] | None = None) -> Application:
        made = begin_application(call=place.call, lead=place.lead, title="Valve", language="en", actor=ACTOR)
        for position, one in enumerate([place.partner] if partners is None else partners, 1):
            ApplicationPartner.objects.create(
                key=f"part{made.pk:04d}{position:02d}", application=made, organisation=one, position=position,
                cost=Decimal("1000.00"), grant=Decimal("500.00"),
            )  # fmt: skip
        made.partners.filter(role="lead").update(cost=Decimal("1000.00"), grant=Decimal("500.00"))
        made.state, made.receipt = ApplicationState.SUBMITTED, f"R-{made.pk}"
        made.submitted_at = timezone.now() - dt.timedelta(days=days_ago)
        made.save()
        return made

    return make
