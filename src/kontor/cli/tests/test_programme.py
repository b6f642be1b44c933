"""`kontor programme check` as people and machines call it."""

from __future__ import annotations

import json
from collections.abc import Callable
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
    line = faulty.read_text(encoding="utf-8").splitlines().index("trl = 12") + 1
    assert f"line {line}, product[1].trl: is 12. Give a whole number from 1 to 9." in answer.stderr


def test_faults_as_json(faulty: Path) -> None:
    answer = CliRunner().invoke(app, ["check", str(faulty), "--json"])
    assert answer.exit_code == 2
    found = json.loads(answer.stdout)
    assert found["error"] == {
        "path": "product[1].trl",
        "message": "is 12.",
        "remedy": "Give a whole number from 1 to 9.",
    }
    line = faulty.read_text(encoding="utf-8").splitlines().index("trl = 12") + 1
    assert [problem["line"] for problem in found["problems"]] == [line]


def test_file_that_is_not_there(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["check", str(tmp_path / "none.toml")])
    assert answer.exit_code == 2
    assert "cannot be opened: No such file or directory." in answer.stderr


def run(*arguments: str) -> tuple[int, str, str]:
    answer = CliRunner().invoke(app, list(arguments))
    return answer.exit_code, answer.stdout, answer.stderr


@pytest.fixture
def team(tmp_path: Path) -> Callable[..., str]:
    """A file of a study's team: one small firm for each country, the first one leads."""

    def write(*countries: str, **lead: str) -> str:
        partners = [
            {"key": f"p{at}", "country": country, "kind": "firm", "size": "small", "lead": at == 0}
            for at, country in enumerate(countries)
        ]
        partners[0].update(lead)
        facts = {"themes": ["energy"], "kets": ["photonics"], "months": 10, "cost": "40000", "grant": "20000"}
        file = tmp_path / "team.json"
        file.write_text(json.dumps({"partners": partners, **facts}), encoding="utf-8")
        return str(file)

    return write


def test_single_country_is_refused_with_both_rules(team: Callable[..., str]) -> None:
    code, out, _ = run("eligible", "rocket", "feasibility-study", team("NL", "NL"))
    assert code == 3
    assert "ROCKET, Feasibility study: no" in out
    assert "[no] minimum-countries: Partners from at least 2 countries." in out
    assert "[no] smes-per-side: At least 1 SME from each of: Germany and the Netherlands." in out
    assert "-> Add one SME from Germany." in out


def test_one_german_sme_more_turns_it_to_yes(team: Callable[..., str]) -> None:
    code, out, _ = run("eligible", "rocket", "feasibility-study", team("NL", "NL", "DE"))
    assert (code, out.splitlines()[0]) == (0, "ROCKET, Feasibility study: yes")


def test_answers_are_told_in_the_language_asked_for(team: Callable[..., str]) -> None:
    out = run("eligible", "rocket", "feasibility-study", team("NL", "NL"), "--language", "nl")[1]
    assert out.splitlines()[0] == "ROCKET, Haalbaarheidsstudie: nee"
    assert "[ja] duration: Het project duurt hoogstens 12 maanden." in out


def test_large_lead_is_refused_as_json(team: Callable[..., str]) -> None:
    file = team("NL", "NL", "DE", size="large")
    code, out, err = run("eligible", "rocket", "feasibility-study", file, "--json", "--language", "de")
    found = json.loads(out)
    assert (code, err) == (3, "")
    assert (found["status"], found["broken"]) == ("no", ["lead-type"])
    assert found["changes"][0] == {"text": "p1 die Leitung geben.", "add": None}
    lead = next(rule for rule in found["rules"] if rule["key"] == "lead-type")
    assert lead["text"] == "Nur KMU dürfen leiten."
    assert lead["findings"][0]["changes"][-1]["add"] == {
        "count": 1,
        "types": ["sme"],
        "countries": [],
        "nuts": [],
        "clusters": [],
        "lead": True,
    }


def test_what_is_not_known_is_to_clarify(tmp_path: Path) -> None:
    file = tmp_path / "team.json"
    file.write_text('{"partners": [{"key": "a", "country": "NL"}, {"key": "b", "country": "DE"}]}')
    code, out, _ = run("eligible", "rocket", "feasibility-study", str(file), "--json")
    found = json.loads(out)
    assert (code, found["status"], found["broken"]) == (0, "clarify", [])
    smes = next(rule for rule in found["rules"] if rule["key"] == "minimum-smes")
    assert smes["findings"][0]["missing"] == [
        {"partner": "a", "field": "kind"},
        {"partner": "a", "field": "size"},
        {"partner": "b", "field": "kind"},
        {"partner": "b", "field": "size"},
    ]


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (("nowhere", "voucher"), "programme"),
        (("nowhere.toml", "voucher"), "programme"),
        (("rocket", "voucher"), "instrument"),
        (("rocket", "feasibility-study", "--language", "xx"), "language"),
    ],
)
def test_input_that_cannot_be_used(team: Callable[..., str], arguments: tuple[str, ...], path: str) -> None:
    head, tail = arguments[:2], arguments[2:]
    code, out, _ = run("eligible", *head, team("NL"), *tail, "--json")
    assert (code, json.loads(out)["error"]["path"]) == (2, path)


def test_faulty_team_and_faulty_programme(team: Callable[..., str], faulty: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"partners": [{"key": "a", "size": "tiny"}]}')
    code, _, err = run("eligible", "rocket", "feasibility-study", str(wrong))
    assert (code, err.startswith("partners[1].size: is 'tiny'.")) == (2, True)
    code, _, err = run("eligible", str(faulty), "voucher", team("NL"))
    assert (code, "has 1 faults, the first: line " in err) == (2, True)


def test_rules_are_listed_with_their_parameters() -> None:
    code, out, _ = run("rules")
    assert code == 0
    assert "minimum-smes\n  At least <minimum> small or medium-sized enterprises.\n" in out
    assert "  minimum: count, must stand there" in out
    listed = json.loads(run("rules", "--json")[1])["rules"]
    assert len(listed) == 21
    assert next(rule for rule in listed if rule["rule"] == "duration")["parameters"] == [
        {"name": "minimum", "type": "count", "required": False, "default": 0},
        {"name": "maximum", "type": "count", "required": True, "default": None},
    ]


def test_versions_compared_in_words() -> None:
    sentence = "The grant ceiling of the innovation project rises from 165,000 to 300,000."
    code, out, _ = run("diff", "rocket-reloaded", "rocket")
    assert (code, sentence in out.splitlines()) == (0, True)
    assert sentence in json.loads(run("diff", "rocket-reloaded", "rocket", "--json")[1])["changes"]
    assert run("diff", "rocket", "rocket") == (0, "Both versions say the same.\n", "")
