"""What the start page says about consortia."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.base.panels import Line, Panel, register_panel
from kontor.features.accounts.rules import is_member
from kontor.features.matching.consortia.queries import seats_to_answer

_LINES = 5


def register() -> None:
    register_panel("consortia", to_do, order=12)


def to_do(user: Any) -> Panel | None:
    """Invitations into consortia that wait for the person's organisations."""
    if not is_member.test(user):
        return None
    rows = list(seats_to_answer(user)[: _LINES + 1])
    if not rows:
        return None
    lines = tuple(
        Line(
            row.variant.consortium.title,
            reverse("matching:seat-invitation", args=[row.key]),
            _("answer"),
        )
        for row in rows[:_LINES]
    )
    return Panel(_("Invitations into consortia"), lines, len(rows), href=reverse("matching:consortia"))
