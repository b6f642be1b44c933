"""The pitch day: planning, the running order, the course of the day with its clock, live scoring."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.engine.juries.pitches.model import DAY, clock
from kontor.features.juries import actions
from kontor.features.juries.actions.pitches import NEXT
from kontor.features.juries.conflicts import Conflicts, conflicts_of
from kontor.features.juries.forms import AttendanceForm, PitchDayForm, TravelForm, pitch_initial
from kontor.features.juries.marking import rounded, scale_of
from kontor.features.juries.models import (
    Attendance,
    LiveScore,
    MemberState,
    Panel,
    PitchDay,
    PitchDayState,
    PitchSlot,
    SlotState,
)
from kontor.features.juries.outcomes import pitch_complete
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import Viewer
from kontor.features.juries.tasks import order_day
from kontor.features.juries.views.reading import head, read_by, run_by, said
from kontor.features.juries.visibility import Role, Thing
from kontor.features.juries.wording import pitch_words, spoken
from kontor.features.organisations.views.problems import show_at_field

SLOT_BADGES = {
    SlotState.WAITING: "neutral",
    SlotState.PITCHING: "warn",
    SlotState.QUESTIONS: "info",
    SlotState.OVER: "good",
}


@never_cache
@require_safe
@policy(may_read_panel)
def pitches(request: HttpRequest, key: str) -> HttpResponse:
    """The running order, for everybody in the jury; with `?print` as a sheet of paper."""
    panel, viewer = read_by(request, key)
    day = _day(panel)
    context = {**head(request, panel, "pitches", viewer), "day": day}
    if day is not None:
        slots = _slots(day)
        words = pitch_words(panel, slots)
        own = _blocked(panel, viewer, slots)
        context |= {
            "slots": [_line(slot, viewer, own, day) for slot in slots],
            "blocked": [words.sentence(each) for each in day.blocked],
            "placed": all(slot.begins is not None for slot in slots) and bool(slots),
            "begins": clock(day.begins),
            "ends": clock(day.ends),
            "breaks": [(clock(start), clock(end)) for start, end in day.breaks],
            "all_in": _all_in(slots),
            "totals": _totals(panel, slots, viewer, own),
            "jurors": list(panel.members.filter(state=MemberState.ACCEPTED).select_related("expert")),
            "times": {row.member_id: row for row in Attendance.objects.filter(day=day)},
        }
        context["people"] = [
            (member, context["times"].get(member.pk), *_window(context["times"].get(member.pk)))
            for member in context["jurors"]
        ]
    template = "juries/running_order.html" if "print" in request.GET else "juries/pitches.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """Day, frame and who pitches."""
    panel = run_by(request, key)
    initial = pitch_initial(_day(panel), panel, scale_of(panel))
    form = PitchDayForm(request.POST or None, panel=panel, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            day = actions.plan_pitch_day(
                panel=panel,
                values=form.values(),
                applications=form.chosen(),
                revision=form.cleaned_data["revision"],
                actor=actor_of(request),
            )
            order_day(_day(panel) or day, actor_of(request))
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The pitch day is planned."))
            return redirect("juries:pitches", panel.key)
    context = {**head(request, panel, "pitches"), "form": form, "title": _("Plan the pitch day")}
    return render(request, "juries/panel_form.html", {**context, "button": _("Save and work out the order")})


@require_POST
@policy(may_run_panel)
def order(request: HttpRequest, key: str) -> HttpResponse:
    """Work the running order out anew."""
    panel = run_by(request, key)
    day = _whole(panel)
    with said(request):
        done = order_day(day, actor_of(request))
        if done.blocked:
            messages.warning(
                request, _("No order keeps all rules. Below stands which ones cannot be kept together.")
            )
        else:
            messages.success(request, _("The running order is worked out."))
    return redirect("juries:pitches", panel.key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def travel(request: HttpRequest, key: str, slot: str) -> HttpResponse:
    """When a consortium can be there."""
    panel = run_by(request, key)
    row = get_object_or_404(
        PitchSlot.objects.select_related("day__panel", "application"), day__panel=panel, key=slot
    )
    told = {
        "arrives": row.arrives or None,
        "leaves": row.leaves if row.leaves < DAY else None,
        "promised": row.promised,
    }
    form = TravelForm(request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_travel(
                slot=row,
                arrives=data["arrives"] or 0,
                leaves=data["leaves"] or DAY,
                promised=data["promised"],
                actor=actor_of(request),
            )
            order_day(_whole(panel), actor_of(request))
        except KontorError as error:
            show_at_field(form, error)
        else:
            return redirect("juries:pitches", panel.key)
    title = _("When can %(number)s be there?") % {"number": row.application.number}
    context = {
        **head(request, panel, "pitches"),
        "form": form,
        "title": title,
        "button": _("Save and work out the order"),
    }
    return render(request, "juries/panel_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_run_panel)
def attendance(request: HttpRequest, key: str, member: str) -> HttpResponse:
    """When a juror is there."""
    panel = run_by(request, key)
    day = _whole(panel)
    row = get_object_or_404(panel.members.select_related("expert"), key=member)
    stood = Attendance.objects.filter(day=day, member=row).first()
    told = {
        "arrives": stood.arrives or None if stood else None,
        "leaves": stood.leaves if stood and stood.leaves < DAY else None,
        "absent": bool(stood and stood.absent),
    }
    form = AttendanceForm(request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_attendance(
                day=day,
                member=row,
                arrives=data["arrives"] or 0,
                leaves=data["leaves"] or DAY,
                absent=data["absent"],
                actor=actor_of(request),
            )
            order_day(_whole(panel), actor_of(request))
        except KontorError as error:
            show_at_field(form, error)
        else:
            return redirect("juries:pitches", panel.key)
    title = _("When is %(name)s there?") % {"name": row.expert.name}
    context = {
        **head(request, panel, "pitches"),
        "form": form,
        "title": title,
        "button": _("Save and work out the order"),
    }
    return render(request, "juries/panel_form.html", context)


@require_POST
@policy(may_run_panel)
def turn(request: HttpRequest, key: str) -> HttpResponse:
    """Open the day, end it, plan it anew."""
    panel = run_by(request, key)
    to = request.POST.get("to", "")
    with said(request):
        if to in PitchDayState.values:
            actions.turn_day(
                day=_whole(panel), to=to, reason=request.POST.get("reason", ""), actor=actor_of(request)
            )
    return redirect("juries:pitches", panel.key)


@require_POST
@policy(may_run_panel)
def move(request: HttpRequest, key: str, slot: str) -> HttpResponse:
    """The next state of a pitch."""
    panel = run_by(request, key)
    row = _slot(panel, slot)
    to = request.POST.get("to", "")
    with said(request):
        if to in SlotState.values:
            actions.move_slot(slot=row, to=to, actor=actor_of(request))
    return redirect("juries:live", panel.key, row.key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read_panel)
def live(request: HttpRequest, key: str, slot: str) -> HttpResponse:
    """One pitch: the clock for everybody, marks for whoever listens."""
    panel, viewer = read_by(request, key)
    row = _slot(panel, slot)
    if _blocked(panel, viewer, [row]).blocks(
        viewer.member.expert_id if viewer.member else 0, row.application_id
    ):
        raise Http404
    hears = viewer.member is not None and viewer.member in row.present.all()
    faults: dict[str, str] = {}
    if request.method == "POST":
        if not hears or viewer.member is None:
            raise Http404
        faults = _score(request, row, viewer)
        if not faults:
            return redirect("juries:live", panel.key, row.key)
    context = {**head(request, panel, "pitches", viewer), **_live(request, panel, viewer, row, faults)}
    context["hears"] = hears
    return render(request, "juries/live.html", context, status=400 if faults else 200)


@never_cache
@require_safe
@policy(may_read_panel)
def state(request: HttpRequest, key: str, slot: str) -> JsonResponse:
    """Where a pitch stands, for the clock of an open page; nothing about any score."""
    panel, _viewer = read_by(request, key)
    row = _slot(panel, slot)
    return JsonResponse({"state": row.state, "revision": row.revision, "left": _left(row)})


def _score(request: HttpRequest, row: PitchSlot, viewer: Viewer) -> dict[str, str]:
    assert viewer.member is not None
    member, actor = viewer.member, actor_of(request)
    verb = request.POST.get("verb", "save")
    given = request.POST.get("revision", "")
    try:
        if verb == "back":
            actions.take_back_live_score(slot=row, member=member, actor=actor)
            return {}
        keys = scale_of(row.day.panel).keys
        actions.save_live_score(
            slot=row,
            member=member,
            marks={key: request.POST.get(f"mark:{key}", "") for key in keys},
            words=request.POST.get("words", ""),
            revision=int(given) if given.isdecimal() else None,
            actor=actor,
        )
        if verb == "hand_in":
            actions.submit_live_score(slot=row, member=member, actor=actor)
            messages.success(request, _("Your scores are handed in."))
        else:
            messages.success(request, _("Saved."))
    except KontorError as error:
        return {error.path or "live": str(error)}
    return {}


def _live(
    request: HttpRequest, panel: Panel, viewer: Viewer, row: PitchSlot, faults: dict[str, str]
) -> dict[str, Any]:
    scale, language = scale_of(panel), spoken()
    mine = LiveScore.objects.filter(slot=row, member=viewer.member).first() if viewer.member else None
    marks = mine.marks if mine else {}
    posted = request.POST if faults else None
    following = NEXT.get(SlotState(row.state))
    return {
        "day": row.day,
        "slot": row,
        "badge": SLOT_BADGES[SlotState(row.state)],
        "begins": clock(row.begins) if row.begins is not None else "",
        "next": following,
        "left": _left(row),
        "criteria": [
            {
                "name": each.name.best(language),
                "field": f"mark:{each.key}",
                "steps": scale.steps(each, language),
                "value": posted.get(f"mark:{each.key}", "")
                if posted is not None
                else marks.get(each.key, ""),
                "fault": faults.get(f"mark:{each.key}", ""),
            }
            for each in scale.criteria
        ],
        "mine": mine,
        "fault": faults.get("live", ""),
        "in_words": scale.in_words,
        "present": [(each.expert.name, _has(row, each.pk)) for each in row.present.all()],
        "complete": pitch_complete(row),
        "names": viewer.may(Thing.JURORS) or viewer.role == Role.MANAGER,
    }


def _has(row: PitchSlot, member: int) -> bool:
    return any(each.member_id == member and each.submitted_at for each in row.scores.all())


def _left(row: PitchSlot) -> int | None:
    """Seconds left of the part that runs, negative when it is over; None while nothing runs."""
    now = timezone.now()
    if row.state == SlotState.PITCHING and row.started_at:
        return row.day.pitch * 60 - int((now - row.started_at).total_seconds())
    if row.state == SlotState.QUESTIONS and row.questions_at:
        return row.day.questions * 60 - int((now - row.questions_at).total_seconds())
    return None


def _line(slot: PitchSlot, viewer: Viewer, own: Conflicts, day: PitchDay) -> dict[str, Any]:
    out = viewer.member is not None and own.blocks(viewer.member.expert_id, slot.application_id)
    hears = viewer.member is not None and viewer.member in slot.present.all()
    given = sum(1 for each in slot.scores.all() if each.submitted_at)
    return {
        "slot": slot,
        "badge": SLOT_BADGES[SlotState(slot.state)],
        "begins": clock(slot.begins) if slot.begins is not None else "",
        "ends": clock(slot.ends) if slot.ends is not None else "",
        "out": out,
        "hears": hears,
        "named": viewer.may(Thing.APPLICANTS) and not out,
        "present": [each.expert.name for each in slot.present.all()],
        "window": _window(slot),
        "given": given,
        "mine": hears
        and any(each.member_id == viewer.member.pk and each.submitted_at for each in slot.scores.all())
        if viewer.member
        else False,
    }


def _window(row: Any) -> tuple[str, str]:
    """When somebody comes and goes, empty where it is the whole day."""
    if row is None:
        return "", ""
    return clock(row.arrives) if row.arrives else "", clock(row.leaves) if row.leaves < DAY else ""


def _all_in(slots: list[PitchSlot]) -> bool:
    return bool(slots) and all(pitch_complete(slot) for slot in slots)


def _totals(panel: Panel, slots: list[PitchSlot], viewer: Viewer, own: Conflicts) -> list[Any]:
    """Results of the day, best first: only when every juror has handed in for every pitch."""
    if not _all_in(slots) or not viewer.may(Thing.OTHERS):
        return []
    scale = scale_of(panel)
    found = []
    for slot in slots:
        if viewer.member is not None and own.blocks(viewer.member.expert_id, slot.application_id):
            continue
        heard = {each.pk for each in slot.present.all()}
        marks = [each.marks for each in slot.scores.all() if each.member_id in heard]
        judged = scale.joint(marks)
        found.append((judged.total, slot, scale.shown(judged.verdict, spoken())))
    found.sort(key=lambda each: (-each[0], each[1].application.number))
    return [(slot, rounded(Fraction(total)), verdict) for total, slot, verdict in found]


def _blocked(panel: Panel, viewer: Viewer, slots: list[PitchSlot]) -> Conflicts:
    if viewer.member is None:
        return Conflicts()
    return conflicts_of(panel, [viewer.member.expert], [slot.application for slot in slots])


def _day(panel: Panel) -> PitchDay | None:
    rows = PitchDay.objects.select_related("panel__call__programme", "panel__call__version")
    return rows.filter(panel=panel).first()


def _whole(panel: Panel) -> PitchDay:
    found = _day(panel)
    if found is None:
        raise Http404
    return found


def _slots(day: PitchDay) -> list[PitchSlot]:
    rows = day.slots.select_related("application__lead").prefetch_related("present__expert", "scores")
    return list(rows)


def _slot(panel: Panel, key: str) -> PitchSlot:
    rows = PitchSlot.objects.select_related(
        "day__panel__call__programme", "day__panel__call__version", "application__lead"
    ).prefetch_related("present__expert", "scores")
    return get_object_or_404(rows, day__panel=panel, key=key)


urlpatterns = [
    path("<str:key>/pitches/", pitches, name="pitches"),
    path("<str:key>/pitches/plan/", plan, name="pitch-plan"),
    path("<str:key>/pitches/order/", order, name="pitch-order"),
    path("<str:key>/pitches/turn/", turn, name="pitch-turn"),
    path("<str:key>/pitches/jurors/<str:member>/", attendance, name="pitch-attendance"),
    path("<str:key>/pitches/<str:slot>/", live, name="live"),
    path("<str:key>/pitches/<str:slot>/travel/", travel, name="pitch-travel"),
    path("<str:key>/pitches/<str:slot>/move/", move, name="pitch-move"),
    path("<str:key>/pitches/<str:slot>/state/", state, name="pitch-state"),
]
