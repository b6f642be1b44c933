"""The printed JSON Schemas and the readers say the same."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from kontor import programmes
from kontor.cli.main import app
from kontor.programmes.forms import form_for, form_json
from kontor.programmes.values import Table

LIBRARY = sorted((Path(programmes.__file__).parent / "library").glob("*.toml"))


def printed(name: str) -> dict[str, Any]:
    answer = CliRunner().invoke(app, ["schema", name])
    assert answer.exit_code == 0
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def faults(schema: dict[str, Any], values: object) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(schema)
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(values)]


def plain(file: Path) -> Any:
    """A programme file as JSON values, dates as texts."""
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    return json.loads(json.dumps(values, default=str))


@pytest.mark.parametrize("file", LIBRARY, ids=[file.stem for file in LIBRARY])
def test_shipped_programmes_keep_the_schema(file: Path) -> None:
    assert faults(printed("programme"), plain(file)) == []


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    values = plain(LIBRARY[0])
    values["product"][0]["trl"] = 12
    values["buget"] = 1
    assert len(faults(printed("programme"), values)) == 2


def test_the_schema_names_the_keys_the_reader_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table that the readers of the library met, but for rules, whose parameters come from one list."""
    known: dict[tuple[str, ...], set[str]] = defaultdict(set)

    def note(table: Table) -> None:
        known[tuple(part for part in table.path if isinstance(part, str))] |= table._known

    monkeypatch.setattr(Table, "refuse_others", note)
    for file in LIBRARY:
        # with a line of its own, for a text that was read before is not read again
        programmes.check(file.read_bytes() + b"\n# what is known of it\n")
    described = dict(tables(printed("programme")))
    met = {path: keys for path, keys in known.items() if path in described and "rule" not in path}
    assert len(met) > 20
    assert met == {path: described[path] for path in met}


@pytest.mark.parametrize("file", LIBRARY, ids=[file.stem for file in LIBRARY])
def test_every_shipped_form_keeps_its_schema(file: Path) -> None:
    schema, programme = printed("form"), programmes.check(file.read_bytes())[0]
    assert programme is not None
    for instrument in programme.instruments:
        snapshot = json.loads(json.dumps(form_json(form_for(programme, instrument))))
        assert faults(schema, snapshot) == []
        snapshot["sections"][0]["fields"][0]["kind"] = "poem"
        assert len(faults(schema, snapshot)) == 1


def tables(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    properties = schema.get("properties")
    if properties:
        yield path, set(properties)
    for name, inner in (properties or {}).items():
        yield from tables(inner.get("items", inner), (*path, name))


def test_team_schema_and_reader_agree_on_the_example() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/formats/team.md").read_text(encoding="utf-8")
    example = page.partition("```json\n")[2].partition("```")[0]
    assert faults(printed("team"), json.loads(example)) == []
    assert faults(printed("team"), {"partners": [{"name": "x"}]}) != []


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("portfolio", "portfolio/alps.json"),
        ("portfolio", "portfolio/rocket.json"),
        ("promotion", "portfolio/*-promotion.json"),
        ("jury", "juries/rocket*.json"),
        ("pitches", "juries/pitch-day.json"),
    ],
)
def test_instances_keep_their_schema(name: str, pattern: str) -> None:
    files = sorted((Path(__file__).resolve().parents[2] / "instances").glob(pattern))
    assert files
    for file in files:
        assert faults(printed(name), json.loads(file.read_text(encoding="utf-8"))) == []
