"""Two sides of a border with people who answer, their cluster, a stranger, and secrets that could leak."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from kontor.base.actor import Actor
from kontor.features.accounts.models import User
from kontor.features.matching.introductions import actions
from kontor.features.matching.models import Introduction
from kontor.features.organisations.actions import add_contact
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement

SECRET_NAME = "Skjult Varme ApS"
SECRET_TEXT = "Process water of the Rotterdam plant"
TEASER = "Maker of heat exchangers looks for users."
SECRET_PERSON = "Birgitte Hemmelig"
SECRET_MAIL = "birgitte@hemmelig.example"


@pytest.fixture
def place(user_with: Callable[..., User]) -> SimpleNamespace:
    """`asker` (NL, English-speaking owner), `partner` (DE, German owner), `hidden` (DK) behind a teaser."""
    energy = cluster("Energiekring Oost", country="NL")
    other_cluster = cluster("Energiebund West", country="DE")
    asker = organisation("Molenbeek Warmte BV", "NL", size="small", language="nl")
    partner = organisation(
        "Rauchkamm Thermik GmbH", "DE", size="small", language="de", codes=[("theme", "cleantech")]
    )
    hidden = organisation(SECRET_NAME, "DK", size="small", language="da")
    membership(energy, asker)
    membership(other_cluster, partner)
    teaser = statement(hidden, SECRET_TEXT, visibility="teaser", teaser=TEASER, trl=7)
    add_contact(
        organisation=hidden, name=SECRET_PERSON, email=SECRET_MAIL, consent_source="signed form", actor=ACTOR
    )
    people = {
        "asker_owner": user_with("owner", asker.key, name="Ans", language="en"),
        "partner_owner": user_with("owner", partner.key, name="Paul", language="de"),
        "hidden_owner": user_with("owner", hidden.key, name="Hidden Hilde", language="en"),
        "manager": user_with("cluster_manager", energy.key, name="Manu"),
        "other_manager": user_with("cluster_manager", other_cluster.key),
        "stranger": user_with("owner", organisation("Bäckerei Morgenrot", "DE").key),
        "administrator": user_with("administrator"),
        "programme_manager": user_with("programme_manager", "energy"),
    }
    return SimpleNamespace(
        asker=asker, partner=partner, hidden=hidden, teaser=teaser, energy=energy,
        other_cluster=other_cluster, **people,
    )  # fmt: skip


@pytest.fixture
def propose(place: SimpleNamespace) -> Callable[..., Introduction]:
    """`propose(by=manager, partner=…)`: asked by the manager, so that both sides have to answer."""

    def make(by: User | None = None, **values: Any) -> Introduction:
        values = {"asker": place.asker, "partner": place.partner, **values}
        return actions.propose_introduction(actor=Actor.of_user(by or place.manager), **values)

    return make


@pytest.fixture
def say(place: SimpleNamespace) -> Callable[..., Introduction]:
    """`say(introduction, "asker" or "partner", "yes", …)`."""

    def answer(introduction: Introduction, role: str, reply: str, **values: Any) -> Introduction:
        who = getattr(introduction, role)
        return actions.answer_introduction(
            introduction=introduction, organisation=who, reply=reply, actor=ACTOR, **values
        )

    return answer


SECRETS = (SECRET_NAME, "Skjult", SECRET_TEXT, SECRET_PERSON, SECRET_MAIL, "Hidden Hilde")


@pytest.fixture
def open_as(signed_in: Callable[..., Client]) -> Callable[..., str]:
    def read(user: object, path: str) -> str:
        answer = signed_in(user).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.content.decode())

    return read


@pytest.fixture
def blind(place: SimpleNamespace, propose: Callable[..., Introduction]) -> Introduction:
    """An introduction to somebody behind a teaser, proposed by the asker's manager."""
    return propose(partner=place.hidden, statement=place.teaser)
