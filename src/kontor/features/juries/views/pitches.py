"""The pitch day: planning, the running order, who can be there when."""

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
from kontor.base.permissions import policy
from kontor.engine.juries.pitches.model import DAY, clock
from kontor.features.juries import actions
from kontor.features.juries.conflicts import Conflicts
from kontor.features.juries.forms import AttendanceForm, PitchDayForm, TravelForm, pitch_initial
from kontor.features.juries.marking import scale_of
from kontor.features.juries.models import (
    Attendance,
    MemberState,
    Panel,
    PitchDay,
    PitchDayState,
    PitchSlot,
    SlotState,
)
from kontor.features.juries.pitching import (
    all_in,
    blocked_for,
    day_of,
    day_totals,
    leaves_room,
    slots_of,
)
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import Viewer
from kontor.features.juries.tasks import order_day
from kontor.features.juries.views.live import SLOT_BADGES
from kontor.features.juries.views.reading import head, read_by, run_by, said
from kontor.features.juries.visibility import Thing
from kontor.features.juries.wording import pitch_words
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_safe
@policy(may_read_panel)
def pitches(request: HttpRequest, key: str) -> HttpResponse:
    """The running order, for everybody in the jury; with `?print` as a sheet of paper."""
    panel, viewer = read_by(request, key)
    day = day_of(panel)
    context = {**head(request, panel, "pitches", viewer), "day": day}
    if day is not None:
        slots = slots_of(day)
        words = pitch_words(panel, slots)
        own = blocked_for(panel, viewer, slots)
        jurors = list(panel.members.filter(state=MemberState.ACCEPTED).select_related("expert"))
        names = [each.expert.name for each in jurors]
        context |= {
            "slots": _between([_line(slot, viewer, own, names) for slot in slots], day),
            "blocked": [words.sentence(each) for each in day.blocked],
            "placed": all(slot.begins is not None for slot in slots) and bool(slots),
            "begins": clock(day.begins),
            "ends": clock(day.ends),
            "breaks": [(clock(start), clock(end)) for start, end in day.breaks],
            "all_in": all_in(slots),
            "now": _now(slots, own, viewer),
            "handed": _handed(slots),
            "totals": day_totals(panel, slots, viewer, own),
            "jurors": jurors,
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
    if (fixed := _under_way(request, panel)) is not None:
        return fixed
    initial = pitch_initial(day_of(panel), panel, scale_of(panel))
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
            order_day(day_of(panel) or day, actor_of(request))
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
    if (fixed := _under_way(request, panel)) is not None:
        return fixed
    row = get_object_or_404(
        PitchSlot.objects.select_related("day__panel", "application"), day__panel=panel, key=slot
    )
    told = {
        "arrives": row.arrives or None,
        "leaves": row.leaves if row.leaves < DAY else None,
        "promised": row.promised,
        "revision": row.revision,
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
                revision=data["revision"],
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
    if (fixed := _under_way(request, panel)) is not None:
        return fixed
    day = _whole(panel)
    row = get_object_or_404(panel.members.select_related("expert"), key=member)
    stood = Attendance.objects.filter(day=day, member=row).first()
    told = {
        "arrives": stood.arrives or None if stood else None,
        "leaves": stood.leaves if stood and stood.leaves < DAY else None,
        "absent": bool(stood and stood.absent),
        "revision": stood.revision if stood else 0,
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
                revision=data["revision"],
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
            done = actions.turn_day(
                day=_whole(panel), to=to, reason=request.POST.get("reason", ""), actor=actor_of(request)
            )
            messages.success(
                request, _("The pitch day is now: %(state)s.") % {"state": done.get_state_display()}
            )
    return redirect("juries:pitches", panel.key)


def _under_way(request: HttpRequest, panel: Panel) -> HttpResponse | None:
    """Back to the day where it is no longer planned: no form is shown that could only be refused."""
    day = day_of(panel)
    if day is None or day.state == PitchDayState.PLANNED:
        return None
    messages.error(request, _("The pitch day is under way. Only its course can be changed now."))
    return redirect("juries:pitches", panel.key)


def _line(slot: PitchSlot, viewer: Viewer, own: Conflicts, jurors: list[str]) -> dict[str, Any]:
    """One pitch of the running order; `jurors` are the names of everybody who takes part."""
    present = [each.expert.name for each in slot.present.all()]
    out = leaves_room(viewer, own, slot)
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
        "present": present,
        "missing": [name for name in jurors if name not in present],
        "all_present": set(jurors) <= set(present),
        "window": _window(slot),
        "given": given,
        "mine": hears
        and any(each.member_id == viewer.member.pk and each.submitted_at for each in slot.scores.all())
        if viewer.member
        else False,
    }


def _between(lines: list[dict[str, Any]], day: PitchDay) -> list[dict[str, Any]]:
    """Each line with the breaks that lie before it, as the running order on paper shows them."""
    left = sorted(day.breaks)
    for line in lines:
        begins = line["slot"].begins
        line["pauses"] = []
        while left and begins is not None and left[0][0] <= begins:
            line["pauses"].append(tuple(clock(each) for each in left.pop(0)))
    return lines


def _window(row: Any) -> tuple[str, str]:
    """When somebody comes and goes, empty where it is the whole day."""
    if row is None:
        return "", ""
    return clock(row.arrives) if row.arrives else "", clock(row.leaves) if row.leaves < DAY else ""


def _now(slots: list[PitchSlot], own: Conflicts, viewer: Viewer) -> PitchSlot | None:
    """The pitch that runs, else the next one; none that the viewer must not hear."""
    expert = viewer.member.expert_id if viewer.member else 0
    left = [
        slot for slot in slots if slot.state != SlotState.OVER and not own.blocks(expert, slot.application_id)
    ]
    return next((slot for slot in left if slot.state != SlotState.WAITING), left[0] if left else None)


def _handed(slots: list[PitchSlot]) -> tuple[int, int]:
    """Scores handed in, and all that are due."""
    given = sum(1 for slot in slots for each in slot.scores.all() if each.submitted_at)
    return given, sum(len(slot.present.all()) for slot in slots)


def _whole(panel: Panel) -> PitchDay:
    found = day_of(panel)
    if found is None:
        raise Http404
    return found


urlpatterns = [
    path("<str:key>/pitches/", pitches, name="pitches"),
    path("<str:key>/pitches/plan/", plan, name="pitch-plan"),
    path("<str:key>/pitches/order/", order, name="pitch-order"),
    path("<str:key>/pitches/turn/", turn, name="pitch-turn"),
    path("<str:key>/pitches/jurors/<str:member>/", attendance, name="pitch-attendance"),
    path("<str:key>/pitches/<str:slot>/travel/", travel, name="pitch-travel"),
]
