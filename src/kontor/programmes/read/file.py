"""From a TOML file to a Programme, or to a list of everything that is wrong with it."""

from __future__ import annotations

import dataclasses
import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any

from kontor.programmes import faults
from kontor.programmes.lines import Lines, Places, written
from kontor.programmes.messages import message as _
from kontor.programmes.read.programme import programme as read_programme
from kontor.programmes.read.syntax import of_syntax
from kontor.programmes.read.variants import variants
from kontor.programmes.schema import Programme
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


def shipped_texts() -> dict[str, str]:
    """The files that come with Kontor as they are written, by the key of the programme."""
    entries = [entry for entry in _LIBRARY.iterdir() if entry.name.endswith(".toml")]
    texts = {
        parse(entry.read_bytes(), entry.name).key: entry.read_text(encoding="utf-8") for entry in entries
    }
    return dict(sorted(texts.items()))


def shipped() -> dict[str, Programme]:
    """The programmes that come with Kontor and their variants, by key."""
    found = [
        parse(entry.read_bytes(), entry.name) for entry in _LIBRARY.iterdir() if entry.name.endswith(".toml")
    ]
    listed = [one for programme in found for one in (programme, *programme.variants)]
    return {programme.key: programme for programme in sorted(listed, key=lambda p: p.key)}


def parse(content: bytes, name: str) -> Programme:
    """The programme in `content`; `name` is only for messages."""
    programme, problems = check(content)
    if problems or programme is None:
        raise ProgrammeError(name, problems)
    return programme


def recall(content: bytes, name: str) -> Programme:
    """The programme in a text that was published once: it is read as it stands, whatever checks came later.

    A reference that leads nowhere stays, a key that nothing reads any more is passed over, one that was not
    asked then is empty. ProgrammeError only where the text is no TOML.
    """
    programme, problems = check(content)
    if programme is None:
        raise ProgrammeError(name, problems)
    return programme


def check(content: bytes) -> tuple[Programme | None, list[Problem]]:
    """A programme and its faults; None where the text is not even TOML."""
    programme, problems = _read(content)
    return programme, list(problems)


# what was read cannot be changed, and publishing alone asks for the same text three times
@lru_cache(maxsize=32)
def _read(content: bytes) -> tuple[Programme | None, tuple[Problem, ...]]:
    try:
        text = content.decode("utf-8-sig")
        values = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, (Problem(line, "", _("is not written in UTF-8."), _("Save the file as UTF-8.")),)
    except tomllib.TOMLDecodeError as error:
        return None, (of_syntax(error),)
    lines = Lines(text)
    programme, problems = _checked(values, lines)
    changed = [_checked(merged, places, programme.key) for merged, places in variants(values, lines)]
    programme = dataclasses.replace(programme, variants=tuple(variant for variant, _ in changed))
    if not problems:
        problems = [_problem(lines, fault) for fault in faults.of_variants(programme)]
    everything = dict.fromkeys([*problems, *(problem for _, found in changed for problem in found)])
    return programme, tuple(sorted(everything, key=lambda problem: problem.line))


def _checked(values: dict[str, Any], places: Places, extends: str = "") -> tuple[Programme, list[Problem]]:
    problems: list[Problem] = []
    programme = read_programme(Table(values, (), places, problems), extends=extends)
    if not problems:
        found = [*faults.of_programme(programme), *faults.of_defaults(programme, values)]
        problems = [_problem(places, fault) for fault in found]
    return programme, problems


def _problem(places: Places, fault: faults.Fault) -> Problem:
    path, message, remedy = fault
    return Problem(places.of(path), written(places.origin(path)), message, remedy)
