"""Conflicts of interest of a jury, waivers, and what experts declared."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import allowed, policy
from kontor.features.accounts.rules import is_controller
from kontor.features.juries import actions
from kontor.features.juries.actions.waivers import NEVER
from kontor.features.juries.conflicts import assessable, conflicts_of, told
from kontor.features.juries.forms import DeclareForm, WaiverForm
from kontor.features.juries.models import DeclaredConflict, Waiver
from kontor.features.juries.outcomes import read_round
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import seen_by
from kontor.features.juries.views.reading import application_in, head, read_by, run_by, said
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_safe
@policy(may_read_panel)
def conflicts(request: HttpRequest, key: str) -> HttpResponse:
    """Every conflict, why it is one, and who waived it; for those who run the jury and for controllers."""
    panel, _viewer = read_by(request, key)
    if not (allowed(request, may_run_panel, panel) or is_controller.test(request.user)):
        raise Http404
    rows = list(panel.members.exclude(state="removed").select_related("expert"))
    applications = {each.pk: each for each in assessable(panel)}
    found = conflicts_of(panel, [row.expert for row in rows], list(applications.values()))
    experts = {row.expert_id: row.expert for row in rows}
    declared = DeclaredConflict.objects.filter(expert__in=list(experts), withdrawn_at=None)
    context = {
        **head(request, panel, "conflicts"),
        "rows": [
            {
                "expert": experts[expert],
                "application": applications[application],
                "found": listed,
                "waiver": found.waivers.get((expert, application)),
                "waived": (expert, application) in found.waived,
                "never": any(each.kind in NEVER for each in listed),
            }
            for (expert, application), listed in sorted(
                found.found.items(), key=lambda pair: (experts[pair[0][0]].name, pair[0][1])
            )
        ],
        "declared": list(declared.select_related("expert", "application", "organisation")),
        "waivers": [
            (row, [told(each) for each in row.told])
            for row in panel.waivers.select_related("expert", "application")
        ],
        "pairs": len(rows) * len(applications),
    }
    return render(request, "juries/conflicts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read_panel)
def declare(request: HttpRequest, key: str) -> HttpResponse:
    """An assessor's own conflict that came up later; 404 for whoever does not assess, and once it is over."""
    panel, viewer = read_by(request, key)
    if viewer.member is None or panel.is_over:
        raise Http404
    rows = [each for each in seen_by(viewer, read_round(panel)) if not each.conflicts]
    known = {each.application.key: each.application for each in rows}
    form = DeclareForm(
        request.POST or None,
        offered=[(each.application.key, each.title) for each in rows],
        initial={"application": request.GET.get("application", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare_conflict(
                expert=viewer.member.expert,
                application=known[form.cleaned_data["application"]],
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Thank you. This application is closed to you from now on."))
            return redirect(panel)
    return render(request, "juries/declare.html", {**head(request, panel, "panel", viewer), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def waive(request: HttpRequest, key: str, expert: str, application: str) -> HttpResponse:
    """Sign, with a reason, that an expert may assess nevertheless."""
    panel = run_by(request, key)
    row = get_object_or_404(panel.members.select_related("expert"), expert__key=expert)
    about = application_in(panel, application)
    form = WaiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_waiver(
                panel=panel,
                expert=row.expert,
                application=about,
                actor=actor_of(request),
                **form.cleaned_data,
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The waiver is signed and stands in the log."))
            return redirect("juries:conflicts", panel.key)
    found = conflicts_of(panel, [row.expert], [about]).found.get((row.expert_id, about.pk), ())
    context = {
        **head(request, panel, "conflicts"),
        "form": form,
        "expert": row.expert,
        "application": about,
        "found": found,
    }
    return render(request, "juries/waive.html", context)


@require_POST
@policy(may_run_panel)
def revoke(request: HttpRequest, key: str, waiver: int) -> HttpResponse:
    panel = run_by(request, key)
    rows = Waiver.objects.select_related("expert", "application", "panel")
    row = get_object_or_404(rows, panel=panel, pk=waiver)
    with said(request, _("The waiver is revoked; what it allowed is blocked.")):
        actions.revoke_waiver(waiver=row, reason=request.POST.get("reason", ""), actor=actor_of(request))
    return redirect("juries:conflicts", panel.key)


@require_POST
@policy(may_run_panel)
def withdraw(request: HttpRequest, key: str, declared: int) -> HttpResponse:
    """A declaration made in error."""
    panel = run_by(request, key)
    rows = DeclaredConflict.objects.filter(expert__programme=panel.call.programme)
    row = get_object_or_404(rows.select_related("expert"), pk=declared)
    with said(request, _("The declaration is withdrawn.")):
        actions.withdraw_declaration(
            declared=row, reason=request.POST.get("reason", ""), actor=actor_of(request)
        )
    return redirect("juries:conflicts", panel.key)


urlpatterns = [
    path("<str:key>/conflicts/", conflicts, name="conflicts"),
    path("<str:key>/conflicts/declare/", declare, name="declare"),
    path("<str:key>/conflicts/<str:expert>/<str:application>/", waive, name="waive"),
    path("<str:key>/waivers/<int:waiver>/revoke/", revoke, name="waiver-revoke"),
    path("<str:key>/declared/<int:declared>/withdraw/", withdraw, name="declared-withdraw"),
]
