"""What people may read of programmes: lists, one programme, its money, its matrix, its products."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404

from kontor import programmes
from kontor.base.permissions import allowed
from kontor.features.programmes.models import Programme, ProgrammeVersion
from kontor.features.programmes.rules import may_edit


@dataclass(frozen=True)
class Listed:
    """A programme in a list; `version` is the published one, None while there is only a draft."""

    programme: Programme
    version: ProgrammeVersion | None

    @property
    def definition(self) -> programmes.Programme | None:
        return self.version.definition if self.version else None


def programmes_for(user: Any, wanted: str = "") -> list[Listed]:
    """What the person may see, by name; two queries. `wanted` is looked for in names, keys and summaries."""
    newest = ProgrammeVersion.objects.published().filter(programme=OuterRef("pk")).order_by("-number")
    rows = list(Programme.objects.visible_to(user).annotate(newest=Subquery(newest.values("pk")[:1])))
    current = [getattr(row, "newest") for row in rows]  # noqa: B009  # annotated just above
    versions = ProgrammeVersion.objects.in_bulk([pk for pk in current if pk])
    listed = [Listed(row, versions.get(pk)) for row, pk in zip(rows, current, strict=True)]
    words = wanted.casefold().split()
    return [one for one in listed if all(word in _searched(one) for word in words)]


def _searched(one: Listed) -> str:
    definition = one.definition
    texts: Iterable[str] = (one.programme.name, one.programme.key)
    if definition:
        texts = (*texts, definition.fund, *definition.name.values(), *definition.summary.values())
    return " ".join(texts).casefold()


def programme_for(user: Any, key: str) -> Programme:
    """The programme that the person may see. Http404 for any other, told apart from none by nobody."""
    found = Programme.objects.visible_to(user).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def published(programme: Programme) -> ProgrammeVersion:
    """Its current version. Http404 while there is only a draft."""
    version = programme.current
    if version is None:
        raise Http404
    return version


def versions_for(user: Any, programme: Programme) -> list[ProgrammeVersion]:
    """Every version, the newest first; the draft only for those who may edit."""
    rows = programme.versions.all()
    return list(rows if allowed(user, may_edit, programme) else rows.published())


def version_for(user: Any, programme: Programme, number: int) -> ProgrammeVersion:
    """One of `versions_for`. Http404 for any other."""
    rows = programme.versions.all()
    if not allowed(user, may_edit, programme):
        rows = rows.published()
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    found.programme = programme
    return found


def instrument_of(definition: programmes.Programme, key: str) -> programmes.Instrument:
    """The instrument with this key. Http404 where there is none."""
    found = next((one for one in definition.instruments if one.key == key), None)
    if found is None:
        raise Http404
    return found
