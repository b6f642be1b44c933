"""`kontor match` and `kontor schema`: the contract of the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kontor.cli.main import app

CROSSING = Path(__file__).parents[4] / "instances" / "matching" / "crossing.json"
NEED = "Wij zoeken accu-opslag van gebruikte autobatterijen voor ons bedrijf"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["match", *arguments])
    return result.exit_code, result.stdout, result.stderr


def answer(*arguments: str) -> dict[str, Any]:
    code, stdout, _ = call(*arguments, "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(stdout)
    return found


def check_schema(value: Any, schema: dict[str, Any], path: str = "") -> None:
    """The few keywords that the schema of the answer uses."""
    if "enum" in schema:
        assert value in schema["enum"], path
        return
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    known = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "integer": int,
        "boolean": bool,
    }
    assert any(value is None if kind == "null" else isinstance(value, known[kind]) for kind in kinds), path
    if isinstance(value, list):
        for number, item in enumerate(value):
            check_schema(item, schema["items"], f"{path}[{number}]")
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["required"]), path
        for name, item in value.items():
            check_schema(item, schema["properties"][name], f"{path}.{name}")


@pytest.mark.slow
def test_json_answer_keeps_its_schema() -> None:
    schema = json.loads(CliRunner().invoke(app, ["schema", "match"]).stdout)
    found = answer(NEED, "--directory", str(CROSSING), "--from", "NL", "--across", "--today", "2026-11-01")
    check_schema(found, schema)
    assert found["solution"]["matches"][0]["key"] == "stromkraft"


@pytest.mark.slow
def test_same_call_prints_the_same_bytes_but_for_the_seconds() -> None:
    first, second = (
        answer(NEED, "--directory", str(CROSSING), "--seed", "3", "--today", "2026-11-01") for _ in "ab"
    )
    first.pop("seconds"), second.pop("seconds")
    assert json.dumps(first) == json.dumps(second)


@pytest.mark.slow
def test_a_teaser_shows_neither_key_nor_name() -> None:
    found = answer(
        "Elektrolyseur für Wasserstoff", "--directory", str(CROSSING), "--kind", "offer", "--language", "de"
    )
    hidden = [match for match in found["solution"]["matches"] if match["anonymous"]]
    assert hidden
    told = json.dumps(hidden)
    assert "Stille Nordsee" not in told
    assert "Cuxhaven" not in told
    assert '"stillfirm"' not in told


@pytest.mark.slow
def test_cards_for_people_and_a_file() -> None:
    code, stdout, _ = call(NEED, "--directory", str(CROSSING), "--top", "1", "--from", "NL", "--across")
    assert code == 0
    assert "Stromkraft" in stdout
    assert stdout.count("+ ") == 3
    assert stdout.count("? ") == 1


@pytest.mark.slow
def test_written_file_is_the_answer(tmp_path: Path) -> None:
    out = tmp_path / "answer.json"
    code, stdout, stderr = call(NEED, "--directory", str(CROSSING), "--out", str(out))
    assert (code, stdout) == (0, "")
    assert "Written" in stderr
    assert json.loads(out.read_text())["status"] == "optimal"


def test_infeasible_ends_with_three() -> None:
    code, stdout, _ = call(NEED, "--directory", str(CROSSING), "--country", "FI", "--json")
    assert code == 3
    assert json.loads(stdout)["explanation"]["relaxations"] == [{"drop": ["countries"], "count": 15}]


INVALID = {
    "text": [],
    "across": [NEED, "--directory", str(CROSSING), "--across"],
    "organisation": ["--directory", str(CROSSING), "--organisation", "nobody"],
    "top": [NEED, "--directory", str(CROSSING), "--top", "0"],
    "codes": [NEED, "--directory", str(CROSSING), "--code", "28"],
    "origin": [NEED, "--directory", str(CROSSING), "--from", "Holland"],
}


@pytest.mark.parametrize("path", INVALID)
def test_invalid_input_ends_with_two_and_says_where(path: str) -> None:
    code, stdout, _ = call(*INVALID[path], "--json")
    assert code == 2
    error = json.loads(stdout)["error"]
    assert error["path"] == path
    assert error["message"]
    assert error["remedy"]


def test_missing_directory_is_told_to_people_on_standard_error() -> None:
    code, stdout, stderr = call(NEED, "--directory", "/nowhere/at/all.json")
    assert (code, stdout) == (2, "")
    assert "no such file" in stderr


def test_time_that_runs_out_ends_with_four() -> None:
    code, stdout, _ = call(NEED, "--directory", str(CROSSING), "--time", "0.000001", "--json")
    assert code == 4
    assert json.loads(stdout)["error"]["path"] == "time"


def test_directory_schema_is_printed() -> None:
    printed = CliRunner().invoke(app, ["schema", "directory"])
    assert json.loads(printed.stdout)["properties"]["format"] == {"const": "kontor-directory/1"}


def test_help_lists_commands_without_importing_the_site() -> None:
    code = """
import sys
from kontor.cli.main import app
try:
    app(["--help"])
except SystemExit:
    print("django" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.rstrip().endswith("False")
    assert "match" in done.stdout
    assert "serve" in done.stdout


def test_unknown_command_is_told() -> None:
    result = CliRunner().invoke(app, ["nonsense"])
    assert result.exit_code == 2
