"""JSON Schema of a form as a call freezes it, and of an application as it is handed in."""

from __future__ import annotations

from kontor.programmes.json_schema import FLAG, FREE, KEY, TEXT, TEXTS, Schema, count, many, one_of, table
from kontor.programmes.schema import COLUMN_KINDS, FIELD_KINDS, FILLS
from kontor.programmes.team_file import team_schema

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_AMOUNT: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_MAYBE_AMOUNT: Schema = {"type": ["string", "null"], "pattern": _AMOUNT["pattern"]}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def form_schema() -> Schema:
    """As `kontor form show --json` prints it and a call keeps it; what is empty is left out."""
    choice = table({"key": FREE, "label": TEXTS})
    column = table(
        {"key": KEY, "label": TEXTS, "kind": one_of(*COLUMN_KINDS)},
        {"required": FLAG, "words": count(1), "choices": many(choice)},
    )
    field = table(
        {"key": KEY, "kind": one_of(*FIELD_KINDS), "label": TEXTS},
        {
            "help": TEXTS,
            "required": FLAG,
            **dict.fromkeys(("words", "characters", "most", "most_megabytes"), count(1)),
            "least": count(),
            "lowest": _AMOUNT,
            "highest": _AMOUNT,
            "choices": many(choice),
            "columns": many(column),
            "accept": many(TEXT),
            "languages": many(TEXT),
            "shown_when": table({"field": KEY, "values": many(FREE)}),
            "fills": one_of(*FILLS),
            "rule": TEXTS,
        },
    )
    section = table({"key": KEY, "title": TEXTS}, {"step": count(1, 2), "help": TEXTS, "fields": many(field)})
    whole = table({"key": KEY, "version": FREE}, {"title": TEXTS, "sections": many(section)})
    return {"$schema": _DRAFT, "title": "Form", **whole}


def application_schema() -> Schema:
    """The text whose hash a receipt names."""
    team = {name: part for name, part in team_schema().items() if name not in ("$schema", "title")}
    partner = table(
        {
            **dict.fromkeys(("key", "organisation", "name", "country", "role", "region", "signed_by"), FREE),
            "cost": _MAYBE_AMOUNT,
            "grant": _MAYBE_AMOUNT,
            "signed_at": _MAYBE_TEXT,
        }
    )
    call = table(
        {
            **dict.fromkeys(("key", "programme", "instrument"), FREE),
            "title": {"type": "object", "additionalProperties": FREE},
            "version": {"type": ["integer", "null"]},
        }
    )
    whole = table(
        {
            "format": {"const": 1},
            **dict.fromkeys(("receipt", "number", "submitted_at", "submitted_by", "title", "language"), FREE),
            "call": call,
            "form": table({"key": FREE, "version": FREE}),
            "step": count(1, 2),
            "lead": table({"key": FREE, "name": FREE}),
            "themes": many(FREE),
            "kets": many(FREE),
            "months": {"type": ["integer", "null"]},
            "requested": _AMOUNT,
            "partners": many(partner),
            "team": team,
            "answers": {
                "type": "object",
                "description": "by field, in the shapes of docs/formats/form.md",
                "additionalProperties": _answer(),
            },
        },
        {"main_theme": FREE, "theme_shares": {"type": "object", "additionalProperties": _AMOUNT}},
    )
    return {"$schema": _DRAFT, "title": "Application as handed in", **whole}


def _answer() -> Schema:
    """A text, a list of keys, rows or files, or an object by language or partner."""
    file = table({"key": FREE, "name": FREE, "size": count(), "sha256": {"anyOf": [_HASH, {"const": ""}]}})
    row = {"type": "object", "required": ["id"], "additionalProperties": FREE}
    by_name = {"type": "object", "additionalProperties": {"anyOf": [FREE, {"type": "object"}]}}
    return {"anyOf": [FREE, many({"anyOf": [FREE, file, row]}), by_name]}
