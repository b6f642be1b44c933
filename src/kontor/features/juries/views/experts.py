"""The pools of experts: profiles, ties, groups of undertakings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy, require
from kontor.features.accounts.rules import is_administrator
from kontor.features.juries import actions
from kontor.features.juries.forms import ExpertForm, GroupForm, TieForm, expert_initial
from kontor.features.juries.models import Expert, GroupLink, Tie
from kontor.features.juries.models.panel import programmes_managed
from kontor.features.juries.queries import expert_for
from kontor.features.juries.rules import may_keep_experts, may_run_some, may_use_pool
from kontor.features.juries.views.reading import said
from kontor.features.organisations.views.problems import show_at_field
from kontor.features.programmes.models import Programme


@never_cache
@require_safe
@policy(may_run_some)
def experts(request: HttpRequest) -> HttpResponse:
    """Everybody in the pools one keeps, by programme, with a search over names and competence."""
    wanted = request.GET.get("q", "").strip()
    rows = Expert.objects.kept_by(request.user).select_related("programme", "organisation")
    if wanted:
        rows = rows.filter(name__icontains=wanted) | rows.filter(profile__icontains=wanted)
    groups = GroupLink.objects.select_related("first", "second")
    context = {
        "rows": list(rows.order_by("programme__name", "name")),
        "wanted": wanted,
        "programmes": list(_programmes(request)),
        "groups": list(groups),
    }
    return render(request, "juries/experts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_use_pool)
def new_expert(request: HttpRequest, programme: str) -> HttpResponse:
    pool = get_object_or_404(_programmes(request), key=programme)
    require(request, may_use_pool, pool)
    form = ExpertForm(request.POST or None, programme=pool, initial={"language": "en", "languages": ["en"]})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_expert(programme=pool, values=form.values(), actor=actor_of(request))
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The expert is in the pool."))
            return redirect(made)
    context = {"form": form, "title": _("Add an expert"), "lead": pool.name, "button": _("Add")}
    return render(request, "juries/form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_keep_experts)
def expert(request: HttpRequest, key: str) -> HttpResponse:
    """A profile with its ties; POST changes the profile."""
    row = _kept(request, key)
    form = ExpertForm(request.POST or None, programme=row.programme, initial=expert_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_expert(
                expert=row,
                values=form.values(),
                revision=form.cleaned_data["revision"],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    return render(request, "juries/expert.html", _context(row, form, TieForm()))


@require_POST
@policy(may_keep_experts)
def tie(request: HttpRequest, key: str) -> HttpResponse:
    row = _kept(request, key)
    form = TieForm(request.POST)
    if form.is_valid():
        try:
            actions.add_tie(expert=row, values=form.cleaned_data, actor=actor_of(request))
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The tie is noted. Conflicts are looked for with it at once."))
            return redirect(row)
    profile = ExpertForm(None, programme=row.programme, initial=expert_initial(row))
    return render(request, "juries/expert.html", _context(row, profile, form), status=400)


@require_POST
@policy(may_keep_experts)
def expert_do(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    """Out of the pool, back, or a tie that does not hold."""
    if verb in ("restore", "erase"):
        return _archived_do(request, key, verb)
    row = _kept(request, key)
    if verb == "archive":
        actions.archive_expert(expert=row, actor=actor_of(request))
        context = {"name": row.name, "key": row.key}
        return render(request, "juries/archived.html", context)
    if verb != "untie":
        raise Http404
    given = request.POST.get("tie", "")
    found = get_object_or_404(Tie.objects.filter(expert=row), pk=int(given) if given.isdecimal() else 0)
    with said(request, _("The tie is taken out.")):
        actions.remove_tie(tie=found, reason=request.POST.get("reason", ""), actor=actor_of(request))
    return redirect(row)


def _archived_do(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    rows = Expert.objects.select_related("programme").exclude(archived_at=None)
    row = get_object_or_404(rows, key=key)
    require(request, may_keep_experts, row)
    if verb == "erase":
        with said(request, _("The personal data are erased.")):
            actions.erase_expert(expert=row, actor=actor_of(request))
        return redirect("juries:experts")
    with said(request, _("The expert is back in the pool.")):
        actions.restore_expert(expert=row, actor=actor_of(request))
        return redirect(row)
    return redirect("juries:experts")


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_some)
def group(request: HttpRequest) -> HttpResponse:
    """Two organisations belong to one group."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.link_group(actor=actor_of(request), **form.cleaned_data)
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Noted. Conflicts are looked for with it at once."))
            return redirect("juries:experts")
    context = {
        "form": form,
        "title": _("Organisations of one group"),
        "lead": _("Linked undertakings, as a register or their annual report says. Links chain."),
        "button": _("Note"),
    }
    return render(request, "juries/form.html", context)


@require_POST
@policy(may_run_some)
def ungroup(request: HttpRequest, link: int) -> HttpResponse:
    row = get_object_or_404(GroupLink.objects.select_related("first", "second"), pk=link)
    with said(request, _("The link is taken out.")):
        actions.unlink_group(link=row, reason=request.POST.get("reason", ""), actor=actor_of(request))
    return redirect("juries:experts")


def _kept(request: HttpRequest, key: str) -> Expert:
    row = expert_for(request.user, key)
    require(request, may_keep_experts, row)
    return row


def _programmes(request: HttpRequest) -> Any:
    rows = Programme.objects.alive()
    if is_administrator.test(request.user):
        return rows
    return rows.filter(key__in=programmes_managed(request.user))


def _context(row: Expert, form: ExpertForm, ties: TieForm) -> dict[str, Any]:
    return {
        "expert": row,
        "form": form,
        "tie_form": ties,
        "ties": list(row.ties.select_related("organisation")),
        "seats": list(row.seats.select_related("panel__call")),
    }


urlpatterns = [
    path("experts/", experts, name="experts"),
    path("experts/group/", group, name="group"),
    path("experts/group/<int:link>/remove/", ungroup, name="ungroup"),
    path("experts/new/<slug:programme>/", new_expert, name="expert-new"),
    path("experts/<str:key>/", expert, name="expert"),
    path("experts/<str:key>/tie/", tie, name="expert-tie"),
    path("experts/<str:key>/do/<slug:verb>/", expert_do, name="expert-do"),
]
