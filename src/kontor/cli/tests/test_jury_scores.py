"""`kontor jury score` and `kontor jury calibrate`: the contract of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kontor.cli.main import app

JURIES = Path(__file__).parents[4] / "instances" / "juries"


def answer(command: str, file: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, ["jury", command, str(file), "--json", *arguments])
    found: dict[str, Any] = json.loads(result.stdout)
    return result.exit_code, found


def changed(tmp_path: Path, name: str, **fields: Any) -> Path:
    content = json.loads((JURIES / f"{name}.json").read_text()) | fields
    path = tmp_path / "sheet.json"
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))
    return path


def test_totals_ranks_and_who_needs_a_third_assessor() -> None:
    code, found = answer("score", JURIES / "scores.json")
    assert (code, found["status"], found["objective"]) == (0, "optimal", None)
    rows = found["solution"]["applications"]
    assert [(each["application"], each["rank"], each["total"], each["passed"]) for each in rows] == [
        ("laser", 1, 84.0, True),
        ("grid", 2, 78.0, True),
        ("patch", 3, 63.0, False),
    ]
    assert [each and each["code"] for each in (row["third_assessor"] for row in rows)] == [
        None,
        "score.apart",
        "score.divided",
    ]
    assert [(each["juror"], each["total"]) for each in rows[0]["jurors"]] == [
        ("brandt", 90.0),
        ("claes", 78.0),
    ]
    assert found["explanation"] == {"third_assessor": ["grid", "patch"]}


def test_exactly_the_limit_apart_calls_for_a_third_assessor(tmp_path: Path) -> None:
    """Laser's totals are 12 points apart."""
    for apart, due in (("12", ["laser", "grid", "patch"]), ("12.01", ["grid", "patch"])):
        path = changed(tmp_path, "scores", apart=apart)
        assert answer("score", path)[1]["explanation"]["third_assessor"] == due


def test_a_knock_out_excludes_whatever_the_rest_is() -> None:
    rows = answer("score", JURIES / "verdicts.json")[1]["solution"]["applications"]
    assert [(each["application"], each["verdict"], each["total"], each["passed"]) for each in rows] == [
        ("laser", "good", 55.555556, True),
        ("patch", "good", 55.555556, False),
    ]
    assert [each["code"] for each in rows[1]["failures"]] == ["verdict.knocked_out"]
    assert rows[1]["third_assessor"]["code"] == "score.divided"


def test_a_severe_juror_is_seen_and_the_raw_ranking_counts() -> None:
    code, found = answer("calibrate", JURIES / "ratings.json")
    assert code == 0
    effects = {each["juror"]: each["effect"] for each in found["solution"]["jurors"]}
    assert effects["brandt"] > 3 > -3 > effects["claes"]
    assert sum(effects.values()) == pytest.approx(0, abs=1e-5)
    first = found["solution"]["applications"][0]
    assert (first["application"], first["raw"], first["raw_rank"]) == ("laser", 78.5, 1)
    assert first["adjusted"] > first["raw"]
    assert found["explanation"] == {"moved": [], "counts": "raw"}


def test_below_the_minimum_nobody_is_adjusted(tmp_path: Path) -> None:
    found = answer("calibrate", changed(tmp_path, "ratings", minimum=6))[1]["solution"]
    assert {each["used"] for each in found["jurors"]} == {False}
    assert all(each["raw"] == each["adjusted"] for each in found["applications"])


MARKS = {"excellence": 3, "impact": 3, "work": 3}
ONE = {"application": "laser", "juror": "brandt"}


@pytest.mark.parametrize(
    ("name", "fields", "path"),
    [
        ("scores", {"format": "kontor-jury/1"}, "format"),
        ("scores", {"assessments": []}, "assessments"),
        ("scores", {"criteria": None}, "criteria"),
        ("scores", {"verdicts": {"criteria": ["idea"]}}, "criteria"),
        ("scores", {"apart": 0}, "apart"),
        ("scores", {"assessments": [{**ONE, "marks": {"impact": 3}}]}, "assessments[0].marks.excellence"),
        ("scores", {"assessments": [{**ONE, "marks": {**MARKS, "work": 6}}]}, "assessments[0].marks.work"),
        ("scores", {"assessments": [{**ONE, "marks": MARKS}] * 2}, "assessments[1].juror"),
        ("scores", {"assessments": [{**ONE, "levels": {"idea": "good"}}]}, "assessments[0].levels"),
        ("verdicts", {"assessments": [{**ONE, "marks": MARKS}]}, "assessments[0].marks"),
        ("verdicts", {"assessments": [{**ONE, "levels": {"idea": "fine"}}]}, "assessments[0].levels.idea"),
        ("verdicts", {"verdicts": {"criteria": ["idea"], "knock_out": ["x"]}}, "verdicts.knock_out"),
        ("verdicts", {"verdicts": {"criteria": ["idea"], "points": {"fine": 1}}}, "verdicts.points.fine"),
        ("verdicts", {"verdicts": {"criteria": ["idea"], "weights": {"idea": 0}}}, "verdicts.weights.idea"),
        ("ratings", {"ratings": []}, "ratings"),
        ("ratings", {"ratings": [{**ONE, "score": "much"}]}, "ratings[0].score"),
        ("ratings", {"ratings": [{**ONE, "score": 1}] * 2}, "ratings[1]"),
        ("ratings", {"minimum": 0}, "minimum"),
    ],
)
def test_bad_input_is_named_with_its_place(
    tmp_path: Path, name: str, fields: dict[str, Any], path: str
) -> None:
    command = "calibrate" if name == "ratings" else "score"
    code, found = answer(command, changed(tmp_path, name, **fields))
    assert (code, found["error"]["path"]) == (2, path)
    assert found["error"]["remedy"]


@pytest.mark.parametrize(("command", "name"), [("score", "scores"), ("calibrate", "ratings")])
def test_time_that_is_over_at_once_ends_with_four(command: str, name: str) -> None:
    code, found = answer(command, JURIES / f"{name}.json", "--time", "0.000001")
    assert (code, found["error"]["path"]) == (4, "time")
