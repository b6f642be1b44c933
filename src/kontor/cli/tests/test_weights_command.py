"""`kontor weights`: learned from an extract, used by `kontor match`; refusals name place and remedy."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kontor.cli.main import app

THINGS = ["ships", "bread", "lasers", "tunnels", "bees", "clocks"]
PROJECTS = 24


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CORDIS extract: for each thing a coordinator, a large expert and a small firm that come back."""
    folder = tmp_path_factory.mktemp("cordis")
    with (folder / "projects.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "acronym", "title", "startDate", "endDate", "fundingScheme", "objective"])
        for n in range(PROJECTS):
            thing = THINGS[n % 6]
            text = f"We study {thing} and build better {thing}, part {n}."
            rows.writerow([n, f"P{n}", f"Better {thing} {n}", f"2022-{1 + n // 2:02d}-01", "", "RIA", text])
    with (folder / "participations.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["projectID", "name", "shortName", "SME", "activityType", "city", "country", "role", "pic"]
        )
        for n in range(PROJECTS):
            kind = n % 6
            rows.writerow(
                [n, f"LEADER {kind}", "", "False", "HES", "Bremen", "DE", "coordinator", 900000000 + kind]
            )
            rows.writerow(
                [n, f"EXPERT {kind}", "", "False", "HES", "Lyon", "FR", "participant", 910000000 + kind]
            )
            rows.writerow(
                [n, f"SMALL {kind}", "", "True", "PRC", "Delft", "NL", "participant", 920000000 + kind]
            )
    return folder


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def fitted(extract: Path, out: Path, *more: str) -> dict[str, Any]:
    code, _, stderr = call("weights", "fit", str(extract), "--as", "cordis", "--out", str(out), *more)
    assert code == 0, stderr
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def test_what_was_learned_from_projects_ranks_the_next_question(
    extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    out = tmp_path / "weights.json"
    found = fitted(extract, out)
    told = found["explanation"]
    assert (told["holds"], told["rows"]) == (True, 2)
    assert [each["group"] for each in told["check"]] == ["with a past", "newcomers and small firms"]
    assert {share["group"] for share in told["bias"]["country"]} == {"DE", "FR", "NL"}
    assert sum(share["suggested"] for share in told["bias"]["size"]) == pytest.approx(1)
    again = fitted(extract, tmp_path / "again.json")
    assert again["solution"] == found["solution"]
    ask = [
        "match",
        "Better bees need care",
        "--language",
        "en",
        "--directory",
        str(extract),
        "--as",
        "cordis",
    ]
    code, stdout, stderr = call(*ask, "--weights", str(out), "--top", "4", "--json")
    assert code == 0, stderr
    matches = json.loads(stdout)["solution"]["matches"]
    assert any(match["shared"] for match in matches)
    assert not all(match["shared"] for match in matches)
    for match in matches:
        assert match["score"] == pytest.approx(sum(p["contribution"] for p in match["parts"]), abs=1e-4)
    usual = json.loads(call(*ask, "--top", "4", "--json")[1])["solution"]["matches"]
    assert not any(match["shared"] for match in usual)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "no weights that were learned"),
        ('{"solution": {"ranking": {"format": 99}}}', "another version"),
        ('{"format": 1, "share": 0.5}', "no weights that were learned"),
    ],
)
def test_a_file_that_holds_no_weights_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "weights.json"
    file.write_text(content, encoding="utf-8")
    code, stdout, _ = call("match", "bees", "--directory", "nowhere", "--weights", str(file), "--json")
    error = json.loads(stdout)["error"]
    assert (code, message in error["message"]) == (2, True)
    assert error["path"].startswith("weights")


def test_a_missing_file_and_a_form_without_projects_are_refused(tmp_path: Path) -> None:
    code, stdout, _ = call("match", "bees", "--weights", str(tmp_path / "none.json"), "--json")
    assert (code, "cannot be read" in stdout) == (2, True)
    code, stdout, _ = call("weights", "fit", str(tmp_path), "--as", "directory", "--json")
    assert (code, json.loads(stdout)["error"]["path"]) == (2, "as")


def test_too_few_projects_teach_nothing(
    extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    code, stdout, _ = call("weights", "fit", str(extract), "--before", "2022-06-01", "--json")
    assert (code, json.loads(stdout)["error"]["message"]) == (2, "Only 8 questions have an answer.")
