"""What the start page says about juries."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.base.components.dates import day_text
from kontor.base.panels import Line, Panel, register_panel
from kontor.features.juries.models import Assignment, AssignmentState
from kontor.features.juries.models.panel import programmes_managed
from kontor.features.juries.queries import invitations_for, sheets_to_write

_LINES = 5


def register() -> None:
    register_panel("juries", to_assess, order=11)
    register_panel("juries-blocked", to_replace, order=13)


def to_assess(user: Any) -> Panel | None:
    """Invitations to answer and score sheets to write."""
    if not user.is_authenticated:
        return None
    waiting = [
        Line(str(row.panel.call), reverse("juries:invitation", args=[row.key]), _("answer"))
        for row in invitations_for(user)[: _LINES + 1]
    ]
    sheets = list(sheets_to_write(user)[:50])
    waiting += [
        Line(
            f"{row.application.number} {row.application.title}"
            if row.panel.blind != "double"
            else row.application.number,
            reverse("juries:sheet", args=[row.key]),
            day_text(row.panel.due_on) if row.panel.due_on else "",
        )
        for row in sheets
    ]
    if not waiting:
        return None
    return Panel(_("To assess"), tuple(waiting[:_LINES]), len(waiting), href=reverse("juries:list"))


def to_replace(user: Any) -> Panel | None:
    """Assignments that a conflict of interest blocked, for those who run the jury."""
    if not programmes_managed(user):
        return None
    rows = Assignment.objects.filter(
        state=AssignmentState.BLOCKED, panel__call__programme__key__in=programmes_managed(user)
    ).select_related("panel", "application", "member__expert")
    found = list(rows[:50])
    if not found:
        return None
    lines = tuple(
        Line(
            f"{row.application.number}: {row.member.expert.name}",
            reverse("juries:assignment", args=[row.panel.key]),
            _("replace"),
        )
        for row in found[:_LINES]
    )
    return Panel(_("Blocked by a conflict of interest"), lines, len(found), href=reverse("juries:list"))
