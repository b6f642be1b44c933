"""One's own score sheets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Router, found, not_found
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.juries import actions
from kontor.features.juries.actions.reviews import Change
from kontor.features.juries.api.finding import RowNumber
from kontor.features.juries.models import Assignment, Review, ReviewClash
from kontor.features.juries.queries import sheets_to_write
from kontor.features.juries.rules import may_write_sheet

router = Router("juries")


class SheetRowOut(Schema):
    assignment: str
    panel: str
    application: str = Field(description="number")
    state: str = Field(description="draft, or empty where nothing is written")


class SheetFieldOut(Schema):
    value: str
    revision: int


class SheetClashOut(Schema):
    id: int
    field: str
    value: str = Field(description="what the second device wrote; what stands is among the fields")


class SheetOut(Schema):
    assignment: str
    panel: str
    application: str = Field(description="key")
    state: str
    language: str = Field(description="of the words for the applicants")
    fields: dict[str, SheetFieldOut]
    faults: dict[str, str] = Field(description="what could not be stored, by field")
    clashes: list[SheetClashOut] = Field(description="fields of which two versions wait for a choice")


class SheetChangeIn(Schema):
    field: str = Field(max_length=80, description="mark:CRITERION, why:CRITERION, comment or notes")
    value: str = Field(max_length=10_000)
    base: int = Field(0, ge=0, le=2_147_483_647, description="revision you had read; 0 where it was empty")


class SettleClashIn(Schema):
    take: bool = Field(description="the waiting version; false keeps what stands")


class SheetIn(Schema):
    changes: list[SheetChangeIn] = Field(max_length=200)
    language: str = Field("", max_length=8)
    device: str = Field("", max_length=40)


@router.get("/sheets/", response=list[SheetRowOut])
@policy(SIGNED_IN)
def my_sheets(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that wait for you."""
    return [
        {
            "assignment": row.key,
            "panel": row.panel.key,
            "application": row.application.number,
            "state": row.review.state if hasattr(row, "review") else "",
        }
        for row in sheets_to_write(request.user)
    ]


@router.get("/sheets/{assignment}/", response=SheetOut)
@policy(may_write_sheet)
def sheet(request: HttpRequest, assignment: str) -> dict[str, Any]:
    return _out(_own(request, assignment), {})


@router.post("/sheets/{assignment}/", response=SheetOut)
@policy(may_write_sheet)
def save(request: HttpRequest, assignment: str, body: SheetIn) -> dict[str, Any]:
    """Store fields; what another device changed since `base` is kept beside, never written over."""
    row = _own(request, assignment)
    saved = actions.save_fields(
        assignment=row,
        changes=[Change(each.field, each.value, each.base) for each in body.changes],
        language=body.language,
        device=body.device,
        actor=actor_of(request),
    )
    return _out(row, saved.faults)


@router.post("/sheets/{assignment}/submit/", response=SheetOut)
@policy(may_write_sheet)
def submit(request: HttpRequest, assignment: str) -> dict[str, Any]:
    """Hand in. 400 names the first field that is missing."""
    row = _own(request, assignment)
    actions.submit_review(assignment=row, actor=actor_of(request))
    return _out(row, {})


@router.post("/sheets/{assignment}/take-back/", response=SheetOut)
@policy(may_write_sheet)
def take_back(request: HttpRequest, assignment: str) -> dict[str, Any]:
    """Change it once more. 409 once the discussion has begun."""
    row = _own(request, assignment)
    actions.take_back_review(assignment=row, actor=actor_of(request))
    return _out(row, {})


@router.post("/sheets/{assignment}/clashes/{clash}/", response=SheetOut)
@policy(may_write_sheet)
def settle(request: HttpRequest, assignment: str, clash: RowNumber, body: SettleClashIn) -> dict[str, Any]:
    """Choose between two versions of a field; the other one stays on record."""
    row = _own(request, assignment)
    rows = ReviewClash.objects.select_related("review__assignment")
    waiting: ReviewClash = found(rows, review__assignment=row, pk=clash)
    actions.settle_clash(clash=waiting, take=body.take, actor=actor_of(request))
    return _out(row, {})


def _own(request: HttpRequest, key: str) -> Assignment:
    rows = Assignment.objects.select_related("panel__call__programme", "member__expert", "application")
    row = rows.filter(key=key).first()
    if row is None or not may_write_sheet.test(request.user, row):
        raise not_found()
    require(request, may_write_sheet, row)
    return row


def _out(row: Assignment, faults: dict[str, str]) -> dict[str, Any]:
    review = Review.objects.filter(assignment=row).first()
    values = review.values.all() if review else ()
    waiting = review.clashes.filter(settled_at=None) if review else ()
    return {
        "assignment": row.key,
        "panel": row.panel.key,
        "application": row.application.key,
        "state": review.state if review else "",
        "language": review.language if review else row.application.language,
        "fields": {each.field: {"value": each.value, "revision": each.revision} for each in values},
        "faults": faults,
        "clashes": [{"id": each.pk, "field": each.field, "value": each.value} for each in waiting],
    }
