"""Taking the latest step of a board back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import Conflict
from kontor.features.matching.consortia.actions.inviting import uninvite
from kontor.features.matching.consortia.actions.stepping import locked, paint, undoable
from kontor.features.matching.models import BoardStep, Consortium, Seat
from kontor.features.matching.models.consortia import SeatState


def undo_step(*, consortium: Consortium, step: int, actor: Actor) -> BoardStep:
    """Write the board again as it was before its latest step, whose number (primary key) is `step`.

    Conflict where something happened since, or the step is final. Whoever was invited by it is told.
    """
    with transaction.atomic():
        stored = locked(consortium)
        latest = undoable(stored)
        if latest is None or latest.pk != step:
            raise Conflict(
                _("This step cannot be taken back any more: something happened after it."),
                code="step-final",
                path="step",
                remedy=_("Look at the board as it is now."),
            )
        for seat in _invited_by(stored, latest):
            uninvite(seat)
        paint(stored, latest.before)
        stored.revision += 1
        stored.changed_by = actor.label[:200]
        stored.save()
        latest.undone_at = timezone.now()
        latest.save(update_fields=["undone_at"])
        audit.record(
            actor=actor,
            verb="consortium.step_undone",
            subject=stored,
            changes={"step": [latest.verb, None]},
        )
    return latest


def _invited_by(consortium: Consortium, latest: BoardStep) -> list[Seat]:
    if latest.verb != "seat_invited":
        return []
    rows = Seat.objects.filter(variant__consortium=consortium, state=SeatState.INVITED)
    rows = rows.select_related("organisation", "variant__consortium__lead")
    return list(rows.order_by("-invited_at")[:1])
