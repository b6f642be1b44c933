"""`kontor organisations`, `kontor duplicates` and `kontor imports`, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from kontor.base.models import AuditEvent
from kontor.features.organisations import commands
from kontor.features.organisations.models import DuplicatePair, Organisation, Statement
from kontor.features.organisations.tests.factories import organisation, statement
from kontor.features.organisations.tests.imports.files import csv_file
from kontor.features.organisations.tests.imports.runs import imported

pytestmark = pytest.mark.django_db

app = typer.Typer()
for noun in ("organisations", "duplicates", "imports"):
    app.add_typer(getattr(commands, noun), name=noun)


def run(*arguments: object, code: int = 0) -> Any:
    """The JSON that the command prints, and nothing else on standard output."""
    result = CliRunner().invoke(app, [str(each) for each in (*arguments, "--json")])
    assert result.exit_code == code, (result.output, result.exception)
    return json.loads(result.stdout)


def words(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


class TestOrganisations:
    def test_found_by_words_and_filters(self) -> None:
        firm = organisation("Nordwind GmbH", listing="hidden")
        organisation("Zuidwind BV", "NL")
        found = run("organisations", "list", "nordw")["organisations"]
        assert [(row["key"], row["listing"]) for row in found] == [(firm.key, "hidden")]
        assert [
            row["name"] for row in run("organisations", "list", "--where", "country=NL")["organisations"]
        ] == ["Zuidwind BV"]
        bad = run("organisations", "list", "--where", "nace=99.99", code=2)["error"]
        assert bad["path"] == "where.nace"

    def test_shown(self) -> None:
        firm = organisation("Nordwind GmbH")
        statement(firm, "We build gearboxes.")
        assert run("organisations", "show", firm.key)["statements"][0]["text"] == "We build gearboxes."
        assert "offer: We build gearboxes." in words("organisations", "show", firm.key)
        missing = run("organisations", "show", "nobody", code=2)["error"]
        assert (missing["path"], "kontor organisations list" in missing["remedy"]) == ("key", True)
        assert words("organisations", "show", "nobody", code=2).startswith("key: There is no organisation")

    def test_confirmed(self) -> None:
        firm = organisation()
        told, _other = statement(firm, "First."), statement(firm, "Second.")
        assert run("organisations", "confirm", firm.key, "--statement", told.key)["confirmed"] == 1
        assert run("organisations", "confirm", firm.key)["confirmed"] == 2
        assert Statement.objects.filter(confirmed_by="Kontor (command line)").count() == 2
        wrong = run("organisations", "confirm", firm.key, "--statement", "x", code=2)
        assert wrong["error"]["path"] == "statement"

    def test_consent_and_archive(self) -> None:
        firm = organisation()
        assert run("organisations", "withdraw", firm.key, "--reason", "By letter")["listing"] == "withdrawn"
        assert AuditEvent.objects.latest("seq").reason == "By letter"
        assert run("organisations", "consent", firm.key, "--listing", "members")["listing"] == "members"
        assert (
            run("organisations", "consent", firm.key, "--listing", "x", code=2)["error"]["path"] == "listing"
        )
        run("organisations", "archive", firm.key)
        assert Organisation.objects.get().archived_at is not None
        run("organisations", "archive", firm.key, code=2)
        assert run("organisations", "list")["organisations"] == []
        assert [row["key"] for row in run("organisations", "list", "--archived")["organisations"]] == [
            firm.key
        ]
        assert run("organisations", "unarchive", firm.key)["listing"] == "members"
        assert Organisation.objects.get().archived_at is None

    def test_figures(self) -> None:
        firm = organisation()
        run("organisations", "figures", firm.key, 2024, "--staff", "12.5", "--turnover", "1000.10")
        kept = run("organisations", "figures", firm.key, 2024, "--staff", "none", "--balance", "-3")
        assert (kept["staff"], kept["turnover"], kept["balance"]) == (None, "1000.10", "-3.00")
        for option, text in (
            ("--staff", "many"),
            ("--staff", "-1"),
            ("--turnover", "1.005"),
            ("--staff", "NaN"),
        ):
            answer = run("organisations", "figures", firm.key, 2024, option, text, code=2)
            assert answer["error"]["path"] == option.removeprefix("--")
        assert (
            run("organisations", "figures", firm.key, 2100, "--staff", "1", code=2)["error"]["path"] == "year"
        )


class TestDuplicates:
    def test_found_merged_and_parted(self) -> None:
        kept, gone = organisation("Nordwind GmbH"), organisation("Nordwind", summary="Theirs.")
        assert run("duplicates", "find")["pairs"] == 1
        (pair,) = run("duplicates", "list")["pairs"]
        assert {pair["first"]["key"], pair["second"]["key"]} == {kept.key, gone.key}
        assert "the same name" in words("duplicates", "list")
        run("duplicates", "merge", kept.key, gone.key, "--take", "name")
        kept.refresh_from_db()
        assert (kept.name, kept.summary) == ("Nordwind", "Theirs.")
        assert [row["gone"] for row in run("duplicates", "merges")["merges"]] == [gone.key]
        assert run("duplicates", "part", gone.key)["kept"] == kept.key
        kept.refresh_from_db()
        assert (kept.name, kept.summary) == ("Nordwind GmbH", "")
        assert run("duplicates", "part", gone.key, code=2)["error"]["path"] == "gone"

    def test_different(self) -> None:
        first, second = organisation("Nordwind GmbH"), organisation("Nordwind")
        none = run("duplicates", "different", first.key, second.key, code=2)["error"]
        assert none["remedy"] == "See `kontor duplicates list`."
        run("duplicates", "find")
        run("duplicates", "different", second.key, first.key)
        assert DuplicatePair.objects.get().state == "different"
        assert words("duplicates", "list").startswith("No open pairs.")

    def test_bad_input(self) -> None:
        first, second = organisation("Nordwind GmbH"), organisation("Nordwind")
        assert run("duplicates", "merge", first.key, "no", code=2)["error"]["path"] == "gone"
        assert run("duplicates", "merge", first.key, first.key, code=2)["error"]["path"] == "gone"
        unknown = run("duplicates", "merge", first.key, second.key, "--take", "colour", code=2)
        assert unknown["error"]["path"] == "colour"


def test_an_import_is_taken_back(tmp_path: Path) -> None:
    done = imported(csv_file(tmp_path / "m.csv", [["Name", "Country"], ["Wind A", "DE"]]))
    (row,) = run("imports", "list")["runs"]
    assert (row["run"], row["state"], row["new"]) == (done.key, "done", 1)
    assert run("imports", "undo", done.key)["removed"] == 1
    assert not Organisation.objects.exists()
    again = run("imports", "undo", done.key, code=2)["error"]
    assert "taken back" in again["message"]
    assert run("imports", "undo", "nothing", code=2)["error"]["path"] == "run"
