"""Leaving what the composer proposed, with a reason that stays on record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.matching.introductions.actions.locking import checked_words
from kontor.features.matching.models import Override, Seat, TeamVariant


def proposed_keys(variant: TeamVariant) -> set[str]:
    """The candidates of the proposal the variant began as; empty for one put together by hand."""
    return set(variant.proposal.get("team", ()))


def deviates(variant: TeamVariant, key: str, change: str) -> bool:
    """Whether `key` joining or leaving departs from the proposal."""
    proposed = proposed_keys(variant)
    if not proposed:
        return False
    return key in proposed if change == "left" else key not in proposed


def candidate_key(seat: Seat) -> str:
    """The organisation's key, of an anonymous one the statement's."""
    if seat.anonymous:
        return seat.statement.key if seat.statement else ""
    return seat.organisation.key if seat.organisation else ""


def note_override(variant: TeamVariant, seat: Seat, change: str, reason: str, actor: Actor) -> None:
    """Keep the reason; KontorError `override-reason` where the proposal is left without one.

    The consortium's lead itself may always be in the team or not: nobody proposed it.
    """
    key = candidate_key(seat)
    lead = seat.organisation_id == variant.consortium.lead_id
    if not key or lead or not deviates(variant, key, change):
        return
    words = checked_words(reason, "reason")
    if not words:
        raise KontorError(
            _("This departs from what the composer proposed."),
            code="override-reason",
            path="reason",
            remedy=_("Say why: the reason stays on record."),
            status=422,
        )
    Override.objects.create(
        consortium=variant.consortium,
        variant_name=variant.name,
        change=change,
        about=seat.organisation,
        anonymous=seat.anonymous,
        reason=words,
        actor_label=actor.label[:200],
    )
