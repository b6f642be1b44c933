"""Panels: reading, settings, phases."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.calls.models import Call
from kontor.features.calls.rules import may_manage_call
from kontor.features.juries import actions
from kontor.features.juries.actions.panels import SETTINGS
from kontor.features.juries.api.finding import Revision, read_panel, run_panel
from kontor.features.juries.marking import scale_of
from kontor.features.juries.models import Panel
from kontor.features.juries.queries import panels_for
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.wording import spoken

router = Router("juries")
#: Settings that null takes away.
NULLED = ("due_on", "files_open")
PhaseName = Literal["preparing", "reviewing", "discussion", "pitches", "closed", "published"]


class PanelOut(Schema):
    key: str
    call: str
    step: int
    phase: str
    reviews: int = Field(description="assessments per application")
    load: int = Field(description="applications per assessor at most, where nothing else says so")
    years: int = Field(description="joint projects count as conflicts for so many years")
    fields_needed: bool = Field(description="one assessor of the field for each application")
    languages_needed: bool = Field(description="every assessor reads the application's language")
    cluster_members: bool = Field(description="members of one cluster are in conflict")
    due_on: dt.date | None
    remind_days: int = Field(description="so many days before it is due, reminders go out; 0 for never")
    blind: str
    files_open: list[str] | None = Field(
        description="fields whose files assessors get; null: undecided, all but where applicants are hidden"
    )
    pitch_share: int = Field(description="percent of the total that the pitch counts")
    minimum: int = Field(description="assessments that an assessor needs to be calibrated")
    adjusted: bool = Field(description="whether calibrated totals rank")
    revision: int = Field(description="send it with a change")
    sheets: int
    handed_in: int


class PanelIn(Schema):
    call: str = Field(max_length=60)
    step: int = Field(1, ge=1, le=2)


class PanelChangeIn(Schema):
    """What is left out stays as it is."""

    revision: Revision
    reviews: int | None = Field(None, ge=1, le=9)
    load: int | None = Field(None, ge=1, le=500)
    years: int | None = Field(None, ge=0, le=20)
    fields_needed: bool | None = None
    languages_needed: bool | None = None
    cluster_members: bool | None = None
    due_on: dt.date | None = Field(None, description="null takes it away")
    remind_days: int | None = Field(None, ge=0, le=60)
    files_open: list[str] | None = Field(None, max_length=50, description="null: undecided again")
    blind: Literal["open", "single", "double"] | None = None
    pitch_share: int | None = Field(None, ge=0, le=100)
    minimum: int | None = Field(None, ge=2, le=100)


class PhaseIn(Schema):
    to: PhaseName
    revision: Revision
    reason: str = Field("", max_length=300)
    confirmed: bool = Field(
        False, description="that applicants read the results before the decision: needed for `published` then"
    )


class JuryRemindedOut(Schema):
    reminded: int = Field(description="assessors who were written to")


class ScaleStepOut(Schema):
    value: str = Field(description="the mark as it is sent")
    label: str
    text: str = Field(description="its anchor in words; may be empty")


class ScaleCriterionOut(Schema):
    key: str
    name: str
    question: str
    steps: list[ScaleStepOut] = Field(description="the lowest first")


@router.get("/", response=Page[PanelOut])
@policy(SIGNED_IN)
def panels(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Those you run, sit in or control."""
    answer = paginate(panels_for(request.user), page)
    return {**answer, "items": [panel_told(row) for row in answer["items"]]}


@router.post("/", response={201: PanelOut})
@policy(may_manage_call)
def open_panel(request: HttpRequest, body: PanelIn) -> Status[dict[str, Any]]:
    """A jury for a step of a call. 409 where it has one."""
    call: Call = found(Call.objects.select_related("programme", "version"), key=body.call)
    require(request, may_manage_call, call)
    made = actions.open_panel(call=call, step=body.step, actor=actor_of(request))
    return Status(201, panel_told(made))


@router.get("/{key}/", response=PanelOut)
@policy(may_read_panel)
def panel(request: HttpRequest, key: str) -> dict[str, Any]:
    row, _viewer = read_panel(request, key)
    return _fresh(request, row)


@router.patch("/{key}/", response=PanelOut)
@policy(may_run_panel)
def change_panel(request: HttpRequest, key: str, body: PanelChangeIn) -> dict[str, Any]:
    """Settings. 409 where somebody changed them since, and for `blind` once assessing has begun."""
    row = run_panel(request, key)
    given = body.dict(exclude_unset=True)
    revision = given.pop("revision")
    values = {name: value for name, value in given.items() if value is not None or name in NULLED}
    actions.change_panel(panel=row, values=values, revision=revision, actor=actor_of(request))
    return _fresh(request, row)


@router.post("/{key}/phase/", response=PanelOut)
@policy(may_run_panel)
def phase(request: HttpRequest, key: str, body: PhaseIn) -> dict[str, Any]:
    """On to the next phase, or back with a reason. 409 where something is missing, somebody was quicker, or
    results would be opened before the decision and that is not confirmed.
    """
    row = run_panel(request, key)
    moved = actions.move_phase(
        panel=row,
        to=body.to,
        revision=body.revision,
        reason=body.reason,
        confirmed=body.confirmed,
        actor=actor_of(request),
    )
    return _fresh(request, moved)


@router.post("/{key}/remind/", response=JuryRemindedOut)
@policy(may_run_panel)
def remind(request: HttpRequest, key: str) -> dict[str, int]:
    """Write to those who have not handed in. 409 where nobody is left, or all were reminded today."""
    row = run_panel(request, key)
    return {"reminded": actions.remind_assessors(panel=row, actor=actor_of(request))}


@router.get("/{key}/scale/", response=list[ScaleCriterionOut])
@policy(may_read_panel)
def scale(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """What is judged and which marks can be given, in the language of Accept-Language."""
    row, _viewer = read_panel(request, key)
    used, language = scale_of(row), spoken()
    return [
        {
            "key": one.key,
            "name": one.name.best(language),
            "question": one.question.best(language),
            "steps": [
                {"value": step.value, "label": step.label, "text": step.text}
                for step in used.steps(one, language)
            ],
        }
        for one in used.criteria
    ]


def _fresh(request: HttpRequest, row: Panel) -> dict[str, Any]:
    return panel_told(panels_for(request.user).get(pk=row.pk))


def panel_told(row: Panel) -> dict[str, Any]:
    same = ("key", "step", "phase", "adjusted", "revision", *SETTINGS)
    return {
        **{name: getattr(row, name) for name in same},
        "call": row.call.key,
        "sheets": getattr(row, "sheets", 0),
        "handed_in": getattr(row, "done", 0),
    }
