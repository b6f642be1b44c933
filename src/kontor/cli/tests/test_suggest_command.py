"""`kontor suggest`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kontor.cli.main import app

CROSSING = Path(__file__).parents[4] / "instances" / "matching" / "crossing.json"


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["suggest", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.mark.slow
def test_everybody_gets_a_list_across_the_border(tmp_path: Path) -> None:
    out = tmp_path / "lists.json"
    code, stdout, _ = call(
        "--all",
        "--directory",
        str(CROSSING),
        "--top",
        "3",
        "--json",
        "--out",
        str(out),
        "--today",
        "2026-11-01",
    )
    assert code == 0
    answer: dict[str, Any] = json.loads(stdout)
    assert answer == json.loads(out.read_text())
    country = {row["key"]: row["country"] for row in json.loads(CROSSING.read_text())["organisations"]}
    lists = {each["organisation"]: each["partners"] for each in answer["solution"]["suggestions"]}
    assert set(lists) == set(country)
    for key, partners in lists.items():
        assert len(partners) <= 3
        assert all(country[told["partner"]] != country[key] for told in partners)


@pytest.mark.slow
def test_one_list_as_text() -> None:
    code, stdout, _ = call("--organisation", "stromkraft", "--directory", str(CROSSING))
    assert code == 0
    assert stdout.startswith("Stromkraft")
    assert stdout.count("[") == stdout.count("\n   ") + 1


def test_for_whom_has_to_be_said() -> None:
    code, stdout, _ = call("--directory", str(CROSSING), "--json")
    assert code == 2
    assert json.loads(stdout)["error"]["path"] == "all"


def test_no_places_are_refused() -> None:
    code, stdout, _ = call("--all", "--directory", str(CROSSING), "--top", "0", "--json")
    assert code == 2
    assert json.loads(stdout)["error"]["path"] == "top"
