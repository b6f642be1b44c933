"""A small programme file to write, change and publish."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest

from kontor.base.actor import Actor
from kontor.features.accounts.models import User
from kontor.features.organisations.tests.factories import organisation
from kontor.features.programmes.actions import (
    add_programme,
    commit_money,
    move_product,
    publish_draft,
    state_competence,
)
from kontor.features.programmes.models import Programme

ACTOR = Actor.system("test")
CASE = "Secret case of Lumen"
EVIDENCE = "Secret evidence of Lumen"
NOTE = "Secret note about the lamp"
RULED = """
[[side]]
key = "de"
countries = ["DE"]
name = { en = "Germany" }

[[side]]
key = "nl"
countries = ["NL"]
name = { en = "the Netherlands" }

[[instrument]]
key = "project"
kind = "innovation-project"
name = { en = "Project" }

[[instrument.rule]]
rule = "minimum-countries"
minimum = 2
source = "Handbook, page 4"

[[instrument.rule]]
rule = "smes-per-side"
minimum = 1
"""
COMPETENCE = """
[[product]]
key = "lamp"
theme = "energy"
trl = 7
name = { en = "Lamp" }
summary = { en = "A lamp for both sides." }

[[product.competence]]
key = "optics"
text = { en = "Design lenses" }
"""


def file_of(key: str = "border-light", version: str = "1", budget: str = "100000.00") -> str:
    """The smallest sound programme file."""
    return f"""schema = 1
key = "{key}"
version = "{version}"
languages = ["en"]
name = {{ en = "Border light" }}
summary = {{ en = "Small grants across the border." }}
budget = {budget}

[[theme]]
key = "energy"
name = {{ en = "Energy" }}
codes = ["energy-efficiency"]
envelope = 60000.00
"""


@pytest.fixture
def programme(db: None) -> Programme:
    """Published once."""
    made = add_programme(text=file_of(), actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


@pytest.fixture
def place(user_with: Callable[..., User]) -> SimpleNamespace:
    """A published programme with a case, a stated competence and a moved product; and people around it."""
    programme = add_programme(text=file_of() + COMPETENCE + RULED, actor=ACTOR)
    publish_draft(programme=programme, actor=ACTOR)
    lumen, rival = organisation("Lumen BV", "NL"), organisation("Rivale GmbH", "DE")
    state_competence(
        programme=programme, organisation=lumen, competence="optics", level=2, evidence=EVIDENCE,
        revision=None, actor=ACTOR,
    )  # fmt: skip
    commit_money(
        programme=programme, draws={"budget": Decimal("10.10"), "theme:energy": Decimal("10.10")},
        reference=CASE, actor=ACTOR,
    )  # fmt: skip
    move_product(programme=programme, product="lamp", stage="prototype", note=NOTE, actor=ACTOR)
    return SimpleNamespace(
        programme=programme,
        lumen=lumen,
        rival=rival,
        manager=user_with("programme_manager", "border-light", name="Mia Manager"),
        other_manager=user_with("programme_manager", "rocket"),
        administrator=user_with("administrator"),
        lumen_owner=user_with("owner", lumen.key),
        rival_owner=user_with("owner", rival.key),
        nobody=user_with(),
    )
