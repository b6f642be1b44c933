"""A small directory in which each filter finds a part, and what must not be found says so in its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from kontor.features.organisations import actions
from kontor.features.organisations.directory.fields import Scope
from kontor.features.organisations.directory.listing import Listing, Wish
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement

Find = Callable[..., list[str]]


@pytest.fixture
def find(db: None) -> Find:
    """Names on the page that an address gives to a person (nobody signed in, unless said)."""

    def found(query: str, user: object = None) -> list[str]:
        scope = Scope(user or AnonymousUser(), timezone.localdate())
        return [row.organisation.name for row in Listing(Wish.read(QueryDict(query)), scope).rows]

    return found


@pytest.fixture
def directory(db: None) -> dict[str, Organisation]:
    energy = cluster("Cluster Energie Nord e.V.", country="DE")
    made = {
        "cluster": energy,
        "solar": organisation(
            "Sølar Müller GmbH",
            "DE",
            place="Flensburg",
            nuts3="DEF01",
            size="small",
            languages=["de", "da"],
            tags=["photovoltaics"],
            codes=[("nace", "27.12"), ("theme", "solar-energy")],
        ),
        "water": organisation(
            "Čista voda d.o.o.",
            "SI",
            place="Ljubljana",
            nuts3="SI041",
            size="micro",
            kind="research",
            languages=["sl", "en"],
            tags=["water", "Łódź pilot"],
            codes=[("cpv", "45232430"), ("nace", "36.00")],
            is_sample=True,
        ),
        "secret": organisation("Geheime Solar Anlage AG", "DE", listing="hidden", nuts3="DEF02"),
        "members": organisation("Nur Mitglieder Solar KG", "AT", listing="members", nuts3="AT130"),
    }
    membership(energy, made["solar"])
    statement(made["solar"], "Solar roofs", kind="offer", codes=[("ket", "photonics")])
    statement(made["water"], "We need pumps", kind="need", visibility="members", codes=[("cpv", "42122000")])
    return made


@pytest.fixture
def withdrawn(directory: dict[str, Organisation]) -> Organisation:
    gone = organisation("Zurückgezogene Solar OHG", "DE")
    actions.withdraw_consent(organisation=gone, actor=ACTOR)
    return gone
