"""Finding what an operation is about; 404 for whoever has no part in it."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from kontor.base.permissions import require
from kontor.features.juries.models import Panel
from kontor.features.juries.queries import panel_for
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import Viewer, viewer_of


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
