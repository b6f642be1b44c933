"""Plans of the engine and what becomes of them: adopted as a whole, undone, or changed by hand."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict
from kontor.base.jobs import enqueue
from kontor.base.keys import new_key
from kontor.base.models import Job, JobState
from kontor.features.calls.models import Application
from kontor.features.juries.actions.checking import block_conflicts
from kontor.features.juries.actions.locking import locked, refused, with_reason
from kontor.features.juries.actions.reminding import tell_of_new
from kontor.features.juries.conflicts import assessable, conflicts_of
from kontor.features.juries.models import (
    Assignment,
    AssignmentKind,
    AssignmentState,
    Member,
    Panel,
    Phase,
    Plan,
    ReviewState,
)

ASSIGN = "juries.assign"
# Plans of one jury that are kept; adopted ones always.
KEPT = 10
UNDER_WAY = (JobState.WAITING, JobState.RUNNING, JobState.RETRYING)
OPEN = (Phase.PREPARING, Phase.REVIEWING, Phase.DISCUSSION, Phase.PITCHES)


@transaction.atomic
def queue_plan(*, panel: Panel, kind: str, asked: dict[str, Any] | None = None, actor: Actor) -> Plan:
    """Have the engine work a plan out as a job. `kind`: `assign` from nothing, `repair` with the fewest
    changes. While one is being worked out for the same state, that one is returned.
    """
    row = locked(panel)
    _something_to_assign(row)
    if (under_way := _under_way(row, kind, asked or {})) is not None:
        return under_way
    plan = Plan.objects.create(
        key=new_key(),
        panel=row,
        kind=kind,
        asked=asked or {},
        seen=row.assigning,
        actor_key=actor.key,
        actor_label=actor.label[:200],
    )
    plan.job_key = enqueue(ASSIGN, {"plan": plan.key}, actor=actor, dedup_key=plan.key).key
    plan.save(update_fields=["job_key"])
    kept = Plan.objects.filter(panel=row).values_list("pk", flat=True)[:KEPT]
    Plan.objects.filter(panel=row, adopted_at=None).exclude(pk__in=list(kept)).delete()
    return plan


def _under_way(panel: Panel, kind: str, asked: dict[str, Any]) -> Plan | None:
    """The same plan, asked for a moment ago and not worked out yet."""
    rows = Plan.objects.filter(panel=panel, kind=kind, seen=panel.assigning, status="")
    waiting = next((each for each in rows if each.asked == asked), None)
    if waiting is None or not Job.objects.filter(key=waiting.job_key, state__in=UNDER_WAY).exists():
        return None
    return waiting


def _something_to_assign(panel: Panel) -> None:
    if not assessable(panel).exists():
        raise refused(
            _("There is no application to assign yet."),
            "nothing-to-assign",
            _("Applications appear once they are found eligible."),
        )
    if not any(each.counts for each in panel.members.all()):
        raise refused(_("Nobody is in the jury yet."), "nobody-to-assign", _("Invite assessors first."))


@transaction.atomic
def finish_plan(*, plan: Plan, status: str, result: dict[str, Any], seen: int) -> Plan:
    """Write a job's answer; `seen`: the state of the assignment that the engine was shown."""
    stored = Plan.objects.select_for_update().get(pk=plan.pk)
    stored.status, stored.result, stored.seen = status, result, seen
    stored.save(update_fields=["status", "result", "seen"])
    return stored


