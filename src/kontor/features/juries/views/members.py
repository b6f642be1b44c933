"""Assessors of a jury, and the invitation that an expert answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy, require
from kontor.features.juries import actions
from kontor.features.juries.actions.reminding import waiting
from kontor.features.juries.conflicts import assessable, conflicts_of
from kontor.features.juries.forms import AnswerForm, InviteForm, MemberForm
from kontor.features.juries.models import AssignmentState, Expert, Member, MemberState, ReviewState
from kontor.features.juries.rules import may_answer_seat, may_run_panel
from kontor.features.juries.views.reading import MEMBER_BADGES, head, run_by, said
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def members(request: HttpRequest, key: str) -> HttpResponse:
    """Who sits in the jury, and whom of the pool one could invite; conflicts are counted before."""
    panel = run_by(request, key)
    active = Q(assignments__state=AssignmentState.ACTIVE)
    handed_in = active & Q(assignments__review__state=ReviewState.SUBMITTED)
    seats = panel.members.select_related("expert__organisation", "panel")
    rows = list(
        seats.annotate(given=Count("assignments", filter=active), done=Count("assignments", filter=handed_in))
    )
    taken = {row.expert_id for row in rows if row.state not in {MemberState.DECLINED, MemberState.REMOVED}}
    pool = list(Expert.objects.alive().filter(programme=panel.call.programme).exclude(pk__in=taken))
    form = InviteForm(request.POST or None, experts=pool)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_member(
                panel=panel,
                expert=next(each for each in pool if each.key == form.cleaned_data["expert"]),
                values={"chair": form.cleaned_data["chair"]},
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("juries:members", panel.key)
    applications = list(assessable(panel))
    found = conflicts_of(panel, [*(row.expert for row in rows), *pool], applications)
    blocked = {
        expert.pk: sum(found.blocks(expert.pk, each.pk) for each in applications)
        for expert in (*(row.expert for row in rows), *pool)
    }
    context = {
        **head(request, panel, "members"),
        "rows": [_row(row, blocked) for row in rows],
        "pool": [(each, blocked[each.pk], len(applications)) for each in pool],
        "form": form,
        "late": [member for member, _sheets in waiting(panel)],
        "count": len(applications),
    }
    return render(request, "juries/members.html", context)


@require_POST
@policy(may_run_panel)
def member_do(request: HttpRequest, key: str, member: str, verb: str) -> HttpResponse:
    """Ill, back, out."""
    panel = run_by(request, key)
    row = get_object_or_404(panel.members.select_related("expert"), key=member)
    reason = request.POST.get("reason", "")
    if verb not in {"ill", "back", "remove"}:
        raise Http404
    with said(request):
        if verb == "ill":
            actions.report_ill(member=row, reason=reason, actor=actor_of(request))
            words = _("{name} is reported ill. Have the replacement worked out with the fewest changes.")
            messages.warning(request, words.format(name=row.expert.name))
            return redirect("juries:assignment", panel.key)
        if verb == "back":
            actions.report_back(member=row, actor=actor_of(request))
        else:
            actions.remove_member(member=row, reason=reason, actor=actor_of(request))
        messages.success(request, _("Saved."))
    return redirect("juries:members", panel.key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def member_edit(request: HttpRequest, key: str, member: str) -> HttpResponse:
    """Chair and load of one assessor."""
    panel = run_by(request, key)
    row = get_object_or_404(panel.members.select_related("expert", "panel"), key=member)
    told = {name: getattr(row, name) for name in ("chair", "load_min", "load_max", "revision")}
    form = MemberForm(request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            actions.change_member(
                member=row, values=values, revision=values.pop("revision"), actor=actor_of(request)
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("juries:members", panel.key)
    context = {**head(request, panel, "members"), "form": form, "member": row}
    return render(request, "juries/member.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_answer_seat)
def invitation(request: HttpRequest, member: str) -> HttpResponse:
    """What an invited expert reads: the applications and who applies, to declare conflicts, and signs."""
    rows = Member.objects.select_related("panel__call__programme", "panel__call__version", "expert")
    row = rows.filter(key=member).first()
    if row is None or (request.user.is_authenticated and not may_answer_seat.test(request.user, row)):
        raise Http404
    require(request, may_answer_seat, row)
    applications = list(assessable(row.panel).select_related("lead"))
    form = AnswerForm(request.POST or None, applications=applications)
    if request.method == "POST" and _answered(request, row, form, {each.key: each for each in applications}):
        return redirect("juries:list" if row.state == MemberState.INVITED else row.panel)
    found = conflicts_of(row.panel, [row.expert], applications)
    context = {
        "member": row,
        "panel": row.panel,
        "form": form,
        "found": [(each, found.found.get((row.expert_id, each.pk), ())) for each in applications],
        "hides": row.panel.blind == "double",
        "answered": row.state != MemberState.INVITED,
    }
    return render(request, "juries/invitation.html", context)


def _answered(request: HttpRequest, row: Member, form: AnswerForm, applications: dict[str, Any]) -> bool:
    actor = actor_of(request)
    if request.POST.get("answer") == "no":
        with said(request, _("Thank you for telling us.")):
            actions.decline_seat(member=row, reason=request.POST.get("reason", ""), actor=actor)
        return True
    if not form.is_valid():
        return False
    try:
        accepted = actions.accept_seat(
            member=row,
            signed_as=form.cleaned_data["signed_as"],
            declared=[
                (applications[key], form.cleaned_data["reason"]) for key in form.cleaned_data["declared"]
            ],
            actor=actor,
        )
    except KontorError as error:
        show_at_field(form, error)
        return False
    row.state = accepted.state
    messages.success(request, _("Thank you. You are in the jury."))
    return True


def _row(row: Member, blocked: dict[int, int]) -> dict[str, Any]:
    return {
        "member": row,
        "badge": MEMBER_BADGES[MemberState(row.state)],
        "blocked": blocked[row.expert_id],
    }


urlpatterns = [
    path("invitations/<str:member>/", invitation, name="invitation"),
    path("<str:key>/members/", members, name="members"),
    path("<str:key>/members/<str:member>/", member_edit, name="member"),
    path("<str:key>/members/<str:member>/<slug:verb>/", member_do, name="member-do"),
]
