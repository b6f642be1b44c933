"""A programme with one product, a team on both sides of a border, and people who must not see it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from kontor import programmes
from kontor.base.actor import Actor
from kontor.features.accounts.models import User
from kontor.features.matching.consortia import actions
from kontor.features.matching.models import Consortium, Seat, TeamVariant
from kontor.features.organisations.actions import add_contact
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement
from kontor.features.programmes.actions import add_programme, publish_draft, state_competence
from kontor.features.programmes.models import Programme

SECRET_NAME = "Skjult Kompressor ApS"
TEASER = "Maker of quiet compressors looks for a heat pump."
IDEA = "Secret idea: a heat pump in a letter box"


def published(key: str) -> Programme:
    """A programme of the library, published."""
    made = add_programme(text=programmes.shipped_texts()[key], actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


@pytest.fixture
def place(user_with: Callable[..., User]) -> SimpleNamespace:
    """Cleantech Energy Crossing; `lead` and `mute` (NL), `pump` (DE) fit its product; `rival` competes."""
    programme = published("cleantech-energy-crossing")
    energy = cluster("Energiekring Oost", country="NL")
    west = cluster("Energiebund West", country="DE")
    lead = organisation("Stilte Akoestiek BV", "NL", size="small", nuts3="NL221", language="nl")
    pump = organisation("Propanwerk GmbH", "DE", size="medium", nuts3="DEA1F", language="de")
    rival = organisation("Lautlos Pumpen GmbH", "DE", size="small", nuts3="DEA34", language="de")
    institute = organisation("Instituut Wand", "NL", kind="research", size="medium", nuts3="NL221")
    hidden = organisation(SECRET_NAME, "DE", size="small", nuts3="DEA1F")
    membership(energy, lead)
    membership(west, pump)
    teaser = statement(
        hidden, "Compressors for the Rotterdam plant", visibility="teaser", teaser=TEASER,
        codes=[("nace", "28.25")],
    )  # fmt: skip
    levels = {
        lead: {"acoustics": 3},
        pump: {"refrigerant-circuit": 3, "heat-pump-control": 2},
        rival: {"refrigerant-circuit": 3, "heat-pump-control": 3},
        institute: {"acoustics": 2},
    }
    for member, stated in levels.items():
        for competence, level in stated.items():
            state_competence(
                programme=programme, organisation=member, competence=competence, level=level,
                revision=None, actor=ACTOR,
            )  # fmt: skip
    for each in (pump, rival, hidden):
        add_contact(
            organisation=each, name=f"Person of {each.name}", email=f"someone@{each.key}.example",
            consent_source="signed form", actor=ACTOR,
        )  # fmt: skip
    people = {
        "composer": user_with("owner", lead.key, name="Ans Composer", language="en"),
        "colleague": user_with("editor", lead.key, name="Bas Colleague", language="en"),
        "reader": user_with("reader", lead.key, name="Ria Reader", language="en"),
        "partner": user_with("owner", pump.key, name="Paul Partner", language="en"),
        "competitor": user_with("owner", rival.key, name="Rita Rival", language="en"),
        "manager": user_with("cluster_manager", energy.key, name="Manu Manager", language="en"),
        "other_manager": user_with("cluster_manager", west.key, name="Otto Other", language="en"),
        "programme_manager": user_with("programme_manager", programme.key, language="en"),
        "administrator": user_with("administrator", language="en"),
    }
    return SimpleNamespace(
        programme=programme, lead=lead, pump=pump, rival=rival, institute=institute, hidden=hidden,
        teaser=teaser, energy=energy, west=west, **people,
    )  # fmt: skip


@pytest.fixture
def begin(place: SimpleNamespace) -> Callable[..., Consortium]:
    """`begin(product="quiet-heat-pump")`: a consortium of the lead, which sits in the first seat."""

    def make(**values: Any) -> Consortium:
        told = {
            "title": "A heat pump nobody hears",
            "text": IDEA,
            "programme": place.programme,
            "definition": place.programme.key,
            "instrument": "sub-project",
            "product": "quiet-heat-pump",
            **values,
        }
        by = Actor.of_user(place.composer)
        return actions.create_consortium(lead=place.lead, values=told, actor=by)

    return make


@pytest.fixture
def board(begin: Callable[..., Consortium]) -> SimpleNamespace:
    """`consortium` with its only `variant`."""
    consortium = begin()
    return SimpleNamespace(consortium=consortium, variant=consortium.variants.get())


@pytest.fixture
def seated(place: SimpleNamespace, board: SimpleNamespace) -> Callable[..., Seat]:
    """`seated(organisation, "accepted")`: a seat as far as that state, by the actions themselves."""

    def make(who: Any, state: str = "proposed", variant: TeamVariant | None = None, **values: Any) -> Seat:
        by = Actor.of_user(place.composer)
        seat = actions.add_seat(
            variant=variant or board.variant,
            organisation=who,
            statement=values.pop("statement", None),
            reason=values.pop("reason", ""),
            values=values,
            actor=by,
        )
        if state in {"invited", "accepted", "declined"}:
            seat = actions.invite_seat(seat=seat, actor=by)
        if state in {"accepted", "declined"}:
            reason = "" if state == "accepted" else "time"
            seat = actions.answer_seat(
                seat=seat, accept=state == "accepted", reason=reason, actor=Actor.of_user(place.partner)
            )
        return seat

    return make
