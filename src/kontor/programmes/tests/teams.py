"""Small programmes and teams that the tests of rules share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kontor import programmes
from kontor.programmes import Partner, Programme, Team
from kontor.programmes.rules import REGISTRY, Answer
from kontor.programmes.schema import RuleUse

BORDER = """\
schema = 1
key = "border"
version = "1"
languages = ["en", "de"]
name = { en = "Border", de = "Grenze" }
summary = { en = "Across", de = "Hinüber" }

[[area]]
version = "2024"
nuts = ["NL22", "DEA1B"]

[[area]]
key = "north"
version = "2024"
nuts = ["NL221"]
name = { en = "the north", de = "Norden" }

[[side]]
key = "de"
countries = ["DE"]
name = { en = "Germany", de = "Deutschland" }

[[side]]
key = "nl"
countries = ["NL"]
name = { en = "the Netherlands", de = "Niederlande" }

[[theme]]
key = "heat"
name = { en = "Heat", de = "Wärme" }

[[theme]]
key = "grid"
name = { en = "Grids", de = "Netze" }
"""


def border() -> Programme:
    return programmes.parse(BORDER.encode(), "border.toml")


def sme(key: str, country: str | None = "NL", **facts: Any) -> Partner:
    return Partner(key, country=country, **{"kind": "firm", "size": "small", **facts})


def large(key: str, country: str = "NL", **facts: Any) -> Partner:
    return Partner(key, country=country, **{"kind": "firm", "size": "large", **facts})


def institute(key: str, country: str = "NL", **facts: Any) -> Partner:
    return Partner(key, country=country, kind="research", **facts)


def team(*partners: Partner, **facts: Any) -> Team:
    return Team(partners, **facts)


def ask(rule: str, about: Team, **values: Any) -> Answer:
    return REGISTRY[rule].ask(about, border(), RuleUse(rule, rule, values))


def euro(text: str) -> Decimal:
    return Decimal(text)
