"""The pitch day: its frame, travel, the running order, and the course of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.models import Application
from kontor.features.juries.actions.locking import locked, refused, with_reason
from kontor.features.juries.conflicts import assessable, conflicts_of
from kontor.features.juries.models import (
    Attendance,
    Member,
    MemberState,
    Panel,
    PitchDay,
    PitchDayState,
    PitchSlot,
    SlotState,
)

FRAME = ("day", "place", "begins", "ends", "pitch", "questions", "change", "breaks", "quorum")
NEXT = {
    SlotState.WAITING: SlotState.PITCHING,
    SlotState.PITCHING: SlotState.QUESTIONS,
    SlotState.QUESTIONS: SlotState.OVER,
}
BACK = {after: before for before, after in NEXT.items()}


@transaction.atomic
def plan_pitch_day(
    *,
    panel: Panel,
    values: Mapping[str, Any],
    applications: Sequence[Application],
    revision: int | None = None,
    actor: Actor,
) -> PitchDay:
    """Plan the day, or change its frame and who pitches; the running order is worked out anew afterwards.

    Conflict where somebody changed it since; KontorError once the day runs.
    """
    row = locked(panel)
    day = PitchDay.objects.select_for_update().filter(panel=row).first()
    if day is None:
        day = PitchDay(key=new_key(), panel=row, revision=0)
    elif revision is not None and day.revision != revision:
        raise Conflict(
            _("Somebody changed the pitch day in the meantime."),
            code="pitch-changed",
            remedy=_("Look at what is new and save again."),
        )
    _planned(day)
    _checked(values)
    if "day" in values and values["day"] != day.day and values["day"] < timezone.localdate():
        raise KontorError(
            _("This day is over."), code="day-over", path="day", remedy=_("Give today or a later day.")
        )
    before = {name: _plain(getattr(day, name)) for name in FRAME} if day.pk else {}
    for name in FRAME:
        if name in values:
            setattr(day, name, values[name])
    _changed(day)
    allowed = set(assessable(row).values_list("pk", flat=True))
    wanted = {each.pk for each in applications} & allowed
    day.slots.exclude(application__in=wanted).delete()
    there = set(day.slots.values_list("application", flat=True))
    PitchSlot.objects.bulk_create(
        PitchSlot(key=new_key(), day=day, application_id=pk) for pk in sorted(wanted - there)
    )
    after = {name: _plain(getattr(day, name)) for name in FRAME}
    changes = {**changed_fields(before, after), "pitches": [len(there), len(wanted)]}
    record(actor=actor, verb="pitch.planned", subject=row, changes=changes)
    return day


@transaction.atomic
def set_travel(
    *,
    slot: PitchSlot,
    arrives: int,
    leaves: int,
    promised: int | None = None,
    revision: int | None = None,
    actor: Actor,
) -> PitchSlot:
    """When a consortium can be there, and a time promised to it; minutes after midnight. Conflict where
    somebody changed that since `revision`.
    """
    day = _locked(slot.day)
    _planned(day)
    _window(arrives, leaves)
    stored = PitchSlot.objects.select_for_update().get(pk=slot.pk)
    _seen(stored.revision, revision)
    before = {"arrives": stored.arrives, "leaves": stored.leaves, "promised": stored.promised}
    after = {"arrives": arrives, "leaves": leaves, "promised": promised}
    changes = changed_fields(before, after)
    if changes:
        PitchSlot.objects.filter(pk=slot.pk).update(**after, revision=F("revision") + 1)
        _unordered(day)
        record(actor=actor, verb="pitch.travel", subject=slot.application, changes=changes)
    slot.refresh_from_db()
    return slot


@transaction.atomic
def set_attendance(
    *,
    day: PitchDay,
    member: Member,
    arrives: int,
    leaves: int,
    absent: bool = False,
    revision: int | None = None,
    actor: Actor,
) -> None:
    """When a juror is there; minutes after midnight. Conflict where somebody changed that since `revision`
    (0: nothing was told yet).
    """
    row = _locked(day)
    _planned(row)
    _window(arrives, leaves)
    told = {"arrives": arrives, "leaves": leaves, "absent": absent}
    old = Attendance.objects.filter(day=row, member=member).values(*told, "revision").first() or {}
    stood = old.pop("revision", 0)
    _seen(stood, revision)
    changes = changed_fields(old, told)
    if changes:
        Attendance.objects.update_or_create(day=row, member=member, defaults={**told, "revision": stood + 1})
        _unordered(row)
        record(actor=actor, verb="pitch.attendance", subject=member, changes=changes)


@transaction.atomic
def order_pitches(
    *,
    day: PitchDay,
    placed: Mapping[str, tuple[int, int, Sequence[int]]],
    blocked: Sequence[Mapping[str, Any]] = (),
    proven: bool = False,
    changes: int = 0,
    revision: int,
    actor: Actor,
) -> PitchDay:
    """Write the running order the engine found: slot key to (from, to, members who listen), or the rules that
    no order keeps together. Conflict where the day changed since the engine was asked.
    """
    row = _locked(day)
    _planned(row)
    if row.revision != revision:
        raise Conflict(
            _("The pitch day changed while its order was worked out."),
            code="pitch-changed",
            remedy=_("Have the order worked out again."),
        )
    for slot in row.slots.all():
        begins, ends, present = placed.get(slot.key, (None, None, ()))
        slot.begins, slot.ends = begins, ends
        slot.save(update_fields=["begins", "ends"])
        slot.present.set(present)
    row.blocked, row.proven, row.changes = list(blocked), proven, changes
    _changed(row)
    told = {"placed": [None, len(placed)], "changes": [None, changes]}
    record(actor=actor, verb="pitch.ordered", subject=row.panel, changes=told)
    return row


@transaction.atomic
def turn_day(*, day: PitchDay, to: str, reason: str = "", actor: Actor) -> PitchDay:
    """Open the day, end it, or open it again with a reason. Only whoever is free of conflicts now listens:
    they are looked for once more when the day begins.
    """
    row, target = _locked(day), PitchDayState(to)
    before = PitchDayState(row.state)
    if target == before:
        return row
    if target == PitchDayState.RUNNING:
        if before == PitchDayState.OVER:
            with_reason(reason)
        elif row.slots.filter(begins=None).exists() or not row.slots.exists():
            raise refused(
                _("Not every pitch has its time."), "pitch-unordered", _("Work out the running order first.")
            )
        _let_out(row)
    elif target == PitchDayState.OVER and row.slots.exclude(state=SlotState.OVER).exists():
        raise refused(_("Pitches are still to be heard."), "pitch-open", _("End every pitch first."))
    elif target == PitchDayState.PLANNED:
        with_reason(reason)
        if row.slots.filter(scores__submitted_at__isnull=False).exists():
            raise refused(_("Scores are handed in: the day cannot be planned anew."), "pitch-scored")
    row.state = target
    _changed(row)
    changes = {"state": [before.value, target.value]}
    record(actor=actor, verb="pitch.turned", subject=row.panel, changes=changes, reason=reason.strip())
    return row


@transaction.atomic
def move_slot(*, slot: PitchSlot, to: str, actor: Actor) -> PitchSlot:
    """The next state of a pitch, or one step back. The times that the clock on the page counts from are the
    server's. KontorError while another one is before the jury.
    """
    day = _locked(slot.day)
    if day.state != PitchDayState.RUNNING:
        raise refused(_("The pitch day is not under way."), "pitch-day-closed", _("Open the day first."))
    row, target = PitchSlot.objects.select_for_update().get(pk=slot.pk), SlotState(to)
    state = SlotState(row.state)
    if target == state:
        return row
    if target not in {NEXT.get(state), BACK.get(state)}:
        raise refused(_("A pitch moves on step by step."), "pitch-step", path="to")
    busy = day.slots.filter(state__in=(SlotState.PITCHING, SlotState.QUESTIONS)).exclude(pk=row.pk)
    if target in {SlotState.PITCHING, SlotState.QUESTIONS} and busy.exists():
        raise refused(_("Another pitch is before the jury."), "pitch-busy", _("End it first."))
    now = timezone.now()
    if target == SlotState.PITCHING:
        row.started_at, row.questions_at, row.over_at = now, None, None
    elif target == SlotState.QUESTIONS:
        row.questions_at = row.questions_at if state == SlotState.OVER else now
        row.over_at = None
    elif target == SlotState.OVER:
        row.over_at = now
    else:
        row.started_at = None
    row.state = target
    row.revision += 1
    row.save()
    changes = {"state": [state.value, target.value]}
    record(actor=actor, verb="pitch.moved", subject=row.application, changes=changes)
    return row


def _let_out(day: PitchDay) -> None:
    """Whoever is in conflict by now, ill or taken out, does not listen."""
    slots = list(day.slots.select_related("application").prefetch_related("present__expert"))
    members = {member for slot in slots for member in slot.present.all()}
    conflicts = conflicts_of(
        day.panel, [member.expert for member in members], [slot.application for slot in slots]
    )
    for slot in slots:
        out = [
            member
            for member in slot.present.all()
            if conflicts.blocks(member.expert_id, slot.application_id)
            or (member.state != MemberState.ACCEPTED and not _scored(slot, member))
        ]
        slot.present.remove(*out)


def let_member_out(member: Member) -> None:
    """Whoever falls ill or leaves hears nothing more; what they scored counts, nobody waits for the rest."""
    rows = PitchSlot.objects.filter(day__panel=member.panel_id, day__state=PitchDayState.RUNNING)
    for slot in rows.filter(present=member):
        if not _scored(slot, member):
            slot.present.remove(member)


def let_member_in(member: Member) -> None:
    """Whoever is back on the day hears the pitches that are still to come, as far as conflicts and the hours
    they are there allow.
    """
    rows = PitchSlot.objects.filter(day__panel=member.panel_id, day__state=PitchDayState.RUNNING)
    slots = list(rows.filter(state=SlotState.WAITING).select_related("application"))
    there = Attendance.objects.filter(day__panel=member.panel_id, member=member).first()
    if not slots or (there is not None and there.absent):
        return
    conflicts = conflicts_of(member.panel, [member.expert], [slot.application for slot in slots])
    for slot in slots:
        begins, ends = slot.begins or 0, slot.ends or 0
        in_time = there is None or (there.arrives <= begins and ends <= there.leaves)
        if in_time and not conflicts.blocks(member.expert_id, slot.application_id):
            slot.present.add(member)


def _scored(slot: PitchSlot, member: Member) -> bool:
    return slot.scores.filter(member=member, submitted_at__isnull=False).exists()


def _locked(day: PitchDay) -> PitchDay:
    rows = PitchDay.objects.select_for_update(of=("self",))
    return rows.select_related("panel__call__programme", "panel__call__version").get(pk=day.pk)


def _planned(day: PitchDay) -> None:
    if day.state != PitchDayState.PLANNED:
        raise refused(
            _("The pitch day is under way."), "pitch-running", _("Only its course can be changed now.")
        )


def _seen(stored: int, revision: int | None) -> None:
    if revision is not None and stored != revision:
        raise Conflict(
            _("Somebody changed these times in the meantime."),
            code="pitch-changed",
            remedy=_("Look at what is new and save again."),
        )


def _unordered(day: PitchDay) -> None:
    """The order no longer fits what was told; it is worked out anew."""
    PitchDay.objects.filter(pk=day.pk).update(revision=F("revision") + 1, proven=False)


def _changed(day: PitchDay) -> None:
    day.revision += 1
    day.save()


def _checked(values: Mapping[str, Any]) -> None:
    _window(values.get("begins", 0), values.get("ends", 1440), "ends")
    if values.get("pitch", 1) + values.get("questions", 1) <= 0:
        raise KontorError(
            _("A slot has no length."), code="pitch-length", path="pitch", remedy=_("Give the minutes.")
        )
    for start, end in values.get("breaks", ()):
        _window(start, end, "breaks")


def _window(start: int, end: int, path: str = "leaves") -> None:
    if not 0 <= start < end <= 1440:
        raise KontorError(
            _("The end does not lie after the beginning."),
            code="times-order",
            path=path,
            remedy=_("Give both as times of one day."),
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
