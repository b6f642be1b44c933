"""What pages and programs say of a pitch day: pitches, its clock, who goes out, results once all are in."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from kontor.engine.juries import scoring
from kontor.features.juries.conflicts import Conflicts, conflicts_of
from kontor.features.juries.marking import rounded, scale_of
from kontor.features.juries.models import Panel, PitchDay, PitchSlot, SlotState
from kontor.features.juries.outcomes import pitch_complete
from kontor.features.juries.seeing import Viewer
from kontor.features.juries.visibility import Thing
from kontor.features.juries.wording import spoken


def day_of(panel: Panel) -> PitchDay | None:
    rows = PitchDay.objects.select_related("panel__call__programme", "panel__call__version")
    return rows.filter(panel=panel).first()


def slots_of(day: PitchDay) -> list[PitchSlot]:
    """In the running order, those without a time last; four queries."""
    rows = day.slots.select_related("application__lead").prefetch_related("present__expert", "scores")
    return list(rows)


def slot_of(panel: Panel, key: str) -> PitchSlot | None:
    rows = PitchSlot.objects.select_related(
        "day__panel__call__programme", "day__panel__call__version", "application__lead"
    ).prefetch_related("present__expert", "scores")
    return rows.filter(day__panel=panel, key=key).first()


def blocked_for(panel: Panel, viewer: Viewer, slots: list[PitchSlot]) -> Conflicts:
    """The conflicts of the person who looks; none for whoever has no seat."""
    if viewer.member is None:
        return Conflicts()
    return conflicts_of(panel, [viewer.member.expert], [slot.application for slot in slots])


def leaves_room(viewer: Viewer, own: Conflicts, slot: PitchSlot) -> bool:
    return viewer.member is not None and own.blocks(viewer.member.expert_id, slot.application_id)


def seconds_left(row: PitchSlot) -> int | None:
    """Of the part that runs, by the server's clock, negative when it is over; None while nothing runs."""
    now = timezone.now()
    if row.state == SlotState.PITCHING and row.started_at:
        return row.day.pitch * 60 - int((now - row.started_at).total_seconds())
    if row.state == SlotState.QUESTIONS and row.questions_at:
        return row.day.questions * 60 - int((now - row.questions_at).total_seconds())
    return None


def all_in(slots: list[PitchSlot]) -> bool:
    return bool(slots) and all(pitch_complete(slot) for slot in slots)


def day_totals(
    panel: Panel, slots: list[PitchSlot], viewer: Viewer, own: Conflicts
) -> list[tuple[int, PitchSlot, Decimal | None, str]]:
    """Rank, pitch, total and verdict, best first by the rule of every ranking: only when every juror has
    handed in for every pitch.
    """
    if not all_in(slots) or not viewer.may(Thing.OTHERS):
        return []
    scale = scale_of(panel)
    found = {}
    for slot in slots:
        if leaves_room(viewer, own, slot):
            continue
        heard = {each.pk for each in slot.present.all()}
        marks = [each.marks for each in slot.scores.all() if each.member_id in heard]
        found[slot.application.number] = (slot, scale.joint(marks))
    orders = {
        number: scoring.order(passed=judged.passed, total=judged.total)
        for number, (_slot, judged) in found.items()
    }
    return [
        (rank, found[number][0], rounded(judged.total), scale.shown(judged.verdict, spoken()))
        for rank, number in scoring.ranking(orders)
        for judged in (found[number][1],)
    ]