@transaction.atomic
def adopt_plan(*, plan: Plan, actor: Actor) -> Plan:
    """Its pairs become the assignment. Conflict where the assignment changed since the plan was asked for;
    conflicts of interest are looked for once more.
    """
    panel = locked(plan.panel)
    row = Plan.objects.select_for_update().get(pk=plan.pk)
    if row.adopted_at is not None and row.undone_at is None and row.seen == panel.assigning:
        return row
    if row.adopted_at is not None or row.status not in {"optimal", "feasible"}:
        raise refused(_("This plan cannot be adopted."), "plan-unusable", _("Have one worked out anew."))
    if row.seen != panel.assigning:
        raise Conflict(
            _("The assignment changed after this plan was worked out."),
            code="plan-old",
            remedy=_("Have the plan worked out anew."),
        )
    _open(panel)
    pairs = _pairs(panel, row)
    _free_of_conflict(panel, pairs)
    old = list(_standing(panel))
    row.before = [[each.key, each.state] for each in old]
    _replace(panel, old, pairs, {each["application"] for each in row.result.get("third", [])})
    row.adopted_at, row.adopted_by = timezone.now(), actor.label[:200]
    panel.assigning += 1
    panel.save(update_fields=["assigning"])
    row.seen = panel.assigning
    row.save()
    changes = {"plan": [None, row.key], "pairs": [len(old), len(pairs)]}
    record(actor=actor, verb="plan.adopted", subject=panel, changes=changes)
    held = {(each.member_id, each.application_id) for each in old if each.state == AssignmentState.ACTIVE}
    tell_of_new(panel, {member.pk for member, each, _fit in pairs if (member.pk, each.pk) not in held})
    return row


@transaction.atomic
def undo_adoption(*, plan: Plan, actor: Actor) -> None:
    """Back to what stood before; what is in conflict by now is blocked. Conflict where the assignment changed
    since, or a new sheet is handed in.
    """
    panel = locked(plan.panel)
    row = Plan.objects.select_for_update().get(pk=plan.pk)
    if row.adopted_at is None or row.undone_at is not None:
        return
    before: dict[str, str] = dict(row.before)
    fresh = _standing(panel).exclude(key__in=before)
    if row.seen != panel.assigning or fresh.filter(review__state=ReviewState.SUBMITTED).exists():
        raise Conflict(
            _("The assignment changed since: this cannot be taken back."),
            code="plan-built-on",
            remedy=_("Change what you need by hand, or work out a new plan."),
        )
    _open(panel)
    fresh.update(state=AssignmentState.DROPPED)
    for state in AssignmentState:
        keys = [key for key, stood in before.items() if stood == state]
        Assignment.objects.filter(panel=panel, key__in=keys).update(state=state)
    row.undone_at = timezone.now()
    row.save(update_fields=["undone_at"])
    panel.assigning += 1
    panel.save(update_fields=["assigning"])
    record(actor=actor, verb="plan.undone", subject=panel, changes={"plan": [row.key, None]})
    block_conflicts(panel=panel, actor=actor)


@transaction.atomic
def assign_by_hand(
    *, member: Member, application: Application, reason: str, third: bool = False, actor: Actor
) -> Assignment:
    """One assignment with its reason. KontorError where a conflict stands: by hand as by the engine."""
    panel = locked(member.panel)
    _open(panel)
    why = with_reason(reason)
    if not member.counts or not assessable(panel).filter(pk=application.pk).exists():
        raise refused(
            _("This assessor or this application is not part of the jury now."), "pair-unknown", path="member"
        )
    _free_of_conflict(panel, [(member, application, 0.0)])
    kind = AssignmentKind.THIRD if third else AssignmentKind.USUAL
    try:
        with transaction.atomic():
            row = Assignment.objects.create(
                key=new_key(),
                panel=panel,
                member=member,
                application=application,
                kind=kind,
                reason=why[:500],
            )
    except IntegrityError as error:
        raise refused(
            _("They are assigned already."),
            "pair-there",
            _("If a conflict blocked it and a waiver is signed, take the blocked assignment away first."),
            path="member",
        ) from error
    panel.assigning += 1
    panel.save(update_fields=["assigning"])
    changes = {"expert": [None, member.expert.key], "application": [None, application.number]}
    record(actor=actor, verb="assignment.added", subject=row, changes=changes, reason=why)
    tell_of_new(panel, {member.pk})
    return row


