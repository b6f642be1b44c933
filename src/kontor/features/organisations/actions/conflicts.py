"""Two people edit one thing: what was changed meanwhile is joined with what is to be saved, or refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import Conflict
from kontor.features.organisations.threeway import Joined, join


class EditConflict(Conflict):
    """Somebody else saved the record meanwhile and changed the same fields. `joined` holds both sides."""

    def __init__(self, joined: Joined, theirs: dict[str, Any]) -> None:
        super().__init__(
            _("Somebody else changed this while you were writing."),
            code="edit_conflict",
            path=joined.conflicts[0].field,
            remedy=_("Compare both versions and choose for each field."),
        )
        self.joined = joined
        self.theirs = theirs


def joined_with_theirs(
    base: Mapping[str, Any] | None,
    theirs: dict[str, Any],
    mine: Mapping[str, Any],
    *,
    sets: Collection[str] = (),
) -> dict[str, Any]:
    """`mine` over the stored values `theirs`, both begun at `base` (None: mine wins as it is).

    Raises EditConflict where both changed one field differently.
    """
    if base is None:
        return dict(mine)
    joined = join(base, theirs, mine, sets=sets)
    if joined.conflicts:
        raise EditConflict(joined, theirs)
    return joined.values
