"""`kontor form`: the questions, and answers checked."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from kontor.cli.form import app
from kontor.programmes.tests.forms import FORM, HEAD

INSTRUMENT = """
[[instrument]]
key = "grant"
kind = "innovation-project"
form = "asks"
name = { en = "Grant" }
"""
RUN = CliRunner()


def files(folder: Path, answers: object) -> tuple[str, str]:
    programme, told = folder / "small.toml", folder / "answers.json"
    programme.write_text(HEAD + INSTRUMENT + FORM)
    told.write_text(json.dumps(answers))
    return str(programme), str(told)


def test_show_lists_the_questions(tmp_path: Path) -> None:
    programme, _answers = files(tmp_path, {})
    shown = RUN.invoke(app, ["show", programme])
    assert shown.exit_code == 0
    assert "  summary: Summary [paragraph, at most 4 words]" in shown.stdout
    assert json.loads(RUN.invoke(app, ["show", programme, "--json"]).stdout)["key"] == "asks"


def test_check_names_each_fault_and_its_rule(tmp_path: Path) -> None:
    good = {"title": "Lamps", "summary": {"de": "eins", "nl": "een"}}
    programme, answers = files(tmp_path, good)
    assert RUN.invoke(app, ["check", answers, "--programme", programme]).exit_code == 0
    programme, answers = files(tmp_path, good | {"title": "Far too long a title"})
    found = RUN.invoke(app, ["check", answers, "--programme", programme, "--json"])
    assert found.exit_code == 3
    (fault,) = json.loads(found.stdout)["faults"]
    assert (fault["field"], fault["code"], fault["rule"]) == (
        "title", "characters", "Article 3: a title of one line.",
    )  # fmt: skip


def test_bad_input_names_its_place(tmp_path: Path) -> None:
    for wrong, path in (({"x": 1}, "answers.x"), ({"title": []}, "answers.title"), ([], "answers")):
        programme, answers = files(tmp_path, wrong)
        told = RUN.invoke(app, ["check", answers, "--programme", programme, "--json"])
        assert (told.exit_code, json.loads(told.stdout)["error"]["path"]) == (2, path)
    unknown = RUN.invoke(app, ["show", programme, "--instrument", "loan", "--json"])
    assert json.loads(unknown.stdout)["error"]["path"] == "instrument"
