"""Two people edit one record: carrying the beginning of an edit through the form, and choosing afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.features.organisations.actions import EditConflict

_SALT = "kontor.organisations.edit"
_DATES = ("valid_until",)


@dataclass(frozen=True)
class ConflictRow:
    """One field both changed, as people read it."""

    field: str
    label: str
    base: str
    theirs: str
    mine: str


def seal(values: Mapping[str, Any]) -> str:
    """Plain values as a signed text for a hidden field: nobody edits what somebody else is said to
    have seen."""
    plain = {
        field: value.isoformat() if isinstance(value, dt.date) else value for field, value in values.items()
    }
    return signing.dumps(plain, salt=_SALT, compress=True)


def unseal(text: str) -> dict[str, Any]:
    """Raises KontorError `form-broken` for anything that `seal` did not make."""
    try:
        values: dict[str, Any] = signing.loads(text, salt=_SALT)
    except signing.BadSignature as error:
        raise KontorError(
            _("This form is not complete."),
            code="form-broken",
            remedy=_("Open the page again and repeat the change."),
        ) from error
    for field in _DATES:
        if values.get(field):
            values[field] = dt.date.fromisoformat(values[field])
    return values


def chosen_values(request: HttpRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """(values, base) of the page where a person chose a side for each field."""
    values, theirs = unseal(request.POST.get("mine", "")), unseal(request.POST.get("base", ""))
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
) -> HttpResponse:
    """Side by side: what it was, what they saved, what is to be saved. Nothing has been saved (409)."""
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
        "mine": seal(mine),
        "base": seal(conflict.theirs),
    }
    return render(request, "organisations/conflict.html", context, status=409)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
