"""Team files: what is read, what is not known, and where a fault is."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.programmes import Partner, Portfolio, Team
from kontor.programmes.team_file import parse_team, team_json, team_schema

FULL = Team(
    partners=(
        Partner(
            "a",
            name="Aa",
            country="NL",
            nuts="NL226",
            kind="firm",
            size="small",
            cost=Decimal("10.10"),
            grant=Decimal("6.06"),
            lead=True,
            clusters=("c",),
            identifiers=("NL1",),
            led_before=False,
            new=True,
            in_difficulty=False,
        ),
        Partner("b"),
    ),
    themes=("heat",),
    kets=(),
    months=12,
    portfolio=Portfolio(3, 1),
)


def parsed(values: Any) -> Team:
    return parse_team(json.dumps(values).encode())


def test_written_and_read_again() -> None:
    assert parsed(team_json(FULL)) == FULL
    assert parsed({}) == Team()


def test_money_keeps_its_digits() -> None:
    assert parse_team(b'{"cost": 165000.10}').cost == Decimal("165000.10")
    assert str(parse_team(b'{"cost": "165000.10"}').cost) == "165000.10"


def test_null_is_not_known() -> None:
    assert parsed({"partners": [{"key": "a", "country": None, "cost": None}]}).partners == (Partner("a"),)


@pytest.mark.parametrize(
    ("content", "path", "message"),
    [
        (b"{", "", "is not JSON"),
        (b"[]", "team", "is no object"),
        (b'{"partner": []}', "partner", "not known here"),
        (b'{"partners": {}}', "partners", "is {}"),
        (b'{"partners": [1]}', "partners[1].team", "is no object"),
        (b'{"partners": [{"name": "x"}]}', "partners[1].key", "is missing"),
        (b'{"partners": [{"key": "a", "size": "tiny"}]}', "partners[1].size", "'tiny'"),
        (b'{"partners": [{"key": "a", "kind": ["firm"]}]}', "partners[1].kind", "firm"),
        (b'{"partners": [{"key": "a", "lead": 1}]}', "partners[1].lead", "is 1"),
        (b'{"partners": [{"key": "a", "cost": -1}]}', "partners[1].cost", "is -1"),
        (b'{"partners": [{"key": "a", "cost": "much"}]}', "partners[1].cost", "'much'"),
        (b'{"partners": [{"key": "a", "cost": "NaN"}]}', "partners[1].cost", "'NaN'"),
        (b'{"partners": [{"key": "a", "clusters": [1]}]}', "partners[1].clusters", "holds 1"),
        (b'{"partners": [{"key": "a", "country": "DE", "nuts": "NL22"}]}', "partners[1].nuts", "not lie"),
        (b'{"partners": [{"key": "a"}, {"key": "a"}]}', "partners", "2 times"),
        (b'{"partners": [{"key": "a", "lead": true}, {"key": "b", "lead": true}]}', "partners", "More"),
        (b'{"cost": 5, "partners": [{"key": "a", "cost": 6}]}', "cost", "add up to 6"),
        (b'{"months": -1}', "months", "is -1"),
        (b'{"months": true}', "months", "is True"),
        (b'{"portfolio": {"partners": 1}}', "portfolio.new", "is missing"),
        (b'{"portfolio": {"partners": 1, "new": 2}}', "portfolio.new", "2 of 1"),
    ],
)
def test_fault_has_its_place(content: bytes, path: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_team(content)
    assert refusal.value.path == path
    assert message in refusal.value.message
    assert refusal.value.remedy


def test_schema_names_every_fact() -> None:
    properties = team_schema()["properties"]
    assert list(properties["partners"]["items"]["properties"]) == [field.name for field in fields(Partner)]
    assert set(properties) == {field.name for field in fields(Team)}
