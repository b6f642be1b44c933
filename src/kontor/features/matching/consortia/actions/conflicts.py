"""Telling the second of two writers what the first changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import Conflict


@dataclass(frozen=True)
class Difference:
    """A field that stands otherwise than the second writer is about to write it."""

    label: str
    theirs: str
    yours: str


class BoardConflict(Conflict):
    """Somebody changed the same seat or the same details meanwhile; `differences` says what stands there."""

    def __init__(self, by: str, differences: tuple[Difference, ...], revision: int) -> None:
        told = "; ".join(f"{each.label}: {each.theirs or '–'}" for each in differences)
        super().__init__(
            _("%(who)s changed this meanwhile. It now says: %(what)s") % {"who": by, "what": told or "–"},
            code="board-changed",
            path="revision",
            remedy=_("Look at what stands there now, and save again."),
        )
        self.differences = differences
        self.revision = revision


def differences(
    labels: Mapping[str, object], theirs: Mapping[str, object], yours: Mapping[str, object]
) -> tuple[Difference, ...]:
    """Field by field what is stored and what would be written, where the two are not the same."""
    return tuple(
        Difference(str(labels.get(name, name)), _text(theirs.get(name)), _text(value))
        for name, value in yours.items()
        if name in theirs and _text(theirs[name]) != _text(value)
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in sorted(value.items()))
    return str(value)
