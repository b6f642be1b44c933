"""The JSON Schema of the consortium format, made from the dataclasses so that it cannot drift from them."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from kontor.engine.consortia.model import (
    KINDS,
    LARGEST_TEAM,
    Attribute,
    Candidate,
    Competence,
    Condition,
    Params,
    Side,
    Tie,
    Weights,
)
from kontor.engine.consortia.read.own import FORMAT

Schema = dict[str, Any]

_TEXTS: Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
_AMOUNT: Schema = {"type": "number", "minimum": 0, "exclusiveMaximum": 10**12}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_KEY: Schema = {"type": "string", "minLength": 1}
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": LARGEST_TEAM}

_SPECIAL: dict[tuple[str, str], Schema] = {
    ("Candidate", "competences"): {
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 3},
    },
    ("Candidate", "amounts"): {"type": "object", "additionalProperties": _AMOUNT},
    ("Candidate", "affinity"): _SHARE,
    ("Candidate", "capacity"): _SHARE,
    ("Candidate", "country"): {"type": "string", "pattern": "^([A-Za-z]{2})?$"},
    ("Competence", "level"): {"type": "integer", "minimum": 1, "maximum": 3},
    ("Tie", "affinity"): {"type": "number", "minimum": -1, "maximum": 1},
    ("LargestShare", "most"): _SHARE,
    ("Share", "least"): _SHARE,
    ("Share", "most"): _SHARE,
    ("Total", "least"): _AMOUNT,
    ("Total", "most"): _AMOUNT,
    ("EachSide", "least"): {"type": "integer", "minimum": 1, "maximum": LARGEST_TEAM},
}
_TYPES: dict[str, Schema] = {
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer", "minimum": 0},
    "int | None": _COUNT,
    "float": {"type": "number", "minimum": 0},
    "Attribute": {"enum": [item.value for item in Attribute]},
    "tuple[str, ...]": _TEXTS,
}


def consortium_schema() -> Schema:
    """Draft 2020-12."""
    rules = [{**_object(kind), "title": kind.type} for kind in KINDS]
    for rule, kind in zip(rules, KINDS, strict=True):
        rule["properties"] = {"type": {"const": kind.type}, **rule["properties"]}
        rule["required"] = ["type", *rule["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kontor consortium",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "candidates"],
        "properties": {
            "format": {"const": FORMAT},
            "title": {"type": "string"},
            "candidates": {"type": "array", "minItems": 1, "items": _object(Candidate)},
            "competences": {"type": "array", "items": _object(Competence)},
            "rules": {"type": "array", "items": {"oneOf": rules}},
            "ties": {"type": "array", "items": _object(Tie)},
            "fixed": _TEXTS,
            "excluded": _TEXTS,
            "lead": {"type": "string"},
            "weights": _object(Weights),
            "params": _object(Params),
        },
    }


def _object(kind: type[Any]) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [
            each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
        ],
        "properties": {each.name: _field(kind, each.name, str(each.type)) for each in fields(kind)},
    }


def _field(kind: type[Any], name: str, declared: str) -> Schema:
    special = _SPECIAL.get((kind.__name__, name))
    if special is not None:
        return special
    if declared.startswith("tuple[Condition"):
        return {"type": "array", "items": _object(Condition)}
    if declared.startswith("tuple[Side"):
        return {"type": "array", "minItems": 1, "items": _object(Side)}
    return _KEY if name in ("key", "id", "a", "b") else _TYPES[declared]
