"""The command keeps the contract: one object, exit codes, the same bytes for the same seed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kontor.cli.main import app

INSTANCES = Path(__file__).resolve().parents[4] / "instances" / "consortia"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["consortium", *arguments])
    return result.exit_code, result.stdout


def solved(name: str, *options: str) -> tuple[int, dict[str, object]]:
    code, printed = run("solve", str(INSTANCES / f"{name}.json"), "--json", *options)
    return code, json.loads(printed)


def test_a_team_ends_with_0_and_one_object() -> None:
    code, record = solved("quiet-heat-pump")
    assert code == 0
    assert list(record) == ["status", "objective", "bound", "seconds", "solution", "explanation"]
    assert (record["status"], record["objective"], record["bound"]) == ("optimal", 45.6, 45.6)
    teams = record["solution"]["teams"]  # type: ignore[index]
    assert [team["objective"] for team in teams] == [45.6, 44.5, 43.7]
    assert [team["gap"] for team in teams] == [0.0, 0.0, 0.0]


def test_no_team_ends_with_3_and_says_what_to_change() -> None:
    code, record = solved("rocket-single-country")
    assert (code, record["status"], record["objective"]) == (3, "infeasible", None)
    corrections = record["explanation"]["corrections"]  # type: ignore[index]
    assert [each["rules"] for each in corrections] == [["cross-border", "sme-each-side"]]


def test_bad_input_ends_with_2_and_names_the_place(tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"format": "kontor-consortium/1", "candidates": [{"key": "a", "affinity": 7}]}')
    code, printed = run("solve", str(file), "--json")
    assert code == 2
    assert json.loads(printed)["error"]["path"] == "candidates[0].affinity"


def test_no_time_ends_with_4(tmp_path: Path) -> None:
    code, printed = run("solve", str(INSTANCES / "quiet-heat-pump.json"), "--json", "--time", "0.000001")
    assert code == 4
    assert json.loads(printed)["error"]["path"] == "time"


def test_the_same_seed_prints_the_same_bytes() -> None:
    runs = [solved("quiet-heat-pump", "--seed", "5")[1] for _ in range(2)]
    for record in runs:
        del record["seconds"]
    assert json.dumps(runs[0]) == json.dumps(runs[1])


def test_options_override_the_file_and_out_writes_it(tmp_path: Path) -> None:
    out = tmp_path / "answer.json"
    code, printed = run("solve", str(INSTANCES / "quiet-heat-pump.json"), "--teams", "1", "--out", str(out))
    assert (code, printed) == (0, "")
    assert len(json.loads(out.read_text())["solution"]["teams"]) == 1


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("quiet-heat-pump", "1. 45.6 points, proven best"),
        ("rocket-german-sme", "     - Without it there is no team."),
        ("rocket-large-lead", "     - Let another than Großoptik lead."),
    ],
)
def test_people_read_sentences(name: str, line: str) -> None:
    _code, printed = run("solve", str(INSTANCES / f"{name}.json"))
    assert line in printed.splitlines()


def test_fill_proposes_for_every_gap() -> None:
    code, printed = run("fill", str(INSTANCES / "quiet-heat-pump-started.json"), "--json")
    gaps = {gap["rule"]: gap["proposals"] for gap in json.loads(printed)["solution"]["gaps"]}
    assert code == 0
    assert [proposal["key"] for proposal in gaps["competence:acoustics"]] == ["m02", "m08"]


def test_a_gap_that_nobody_can_close_ends_with_3(tmp_path: Path) -> None:
    content = json.loads((INSTANCES / "rocket-single-country.json").read_text())
    (tmp_path / "team.json").write_text(json.dumps(content | {"fixed": ["lumen", "film", "uni"]}))
    code, printed = run("fill", str(tmp_path / "team.json"), "--json")
    record = json.loads(printed)
    empty = [gap["rule"] for gap in record["solution"]["gaps"] if not gap["proposals"]]
    assert (code, empty) == (3, ["cross-border", "sme-each-side"])
