"""Whoever has read only the how-to page writes a programme as one file: its own text, checked and asked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kontor.cli.programme import app

DOCS = Path(__file__).resolve().parents[4] / "docs"


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def run(*arguments: str) -> tuple[int, str, str]:
    answer = CliRunner().invoke(app, list(arguments))
    return answer.exit_code, answer.stdout, answer.stderr


@pytest.fixture
def seventh(tmp_path: Path) -> Path:
    """The pieces of the page, one below the other."""
    file = tmp_path / "border-heat.toml"
    file.write_text("\n".join(blocks("howto/describe-programme.md", "toml")), encoding="utf-8")
    return file


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """The example of the page about team files."""
    file = tmp_path / "team.json"
    file.write_text(blocks("formats/team.md", "json")[0], encoding="utf-8")
    return file


def test_it_is_sound(seventh: Path) -> None:
    code, out, err = run("check", str(seventh), "--json")
    found = json.loads(out)["programme"]
    assert (code, err) == (0, "")
    assert found["parts"] == {"open": "700000.01", "reserved": "300000.00"}
    assert found["variants"][0]["key"] == "border-heat-plus"
    assert found["instruments"]["project"] == [
        "mandatory-themes",
        "smes-per-side",
        "lead-type",
        "required-kinds",
        "project-ceiling",
        "grant-ceiling",
        "rate",
        "duration",
    ]


def test_its_faults_have_their_line(seventh: Path) -> None:
    text = seventh.read_text(encoding="utf-8").replace("trl = 7", "trl = 12")
    seventh.write_text(text, encoding="utf-8")
    line = text.splitlines().index("trl = 12") + 1
    code, _, err = run("check", str(seventh))
    assert code == 2
    assert f"line {line}, product[1].trl: is 12. Give a whole number from 1 to 9." in err


def test_it_answers_for_a_team(seventh: Path, team: Path) -> None:
    code, out, _ = run("eligible", str(seventh), "project", str(team))
    assert (code, out.splitlines()[0]) == (0, "Border heat, Joint project: yes")
    assert "[yes] lead-type: A small firm leads, and no other." in out
    assert "[no, preferred] required-kinds:" in out


def test_it_refuses_with_the_rules_named(seventh: Path, team: Path) -> None:
    values = json.loads(team.read_text(encoding="utf-8"))
    values["partners"] = values["partners"][:1]
    team.write_text(json.dumps(values), encoding="utf-8")
    code, out, _ = run("eligible", str(seventh), "project", str(team), "--json", "--language", "de")
    found = json.loads(out)
    assert (code, found["broken"]) == (3, ["smes-per-side", "required-kinds"])
    assert found["changes"][0]["text"] == "Ein KMU von dieser Seite hinzunehmen: Deutschland."


def test_its_next_version_is_told_in_words(seventh: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.toml"
    text = seventh.read_text(encoding="utf-8")
    later.write_text(text.replace("grant_ceiling = 100_000.00", "grant_ceiling = 90_000.00", 1), "utf-8")
    assert run("diff", str(seventh), str(later)) == (
        0,
        "The grant ceiling of the joint project falls from 100,000 to 90,000.\n",
        "",
    )


def test_every_rule_stands_in_the_format_page() -> None:
    page = (DOCS / "formats/programme.md").read_text(encoding="utf-8")
    listed = json.loads(run("rules", "--json")[1])["rules"]
    assert [rule["rule"] for rule in listed if f"`{rule['rule']}`" not in page] == []
