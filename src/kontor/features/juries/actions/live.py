"""Live scores of a pitch: given by those who listened, secret until all are in."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict
from kontor.features.juries.actions.locking import refused
from kontor.features.juries.marking import scale_of
from kontor.features.juries.models import (
    LiveScore,
    Member,
    PitchDay,
    PitchDayState,
    PitchSlot,
    SlotState,
)
from kontor.features.juries.outcomes import pitch_complete


@transaction.atomic
def save_live_score(
    *,
    slot: PitchSlot,
    member: Member,
    marks: Mapping[str, str],
    words: str = "",
    revision: int | None = None,
    actor: Actor,
) -> LiveScore:
    """Keep marks as they come, some may be missing. Conflict where another device wrote since."""
    day = _running(slot, member)
    scale = scale_of(day.panel)
    given = {key: scale.mark(key, str(mark).strip()) for key, mark in marks.items() if str(mark).strip()}
    row = LiveScore.objects.select_for_update().filter(slot=slot, member=member).first()
    if row is None:
        row = LiveScore(slot=slot, member=member, revision=0)
    elif row.submitted_at is not None:
        raise refused(_("Your scores are handed in."), "live-submitted", _("Take them back first."))
    elif revision is not None and revision != row.revision:
        raise Conflict(
            _("You changed these scores on another device."),
            code="live-changed",
            remedy=_("Look at what stands there and save again."),
        )
    row.marks, row.words = given, words.strip()
    row.revision += 1
    row.save()
    return row


@transaction.atomic
def submit_live_score(*, slot: PitchSlot, member: Member, actor: Actor) -> LiveScore:
    """Hand in; every criterion needs its mark, and the pitch has to be heard."""
    day = _running(slot, member)
    if slot.state not in {SlotState.QUESTIONS, SlotState.OVER}:
        raise refused(_("The pitch is not heard yet."), "live-early", _("Hand in after the presentation."))
    row = LiveScore.objects.select_for_update().filter(slot=slot, member=member).first()
    if row is None:
        row = LiveScore.objects.create(slot=slot, member=member)
    if row.submitted_at is not None:
        return row
    scale_of(day.panel).judge(row.marks)
    row.submitted_at = timezone.now()
    row.save(update_fields=["submitted_at"])
    record(
        actor=actor, verb="live.submitted", subject=slot.application, changes={"member": [None, member.key]}
    )
    return row


@transaction.atomic
def take_back_live_score(*, slot: PitchSlot, member: Member, actor: Actor) -> None:
    """Change them once more, as long as the others' are not all in: then the result can be seen."""
    _running(slot, member)
    if pitch_complete(slot):
        raise refused(_("All scores are in: the result stands."), "live-complete")
    rows = LiveScore.objects.filter(slot=slot, member=member).exclude(submitted_at=None)
    if rows.update(submitted_at=None):
        changes = {"member": [member.key, None]}
        record(actor=actor, verb="live.taken_back", subject=slot.application, changes=changes)


def _running(slot: PitchSlot, member: Member) -> PitchDay:
    rows = PitchDay.objects.select_for_update(of=("self",))
    day = rows.select_related("panel__call__programme", "panel__call__version").get(pk=slot.day_id)
    if day.state != PitchDayState.RUNNING:
        raise refused(_("The pitch day is not under way."), "pitch-day-closed")
    slot.refresh_from_db()
    if not slot.present.filter(pk=member.pk).exists():
        raise refused(_("You do not hear this pitch."), "live-stranger", status=403)
    return day