@transaction.atomic
def drop_assignment(*, assignment: Assignment, reason: str, actor: Actor) -> None:
    """Take one back with its reason; its sheet stays on record and counts no more."""
    panel = locked(assignment.panel)
    _open(panel)
    why = with_reason(reason)
    rows = Assignment.objects.filter(pk=assignment.pk).exclude(state=AssignmentState.DROPPED)
    if rows.update(state=AssignmentState.DROPPED, reason=why[:500]):
        panel.assigning += 1
        panel.save(update_fields=["assigning"])
        changes = {"state": [assignment.state, AssignmentState.DROPPED.value]}
        record(actor=actor, verb="assignment.dropped", subject=assignment, changes=changes, reason=why)


def _open(panel: Panel) -> None:
    if panel.phase not in OPEN:
        raise refused(
            _("Results are fixed: the assignment stays."), "jury-over", _("Take the jury back a phase first.")
        )


def _standing(panel: Panel) -> Any:
    rows = Assignment.objects.filter(panel=panel).exclude(state=AssignmentState.DROPPED)
    return rows.select_related("member", "application")


def _pairs(panel: Panel, plan: Plan) -> list[tuple[Member, Application, float]]:
    members = {row.key: row for row in Member.objects.filter(panel=panel).select_related("expert")}
    applications = {row.key: row for row in assessable(panel)}
    try:
        return [
            (members[each["expert"]], applications[each["application"]], each["fit"])
            for each in plan.result["assigned"]
        ]
    except KeyError as error:
        raise Conflict(
            _("An assessor or an application of this plan left."),
            code="plan-old",
            remedy=_("Have the plan worked out anew."),
        ) from error


def _free_of_conflict(panel: Panel, pairs: list[tuple[Member, Application, float]]) -> None:
    experts = {member.expert_id: member.expert for member, _application, _fit in pairs}
    applications = {application.pk: application for _member, application, _fit in pairs}
    conflicts = conflicts_of(panel, experts.values(), list(applications.values()))
    for member, application, _fit in pairs:
        if conflicts.blocks(member.expert_id, application.pk):
            found = conflicts.found[member.expert_id, application.pk]
            raise Conflict(
                _("{name} is in conflict with {number}: {why}").format(
                    name=member.expert.name,
                    number=application.number,
                    why=" ".join(each.sentence() for each in found),
                ),
                code="conflict-of-interest",
                path="member",
                remedy=_("Choose somebody else, or have a waiver signed."),
            )


def _replace(
    panel: Panel, old: list[Assignment], pairs: list[tuple[Member, Application, float]], third: set[str]
) -> None:
    """Drop what is not among the pairs, keep what is, add what is new. Sheets of members who are away stay
    when they are handed in: the plan was made around them.
    """
    standing = {(each.member_id, each.application_id): each for each in old}
    wanted = {(member.pk, application.pk) for member, application, _fit in pairs}
    done = set(
        Assignment.objects.filter(
            pk__in=[each.pk for each in old],
            review__state=ReviewState.SUBMITTED,
            state=AssignmentState.ACTIVE,
        ).values_list("pk", flat=True)
    )
    gone = [each.pk for pair, each in standing.items() if pair not in wanted and each.pk not in done]
    Assignment.objects.filter(pk__in=gone).update(state=AssignmentState.DROPPED)
    thirds = {
        each.application.key
        for pair, each in standing.items()
        if each.kind == AssignmentKind.THIRD and (pair in wanted or each.pk in done)
    }
    back = [each.pk for pair, each in standing.items() if pair in wanted]
    Assignment.objects.filter(pk__in=back).update(state=AssignmentState.ACTIVE)
    Assignment.objects.bulk_create(
        Assignment(
            key=new_key(),
            panel=panel,
            member=member,
            application=application,
            fit=fit,
            kind=AssignmentKind.THIRD if application.key in third - thirds else AssignmentKind.USUAL,
        )
        for member, application, fit in pairs
        if (member.pk, application.pk) not in standing
    )
