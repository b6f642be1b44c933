"""What the start page and an application's page say of decisions."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.base.panels import Line, Panel
from kontor.base.permissions import allowed
from kontor.features.calls.models import Application
from kontor.features.decisions.models import Decision
from kontor.features.decisions.queries import rounds_for
from kontor.features.decisions.rules import may_read_own_decision, may_read_round, may_see_some

_LINES = 5


def open_rounds(user: Any) -> Panel | None:
    """Rounds with applications on which nobody decided yet."""
    if not allowed(user, may_see_some):
        return None
    rows = [row for row in rounds_for(user) if row.decided < row.applications]
    if not rows:
        return None
    lines = tuple(
        Line(
            str(row),
            row.get_absolute_url(),
            _("%(done)s of %(all)s decided") % {"done": row.decided, "all": row.applications},
        )
        for row in rows[:_LINES]
    )
    return Panel(_("Decisions to take"), lines, len(rows), href=reverse("decisions:rounds"))


def told(user: Any, application: Application) -> Panel | None:
    """The decision on an application: for those who decide the page on the board, for applicants what was
    published.
    """
    held = (
        Decision.objects.live()
        .filter(application=application)
        .select_related("round__call__programme")
        .first()
    )
    if held is not None and allowed(user, may_read_round, held.round):
        address = reverse("decisions:proposal", args=[held.round.key, application.key])
        return Panel(_("Decision"), (Line(str(held.get_kind_display()), address, held.decided_by),))
    if allowed(user, may_read_own_decision, application):
        address = reverse("decisions:told", args=[application.key])
        return Panel(_("Decision"), (Line(_("The decision on your application"), address),))
    return None
