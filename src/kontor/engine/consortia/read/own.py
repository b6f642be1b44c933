"""The consortium format: one JSON object, described in docs/formats/consortium.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from kontor.engine.consortia.model import (
    BY_TYPE,
    AnyRule,
    Candidate,
    Competence,
    Condition,
    Params,
    Problem,
    Side,
    Tie,
    Weights,
)
from kontor.engine.core.errors import InvalidInput, inside

FORMAT = "kontor-consortium/1"
GUIDE = "See docs/formats/consortium.md."
LISTS = ("candidates", "competences", "rules", "ties", "fixed", "excluded")
T = TypeVar("T")


def read_problem(path: Path) -> tuple[Problem, Params]:
    """Reads a file. Raises InvalidInput with the field that is wrong."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise InvalidInput(path.name, f"It cannot be opened: {error.strerror}.", "Check its name.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(path.name, f"This is no JSON: {error}.", GUIDE) from error
    return problem_from_json(content)


def problem_from_json(content: Any) -> tuple[Problem, Params]:
    """The problem and how much is to be answered. Floats should come as Decimal: money is read by digits."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InvalidInput("format", f"The file does not say “{FORMAT}”.", GUIDE)
    allowed = {"format", "title", "lead", "weights", "params", *LISTS}
    _only(content, allowed)
    for name in LISTS:
        if not isinstance(content.get(name, []), list):
            raise InvalidInput(name, "It is not a list.", "Write [ … ].")
    problem = Problem(
        title=_text(content, "title"),
        candidates=_each(content, "candidates", lambda record: _made(Candidate, record)),
        competences=_each(content, "competences", lambda record: _made(Competence, record)),
        rules=_each(content, "rules", _rule),
        ties=_each(content, "ties", lambda record: _made(Tie, record)),
        fixed=tuple(content.get("fixed", ())),
        excluded=tuple(content.get("excluded", ())),
        lead=_text(content, "lead"),
        weights=_under("weights", content, Weights),
    )
    return problem, _under("params", content, Params)


def _under(name: str, content: Mapping[str, Any], kind: type[T]) -> T:
    with inside(name):
        return _made(kind, content.get(name, {}))


def _each(content: Mapping[str, Any], name: str, make: Callable[[Any], T]) -> tuple[T, ...]:
    made = []
    for position, record in enumerate(content.get(name, [])):
        with inside(f"{name}[{position}]"):
            made.append(make(record))
    return tuple(made)


def _rule(record: Any) -> AnyRule:
    kind = BY_TYPE.get(str(record.get("type"))) if isinstance(record, dict) else None
    if kind is None:
        raise InvalidInput("type", "It is no kind of rule.", f"Use one of: {', '.join(BY_TYPE)}.")
    given = {key: value for key, value in record.items() if key != "type"}
    if "who" in given:
        given["who"] = _each(_list(given, "who"), "who", lambda each: _made(Condition, each))
    if "sides" in given:
        given["sides"] = _each(_list(given, "sides"), "sides", lambda each: _made(Side, each))
    return _made(kind, given)


def _list(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if not isinstance(record[name], list):
        raise InvalidInput(name, "It is not a list.", "Write [ … ].")
    return record


def _made(kind: type[T], record: Any) -> T:
    """A dataclass from an object, field by field: no unknown ones, none missing, the right JSON type."""
    if not isinstance(record, dict):
        raise InvalidInput("", "It is not an object.", "Write { … }.")
    declared = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    _only(record, set(declared))
    for name, field in declared.items():
        if name in record:
            _typed(name, str(field.type), record[name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise InvalidInput(name, "It is missing.", GUIDE)
    return kind(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
    )


def _typed(name: str, declared: str, value: object) -> None:
    expected, word = _JSON_TYPES.get(declared.partition("[")[0], ((object,), ""))
    if not isinstance(value, expected):
        raise InvalidInput(name, f"“{value}” has the wrong type.", f"Write {word}.")


_JSON_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "str": ((str,), "a text in quotes"),
    "bool": ((bool,), "true or false"),
    "tuple": ((list, tuple), "a list: [ … ]"),
    "Mapping": ((dict,), "an object: { … }"),
}


def _only(record: Mapping[str, Any], allowed: set[str]) -> None:
    unknown = sorted(set(record) - allowed)
    if unknown:
        raise InvalidInput(unknown[0], "This field is unknown.", f"Known are: {', '.join(sorted(allowed))}.")


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name, "")
    if not isinstance(value, str):
        raise InvalidInput(name, "It is no text.", "Write it in quotes.")
    return value
