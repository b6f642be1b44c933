"""Looking for conflicts anew whenever something changed: what is in conflict now, is blocked at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.features.juries.conflicts import conflicts_of
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    Expert,
    Panel,
    Phase,
    PitchDayState,
    PitchSlot,
)

# Afterwards nothing is decided any more by who assessed.
LOOKED_AT = (Phase.PREPARING, Phase.REVIEWING, Phase.DISCUSSION, Phase.PITCHES)


@transaction.atomic
def block_conflicts(
    *,
    actor: Actor,
    panel: Panel | None = None,
    expert: Expert | None = None,
    applications: Iterable[str] | None = None,
) -> list[Assignment]:
    """Block every assignment whose expert is in conflict now, and say which. `applications`: keys.

    A blocked sheet cannot be read or written and counts no more; the place is free for somebody else. On a
    pitch day that runs they leave the room: nobody waits for their scores, and none of theirs counts.
    """
    rows = Assignment.objects.filter(state=AssignmentState.ACTIVE, panel__phase__in=LOOKED_AT)
    if panel is not None:
        rows = rows.filter(panel=panel)
    if expert is not None:
        rows = rows.filter(member__expert=expert)
    if applications is not None:
        rows = rows.filter(application__key__in=list(applications))
    by_panel: dict[int, list[Assignment]] = defaultdict(list)
    for row in _whole(rows):
        by_panel[row.panel_id].append(row)
    blocked = []
    for group in by_panel.values():
        blocked += _block(group, actor)
    _send_out(actor, panel, expert, applications)
    return blocked


def _send_out(
    actor: Actor, panel: Panel | None, expert: Expert | None, applications: Iterable[str] | None
) -> None:
    rows = PitchSlot.objects.filter(
        day__state=PitchDayState.RUNNING, day__panel__phase__in=LOOKED_AT, present__isnull=False
    )
    if panel is not None:
        rows = rows.filter(day__panel=panel)
    if expert is not None:
        rows = rows.filter(present__expert=expert)
    if applications is not None:
        rows = rows.filter(application__key__in=list(applications))
    by_panel: dict[int, list[PitchSlot]] = defaultdict(list)
    whole = rows.distinct().select_related("day__panel", "application")
    for slot in whole.prefetch_related("present__expert"):
        by_panel[slot.day.panel_id].append(slot)
    for slots in by_panel.values():
        experts = {member.expert_id: member.expert for slot in slots for member in slot.present.all()}
        conflicts = conflicts_of(slots[0].day.panel, experts.values(), [slot.application for slot in slots])
        for slot in slots:
            for member in slot.present.all():
                if conflicts.blocks(member.expert_id, slot.application_id):
                    slot.present.remove(member)
                    told = {"listens": [member.key, None]}
                    record(actor=actor, verb="pitch.sent_out", subject=slot.application, changes=told)


def _whole(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return rows.select_related("panel", "member__expert", "application").select_for_update(of=("self",))


def _block(group: list[Assignment], actor: Actor) -> list[Assignment]:
    panel = group[0].panel
    experts = {row.member.expert_id: row.member.expert for row in group}
    applications = {row.application_id: row.application for row in group}
    conflicts = conflicts_of(panel, experts.values(), list(applications.values()))
    hit = [row for row in group if conflicts.blocks(row.member.expert_id, row.application_id)]
    for row in hit:
        found = conflicts.found[row.member.expert_id, row.application_id]
        row.state = AssignmentState.BLOCKED
        row.save(update_fields=["state", "changed_at"])
        changes = {
            "state": [AssignmentState.ACTIVE.value, AssignmentState.BLOCKED.value],
            "kinds": [None, sorted({each.kind.value for each in found})],
        }
        record(actor=actor, verb="assignment.blocked", subject=row, changes=changes)
    if hit:
        Panel.objects.filter(pk=panel.pk).update(assigning=F("assigning") + 1)
    return hit
