"""A problem as the JSON object of the consortium format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from typing import Any

from kontor.engine.consortia.model import Params, Problem, Rule
from kontor.engine.consortia.read.own import FORMAT

Json = dict[str, Any]


def problem_as_json(problem: Problem, params: Params | None = None) -> Json:
    """Fields at their usual value are left out. Amounts are written with two places, as JSON numbers."""
    made = {"format": FORMAT, **_plain(problem)}
    return made | {"params": _plain(params)} if params is not None else made


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kind = {"type": value.type} if isinstance(value, Rule) else {}
        return kind | {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if not _usual(field, getattr(value, field.name))
        }
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return float(value) if isinstance(value, Decimal) else value


def _usual(field: Any, value: Any) -> bool:
    if field.default_factory is not MISSING:
        return bool(value == field.default_factory())
    return field.default is not MISSING and bool(value == field.default)
