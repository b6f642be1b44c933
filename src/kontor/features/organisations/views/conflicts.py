"""Two people edit one record: carrying the beginning of an edit through the form, and choosing afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kontor.base.components.dates import day_text
from kontor.features.organisations.actions import EditConflict
from kontor.features.organisations.forms.people import shown_number
from kontor.features.organisations.sealing import seal, unseal


@dataclass(frozen=True)
class ConflictRow:
    """One field both changed, as people read it."""

    field: str
    label: str
    base: str
    theirs: str
    mine: str


def begun_with(request: HttpRequest, about: str = "") -> dict[str, Any]:
    """What the posted form showed when it was opened."""
    return unseal(request.POST.get("base", ""), about)


def chosen_values(request: HttpRequest, about: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """(values, base) of the page where a person chose a side for each field."""
    values, theirs = unseal(request.POST.get("mine", ""), about), begun_with(request, about)
    for field in values:
        if request.POST.get(f"choice_{field}") == "theirs":
            values[field] = theirs.get(field)
    return values, theirs


def conflict_page(
    request: HttpRequest,
    conflict: EditConflict,
    *,
    labels: Mapping[str, Any],
    title: object,
    back: str,
    who: str,
    about: str = "",
    carried: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Side by side: what it was, what they saved, what is to be saved. Nothing has been saved (409).

    `about` is what the form's base was sealed with; `carried` are values of the form beside the fields.
    """
    mine = dict(conflict.joined.values)
    mine |= {row.field: row.mine for row in conflict.joined.conflicts}
    context = {
        "title": title,
        "back": back,
        "who": who,
        "rows": [
            ConflictRow(
                row.field,
                str(labels.get(row.field, row.field)),
                _shown(row.base),
                _shown(row.theirs),
                _shown(row.mine),
            )
            for row in conflict.joined.conflicts
        ],
        "joined": [
            str(labels.get(field, field))
            for field in conflict.joined.changed_by_them
            if field not in {row.field for row in conflict.joined.conflicts}
        ],
        "mine": seal({**mine, **(carried or {})}, about),
        "base": seal(conflict.theirs, about),
    }
    return render(request, "organisations/conflict.html", context, status=409)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, Decimal):
        return shown_number(value)
    if isinstance(value, dt.date):
        return day_text(value)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
