"""Finding what an operation is about; 404 for whoever has no part in it."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Field, Schema

from kontor.base.api import found, not_found
from kontor.base.permissions import allowed, require
from kontor.features.accounts.rules import is_controller
from kontor.features.calls.models import Application
from kontor.features.juries.conflicts import assessable
from kontor.features.juries.models import Expert, Member, Panel, PitchSlot
from kontor.features.juries.pitching import blocked_for, leaves_room, slot_of
from kontor.features.juries.queries import expert_for, panel_for
from kontor.features.juries.rules import (
    may_answer_seat,
    may_keep_experts,
    may_read_panel,
    may_run_panel,
)
from kontor.features.juries.seeing import Viewer, viewer_of

# The number of a row that has no key of its own.
RowNumber = Annotated[int, Field(ge=1, le=2_147_483_647)]
Revision = Annotated[int, Field(ge=1, le=2_147_483_647, description="as you read it; older than stored: 409")]


class JuryReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=300, description="it stays on record")


def run_panel(request: HttpRequest, key: str) -> Panel:
    panel = panel_for(request.user, key)
    require(request, may_run_panel, panel)
    return panel


def read_panel(request: HttpRequest, key: str) -> tuple[Panel, Viewer]:
    panel = panel_for(request.user, key)
    require(request, may_read_panel, panel)
    viewer = viewer_of(request.user, panel)
    if viewer is None:
        raise Http404
    return panel, viewer


def watched_panel(request: HttpRequest, key: str) -> Panel:
    """For those who run the jury, and for controllers; 404 for everybody else in it."""
    panel, _viewer = read_panel(request, key)
    if not (allowed(request, may_run_panel, panel) or is_controller.test(request.user)):
        raise Http404
    return panel


def member_in(panel: Panel, key: str) -> Member:
    rows = panel.members.select_related("expert", "panel__call__programme", "panel__call__version")
    member: Member = found(rows, key=key)
    return member


def application_in(panel: Panel, key: str) -> Application:
    rows = assessable(panel).select_related("call__programme", "call__version", "lead")
    application: Application = found(rows, key=key)
    return application


def own_seat(request: HttpRequest, key: str) -> Member:
    """The person's own seat; 404 for anybody else's, the manager included."""
    rows = Member.objects.select_related("panel__call__programme", "panel__call__version", "expert")
    row = rows.filter(key=key).first()
    if row is None or not may_answer_seat.test(request.user, row):
        raise not_found()
    require(request, may_answer_seat, row)
    return row


def kept_expert(request: HttpRequest, key: str) -> Expert:
    row = expert_for(request.user, key)
    require(request, may_keep_experts, row)
    return row


def slot_in(panel: Panel, viewer: Viewer, key: str) -> PitchSlot:
    """404 for whoever leaves the room."""
    row = slot_of(panel, key)
    if row is None or leaves_room(viewer, blocked_for(panel, viewer, [row]), row):
        raise not_found()
    return row
