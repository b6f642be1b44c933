"""`kontor programme check` as people and machines call it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kontor.cli.programme import app

SHIPPED = Path(str(files("kontor.programmes"))) / "library" / "cleantech-energy-crossing.toml"


def test_sound_file() -> None:
    answer = CliRunner().invoke(app, ["check", str(SHIPPED)])
    assert answer.exit_code == 0
    assert "sound. Cleantech Energy Crossing" in answer.stdout
    assert "theme.envelope: About 1.5 million" in answer.stdout


def test_sound_file_as_json() -> None:
    answer = CliRunner().invoke(app, ["check", str(SHIPPED), "--json"])
    assert json.loads(answer.stdout)["programme"]["budget"] == "4855807.30"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    file = tmp_path / "faulty.toml"
    file.write_text(SHIPPED.read_text(encoding="utf-8").replace("trl = 7", "trl = 12", 1), encoding="utf-8")
    return file


def test_faults_go_to_standard_error_with_their_line(faulty: Path) -> None:
    answer = CliRunner().invoke(app, ["check", str(faulty)])
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert "line 74, product[1].trl: is 12. Give a whole number from 1 to 9." in answer.stderr


def test_faults_as_json(faulty: Path) -> None:
    answer = CliRunner().invoke(app, ["check", str(faulty), "--json"])
    assert answer.exit_code == 2
    found = json.loads(answer.stdout)
    assert found["error"] == {
        "path": "product[1].trl",
        "message": "is 12.",
        "remedy": "Give a whole number from 1 to 9.",
    }
    assert [problem["line"] for problem in found["problems"]] == [74]


def test_file_that_is_not_there(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["check", str(tmp_path / "none.toml")])
    assert answer.exit_code == 2
    assert "cannot be opened: No such file or directory." in answer.stderr
