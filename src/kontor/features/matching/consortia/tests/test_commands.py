"""`kontor compose` keeps the command line contract and names nobody who is not public."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from kontor.cli.main import app
from kontor.features.matching.consortia.tests.conftest import SECRET_NAME
from kontor.features.organisations.models import Organisation

pytestmark = pytest.mark.django_db
PRODUCT = "cleantech-energy-crossing/quiet-heat-pump"


def run(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, ["compose", *arguments, "--json"])
    assert result.exit_code == code, (result.output, result.exception)
    return json.loads(result.stdout)


def test_the_best_teams_come_first(place: SimpleNamespace) -> None:
    found = run(PRODUCT, "--instrument", "sub-project")
    assert list(found) == ["status", "objective", "bound", "seconds", "solution", "explanation"]
    assert found["status"] == "optimal"
    points = [team["objective"] for team in found["solution"]["teams"]]
    assert points == sorted(points, reverse=True)
    assert (points[0], found["bound"]) == (found["objective"], found["objective"])
    best = {each["title"] for each in found["solution"]["teams"][0]["members"]}
    assert best & {"Propanwerk GmbH", "Lautlos Pumpen GmbH"}
    assert SECRET_NAME not in str(found)
    again = run(PRODUCT, "--instrument", "sub-project")
    assert {**again, "seconds": 0} == {**found, "seconds": 0}
    result = CliRunner().invoke(app, ["compose", PRODUCT, "--instrument", "sub-project"])
    assert "1. " in result.stdout
    assert "proven best" in result.stdout
    assert "taken off for 2 partners" in result.stdout
    prices = [line for line in result.stdout.splitlines() if line.startswith("     - without it ")]
    best_team = found["solution"]["teams"][0]["members"]
    assert len(prices) == len(best_team), "each member of the best team has its price"
    assert any(line.endswith("no team keeps all rules") for line in prices)
    assert any("points less: " in line for line in prices)


def test_no_answer_in_the_time_allowed_is_told(place: SimpleNamespace) -> None:
    told = run(PRODUCT, "--instrument", "sub-project", "--time", "0.000001", code=4)
    assert told["error"]["remedy"] == "Allow more with --time."
    result = CliRunner().invoke(
        app, ["compose", PRODUCT, "--instrument", "sub-project", "--time", "0.000001"]
    )
    assert (result.exit_code, result.stdout) == (4, "")


def test_hidden_organisations_are_not_named(
    place: SimpleNamespace,
) -> None:
    Organisation.objects.filter(pk__in=[place.pump.pk, place.rival.pk]).update(listing="hidden")
    told = run(PRODUCT, "--instrument", "sub-project", code=3)
    assert told["status"] == "infeasible"
    assert told["solution"]["teams"] == []
    assert "Propanwerk" not in str(told)
    assert "Lautlos" not in str(told)


def test_bad_input_says_what_there_is(place: SimpleNamespace) -> None:
    assert run("moonshot/rocket", code=2)["error"]["path"] == "product"
    told = run("cleantech-energy-crossing/rocket", code=2)["error"]
    assert (told["path"], "quiet-heat-pump" in told["remedy"]) == ("product", True)
    told = run(PRODUCT, "--instrument", "lottery", code=2)["error"]
    assert (told["path"], "sub-project" in told["remedy"]) == ("instrument", True)
    assert (
        run(PRODUCT, "--instrument", "sub-project", "--as", "no@one.example", code=2)["error"]["path"] == "as"
    )
