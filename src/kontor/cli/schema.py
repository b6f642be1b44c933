"""`kontor schema`: the JSON Schema of a format."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from kontor.engine.consortia.read import consortium_schema
from kontor.engine.juries.pitches.read import pitches_schema
from kontor.engine.juries.read import jury_schema
from kontor.engine.juries.sheets import ratings_schema, scores_schema
from kontor.engine.matching.read import directory_schema
from kontor.engine.portfolio.read import portfolio_schema, promotion_schema
from kontor.programmes.forms.json_schema import application_schema, form_schema
from kontor.programmes.json_schema import programme_schema
from kontor.programmes.team_file import team_schema

Schema = dict[str, Any]


class Format(StrEnum):
    APPLICATION = "application"
    CONSORTIUM = "consortium"
    DIRECTORY = "directory"
    FORM = "form"
    JURY = "jury"
    MATCH = "match"
    PITCHES = "pitches"
    PORTFOLIO = "portfolio"
    PROGRAMME = "programme"
    PROMOTION = "promotion"
    RATINGS = "ratings"
    SCORES = "scores"
    TEAM = "team"


def schema(
    name: Annotated[Format, typer.Argument(help="Which format.")],
) -> None:
    """Print the JSON Schema of a format (draft 2020-12)."""
    makers = {
        Format.APPLICATION: application_schema,
        Format.CONSORTIUM: consortium_schema,
        Format.DIRECTORY: directory_schema,
        Format.FORM: form_schema,
        Format.JURY: jury_schema,
        Format.MATCH: match_schema,
        Format.PITCHES: pitches_schema,
        Format.PORTFOLIO: portfolio_schema,
        Format.PROGRAMME: programme_schema,
        Format.PROMOTION: promotion_schema,
        Format.RATINGS: ratings_schema,
        Format.SCORES: scores_schema,
        Format.TEAM: team_schema,
    }
    typer.echo(json.dumps(makers[name](), indent=2))


def match_schema() -> Schema:
    """What `kontor match --json` prints."""
    number, text, flag = {"type": "number"}, {"type": "string"}, {"type": "boolean"}
    evidence = _object(
        {
            **dict.fromkeys(("organisation", "statement", "project", "quote"), text),
            "start": _COUNT,
            "end": _COUNT,
            "codes": _list(text),
        }
    )
    reason = _object({"code": text, "text": text, "part": text, "evidence": _list(evidence)})
    part = _object({"name": text, "value": number, "weight": number, "contribution": number})
    match = _object(
        {
            **dict.fromkeys(("key", "name", "country", "kind", "size", "statement"), text),
            "score": number,
            "parts": _list(part),
            "reasons": {**_list(reason), "minItems": 3, "maxItems": 3},
            "doubt": reason,
            "found_by": {"type": "object", "additionalProperties": _COUNT},
            **dict.fromkeys(("anonymous", "newcomer", "reserved", "shared"), flag),
        }
    )
    exclusion = _object({"condition": text, "reason": text, "count": _COUNT, "alone": _COUNT})
    explanation = _object(
        {
            "considered": _COUNT,
            "kept": _COUNT,
            "language": text,
            "exclusions": _list(exclusion),
            "relaxations": _list(_object({"drop": _list(text), "count": _COUNT})),
            "notes": _list(text),
            "suggested_codes": _list(text),
        }
    )
    answer = _object(
        {
            "status": {"enum": ["optimal", "feasible", "infeasible"]},
            "objective": {"type": ["number", "null"]},
            "bound": {"type": ["number", "null"]},
            "seconds": number,
            "solution": _object({"matches": _list(match)}),
            "explanation": explanation,
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answer of kontor match",
        **answer,
    }


_COUNT: Schema = {"type": "integer", "minimum": 0}


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}
