"""An application handed in once more, because the programme asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from kontor.base.actor import Actor
from kontor.features.calls.actions.answers import rewrite_answers
from kontor.features.calls.actions.submitting import record_submission
from kontor.features.calls.completeness import state_of
from kontor.features.calls.models import Application, Submission
from kontor.features.calls.models.answer import VersionOrigin


def hand_in_again(*, application: Application, values: Mapping[str, Any], actor: Actor) -> Submission:
    """Write the answers of an application that is held already, and make a new receipt; the one before
    and what it froze stay. The state and the moment of the first handing in do not change.
    """
    rewrite_answers(row=application, values=values, origin=VersionOrigin.WRITTEN, actor=actor)
    made = record_submission(application, state_of(application), timezone.now(), actor)
    application.receipt = made.receipt
    application.save(update_fields=["receipt", "changed_at"])
    return made
