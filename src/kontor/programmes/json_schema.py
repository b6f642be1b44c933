"""JSON Schema of a programme file, for editors that complete and check TOML while somebody writes."""

from __future__ import annotations

from typing import Any

from kontor.programmes.rules import RULES, TYPES, Parameter, Type
from kontor.programmes.schema import (
    AWARDS,
    COLUMN_KINDS,
    FIELD_KINDS,
    FILLS,
    FINANCIER_KINDS,
    KINDS,
    METHODS,
    SCHEMA,
    SEVERAL_THEMES,
)
from kontor.programmes.schema.results import COUNTS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
FREE: Schema = {"type": "string"}
KEY: Schema = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
TEXTS: Schema = {"type": "object", "minProperties": 1, "additionalProperties": TEXT}
WORDS: Schema = {"type": "array", "items": FREE}
MONEY: Schema = {"type": "number", "minimum": 0, "multipleOf": 0.01}
PERCENT: Schema = {"type": "number", "minimum": 0, "maximum": 100}
NUMBER: Schema = {"type": "number"}
DAY: Schema = {"description": "A TOML date like 2017-03-01."}
FLAG: Schema = {"type": "boolean"}


def count(low: int = 0, high: int | None = None) -> Schema:
    return {"type": "integer", "minimum": low, **({} if high is None else {"maximum": high})}


def one_of(*options: str) -> Schema:
    return {"enum": list(options)}


def table(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": {**required, **(optional or {})},
    }


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_PARAMETERS: dict[Type, Schema] = {
    Type.COUNT: count(),
    Type.AMOUNT: MONEY,
    Type.PERCENT: PERCENT,
    Type.TYPES: many(one_of(*TYPES)),
    Type.AREA: KEY,
}


def _parameter(parameter: Parameter) -> Schema:
    return _PARAMETERS.get(parameter.type, WORDS)


def _rule() -> Schema:
    """One branch for each named rule, with its own parameters."""
    shared = {"key": KEY, "preference": FLAG, "source": FREE, "text": TEXTS}
    branches = []
    for rule in RULES:
        needed = {p.name: _parameter(p) for p in rule.parameters if p.default is None}
        spare = {p.name: _parameter(p) for p in rule.parameters if p.default is not None}
        branches.append(table({"rule": {"const": rule.name}, **needed}, {**spare, **shared}))
    return {"oneOf": branches}


def _assessment() -> Schema:
    anchor = table({"value": TEXT, "text": TEXTS})
    criterion = table(
        {"key": KEY, "name": TEXTS},
        {"question": TEXTS, "weight": PERCENT, "group": FREE, "knock_out": FLAG, "anchor": many(anchor)},
    )
    return table(
        {"method": one_of(*METHODS), "criterion": many(criterion)},
        {
            "lowest": count(0, 1000),
            "highest": count(1, 1000),
            "threshold": PERCENT,
            "each": PERCENT,
            "apart": PERCENT,
            "assessors": count(1, 50),
            "pitch": count(0, 480),
            "questions": count(0, 480),
            "verdict": many(table({"key": KEY, "name": TEXTS}, {"passes": FLAG, "points": PERCENT})),
            "anchor": many(anchor),
        },
    )


def _instrument() -> Schema:
    return table(
        {"key": KEY, "kind": one_of(*KINDS), "name": TEXTS},
        {
            "summary": TEXTS,
            "part": KEY,
            "form": FREE,
            "award": one_of(*AWARDS),
            "rate": PERCENT,
            "project_ceiling": MONEY,
            "grant_ceiling": MONEY,
            "least_months": count(0, 240),
            "most_months": count(1, 240),
            "target": count(),
            "costs": WORDS,
            "evidence": WORDS,
            "rule": many(_rule()),
            "lump_sum": many(table({"days": count(1, 1000), "amount": MONEY})),
            "phase": many(table({"key": KEY, "name": TEXTS}, {"role": KEY, "days": count(1)})),
            "call": many(table({"key": KEY, "opens": DAY, "closes": DAY}, {"jury": DAY})),
            "assessment": _assessment(),
        },
    )


