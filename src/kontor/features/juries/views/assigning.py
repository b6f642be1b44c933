"""The assignment: asked of the engine as a job, shown with its proof, adopted, undone, changed by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.models import Job, JobState
from kontor.base.permissions import policy
from kontor.features.calls.models import Application
from kontor.features.juries import actions
from kontor.features.juries.conflicts import assessable
from kontor.features.juries.forms import HandForm
from kontor.features.juries.models import Assignment, AssignmentState, Panel, Plan
from kontor.features.juries.rules import may_run_panel
from kontor.features.juries.views.reading import ASSIGNMENT_BADGES, head, run_by, said
from kontor.features.juries.wording import Words, words_of
from kontor.features.organisations.views.problems import show_at_field

FAILED = (JobState.FAILED, JobState.CANCELLED)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def assignment(request: HttpRequest, key: str) -> HttpResponse:
    """The latest plan above, what stands below; POST asks for a new plan."""
    panel = run_by(request, key)
    if request.method == "POST":
        kind = "repair" if request.POST.get("kind") == "repair" else "assign"
        with said(request):
            plan = actions.queue_plan(
                panel=panel,
                kind=kind,
                asked={"third": request.POST.get("third") == "yes"},
                actor=actor_of(request),
            )
            return redirect(f"{reverse('juries:assignment', args=[panel.key])}?plan={plan.key}")
        return redirect("juries:assignment", panel.key)
    return _page(request, panel, None)


@require_POST
@policy(may_run_panel)
def plan_do(request: HttpRequest, key: str, plan: str, verb: str) -> HttpResponse:
    """Adopt a plan, or take its adoption back."""
    panel = run_by(request, key)
    row = get_object_or_404(Plan.objects.select_related("panel__call"), panel=panel, key=plan)
    if verb == "undo":
        with said(request, _("The assignment is as it was before.")):
            actions.undo_adoption(plan=row, actor=actor_of(request))
    else:
        with said(request, _("The assignment stands.")):
            actions.adopt_plan(plan=row, actor=actor_of(request))
    return redirect("juries:assignment", panel.key)


@require_POST
@policy(may_run_panel)
def by_hand(request: HttpRequest, key: str) -> HttpResponse:
    panel = run_by(request, key)
    form = _hand(panel, request.POST)
    if form.is_valid():
        members = panel.members.select_related("expert", "panel__call__programme", "panel__call__version")
        try:
            actions.assign_by_hand(
                member=get_object_or_404(members, key=form.cleaned_data["member"]),
                application=get_object_or_404(assessable(panel), key=form.cleaned_data["application"]),
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Assigned."))
            return redirect("juries:assignment", panel.key)
    return _page(request, panel, form)


@require_POST
@policy(may_run_panel)
def drop(request: HttpRequest, key: str, assignment: str) -> HttpResponse:
    panel = run_by(request, key)
    rows = Assignment.objects.select_related("panel__call", "member", "application")
    row = get_object_or_404(rows, panel=panel, key=assignment)
    with said(request, _("The assignment is taken back.")):
        actions.drop_assignment(
            assignment=row, reason=request.POST.get("reason", ""), actor=actor_of(request)
        )
    return redirect("juries:assignment", panel.key)


def _page(request: HttpRequest, panel: Panel, form: HandForm | None) -> HttpResponse:
    words = words_of(panel)
    plans = Plan.objects.filter(panel=panel)
    chosen = plans.filter(key=request.GET.get("plan", "")).first() or plans.first()
    rows = Assignment.objects.filter(panel=panel).exclude(state=AssignmentState.DROPPED)
    rows = rows.select_related("member__expert", "application", "review")
    applications = list(assessable(panel))
    told = _by_application(applications, list(rows.order_by("-kind", "member__expert__name")))
    context = {
        **head(request, panel, "assignment"),
        "rows": told,
        "lacking": any(_lacks(row, panel) for row in told),
        "short": panel.reviews,
        "plan": chosen,
        "answer": _answer(chosen, words, panel) if chosen and chosen.status else None,
        "job": Job.objects.filter(key=chosen.job_key).first() if chosen and not chosen.status else None,
        "failed": FAILED,
        "form": form or _hand(panel, None),
        "standing": rows.exists(),
    }
    return render(request, "juries/assignment.html", context, status=400 if form and form.errors else 200)


def _hand(panel: Panel, data: Any) -> HandForm:
    members = [each for each in panel.members.select_related("expert") if each.counts]
    return HandForm(data, members=members, applications=list(assessable(panel)))


def _by_application(applications: list[Application], rows: list[Assignment]) -> list[dict[str, Any]]:
    found: dict[int, list[Any]] = {each.pk: [] for each in applications}
    for row in rows:
        badge = ASSIGNMENT_BADGES[AssignmentState(row.state)]
        review = getattr(row, "review", None)
        away = row.member.state not in {"accepted", "invited"}
        if row.application_id in found:
            found[row.application_id].append((row, badge, review, away))
    return [{"application": each, "given": found[each.pk]} for each in applications]


def _lacks(row: dict[str, Any], panel: Panel) -> bool:
    """Whether an application has too few assessors, or one who is blocked or away with an open sheet."""
    fit = [
        each
        for each, _badge, review, away in row["given"]
        if each.state != AssignmentState.BLOCKED and (not away or (review and review.state == "submitted"))
    ]
    return len(fit) < panel.reviews


def _answer(plan: Plan, words: Words, panel: Panel) -> dict[str, Any]:
    """A plan in words: pairs, what is dropped, why not somebody else, or the rules that block."""
    result = plan.result
    by_application: dict[str, list[dict[str, Any]]] = {}
    for each in result["assigned"]:
        by_application.setdefault(each["application"], []).append(
            {**each, "name": words.member(each["expert"]), "percent": round(100 * each["fit"])}
        )
    over = {each["application"]: words.sentence(each) for each in result["passed_over"]}
    return {
        "proven": plan.status == "optimal",
        "possible": plan.status != "infeasible",
        "rows": [
            {
                "number": words.application(key),
                "given": given,
                # where every sheet is handed in, nobody else was to choose
                "over": "" if all(each["fixed"] for each in given) else over.get(key, ""),
            }
            for key, given in by_application.items()
        ],
        "dropped": [
            (words.application(each["application"]), words.member(each["expert"]))
            for each in result["dropped"]
        ],
        "worst": result["worst"],
        "worst_served": words.application(result["worst_served"]) if result["worst_served"] else "",
        "total": result["total"],
        "changes": result["changes"],
        "same": _changes_nothing(plan),
        "adoptable": plan.adopted_at is None and plan.status in {"optimal", "feasible"},
        "old": plan.seen != panel.assigning,
        "undoable": plan.adopted_at is not None and plan.undone_at is None and plan.seen == panel.assigning,
        "blocked": _blocked(result["blocked"], words) if result["blocked"] else None,
    }


def _changes_nothing(plan: Plan) -> bool:
    changes = plan.result["changes"]
    return plan.kind == "repair" and plan.adopted_at is None and bool(changes) and not changes["reached"]


def _blocked(told: dict[str, Any], words: Words) -> dict[str, Any]:
    return {
        "rules": [words.sentence(each) for each in told["rules"]],
        "applications": [words.application(each) for each in told["applications"]],
        "experts": [words.member(each) for each in told["experts"]],
        "need": told["need"],
        "capacity": told["capacity"],
        "remedies": [
            {"amount": each["amount"], "changes": [words.sentence(change) for change in each["changes"]]}
            for each in told["remedies"]
        ],
    }


urlpatterns = [
    path("<str:key>/assignment/", assignment, name="assignment"),
    path("<str:key>/assignment/hand/", by_hand, name="assignment-hand"),
    path("<str:key>/assignment/<str:assignment>/drop/", drop, name="assignment-drop"),
    path("<str:key>/plans/<str:plan>/<slug:verb>/", plan_do, name="plan-do"),
]
