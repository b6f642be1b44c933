"""`kontor call`: answers for people and programs, and refusals with exit code 2."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from django.utils import timezone
from typer.testing import CliRunner

from kontor.features.calls.actions import begin_application
from kontor.features.calls.commands import call
from kontor.features.calls.models import Application, Call
from kontor.features.organisations.tests.factories import ACTOR

from .conftest import SECRET


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(call, arguments)
    return result.exit_code, result.stdout


def test_from_draft_to_withdrawal(draft: Call) -> None:
    assert _run("publish", draft.key) == (0, "light-one: published.\n")
    code, text = _run("publish", draft.key, "--json")
    assert (code, json.loads(text)["error"]["message"]) == (2, "This call is published.")
    assert _run("withdraw", draft.key, "--reason", "No money")[0] == 0
    listed = json.loads(_run("list", "--json")[1])["calls"]
    assert [(one["key"], one["phase"]) for one in listed] == [("light-one", "withdrawn")]
    code, text = _run("show", "nothing", "--json")
    assert (code, json.loads(text)["error"]["path"]) == (2, "key")


def test_what_is_handed_in_and_due(handed_in: Callable[..., Application]) -> None:
    application = handed_in(days_ago=100)
    found = json.loads(_run("show", application.call.key, "--json")[1])
    assert (found["handed_in"], found["requested"], found["left"]) == (1, "1000.00", {"budget": "100000.00"})
    assert application.submitted_at is not None
    zone = application.call.zone
    gone = (timezone.localdate(timezone=zone) - application.submitted_at.astimezone(zone).date()).days
    assert [(one["number"], one["days_left"]) for one in found["due"]] == [(application.number, 120 - gone)]


def test_what_was_handed_in_goes_into_a_spreadsheet(
    place: SimpleNamespace, handed_in: Callable[..., Application], tmp_path: Path
) -> None:
    Application.objects.filter(pk=handed_in().pk).update(title="=1+1")
    begin_application(call=place.call, lead=place.rival, title=SECRET, actor=ACTOR)
    printed = CliRunner().invoke(call, ["export", place.call.key, "--json"])
    (row,) = json.loads(printed.stdout)["applications"]
    assert (row["title"], row["requested"], row["countries"], row["partners"]) == (
        "=1+1", "1000.00", ["DE", "NL"], ["Licht GmbH"]
    )  # fmt: skip
    file = tmp_path / "round.csv"
    assert CliRunner().invoke(call, ["export", place.call.key, "--out", str(file)]).exit_code == 0
    (line,) = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    assert (line["title"], line["countries"], line["requested"]) == ("'=1+1", "DE; NL", "1000.00")
    assert SECRET not in file.read_text() + printed.stdout
    for out in (tmp_path / "round.doc", tmp_path / "no" / "folder.csv"):
        wrong = CliRunner().invoke(call, ["export", place.call.key, "--out", str(out), "--json"])
        assert (wrong.exit_code, json.loads(wrong.stdout)["error"]["path"]) == (2, "out")
