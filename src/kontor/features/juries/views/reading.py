"""What the pages of one jury share: finding it, the viewer, its tabs, saying what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.base.errors import KontorError
from kontor.base.permissions import SIGNED_IN, allowed, require
from kontor.features.calls.models import Application
from kontor.features.juries.conflicts import assessable
from kontor.features.juries.models import AssignmentState, MemberState, Panel, Phase, ReviewState
from kontor.features.juries.queries import panel_for
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import Viewer, viewer_of
from kontor.features.juries.visibility import Role, Thing

PHASE_BADGES = {
    Phase.PREPARING: "info",
    Phase.REVIEWING: "info",
    Phase.DISCUSSION: "info",
    Phase.PITCHES: "info",
    Phase.CLOSED: "good",
    Phase.PUBLISHED: "neutral",
}
MEMBER_BADGES = {
    MemberState.INVITED: "warn",
    MemberState.ACCEPTED: "good",
    MemberState.DECLINED: "bad",
    MemberState.ILL: "bad",
    MemberState.REMOVED: "neutral",
}
ASSIGNMENT_BADGES = {
    AssignmentState.ACTIVE: "info",
    AssignmentState.BLOCKED: "bad",
    AssignmentState.DROPPED: "neutral",
}
REVIEW_BADGES = {ReviewState.DRAFT: "warn", ReviewState.SUBMITTED: "good"}


def run_by(request: HttpRequest, key: str) -> Panel:
    """The panel, if the person runs it; 404 for whoever may not even read it."""
    require_sign_in(request)
    panel = panel_for(request.user, key)
    require(request, may_run_panel, panel)
    return panel


def require_sign_in(request: HttpRequest) -> None:
    """Whoever is not signed in is led there, and nobody learns whether the page exists."""
    if not request.user.is_authenticated:
        require(request, SIGNED_IN)


def read_by(request: HttpRequest, key: str) -> tuple[Panel, Viewer]:
    """The panel and the person's part in it; 404 for whoever has none."""
    require_sign_in(request)
    panel = panel_for(request.user, key)
    require(request, may_read_panel, panel)
    viewer = viewer_of(request.user, panel)
    if viewer is None:
        raise Http404
    return panel, viewer


def application_in(panel: Panel, key: str) -> Application:
    rows = assessable(panel).select_related("call__programme", "call__version", "lead")
    return get_object_or_404(rows, key=key)


@contextmanager
def said(request: HttpRequest, text: object = "") -> Iterator[None]:
    """Tell what was done, or why it was not; the page that follows shows what stands."""
    try:
        yield
    except KontorError as error:
        messages.error(request, str(error))
    else:
        if text:
            messages.success(request, str(text))


def head(request: HttpRequest, panel: Panel, tab: str, viewer: Viewer | None = None) -> dict[str, Any]:
    """What the head of every page of a jury needs."""
    runs = allowed(request, may_run_panel, panel)
    part = viewer or viewer_of(request.user, panel)
    return {
        "panel": panel,
        "phase_badge": PHASE_BADGES[Phase(panel.phase)],
        "runs": runs,
        "viewer": part,
        "tabs": list(_tabs(panel, tab, runs=runs, viewer=part)),
    }


def _tabs(panel: Panel, here: str, *, runs: bool, viewer: Viewer | None) -> Iterator[dict[str, Any]]:
    pages = [("panel", _("Applications"))]
    if runs:
        pages += [
            ("members", _("Assessors")),
            ("conflicts", _("Conflicts of interest")),
            ("assignment", _("Assignment")),
        ]
    if viewer and (viewer.may(Thing.RESULTS) or runs):
        pages.append(("results", _("Results")))
    if runs or hasattr(panel, "pitch_day"):
        pages.append(("pitches", _("Pitch day")))
    if runs:
        pages += [("visibility", _("Who sees what")), ("settings", _("Settings"))]
    elif viewer and viewer.role == Role.CONTROLLER:
        pages.append(("conflicts", _("Conflicts of interest")))
    for name, label in pages:
        href = reverse(f"juries:{name}", args=[panel.key])
        yield {"label": label, "href": href, "current": name == here, "count": None}
