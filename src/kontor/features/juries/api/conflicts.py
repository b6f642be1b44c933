"""Conflicts of interest of a jury: found, declared, waived."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import policy
from kontor.features.juries import actions
from kontor.features.juries.actions.waivers import NEVER
from kontor.features.juries.api.finding import (
    JuryReasonIn,
    RowNumber,
    application_in,
    run_panel,
    watched_panel,
)
from kontor.features.juries.conflicts import assessable, conflicts_of, told
from kontor.features.juries.models import DeclaredConflict, Expert, Panel, Waiver
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.organisations.models import Organisation

router = Router("juries")


class JuryConflictOut(Schema):
    expert: str
    name: str
    application: str = Field(description="number")
    application_key: str
    kinds: list[str]
    sentences: list[str]
    waivable: bool = Field(description="false: of the expert's own organisation")
    waived: bool
    signed_as: str


class WaiverIn(Schema):
    expert: str = Field(max_length=12)
    application: str = Field(max_length=12)
    reason: str = Field(max_length=2_000)
    signed_as: str = Field(max_length=200)


class WaiverOut(Schema):
    id: int
    expert: str
    name: str
    application: str = Field(description="number")
    sentences: list[str] = Field(description="the conflicts that it covers; a new one blocks again")
    reason: str
    signed_as: str
    signed_at: dt.datetime
    revoked_at: dt.datetime | None
    revoked_by: str


class DeclareIn(Schema):
    """With one application of the jury, or with an organisation wherever it applies."""

    application: str = Field("", max_length=12)
    organisation: str = Field("", max_length=12)
    reason: str = Field(min_length=1, max_length=300)


class DeclareForIn(DeclareIn):
    expert: str = Field(max_length=12)


class DeclaredOut(Schema):
    id: int
    expert: str
    name: str
    application: str = Field(description="number; empty for one with an organisation")
    organisation: str = Field(description="name; empty for one with an application")
    reason: str
    declared_at: dt.datetime
    declared_by: str


@router.get("/{key}/conflicts/", response=list[JuryConflictOut])
@policy(may_read_panel)
def conflicts(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Every conflict of interest with its sentences; for those who run the jury, and for controllers."""
    row = watched_panel(request, key)
    experts = {each.expert_id: each.expert for each in row.members.select_related("expert")}
    applications = {each.pk: each for each in assessable(row)}
    all_of_them = conflicts_of(row, experts.values(), list(applications.values()))
    return [
        {
            "expert": experts[expert].key,
            "name": experts[expert].name,
            "application": applications[application].number,
            "application_key": applications[application].key,
            "kinds": list(dict.fromkeys(each.kind.value for each in listed)),
            "sentences": [each.sentence() for each in listed],
            "waivable": not any(each.kind in NEVER for each in listed),
            "waived": (expert, application) in all_of_them.waived,
            "signed_as": all_of_them.waivers[expert, application].signed_as
            if (expert, application) in all_of_them.waived
            else "",
        }
        for (expert, application), listed in sorted(all_of_them.found.items())
    ]


@router.get("/{key}/waivers/", response=list[WaiverOut])
@policy(may_read_panel)
def waivers(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Those signed and those revoked, the latest first; for those who run the jury, and for controllers."""
    row = watched_panel(request, key)
    return [_waiver(each) for each in row.waivers.select_related("expert", "application")]


@router.post("/{key}/waivers/", response={201: WaiverOut})
@policy(may_run_panel)
def waive(request: HttpRequest, key: str, body: WaiverIn) -> Status[dict[str, Any]]:
    """Sign that an expert may assess although these conflicts stand."""
    row = run_panel(request, key)
    made = actions.sign_waiver(
        panel=row,
        expert=_seated(row, body.expert),
        application=application_in(row, body.application),
        reason=body.reason,
        signed_as=body.signed_as,
        actor=actor_of(request),
    )
    return Status(201, _waiver(made))


@router.post("/{key}/waivers/{waiver}/revoke/", response=WaiverOut)
@policy(may_run_panel)
def revoke(request: HttpRequest, key: str, waiver: RowNumber, body: JuryReasonIn) -> dict[str, Any]:
    """It no longer holds: what it allowed is blocked at once."""
    row = run_panel(request, key)
    rows = Waiver.objects.filter(panel=row).select_related("expert", "application", "panel__call")
    one: Waiver = found(rows, pk=waiver)
    actions.revoke_waiver(waiver=one, reason=body.reason, actor=actor_of(request))
    one.refresh_from_db(fields=["revoked_at", "revoked_by"])
    return _waiver(one)


@router.get("/{key}/declared/", response=list[DeclaredOut])
@policy(may_read_panel)
def declared(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """What experts of the jury stated, or somebody else of them; for those who run it, and controllers."""
    row = watched_panel(request, key)
    rows = DeclaredConflict.objects.filter(expert__seats__panel=row, withdrawn_at=None)
    return [declared_told(each) for each in rows.select_related("expert", "application", "organisation")]


@router.post("/{key}/declared/", response={201: DeclaredOut})
@policy(may_run_panel)
def declare(request: HttpRequest, key: str, body: DeclareForIn) -> Status[dict[str, Any]]:
    """State a conflict of an expert of the jury: assignments are blocked at once."""
    row = run_panel(request, key)
    return Status(201, declared_told(declare_for(request, row, _seated(row, body.expert), body)))


@router.post("/{key}/declared/{declared}/withdraw/", response={204: None})
@policy(may_run_panel)
def withdraw(request: HttpRequest, key: str, declared: RowNumber, body: JuryReasonIn) -> Status[None]:
    """It was declared in error. What was blocked does not come back by itself: have a plan worked out."""
    row = run_panel(request, key)
    rows = DeclaredConflict.objects.filter(expert__programme=row.call.programme, expert__seats__panel=row)
    one: DeclaredConflict = found(rows.select_related("expert"), pk=declared)
    actions.withdraw_declaration(declared=one, reason=body.reason, actor=actor_of(request))
    return Status(204, None)


def declare_for(request: HttpRequest, panel: Panel, expert: Expert, body: DeclareIn) -> DeclaredConflict:
    application = application_in(panel, body.application) if body.application else None
    organisation: Organisation | None = None
    if body.organisation:
        organisation = found(Organisation.objects.visible_to(request.user), key=body.organisation)
    return actions.declare_conflict(
        expert=expert,
        application=application,
        organisation=organisation,
        reason=body.reason,
        actor=actor_of(request),
    )


def declared_told(row: DeclaredConflict) -> dict[str, Any]:
    same = ("reason", "declared_at", "declared_by")
    return {
        **{name: getattr(row, name) for name in same},
        "id": row.pk,
        "expert": row.expert.key,
        "name": row.expert.name,
        "application": row.application.number if row.application else "",
        "organisation": row.organisation.name if row.organisation else "",
    }


def _seated(panel: Panel, key: str) -> Expert:
    expert: Expert = found(Expert.objects.filter(seats__panel=panel), key=key)
    return expert


def _waiver(row: Waiver) -> dict[str, Any]:
    same = ("reason", "signed_as", "signed_at", "revoked_at", "revoked_by")
    return {
        **{name: getattr(row, name) for name in same},
        "id": row.pk,
        "expert": row.expert.key,
        "name": row.expert.name,
        "application": row.application.number,
        "sentences": [told(each) for each in row.told],
    }
