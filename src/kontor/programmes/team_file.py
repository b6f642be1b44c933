"""A team as a JSON file, see docs/formats/team.md."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any

from kontor.engine.core.errors import InvalidInput, inside
from kontor.programmes.messages import Message
from kontor.programmes.messages import message as _
from kontor.programmes.rules import KINDS, SIZES, Partner, Portfolio, Team

Json = dict[str, Any]

_MONEY = {
    "type": ["string", "number", "null"],
    "description": "An amount with at most two decimals; a text keeps its digits exactly.",
}
_TEXT = {"type": ["string", "null"]}
_FLAG = {"type": ["boolean", "null"]}
_LIST = {"type": ["array", "null"], "items": {"type": "string"}}
_COUNT = {"type": ["integer", "null"], "minimum": 0}

_PARTNER: dict[str, Json] = {
    "key": {"type": "string", "minLength": 1},
    "name": {"type": "string"},
    "country": {**_TEXT, "description": "ISO 3166 code."},
    "nuts": {**_TEXT, "description": "NUTS code of any level."},
    "nuts_version": {"type": "string", "description": "Year of the NUTS list, 2024 where absent."},
    "kind": {"enum": [*KINDS, None]},
    "size": {"enum": [*SIZES, None]},
    "cost": _MONEY,
    "grant": _MONEY,
    "lead": {"type": "boolean"},
    "clusters": _LIST,
    "identifiers": _LIST,
    "led_before": _FLAG,
    "new": _FLAG,
    "in_difficulty": _FLAG,
}

_PORTFOLIO: dict[str, Json] = {
    "partners": {"type": "integer", "minimum": 0},
    "new": {"type": "integer", "minimum": 0},
}

_TEAM: dict[str, Json] = {
    "partners": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["key"],
            "additionalProperties": False,
            "properties": _PARTNER,
        },
    },
    "themes": {**_LIST, "description": "Keys of the programme's themes."},
    "kets": {**_LIST, "description": "Codes of key enabling technologies."},
    "months": _COUNT,
    "cost": _MONEY,
    "grant": _MONEY,
    "portfolio": {
        "type": ["object", "null"],
        "required": list(_PORTFOLIO),
        "additionalProperties": False,
        "properties": _PORTFOLIO,
    },
}


def team_schema() -> Json:
    """JSON Schema of a team file. Whatever is absent or null is not known yet."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Team",
        "type": "object",
        "additionalProperties": False,
        "properties": _TEAM,
    }


def parse_team(content: bytes) -> Team:
    """The team in a JSON text. InvalidInput names the place of the first fault."""
    try:
        values = json.loads(content, parse_float=Decimal)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(
            "", _("is not JSON: {error}.", error=error), _("Check quotes, commas and brackets.")
        ) from None
    return team_of(values)


def team_of(values: object) -> Team:
    """The team in parsed JSON values."""
    table = _object(values, _TEAM, "")
    partners = _typed(table.get("partners", []), _TEAM["partners"], "partners")
    read = tuple(_partner(item, at) for at, item in enumerate(partners))
    facts = _facts(table, _TEAM, skip=("partners", "portfolio"))
    return Team(partners=read, portfolio=_portfolio(table.get("portfolio")), **facts)


def team_json(team: Team) -> Json:
    """The team as it would stand in a file, unknown data left out."""
    found = _given(team, skip=("partners", "portfolio"))
    found["partners"] = [_given(partner) for partner in team.partners]
    if team.portfolio:
        found["portfolio"] = _given(team.portfolio)
    return found


def _partner(item: object, at: int) -> Partner:
    with inside(f"partners[{at + 1}]"):
        table = _object(item, _PARTNER, "")
        if not table.get("key"):
            raise InvalidInput("key", _("is missing."), _("Give each partner a key of its own."))
        return Partner(**_facts(table, _PARTNER))


def _portfolio(item: object) -> Portfolio | None:
    if item is None:
        return None
    with inside("portfolio"):
        table = _object(item, _PORTFOLIO, "")
        for name in _PORTFOLIO:
            if name not in table:
                raise InvalidInput(name, _("is missing."), _("Give a whole number."))
        return Portfolio(**_facts(table, _PORTFOLIO))


def _facts(table: Json, schema: dict[str, Json], skip: Iterable[str] = ()) -> dict[str, Any]:
    return {
        name: _typed(value, schema[name], name)
        for name, value in table.items()
        if name not in skip and value is not None
    }


def _object(values: object, schema: dict[str, Json], path: str) -> Json:
    if not isinstance(values, dict):
        raise InvalidInput(path or "team", _("is no object."), _("Write it in braces."))
    for key in values:
        if key not in schema:
            known = ", ".join(schema)
            raise InvalidInput(str(key), _("is not known here."), _("Known: {keys}.", keys=known))
    return values


def _typed(value: Any, schema: Json, path: str) -> Any:
    """The value as the dataclasses hold it: money as Decimal, lists as tuples."""
    if schema is _MONEY:
        return _money(value, path)
    if "enum" in schema:
        allowed = [item for item in schema["enum"] if item is not None]
        if value not in allowed:
            known = ", ".join(allowed)
            remedy = _("Give one of {keys}, or leave it out.", keys=known)
            raise InvalidInput(path, _is(value), remedy)
        return value
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    wanted: Any = _PYTHON[kinds[0]]
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        remedy = _("Give {kind}, or leave it out.", kind=_WORDS[kinds[0]])
        raise InvalidInput(path, _is(value), remedy)
    if kinds[0] == "integer" and value < 0:
        raise InvalidInput(path, _is(value), _("Give a whole number of at least 0."))
    if kinds[0] == "array" and path != "partners":
        wrong = [item for item in value if not isinstance(item, str)]
        if wrong:
            held = _("holds {value}.", value=repr(wrong[0]))
            raise InvalidInput(path, held, _("Put every entry in quotes."))
        return tuple(value)
    return value


def _is(value: object) -> Message:
    return _("is {value}.", value=repr(value))


def _money(value: Any, path: str) -> Decimal:
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        amount = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise InvalidInput(path, _is(value), _('Give an amount like "165000.00".'))
    return amount


def _given(item: Team | Partner | Portfolio, skip: Iterable[str] = ()) -> Json:
    values = {field.name: getattr(item, field.name) for field in fields(item) if field.name not in skip}
    return {name: _plain(value) for name, value in values.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


_PYTHON: dict[str, Any] = {"string": str, "boolean": bool, "array": list, "integer": int, "object": dict}
_WORDS = {
    "string": _("a text in quotes"),
    "boolean": _("true or false"),
    "array": _("a list"),
    "integer": _("a whole number"),
    "object": _("an object in braces"),
}
