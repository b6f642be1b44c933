"""Filters that show in the address: what is in force, and the address without each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BoundField
from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force; `href` is the page without it."""

    label: str
    value: str
    href: str


def chips_of(
    form: BaseForm, query: QueryDict, *, leave_out: frozenset[str] = frozenset()
) -> tuple[Chip, ...]:
    """A chip for each value that a filter form was given in the address, in the order of its fields.

    `form` is bound to `query`; a value that the form refuses is shown as typed, so that it can be taken away.
    """
    return tuple(
        Chip(str(bound.label), _in_words(bound, value), _without(query, bound.html_name, value))
        for bound in form
        if bound.name not in leave_out
        for value in query.getlist(bound.html_name)
        if value
    )


def _in_words(bound: BoundField, value: str) -> str:
    """The label of a choice, the text itself elsewhere."""
    choices: Any = getattr(bound.field, "choices", ())
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            found = next((str(text) for inner, text in label if str(inner) == value), None)
            if found is not None:
                return found
        elif str(key) == value:
            return str(label)
    return value


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [other for other in query.getlist(name) if other != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}"
