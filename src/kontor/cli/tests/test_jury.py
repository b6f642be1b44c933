"""`kontor jury`: the contract of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kontor.cli.main import app

JURIES = Path(__file__).parents[4] / "instances" / "juries"


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["jury", *arguments])
    return result.exit_code, result.stdout


def answer(*arguments: str) -> tuple[int, dict[str, Any]]:
    code, stdout = call(*arguments, "--json")
    found: dict[str, Any] = json.loads(stdout)
    return code, found


def changed(tmp_path: Path, **fields: Any) -> str:
    content = json.loads((JURIES / "rocket.json").read_text()) | fields
    path = tmp_path / "jury.json"
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))
    return str(path)


def test_assign_proves_worst_and_total() -> None:
    code, found = answer("assign", str(JURIES / "rocket.json"))
    assert code == 0
    assert found["status"] == "optimal"
    assert found["solution"]["worst"] == {"reached": 1.31, "bound": 1.31}
    assert found["solution"]["worst_served"] == "lab-on-chip"
    assert found["objective"] == found["bound"] == 9.32
    assert len(found["solution"]["assigned"]) == 12


def test_same_input_and_seed_give_the_same_bytes() -> None:
    first, second = (answer("assign", str(JURIES / "rocket.json"), "--seed", "7")[1] for _ in range(2))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_repair_changes_as_little_as_possible() -> None:
    code, found = answer("repair", str(JURIES / "rocket-ill.json"))
    assert code == 0
    assert found["solution"]["changes"] == {"reached": 4.0, "bound": 4.0}
    assert [pair["expert"] for pair in found["solution"]["dropped"]] == ["claes", "claes"]
    assert sum(each["kept"] for each in found["solution"]["assigned"]) == 10


def test_what_blocks_is_named_and_ends_with_three() -> None:
    code, found = answer("assign", str(JURIES / "rocket-blocked.json"))
    assert code == 3
    blocked = found["explanation"]["blocked"]
    assert [each["rule"] for each in blocked["rules"]] == ["availability", "field"]
    assert {tuple(each["rules"]): each["amount"] for each in blocked["remedies"]} == {
        ("availability",): 1,
        ("field",): 2,
    }
    assert "claes is not available." in call("assign", str(JURIES / "rocket-blocked.json"))[1]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"format": "other"}, "format"),
        ({"reviews": 0}, "applications[0].reviews"),
        ({"load_max": "three"}, "experts[0].load_max"),
        ({"fit": [[0.5]]}, "fit"),
        ({"fit": {"laser-diagnostics": {"nobody": 1}}}, "fit.laser-diagnostics.nobody"),
        ({"fit": {"laser-diagnostics": {"claes": 1.5}}}, "fit[0][2]"),
        ({"fit": None}, "applications[0].text"),
        ({"conflicts": [{"expert": "brandt", "application": "nano-filter"}]}, "conflicts[0].reason"),
        (
            {"conflicts": [{"expert": "x", "application": "nano-filter", "reason": "r"}]},
            "conflicts[0].expert",
        ),
        ({"aim": "best"}, "aim"),
        ({"experts": []}, "experts"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_input_is_named_with_its_place(tmp_path: Path, fields: dict[str, Any], path: str) -> None:
    code, found = answer("assign", changed(tmp_path, **fields))
    assert code == 2
    assert found["error"]["path"] == path
    assert found["error"]["remedy"]


def test_repair_without_an_earlier_assignment_is_refused() -> None:
    code, found = answer("repair", str(JURIES / "rocket.json"))
    assert (code, found["error"]["path"]) == (2, "previous")


def test_a_file_that_is_not_there() -> None:
    code, found = answer("assign", "nowhere.json")
    assert (code, found["error"]["path"]) == (2, "nowhere.json")


def test_time_that_is_over_at_once_ends_with_four() -> None:
    code, found = answer("assign", str(JURIES / "rocket.json"), "--time", "0.000001")
    assert (code, found["error"]["path"]) == (4, "time")


def test_a_pitch_day_gets_its_order() -> None:
    code, found = answer("pitches", str(JURIES / "pitch-day.json"))
    assert code == 0
    assert found["status"] == "optimal"
    assert found["objective"] == found["bound"] == 4
    placed = {each["pitch"]: each for each in found["solution"]["order"]}
    assert len(placed) == 12
    assert (placed["c01"]["begin"], placed["c08"]["end"]) == ("09:00", "10:00")
    assert placed["c04"]["begin"] >= "11:00"
    assert "09:00 c01" in call("pitches", str(JURIES / "pitch-day.json"))[1]


def test_an_impossible_pitch_day_names_what_blocks(tmp_path: Path) -> None:
    day = json.loads((JURIES / "pitch-day.json").read_text()) | {"end": "14:00"}
    path = tmp_path / "day.json"
    path.write_text(json.dumps(day))
    code, found = answer("pitches", str(path))
    assert code == 3
    assert {each["rule"] for each in found["explanation"]["blocked"]} == {"placed"}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"begin": "nine"}, "begin"),
        ({"pitches": [{"key": "a", "arrives": "25:00"}]}, "pitches[0].arrives"),
        ({"jurors": [{"key": "x", "conflicts": ["nobody"]}]}, "jurors[0].conflicts"),
        ({"end": "08:00"}, "end"),
        ({"breaks": [["12:00"]]}, "breaks[0]"),
    ],
)
def test_bad_times_are_named(tmp_path: Path, fields: dict[str, Any], path: str) -> None:
    day = json.loads((JURIES / "pitch-day.json").read_text()) | fields
    file = tmp_path / "day.json"
    file.write_text(json.dumps(day))
    code, found = answer("pitches", str(file))
    assert (code, found["error"]["path"]) == (2, path)


def test_the_schema_knows_every_field_of_the_instances() -> None:
    result = CliRunner().invoke(app, ["schema", "jury"])
    schema = json.loads(result.stdout)
    for path in sorted(JURIES.glob("rocket*.json")):
        content = json.loads(path.read_text())
        assert set(content) <= set(schema["properties"])
        for name in ("applications", "experts", "conflicts"):
            for item in content[name]:
                assert set(item) <= set(schema["properties"][name]["items"]["properties"])
                assert set(schema["properties"][name]["items"]["required"]) <= set(item)


def test_texts_become_fit(tmp_path: Path) -> None:
    applications = [
        {"key": "pump", "reviews": 1, "text": "Heat pumps for dairies"},
        {"key": "code", "reviews": 1, "text": "Software for invoices"},
    ]
    experts = [
        {"key": "accountant", "load_max": 1, "text": "Buchhaltung und Rechnungen mit Software"},
        {"key": "engineer", "load_max": 1, "text": "Wärmepumpen und Kältetechnik in Molkereien"},
    ]
    path = changed(tmp_path, applications=applications, experts=experts, fit=None, conflicts=None)
    code, found = answer("assign", path)
    assert code == 0
    pairs = {each["application"]: each["expert"] for each in found["solution"]["assigned"]}
    assert pairs == {"pump": "engineer", "code": "accountant"}
