"""A small invented directory on both sides of borders, made by the directory's own actions."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kontor import programmes
from kontor.features.organisations.tests.factories import ACTOR, organisation, statement
from kontor.features.programmes.actions import add_programme, publish_draft
from kontor.features.programmes.models import Programme

SECRET = "Hidden in the text: process water of the Rotterdam plant"


@pytest.fixture
def cleantech(db: None) -> Programme:
    """A programme of the library with target products, published."""
    made = add_programme(text=programmes.shipped_texts()["cleantech-energy-crossing"], actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


@pytest.fixture
def directory(db: None) -> SimpleNamespace:
    """`asker` in the Netherlands needs a heat exchanger; partners in Germany, France, Italy; one of each
    visibility.
    """
    asker = organisation("Molenbeek Warmte BV", "NL", kind="firm", size="small", language="nl")
    need = statement(
        asker,
        "Wij zoeken een warmtewisselaar voor een installatie op biogas.",
        kind="need",
        language="nl",
    )
    german = organisation("Rauchkamm Thermik GmbH", "DE", size="small", language="de")
    statement(german, "Wir bauen Wärmetauscher für Biogas und heiße Abgase.", language="de", trl=8)
    french = organisation("Échangeurs Valmont SARL", "FR", size="medium", language="fr")
    statement(french, "Nous fabriquons des échangeurs de chaleur pour le biogaz.", language="fr")
    domestic = organisation("Polderwarmte BV", "NL", size="micro", language="nl")
    statement(domestic, "Wij maken warmtewisselaars voor biogas.", language="nl")
    members = organisation("Scambiatori Lecco SRL", "IT", size="small", language="it", listing="members")
    statement(members, "Produciamo scambiatori di calore per biogas.", language="it")
    hidden = organisation("Skjult Varme ApS", "DK", size="small", language="da")
    teaser = statement(
        hidden,
        SECRET,
        language="en",
        visibility="teaser",
        teaser="Maker of heat exchangers for biogas plants looks for users.",
    )
    baker = organisation("Bäckerei Morgenrot", "DE", size="micro", language="de")
    statement(baker, "Wir backen Brot und Brötchen.", language="de")
    return SimpleNamespace(
        asker=asker, need=need, german=german, french=french, domestic=domestic, members=members,
        hidden=hidden, teaser=teaser, baker=baker,
    )  # fmt: skip
