"""A small programme file to write, change and publish."""

from __future__ import annotations

import pytest

from kontor.base.actor import Actor
from kontor.features.programmes.actions import add_programme, publish_draft
from kontor.features.programmes.models import Programme

ACTOR = Actor.system("test")


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
