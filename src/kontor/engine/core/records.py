"""Records of a file as frozen dataclasses, and their JSON Schema made from the same declarations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from kontor.engine.core.errors import InvalidInput, inside

T = TypeVar("T")
Schema = dict[str, Any]

PAGE = "See docs/formats."


def read_object(path: Path, form: str, names: Sequence[str]) -> dict[str, Any]:
    """The JSON object of a file that says it has the format `form` and holds no names but `names`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(
            str(path), f"It cannot be opened: {error.strerror}.", "Check the file's name."
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(path.name, f"This is no JSON: {error}.", PAGE) from error
    if not isinstance(content, dict) or content.get("format") != form:
        raise InvalidInput("format", f"The file does not say “{form}”.", PAGE)
    _known(content, ("format", *names), "")
    return content


def listed(kind: type[T], content: Mapping[str, Any], name: str) -> tuple[T, ...]:
    """The list `name` of a file, each item as a `kind`. Missing is empty."""
    items = content.get(name, [])
    if not isinstance(items, list):
        raise InvalidInput(name, "It is not a list.", "Write [ … ] with one object per item.")
    return tuple(record(kind, item, f"{name}[{number}]") for number, item in enumerate(items))


def record(kind: type[T], value: Any, path: str, defaults: Mapping[str, Any] | None = None) -> T:
    """An instance of the dataclass `kind`. Raises InvalidInput with the path of what does not fit."""
    if not isinstance(value, dict):
        raise InvalidInput(path, "It is not an object.", "Write { … }.")
    value = {**(defaults or {}), **value}
    assert is_dataclass(kind)
    declared, hints = fields(kind), get_type_hints(kind)
    with inside(path):
        _known(value, [each.name for each in declared], "")
        given = {}
        for each in declared:
            if each.name in value:
                given[each.name] = _converted(hints[each.name], value[each.name], each.name)
            elif _needed(each):
                raise InvalidInput(each.name, "It is missing.", "Give it.")
        return kind(**given)


def _needed(declared: Field[Any]) -> bool:
    return declared.default is MISSING and declared.default_factory is MISSING


def _known(value: Mapping[str, Any], names: Sequence[str], path: str) -> None:
    unknown = sorted(set(value) - set(names))
    if unknown:
        raise InvalidInput(
            f"{path}{unknown[0]}", "There is no such field.", f"Use one of: {', '.join(names)}."
        )


def _converted(kind: Any, value: Any, path: str) -> Any:
    origin = get_origin(kind)
    if origin is UnionType:
        if value is None:
            return None
        return _converted(next(each for each in get_args(kind) if each is not NoneType), value, path)
    if origin is tuple:
        if not isinstance(value, list):
            raise InvalidInput(path, "It is not a list.", "Write [ … ].")
        return tuple(_converted(get_args(kind)[0], each, f"{path}[{n}]") for n, each in enumerate(value))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise InvalidInput(path, "It is not an object.", "Write { … }.")
        return {name: _converted(get_args(kind)[1], each, f"{path}.{name}") for name, each in value.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return record(kind, value, path)
    return _plain(kind, value, path)


def _plain(kind: Any, value: Any, path: str) -> Any:
    if kind is Decimal:
        return _decimal(value, path)
    if issubclass(kind, StrEnum):
        allowed = [each.value for each in kind]
        if value not in allowed:
            raise InvalidInput(path, f"“{value}” is not allowed.", f"Use one of: {', '.join(allowed)}.")
        return kind(value)
    accepted = (int, float) if kind is float else kind
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise InvalidInput(path, f"“{value}” is no {_WORDS[kind]}.", f"Write a {_WORDS[kind]}.")
    return kind(value)


def _decimal(value: Any, path: str) -> Decimal:
    """Exact as it is written: 12, 12.5 or "12.50"."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise InvalidOperation
        number = Decimal(str(value))
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise InvalidInput(path, f"“{value}” is no number.", 'Write it as 12.5 or "12.50".') from None
    return number


_WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema_of(kind: type[Any]) -> Schema:
    """JSON Schema (draft 2020-12) of a dataclass."""
    hints = get_type_hints(kind)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [each.name for each in fields(kind) if _needed(each)],
        "properties": {each.name: _schema(hints[each.name]) for each in fields(kind)},
    }


def _schema(kind: Any) -> Schema:
    origin = get_origin(kind)
    if origin is UnionType:
        inner = _schema(next(each for each in get_args(kind) if each is not NoneType))
        return {"anyOf": [inner, {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0])}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(get_args(kind)[1])}
    if is_dataclass(kind):
        return schema_of(kind)  # type: ignore[arg-type]  # a class, not an instance
    if kind is Decimal:
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]}
    if issubclass(kind, StrEnum):
        return {"enum": [each.value for each in kind]}
    return {"type": _TYPES[kind]}


def list_of(kind: type[Any]) -> Schema:
    return {"type": "array", "items": schema_of(kind)}


def file_schema(title: str, form: str, properties: Schema, required: Sequence[str]) -> Schema:
    """The schema of a whole file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "additionalProperties": False,
        "required": ["format", *required],
        "properties": {"format": {"const": form}, **properties},
    }
