"""Two people edit one record: what each changed, what can be joined, and where a choice is needed. Pure.

`base` is what both saw first, `theirs` what is stored now, `mine` what is to be saved. A field that only one
changed is taken from that one. A field that both changed alike is no conflict. Sets (codes, tags, languages)
are joined member by member: what either added is in, what either removed is out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldConflict:
    """Both changed `field`, differently."""

    field: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Joined:
    """`values` to save where `conflicts` is empty; otherwise `values` holds their side of each conflict."""

    values: dict[str, Any]
    conflicts: tuple[FieldConflict, ...]
    changed_by_them: tuple[str, ...]


def join(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], *, sets: Collection[str] = ()
) -> Joined:
    """Joins two edits over the fields of `mine`; a field missing in `base` or `theirs` counts as empty."""
    values: dict[str, Any] = {}
    conflicts: list[FieldConflict] = []
    changed: list[str] = []
    for field, wanted in mine.items():
        first, stored = base.get(field), theirs.get(field)
        if stored != first:
            changed.append(field)
        if field in sets:
            values[field] = _joined_set(first or [], stored or [], wanted or [])
        elif wanted in (first, stored) or stored == first:
            values[field] = stored if wanted == first else wanted
        else:
            values[field] = stored
            conflicts.append(FieldConflict(field, first, stored, wanted))
    return Joined(values, tuple(conflicts), tuple(changed))


def _joined_set(base: Collection[str], theirs: Collection[str], mine: Collection[str]) -> list[str]:
    removed = (set(base) - set(theirs)) | (set(base) - set(mine))
    return [item for item in dict.fromkeys([*theirs, *mine]) if item not in removed]
