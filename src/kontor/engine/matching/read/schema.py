"""The JSON Schema of the directory format, made from the dataclasses so that it cannot drift from them."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from kontor.engine.matching.model import Audience, OrganisationKind, Profile, Size, Statement, StatementKind
from kontor.engine.matching.read.model import EarlierProject
from kontor.engine.matching.read.own import FORMAT

Schema = dict[str, Any]

_CHOICES: dict[tuple[type[Any], str], Any] = {
    (Profile, "kind"): OrganisationKind,
    (Profile, "size"): Size,
    (Profile, "audience"): (Audience.PUBLIC, Audience.MEMBERS),
    (Statement, "kind"): StatementKind,
    (Statement, "audience"): Audience,
}
_LIMITS: dict[str, Schema] = {
    "trl": {"minimum": 1, "maximum": 9},
    "introductions": {"minimum": 0},
    "answer_rate": {"minimum": 0, "maximum": 1},
    "country": {"pattern": "^([A-Za-z]{2})?$"},
    "started": {"pattern": r"^(\d{4}-\d{2}-\d{2})?$"},
    "ended": {"pattern": r"^(\d{4}-\d{2}-\d{2})?$"},
    "confirmed_on": {"pattern": r"^(\d{4}-\d{2}-\d{2})?$"},
    "codes": {"items": {"type": "string", "pattern": "^[^:]+:.+$"}},
}
_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}


def directory_schema() -> Schema:
    """Draft 2020-12."""
    organisation = _object(Profile)
    organisation["properties"]["statements"] = {
        "type": "array",
        "items": _object(Statement, optional=("key",)),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kontor directory",
        "type": "object",
        "required": ["format", "organisations"],
        "properties": {
            "format": {"const": FORMAT},
            "title": {"type": "string"},
            "organisations": {"type": "array", "items": organisation},
            "projects": {"type": "array", "items": _object(EarlierProject)},
        },
    }


def _object(kind: type[Any], optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [f.name for f in fields(kind) if f.default is MISSING and f.name not in optional],
        "properties": {f.name: _field(kind, f.name, str(f.type)) for f in fields(kind)},
    }


def _field(kind: type[Any], name: str, declared: str) -> Schema:
    choices = _CHOICES.get((kind, name))
    if choices is not None:
        return {"enum": [item.value for item in choices]}
    if declared.startswith("tuple"):
        return {"type": "array", "items": {"type": "string"}} | _LIMITS.get(name, {})
    base, _, rest = declared.partition(" | ")
    types: Any = [_TYPES[base], "null"] if rest else _TYPES[base]
    return {"type": types} | _LIMITS.get(name, {})
