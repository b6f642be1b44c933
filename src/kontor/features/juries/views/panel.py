"""A jury: its applications as one sees them, its phase, its settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.juries import actions
from kontor.features.juries.actions.panels import undecided
from kontor.features.juries.actions.reminding import waiting
from kontor.features.juries.forms import SettingsForm
from kontor.features.juries.marking import scale_of
from kontor.features.juries.models import AssignmentState, Member, Panel, Phase
from kontor.features.juries.models.panel import ORDER
from kontor.features.juries.outcomes import read_round
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import Seen, Viewer, seen_by
from kontor.features.juries.views.advice import Advice, for_assessor, for_manager
from kontor.features.juries.views.reading import head, read_by, run_by, said
from kontor.features.juries.visibility import Role
from kontor.features.juries.wording import scale_rules, spoken
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_safe
@policy(may_read_panel)
def panel(request: HttpRequest, key: str) -> HttpResponse:
    """Its applications; whoever runs it also sees how far everything is and what comes next."""
    found, viewer = read_by(request, key)
    rows = seen_by(viewer, read_round(found))
    context = {
        **head(request, found, "panel", viewer),
        "rows": rows,
        "due": sum(row.sheets for row in rows),
        "done": sum(row.handed_in for row in rows),
        "mine": [row for row in rows if row.own is not None],
        "steps": _steps(found),
    }
    late = [member for member, _sheets in waiting(found)] if context["runs"] else []
    context |= {"advice": _advice(found, viewer, rows, late), "late": late}
    context["declares"] = viewer.member is not None and not found.is_over
    if context["runs"]:
        context["blocked"] = list(
            found.assignments.filter(state=AssignmentState.BLOCKED).select_related(
                "member__expert", "application"
            )
        )
        context["apart"] = [row for row in rows if row.apart]
        context["early"] = undecided(found) if found.phase == Phase.CLOSED else 0
    return render(request, "juries/panel.html", context)


def _advice(found: Panel, viewer: Viewer, rows: list[Seen], late: list[Member]) -> Advice | None:
    if viewer.role == Role.MANAGER:
        return for_manager(found, rows, late)
    return for_assessor(found, rows) if viewer.member else None


@require_POST
@policy(may_run_panel)
def remind(request: HttpRequest, key: str) -> HttpResponse:
    """Write to those who have not handed in."""
    found = run_by(request, key)
    with said(request):
        count = actions.remind_assessors(panel=found, actor=actor_of(request))
        told = ngettext("%(count)s assessor is reminded.", "%(count)s assessors are reminded.", count)
        messages.success(request, told % {"count": count})
    return redirect("juries:members" if request.POST.get("from") == "members" else "juries:panel", found.key)


@require_POST
@policy(may_run_panel)
def phase(request: HttpRequest, key: str) -> HttpResponse:
    """One phase on or back."""
    found = run_by(request, key)
    given = request.POST.get("revision", "")
    with said(request):
        target = request.POST.get("to", "")
        if target not in Phase.values:
            target = found.phase
        actions.move_phase(
            panel=found,
            to=target,
            revision=int(given) if given.isdecimal() else None,
            reason=request.POST.get("reason", ""),
            confirmed=request.POST.get("confirmed") == "yes",
            actor=actor_of(request),
        )
        messages.success(request, _("The jury is now in: %(phase)s.") % {"phase": Phase(target).label})
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def settings(request: HttpRequest, key: str) -> HttpResponse:
    found = run_by(request, key)
    form = SettingsForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            actions.change_panel(
                panel=found, values=values, revision=values.pop("revision"), actor=actor_of(request)
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("juries:settings", found.key)
    context = {**head(request, found, "settings"), "form": form, **_judged(found)}
    return render(request, "juries/settings.html", context, status=400 if form.errors else 200)


def _judged(found: Panel) -> dict[str, Any]:
    """Criteria with their scales, and what the programme asks of totals."""
    scale, language = scale_of(found), spoken()
    criteria = []
    for each in scale.criteria:
        steps = scale.steps(each, language)
        told = {"criterion": each, "name": each.name.best(language), "question": each.question.best(language)}
        ends = {"lowest": steps[0].label, "highest": steps[-1].label}
        criteria.append({**told, **ends, "steps": steps, "anchored": any(step.text for step in steps)})
    return {"criteria": criteria, "rules": list(scale_rules(scale))}


def _steps(found: Panel) -> dict[str, Any]:
    """Where the jury stands and where it can go."""
    at = ORDER.index(Phase(found.phase))
    following = ORDER[at + 1] if at + 1 < len(ORDER) else None
    skips = Phase.CLOSED if found.phase == Phase.DISCUSSION else None
    back = ORDER[at - 1] if 0 < at < len(ORDER) - 1 else None
    if back == Phase.PITCHES and not hasattr(found, "pitch_day"):
        back = Phase.DISCUSSION
    return {
        "all": [(each.label, index < at, index == at) for index, each in enumerate(ORDER)],
        "next": following,
        "skips": skips,
        "back": back,
    }


urlpatterns = [
    path("<str:key>/", panel, name="panel"),
    path("<str:key>/phase/", phase, name="phase"),
    path("<str:key>/remind/", remind, name="remind"),
    path("<str:key>/settings/", settings, name="settings"),
]
