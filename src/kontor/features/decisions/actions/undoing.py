"""Taking a decision back before applicants know of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.features.calls.actions import refuse_own
from kontor.features.decisions.actions.deciding import free_place
from kontor.features.decisions.actions.placing import end_decision, revive_decision
from kontor.features.decisions.actions.rounds import locked_round, touch
from kontor.features.decisions.models import Decision, DecisionKind, Ending


@transaction.atomic
def undo_decision(*, decision: Decision, reason: str = "", actor: Actor) -> Decision | None:
    """The decision never came to be: its money is free again, and what held before holds once more, with its
    money. That one is returned. KontorError (409) once it is published or replaced, and where the earlier
    money is gone.
    """
    row = locked_round(decision.round)
    known = Decision.objects.select_related("application", "replaces").get(pk=decision.pk)
    if known.ended_at is not None or known.publication_id is not None:
        raise KontorError(
            _("This decision is published or no longer holds."),
            code="not-undoable",
            remedy=_("Take a new decision instead; both stay on record."),
            status=409,
        )
    refuse_own([known.application], actor)
    end_decision(known, Ending.UNDONE, actor)
    before = known.replaces if known.replaces and known.replaces.ending == Ending.REPLACED else None
    if before is not None:
        before.round = row
        if before.kind == DecisionKind.RESERVE:
            before.reserve_place = free_place(row, known.application, before.reserve_place)
        revive_decision(before, actor)
    changes = {
        "decision": [known.kind, before.kind if before else None],
        "amount": [str(known.amount), str(before.amount) if before else None],
    }
    record(
        actor=actor, verb="decision.undone", subject=known.application, changes=changes, reason=reason.strip()
    )
    touch(row, actor)
    return before
