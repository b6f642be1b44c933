"""Moving an application on, by the features that handle it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.features.calls.casework.actions import note_step
from kontor.features.calls.models import MOVES, Application, ApplicationState


@transaction.atomic
def move_application(*, application: Application, to: str, reason: str = "", actor: Actor) -> Application:
    """Move it to the next state, or back. KontorError (409) where no such step leads from where it is.

    The same state again changes nothing. Whoever calls asks the policy before.
    """
    row = Application.objects.select_for_update().get(pk=application.pk)
    target = ApplicationState(to)
    if row.state == target:
        return row
    if target not in MOVES[row.state]:
        raise KontorError(
            _("From “{old}” no step leads to “{new}”.").format(old=row.get_state_display(), new=target.label),
            code="state-not-reachable",
            path="to",
            remedy=_("Load the page again to see where the application stands."),
            status=409,
        )
    changes = {"state": [row.state, str(target)]}
    row.state = target
    row.changed_by = actor.label[:200]
    row.save(update_fields=["state", "changed_at", "changed_by"])
    record(actor=actor, verb="application.moved", subject=row, changes=changes, reason=reason)
    note_step(application=row, to=row.state, reason=reason, actor=actor)
    application.state = row.state
    return row
