"""From a TOML file to a Programme, or to a list of everything that is wrong with it."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any

from kontor.programmes import rules
from kontor.programmes.lines import Lines, written
from kontor.programmes.schema import SCHEMA, Area, Competence, Default, Product, Programme, Theme
from kontor.programmes.values import Problem, Table

_LIBRARY = files("kontor.programmes") / "library"


class ProgrammeError(ValueError):
    """A programme file that cannot be used; `problems` lists every fault with its line and remedy."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        super().__init__("\n".join([f"{name} has {len(problems)} problems:", *map(str, problems)]))
        self.problems = problems


def read(path: FilePath) -> Programme:
    """The programme in a file. ProgrammeError with all its faults; OSError where it cannot be opened."""
    return parse(path.read_bytes(), path.name)


def shipped() -> dict[str, Programme]:
    """The programmes that come with Kontor, by key."""
    found = [
        parse(entry.read_bytes(), entry.name) for entry in _LIBRARY.iterdir() if entry.name.endswith(".toml")
    ]
    return {programme.key: programme for programme in sorted(found, key=lambda p: p.key)}


def parse(content: bytes, name: str) -> Programme:
    """The programme in `content`; `name` is only for messages."""
    programme, problems = check(content)
    if problems or programme is None:
        raise ProgrammeError(name, problems)
    return programme


def check(content: bytes) -> tuple[Programme | None, list[Problem]]:
    """A programme and its faults; None where the text is not even TOML."""
    try:
        text = content.decode("utf-8-sig")
        values = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Problem(line, "", "is not written in UTF-8.", "Save the file as UTF-8.")]
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax(error)]
    lines = Lines(text)
    problems: list[Problem] = []
    programme = _programme(Table(values, (), lines, problems))
    if not problems:
        found = rules.faults(programme)
        problems = [Problem(lines.of(p), written(p), message, remedy) for p, message, remedy in found]
    return programme, sorted(problems, key=lambda problem: problem.line)


def _syntax(error: tomllib.TOMLDecodeError) -> Problem:
    place = re.search(r"line (\d+), column (\d+)", str(error))
    message = re.sub(r" \(at .*\)$", "", str(error))
    line = int(place[1]) if place else 1
    return Problem(line, "", f"is not TOML: {message}.", "Check quotes, brackets and the line before.")


def _programme(top: Table) -> Programme:
    number = top.number("schema", 1, SCHEMA)
    del number  # there is one schema so far; `number` refuses files of a later one
    languages = top.words("languages") or ("en",)
    programme = Programme(
        key=_key(top),
        version=top.text("version"),
        languages=languages,
        name=top.texts("name", languages),
        summary=top.texts("summary", languages),
        fund=top.text("fund", default=""),
        currency=top.text("currency", default="EUR"),
        budget=top.money("budget"),
        starts=top.day("starts"),
        ends=top.day("ends"),
        areas=tuple(_area(table) for table in top.tables("area")),
        themes=tuple(_theme(table, languages) for table in top.tables("theme")),
        products=tuple(_product(table, languages) for table in top.tables("product")),
        defaults=tuple(_default(table) for table in top.tables("default")),
        sources=top.words("sources"),
    )
    top.refuse_others()
    return programme


def _key(table: Table) -> str:
    key = table.text("key")
    if key and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        table.report("key", f"is {key!r}.", "Use small letters, digits and single hyphens.")
    return key


def _area(table: Table) -> Area:
    area = Area(version=table.text("version"), nuts=table.words("nuts"))
    if area.version and not re.fullmatch(r"(19|20)\d\d", area.version):
        table.report("version", f"is {area.version!r}.", 'Give the year of the NUTS list, like "2021".')
    table.refuse_others()
    return area


def _theme(table: Table, languages: tuple[str, ...]) -> Theme:
    theme = Theme(
        key=_key(table),
        name=table.texts("name", languages),
        summary=table.texts("summary", languages, optional=True),
        codes=table.words("codes"),
        envelope=table.money("envelope"),
    )
    table.refuse_others()
    return theme


def _product(table: Table, languages: tuple[str, ...]) -> Product:
    product = Product(
        key=_key(table),
        theme=table.text("theme"),
        name=table.texts("name", languages),
        summary=table.texts("summary", languages),
        demand=table.texts("demand", languages, optional=True),
        trl=table.number("trl", 1, 9),
        competences=tuple(_competence(inner, languages) for inner in table.tables("competence")),
    )
    table.refuse_others()
    return product


def _competence(table: Table, languages: tuple[str, ...]) -> Competence:
    competence = Competence(
        key=_key(table),
        text=table.texts("text", languages),
        required=table.flag("required", default=True),
        level=table.number("level", 1, 3, default=2),
        nace=table.words("nace"),
        cpv=table.words("cpv"),
        ket=table.words("ket"),
        themes=table.words("themes"),
    )
    table.refuse_others()
    return competence


def _default(table: Table) -> Default:
    default = Default(path=table.text("path"), reason=table.text("reason"))
    table.refuse_others()
    return default


def as_json(programme: Programme) -> dict[str, Any]:
    """What `kontor programme check --json` prints about a sound file."""
    return {
        "key": programme.key,
        "version": programme.version,
        "languages": list(programme.languages),
        "budget": str(programme.budget) if programme.budget is not None else None,
        "themes": {t.key: str(t.envelope) if t.envelope is not None else None for t in programme.themes},
        "products": {p.key: len(p.competences) for p in programme.products},
        "defaults": [default.path for default in programme.defaults],
    }
