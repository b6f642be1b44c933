"""`kontor portfolio`: the contract of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kontor.cli.main import app

PORTFOLIOS = Path(__file__).parents[4] / "instances" / "portfolio"


def call(*arguments: str, command: str = "solve") -> tuple[int, str]:
    result = CliRunner().invoke(app, ["portfolio", command, *arguments])
    return result.exit_code, result.stdout


def answer(*arguments: str, command: str = "solve") -> tuple[int, dict[str, Any]]:
    code, stdout = call(*arguments, "--json", command=command)
    found: dict[str, Any] = json.loads(stdout)
    return code, found


def changed(tmp_path: Path, *, name: str = "alps", **fields: Any) -> str:
    content = json.loads((PORTFOLIOS / f"{name}.json").read_text()) | fields
    path = tmp_path / "portfolio.json"
    path.write_text(json.dumps(content))
    return str(path)


def test_the_synchronised_call_in_all_its_scenarios() -> None:
    code, found = answer(str(PORTFOLIOS / "alps.json"), "--why", "P2")
    assert code == 0
    assert [each["proposal"] for each in found["solution"]["granted"]] == ["P1", "P3", "P4", "P5"]
    assert {name: each["granted"] for name, each in found["explanation"]["scenarios"].items()} == {
        "balancing pot of 30,000": ["P1", "P2", "P3", "P4"],
        "one real pot": ["P1", "P2", "P3", "P4", "P5"],
        "strict ranking": ["P1"],
        "best total value": ["P1", "P3", "P4", "P5"],
    }
    assert found["explanation"]["extra"] == {"P2": {"OÖ": None, "SLO": "20000.00"}}
    assert found["solution"]["unfunded"][0]["top_up"] == {"SLO": "60000.00"}


def test_a_rocket_round_keeps_the_share_of_new_partners() -> None:
    code, found = answer(str(PORTFOLIOS / "rocket.json"))
    assert (code, found["status"]) == (0, "optimal")
    assert found["objective"] == found["bound"] == 551.5
    assert found["solution"]["left"]["open"] == "54999.50"
    out = {each["proposal"]: each for each in found["solution"]["unfunded"]}
    assert out["dry-coating"]["code"] == "portfolio.min_score"
    assert (out["smart-patch"]["reserve"], out["smart-patch"]["score_needed"]) == (1, "84")


def test_same_input_and_seed_give_the_same_bytes() -> None:
    first, second = (answer(str(PORTFOLIOS / "rocket.json"), "--seed", "3")[1] for _ in range(2))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_what_blocks_is_named_and_ends_with_three(tmp_path: Path) -> None:
    code, found = answer(changed(tmp_path, fixed=["P1", "P2"], scenarios=[]))
    assert code == 3
    assert {each["rule"] for each in found["explanation"]["blocked"]} == {"fixed", "money"}
    assert "cannot be kept together" in call(changed(tmp_path, fixed=["P1", "P2"], scenarios=[]))[1]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"format": "other"}, "format"),
        ({"rule": "luck"}, "rule"),
        ({"envelopes": []}, "envelopes"),
        ({"envelopes": [{"key": "BW", "amount": "1.005"}]}, "envelopes[0].amount"),
        ({"envelopes": [{"key": "BW", "amount": "much"}]}, "envelopes[0].amount"),
        ({"proposals": [{"key": "P1", "score": 1, "draws": {"X": 1}}]}, "proposals[0].draws.X"),
        ({"proposals": [{"key": "P1", "score": 1, "draws": {"BW": 0}}]}, "proposals[0].draws"),
        ({"proposals": [{"key": "P1", "score": 1.00001, "draws": {"BW": 1}}]}, "proposals[0].score"),
        ({"balancing": 10}, "balancing"),
        ({"fixed": ["P9"]}, "fixed"),
        ({"scenarios": [{"rule": "skip"}]}, "scenarios[0]"),
        ({"scenarios": [{"name": "x", "amounts": {"X": 1}}]}, "scenarios[0].amounts.X"),
        ({"scenarios": [{"name": "x", "new_share": 1.5}]}, "scenarios[0].new_share"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_input_is_named_with_its_place(tmp_path: Path, fields: dict[str, Any], path: str) -> None:
    code, found = answer(changed(tmp_path, **fields))
    assert (code, found["error"]["path"]) == (2, path)
    assert found["error"]["remedy"]


def test_an_unknown_proposal_cannot_be_asked_about() -> None:
    code, found = answer(str(PORTFOLIOS / "alps.json"), "--why", "P9")
    assert (code, found["error"]["path"]) == (2, "why")


def test_time_that_is_over_at_once_ends_with_four() -> None:
    code, found = answer(str(PORTFOLIOS / "rocket.json"), "--time", "0.000001")
    assert (code, found["error"]["path"]) == (4, "time")


def promoted(tmp_path: Path, **fields: Any) -> tuple[int, dict[str, Any]]:
    return answer(changed(tmp_path, name="alps-promotion", **fields), command="promote")


def test_the_reserve_moves_up_and_nobody_loses_what_is_granted(tmp_path: Path) -> None:
    code, found = promoted(tmp_path)
    assert (code, found["status"], found["solution"]["promoted"]) == (0, "optimal", ["P2"])
    assert {each["proposal"] for each in found["solution"]["granted"]} == {"P2", "P3", "P4", "P5"}
    assert found["solution"]["left"]["SLO"] == "20000.00"


def test_a_cent_too_little_moves_nobody_up(tmp_path: Path) -> None:
    short = promoted(tmp_path, withdrawn=[], extra={"SLO": "59999.99"})[1]
    assert short["solution"]["promoted"] == []
    assert short["solution"]["unfunded"][0]["top_up"] == {"SLO": "0.01"}
    assert promoted(tmp_path, withdrawn=[], extra={"SLO": 60000})[1]["solution"]["promoted"] == ["P2"]


def test_without_a_decision_the_rule_decides_first(tmp_path: Path) -> None:
    content = json.loads((PORTFOLIOS / "alps-promotion.json").read_text())
    del content["granted"]
    path = tmp_path / "promotion.json"
    path.write_text(json.dumps(content))
    assert answer(str(path), command="promote")[1]["solution"]["promoted"] == ["P2"]


def test_what_a_part_leaves_is_given_on(tmp_path: Path) -> None:
    """P1 holds half of what it asked for, so Slovenia has 30,000 more left."""
    granted = [{"proposal": "P1", "percent": 50}, {"proposal": "P5"}]
    found = promoted(tmp_path, granted=granted, withdrawn=[], extra={"SLO": 30000})[1]["solution"]
    assert found["promoted"] == ["P2", "P3", "P4"]
    assert found["granted"][0]["draws"] == {"BW": "60000.00", "SLO": "30000.00"}


def test_grants_beyond_the_money_are_named_and_end_with_three(tmp_path: Path) -> None:
    code, found = promoted(tmp_path, granted=[{"proposal": "P1"}, {"proposal": "P2"}], withdrawn=[], extra={})
    assert (code, found["status"]) == (3, "infeasible")
    assert {each["rule"] for each in found["explanation"]["blocked"]} == {"fixed", "money"}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"format": "kontor-portfolio/1"}, "format"),
        ({"withdrawn": ["P9"]}, "withdrawn[0]"),
        ({"extra": {"X": 1}}, "extra.X"),
        ({"extra": {"SLO": -1}}, "extra.amount"),
        ({"granted": [{"proposal": "P9"}]}, "granted[0].proposal"),
        ({"granted": [{"proposal": "P1"}, {"proposal": "P1"}]}, "granted[1].proposal"),
        ({"granted": [{"proposal": "P1", "percent": 0}]}, "granted[0].percent"),
        ({"scenarios": []}, "scenarios"),
    ],
)
def test_a_bad_promotion_is_named_with_its_place(tmp_path: Path, fields: dict[str, Any], path: str) -> None:
    code, found = promoted(tmp_path, **fields)
    assert (code, found["error"]["path"]) == (2, path)


def test_a_promotion_without_time_ends_with_four() -> None:
    path = str(PORTFOLIOS / "alps-promotion.json")
    code, found = answer(path, "--time", "0.000001", command="promote")
    assert (code, found["error"]["path"]) == (4, "time")