def _product() -> Schema:
    competence = table(
        {"key": KEY, "text": TEXTS},
        {
            "required": FLAG,
            "level": count(1, 3),
            **dict.fromkeys(("nace", "cpv", "ket", "themes"), WORDS),
        },
    )
    return table(
        {
            "key": KEY,
            "theme": KEY,
            "trl": count(1, 9),
            "name": TEXTS,
            "summary": TEXTS,
            "competence": many(competence),
        },
        {"demand": TEXTS},
    )


def _indicator() -> Schema:
    reading = table({"amount": NUMBER, "source": TEXT}, {"day": DAY})
    return table(
        {"key": KEY, "name": TEXTS, "unit": TEXT},
        {
            "code": FREE,
            "definition": TEXTS,
            "target": NUMBER,
            "subset_of": KEY,
            "sum_of": WORDS,
            "counts": {"enum": list(COUNTS)},
            "reading": many(reading),
        },
    )


def _money() -> Schema:
    return {
        "part": many(table({"key": KEY, "name": TEXTS, "share": PERCENT})),
        "envelope": many(
            table(
                {"key": KEY, "name": TEXTS, "amount": MONEY},
                {"part": KEY, "theme": KEY, "instrument": KEY, "region": FREE},
            )
        ),
        "financing": many(
            table(
                {"key": KEY, "name": TEXTS, "kind": one_of(*FINANCIER_KINDS)},
                {"amount": MONEY, "rate": PERCENT, "country": FREE},
            )
        ),
    }


def _form() -> Schema:
    """What a call asks: sections of fields."""
    choice = table({"key": KEY, "label": TEXTS})
    column = table(
        {"key": KEY, "label": TEXTS},
        {"kind": one_of(*COLUMN_KINDS), "required": FLAG, "words": count(1, 10_000), "choice": many(choice)},
    )
    field = table(
        {"key": KEY, "kind": one_of(*FIELD_KINDS), "label": TEXTS},
        {
            **dict.fromkeys(("help", "rule"), TEXTS),
            **dict.fromkeys(("lowest", "highest"), NUMBER),
            **dict.fromkeys(("accept", "languages"), WORDS),
            "required": FLAG,
            "words": count(1, 100_000),
            "characters": count(1, 1_000_000),
            "least": count(0, 1000),
            "most": count(1, 1000),
            "choice": many(choice),
            "column": many(column),
            "most_megabytes": count(1, 25),
            "shown_when": table({"field": KEY, "values": WORDS}),
            "fills": one_of(*FILLS),
        },
    )
    section = table({"key": KEY, "title": TEXTS}, {"step": count(1, 2), "help": TEXTS, "field": many(field)})
    return table({"key": KEY}, {"version": TEXT, "title": TEXTS, "section": many(section)})


def programme_schema() -> Schema:
    """JSON Schema (draft 2020-12) of a programme file read as JSON.

    A variant may hold any part of a programme, so its tables are only checked once they are merged.
    """
    reporting = {
        "months": count(1, 60),
        **dict.fromkeys(("partner_days", "joint_days", "payment_days"), count(0, 1000)),
    }
    described = table(
        {"schema": {"const": SCHEMA}, "key": KEY, "version": TEXT, "name": TEXTS, "summary": TEXTS},
        {
            "languages": WORDS,
            "fund": FREE,
            "currency": FREE,
            "budget": MONEY,
            "starts": DAY,
            "ends": DAY,
            "sources": WORDS,
            "several_themes": one_of(*SEVERAL_THEMES),
            "area": many(table({"version": TEXT, "nuts": WORDS}, {"key": KEY, "name": TEXTS})),
            "side": many(table({"key": KEY, "name": TEXTS}, {"countries": WORDS, "nuts": WORDS})),
            "theme": many(
                table({"key": KEY, "name": TEXTS}, {"summary": TEXTS, "codes": WORDS, "envelope": MONEY})
            ),
            **_money(),
            "rule": many(_rule()),
            "role": many(table({"key": KEY, "name": TEXTS}, {"summary": TEXTS})),
            "instrument": many(_instrument()),
            "form": many(_form()),
            "product": many(_product()),
            "indicator": many(_indicator()),
            "reporting": table(reporting),
            "default": many(table({"path": TEXT, "reason": TEXT}, {"source": FREE})),
            "variant": many({"type": "object", "required": ["key"]}),
        },
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Programme", **described}
