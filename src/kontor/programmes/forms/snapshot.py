"""A form as JSON: how a call freezes it, and back (docs/formats/form.md)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from kontor.programmes.schema import Choice, Column, Condition, Field, Form, Section
from kontor.programmes.schema.texts import Texts

Json = dict[str, Any]


def form_json(form: Form) -> Json:
    """The form as plain values; what is empty is left out, amounts are texts."""
    found: Json = _plain(form)
    return found


def form_of(values: Json) -> Form:
    """The form in a snapshot that `form_json` made; {} is a form without questions."""
    return Form(
        key=values.get("key", ""),
        version=values.get("version", "1"),
        title=Texts(values.get("title", {})),
        sections=tuple(_section(one) for one in values.get("sections", ())),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Texts):
        return dict(value)
    if is_dataclass(value) and not isinstance(value, type):
        told = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {name: one for name, one in told.items() if one not in (None, "", {}, [], False)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _section(values: Json) -> Section:
    return Section(
        key=values["key"],
        title=Texts(values["title"]),
        step=values.get("step", 1),
        help=Texts(values.get("help", {})),
        fields=tuple(_field(one) for one in values.get("fields", ())),
    )


def _field(values: Json) -> Field:
    told = dict(values)
    for name in ("label", "help", "rule"):
        told[name] = Texts(told.get(name, {}))
    for name in ("lowest", "highest"):
        if name in told:
            told[name] = Decimal(told[name])
    for name in ("accept", "languages"):
        told[name] = tuple(told.get(name, ()))
    told["choices"] = _choices(told)
    told["columns"] = tuple(_column(one) for one in told.get("columns", ()))
    if "shown_when" in told:
        told["shown_when"] = Condition(told["shown_when"]["field"], tuple(told["shown_when"]["values"]))
    return Field(**told)


def _column(values: Json) -> Column:
    return Column(**{**values, "label": Texts(values["label"]), "choices": _choices(values)})


def _choices(values: Json) -> tuple[Choice, ...]:
    return tuple(Choice(one["key"], Texts(one["label"])) for one in values.get("choices", ()))
