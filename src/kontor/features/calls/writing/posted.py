"""A section as a browser without a script posts it, back into answers."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from kontor.features.calls.actions import Written
from kontor.features.calls.completeness import field_id
from kontor.features.calls.models import Application, ApplicationPartner
from kontor.programmes.forms import Field, Section, tidy
from kontor.programmes.forms.values import MOST_ROWS

#: Kinds that have buttons of their own: saving a section does not touch them.
NOT_POSTED = ("partners", "file")


def written_in(
    data: QueryDict, section: Section, application: Application, partners: list[ApplicationPartner]
) -> dict[str, Written]:
    """The fields of the section that the page held and whose text is not the one it began with."""
    found = {}
    for one in section.fields:
        base = data.get(f"base-{one.key}", "")
        if one.kind in NOT_POSTED or not base.isdecimal():
            continue
        value = tidy(one, value_in(data, one, partners))
        if value != _begun_with(application, one, int(base)):
            found[one.key] = Written(value, base=int(base))
    return found


def _begun_with(application: Application, one: Field, base: int) -> Any:
    """What the page showed: the version of that revision, or nothing."""
    rows = application.versions.filter(field=one.key, revision__lte=base).exclude(origin="parked")
    version = rows.first() if base else None
    return version.value if version else tidy(one, None if one.kind in ("table", "budget", "choices") else "")


def value_in(data: QueryDict, one: Field, partners: list[ApplicationPartner]) -> Any:
    """What the page posted for a field, before it is tidied."""
    name = field_id(one.key)
    match one.kind:
        case "choices":
            return data.getlist(name)
        case "table":
            return _rows(data, one, name)
        case "budget":
            return {each.key: row for each in partners if (row := _amounts(data, one, f"{name}-{each.key}"))}
    if one.languages:
        return {each: data.get(field_id(one.key, column=each), "") for each in one.languages}
    return data.get(name, "")


def _rows(data: QueryDict, one: Field, name: str) -> list[dict[str, str]]:
    rows = []
    for at in range(MOST_ROWS):
        if f"{name}-{at}-id" not in data:
            break
        cells = {each.key: data.get(f"{name}-{at}-{each.key}", "") for each in one.columns}
        if any(cell.strip() for cell in cells.values()):
            rows.append({"id": data.get(f"{name}-{at}-id", "")[:40], **cells})
    return rows


def _amounts(data: QueryDict, one: Field, name: str) -> dict[str, str]:
    keys = [each.key for each in one.columns] + ["grant"]
    found = {key: data.get(f"{name}-{key}", "").strip() for key in keys}
    return {key: text for key, text in found.items() if text}
