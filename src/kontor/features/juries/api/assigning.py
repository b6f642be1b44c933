"""Plans: asked of the engine, read, adopted, taken back; assignments."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import policy
from kontor.features.juries import actions
from kontor.features.juries.api.finding import JuryReasonIn, application_in, member_in, run_panel
from kontor.features.juries.models import Assignment, AssignmentState, Panel, Plan, ReviewState
from kontor.features.juries.rules import may_run_panel
from kontor.features.juries.wording import words_of

router = Router("juries")


class PlanIn(Schema):
    kind: Literal["assign", "repair"] = Field(description="from nothing, or with the fewest changes")
    third: bool = Field(False, description="also a third assessor where two are too far apart")


class AssignedPairOut(Schema):
    application: str
    expert: str = Field(description="key of the member")
    fit: float
    fixed: bool = Field(description="its sheet is handed in")
    kept: bool


class PlanOut(Schema):
    key: str
    kind: str
    status: str = Field(description="optimal, feasible or infeasible; empty while it is worked out")
    job: str = Field(description="see /jobs/")
    assigned: list[AssignedPairOut]
    total: dict[str, float] | None
    worst: dict[str, float] | None
    changes: dict[str, float] | None
    blocked: list[str] = Field(description="the rules that cannot be kept together")
    remedies: list[list[str]]
    adopted_at: dt.datetime | None


class AssignmentOut(Schema):
    key: str
    application: str
    member: str
    name: str
    kind: str = Field(description="usual or third")
    state: str = Field(description="active or blocked")
    sheet: str = Field(description="draft or submitted; empty where nothing is written")
    reason: str = Field(description="of one made by hand")


class HandIn(Schema):
    member: str = Field(max_length=12)
    application: str = Field(max_length=12)
    reason: str = Field(min_length=1, max_length=300)
    third: bool = Field(False, description="as third assessor")


@router.get("/{key}/assignments/", response=list[AssignmentOut])
@policy(may_run_panel)
def assignments(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """What stands, blocked ones too."""
    return [_assignment(row) for row in _standing(run_panel(request, key))]


@router.post("/{key}/assignments/", response={201: AssignmentOut})
@policy(may_run_panel)
def by_hand(request: HttpRequest, key: str, body: HandIn) -> Status[dict[str, Any]]:
    """One assignment with its reason. 409 for a conflict of interest, and where they are assigned already."""
    panel = run_panel(request, key)
    made = actions.assign_by_hand(
        member=member_in(panel, body.member),
        application=application_in(panel, body.application),
        reason=body.reason,
        third=body.third,
        actor=actor_of(request),
    )
    return Status(201, _assignment(_standing(panel).get(pk=made.pk)))


@router.post("/{key}/assignments/{assignment}/drop/", response={204: None})
@policy(may_run_panel)
def drop(request: HttpRequest, key: str, assignment: str, body: JuryReasonIn) -> Status[None]:
    """Take one back; its sheet stays on record and counts no more."""
    row: Assignment = found(_standing(run_panel(request, key)), key=assignment)
    actions.drop_assignment(assignment=row, reason=body.reason, actor=actor_of(request))
    return Status(204, None)


@router.post("/{key}/assignments/{assignment}/reopen/", response=AssignmentOut)
@policy(may_run_panel)
def reopen(request: HttpRequest, key: str, assignment: str, body: JuryReasonIn) -> dict[str, Any]:
    """Give a sheet back to its author. 409 once the discussion has begun."""
    panel = run_panel(request, key)
    row: Assignment = found(_standing(panel), key=assignment)
    actions.reopen_review(assignment=row, reason=body.reason, actor=actor_of(request))
    return _assignment(_standing(panel).get(pk=row.pk))


@router.post("/{key}/plans/", response={202: PlanOut})
@policy(may_run_panel)
def ask(request: HttpRequest, key: str, body: PlanIn) -> Status[dict[str, Any]]:
    """Have a plan worked out; read it until its status is there."""
    panel = run_panel(request, key)
    plan = actions.queue_plan(
        panel=panel, kind=body.kind, asked={"third": body.third}, actor=actor_of(request)
    )
    return Status(202, _plan(plan, panel))


@router.get("/{key}/plans/{plan}/", response=PlanOut)
@policy(may_run_panel)
def plan(request: HttpRequest, key: str, plan: str) -> dict[str, Any]:
    panel = run_panel(request, key)
    return _plan(_found(panel, plan), panel)


@router.post("/{key}/plans/{plan}/adopt/", response=PlanOut)
@policy(may_run_panel)
def adopt(request: HttpRequest, key: str, plan: str) -> dict[str, Any]:
    """409 where the assignment changed since, or a conflict of interest came up."""
    panel = run_panel(request, key)
    return _plan(actions.adopt_plan(plan=_found(panel, plan), actor=actor_of(request)), panel)


@router.post("/{key}/plans/{plan}/undo/", response=PlanOut)
@policy(may_run_panel)
def undo(request: HttpRequest, key: str, plan: str) -> dict[str, Any]:
    """409 where something was built on it."""
    panel = run_panel(request, key)
    actions.undo_adoption(plan=_found(panel, plan), actor=actor_of(request))
    return _plan(_found(panel, plan), panel)


def _standing(panel: Panel) -> Any:
    rows = Assignment.objects.filter(panel=panel).exclude(state=AssignmentState.DROPPED)
    return rows.select_related("panel__call", "member__expert", "application", "review")


def _assignment(row: Assignment) -> dict[str, Any]:
    review = getattr(row, "review", None)
    return {
        "key": row.key,
        "application": row.application.key,
        "member": row.member.key,
        "name": row.member.expert.name,
        "kind": row.kind,
        "state": row.state,
        "sheet": ReviewState(review.state).value if review else "",
        "reason": row.reason,
    }


def _found(panel: Panel, key: str) -> Plan:
    row: Plan = found(Plan.objects.filter(panel=panel).select_related("panel__call"), key=key)
    return row


def _plan(row: Plan, panel: Panel) -> dict[str, Any]:
    result, words = row.result or {}, words_of(panel)
    blocked = result.get("blocked") or {"rules": [], "remedies": []}
    return {
        "key": row.key,
        "kind": row.kind,
        "status": row.status,
        "job": row.job_key,
        "assigned": result.get("assigned", []),
        "total": result.get("total"),
        "worst": result.get("worst"),
        "changes": result.get("changes"),
        "blocked": [words.sentence(each) for each in blocked["rules"]],
        "remedies": [[words.sentence(one) for one in each["changes"]] for each in blocked["remedies"]],
        "adopted_at": row.adopted_at,
    }
