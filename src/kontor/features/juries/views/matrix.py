"""Who sees what in which phase, and the jury as somebody else sees it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.juries import actions
from kontor.features.juries.models import Blindness, MemberState, Panel, Phase
from kontor.features.juries.outcomes import read_round
from kontor.features.juries.queries import comments_of
from kontor.features.juries.rules import may_run_panel
from kontor.features.juries.seeing import only_from_outside, seen_by, viewer_as, viewer_of
from kontor.features.juries.views.reading import application_in, head, run_by, said
from kontor.features.juries.visibility import (
    EDITABLE,
    ROLES,
    THINGS,
    Role,
    Thing,
    file_fields,
    most,
    open_files,
    sees,
)
from kontor.features.juries.wording import failures


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def visibility(request: HttpRequest, key: str) -> HttpResponse:
    """One table per phase; boxes that nobody may tick are not offered."""
    panel = run_by(request, key)
    if request.method == "POST":
        given = request.POST.get("revision", "")
        with said(request, _("Saved.")):
            actions.set_matrix(
                panel=panel,
                matrix=_posted(request),
                revision=int(given) if given.isdecimal() else None,
                actor=actor_of(request),
            )
        return redirect("juries:visibility", panel.key)
    phases = [
        {"phase": phase, "now": phase == panel.phase, "rows": list(_rows(panel, phase))} for phase in Phase
    ]
    context = {**head(request, panel, "visibility"), "phases": phases, "roles": [ROLES[r] for r in EDITABLE]}
    return render(request, "juries/visibility.html", {**context, **_choices(request, panel)})


@never_cache
@require_safe
@policy(may_run_panel)
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """Exactly what the pages would show somebody of this role in this phase, without a button that acts."""
    panel = run_by(request, key)
    try:
        only_from_outside(viewer_of(request.user, panel))
    except KontorError as error:
        messages.error(request, str(error))
        return redirect("juries:visibility", panel.key)
    chosen = _choices(request, panel)
    # only in memory: how it would be if the jury hid other names
    panel.blind = chosen["names"]
    viewer = viewer_as(panel, chosen["role"], phase=chosen["phase"], member=chosen["member"], preview=True)
    read = read_round(panel)
    application = request.GET.get("application", "")
    only = application_in(panel, application) if application else None
    context = {
        **head(request, panel, "visibility"),
        **chosen,
        "as_viewer": viewer,
        "seen": [THINGS[each] for each in Thing if viewer.may(each)],
        "numbers": [(each.key, each.number) for each in read.applications],
        "only": only,
        "read": read,
    }
    if viewer.role == Role.APPLICANT:
        context["told"] = [
            (each, comments_of(each), failures(each, read.scale)) for each in read.outcomes if viewer.sees
        ]
    else:
        context["rows"] = seen_by(viewer, read, only)
    return render(request, "juries/preview.html", context)


def _choices(request: HttpRequest, panel: Panel) -> dict[str, Any]:
    role = request.GET.get("role", "")
    phase = request.GET.get("phase", "")
    members = list(panel.members.filter(state=MemberState.ACCEPTED).select_related("expert"))
    wanted = request.GET.get("member", "")
    chosen = Role(role) if role in set(Role) else Role.JUROR
    member = next((each for each in members if each.key == wanted), None)
    if member is None and chosen in {Role.JUROR, Role.CHAIR}:
        member = next((each for each in members if each.chair == (chosen == Role.CHAIR)), None)
    names = request.GET.get("names", "")
    names = names if names in Blindness.values else panel.blind
    return {
        "names": names,
        "trial": names != panel.blind,
        "all_names": Blindness.choices,
        "role": chosen,
        "phase": phase if phase in Phase.values else panel.phase,
        "member": member if chosen in {Role.JUROR, Role.CHAIR} else None,
        "members": members,
        "all_roles": [(each.value, label) for each, label in ROLES.items()],
        "all_phases": Phase.choices,
    }


def _rows(panel: Panel, phase: Phase) -> Any:
    files = bool(open_files(panel))
    for thing in Thing:
        if thing == Thing.FILES and not file_fields(panel):
            continue
        cells = []
        for role in EDITABLE:
            able = thing in most(role, phase, panel.blind, files=files)
            name = f"{phase.value}:{role.value}:{thing.value}"
            cells.append(
                {"name": name, "able": able, "on": thing in sees(panel, role, phase), "role": ROLES[role]}
            )
        yield {"label": THINGS[thing], "cells": cells}


def _posted(request: HttpRequest) -> dict[str, dict[str, list[str]]]:
    """Every cell of the table; an unticked one is not sent, and means no."""
    found: dict[str, dict[str, list[str]]] = {
        phase: {role.value: [] for role in EDITABLE} for phase in Phase.values
    }
    for name in request.POST:
        phase, _colon, rest = name.partition(":")
        role, _colon, thing = rest.partition(":")
        if phase in found and role in found[phase]:
            found[phase][role].append(thing)
    return found


urlpatterns = [
    path("<str:key>/visibility/", visibility, name="visibility"),
    path("<str:key>/preview/", preview, name="preview"),
]
