"""`kontor programmes`: the same answers, refusals and exit codes as every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kontor.features.organisations.tests.factories import organisation
from kontor.features.programmes.actions import add_programme, publish_draft, save_draft, state_competence
from kontor.features.programmes.commands import programmes
from kontor.features.programmes.models import Programme
from kontor.features.programmes.tests.conftest import ACTOR, COMPETENCE, file_of

pytestmark = pytest.mark.django_db
run = CliRunner()


@pytest.fixture
def lamps(db: None) -> Programme:
    made = add_programme(text=file_of() + COMPETENCE, actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


def _json(*words: str, code: int = 0) -> dict[str, object]:
    answer = run.invoke(programmes, [*words, "--json"])
    assert answer.exit_code == code, answer.output
    found: dict[str, object] = json.loads(answer.stdout)
    return found


def test_a_file_becomes_a_programme_and_then_its_next_version(tmp_path: Path) -> None:
    assert run.invoke(programmes, ["list"]).stdout.startswith("No programmes yet")
    file = tmp_path / "light.toml"
    for number in (1, 2):
        file.write_text(file_of(version=str(number)))
        done = _json("publish", str(file), "--note", "again")
        assert done == {"status": "published", "key": "border-light", "version": number}
    assert _json("list")["programmes"] == [
        {"key": "border-light", "name": "Border light", "version": 2, "draft": None}
    ]


def test_what_is_not_published(tmp_path: Path, lamps: Programme) -> None:
    file = tmp_path / "light.toml"
    file.write_text(file_of() + "\nbudgett = 1")
    refused = _json("publish", str(file), code=2)
    assert refused["error"]["path"].startswith("text:")  # type: ignore[index] # an object
    assert lamps.versions.count() == 1
    save_draft(programme=lamps, text="half", revision=None, actor=ACTOR)
    file.write_text(file_of(version="2"))
    assert "Somebody saved this draft" in str(_json("publish", str(file), code=2))
    assert lamps.draft.text == "half"
    assert "cannot be read" in str(_json("publish", str(tmp_path / "none.toml"), code=2))


def test_money_and_a_commitment(lamps: Programme) -> None:
    _json("commit", "border-light", "Case 1", "--draw", "theme:energy=0.01", "--draw", "budget=0.01")
    rows = {row["key"]: row["left"] for row in _json("money", "border-light")["envelopes"]}  # type: ignore[attr-defined] # a list
    assert rows == {"budget": "99999.99", "theme:energy": "59999.99"}
    assert "left" in run.invoke(programmes, ["money", "border-light"]).stdout
    too_much = _json("commit", "border-light", "Case 2", "--draw", "theme:energy=60000", code=2)
    assert too_much["error"]["path"] == "draws.theme:energy"  # type: ignore[index] # an object
    assert "no envelope with an amount" in str(_json("commit", "border-light", "x", "--draw", "y", code=2))
    assert "There is no programme" in str(_json("money", "none", code=2))


def test_the_matrix_names_those_that_reach_the_level(lamps: Programme) -> None:
    assert (
        "optics                   needs 2: nobody"
        in run.invoke(programmes, ["matrix", "border-light"]).stdout
    )
    firm = organisation("Lumen BV", "NL")
    state_competence(
        programme=lamps, organisation=firm, competence="optics", level=3, revision=None, actor=ACTOR
    )
    found = _json("matrix", "border-light", "--product", "lamp")["competences"]
    assert found[0]["members"] == [{"key": firm.key, "name": "Lumen BV", "country": "NL", "level": 3}]  # type: ignore[index] # a list
