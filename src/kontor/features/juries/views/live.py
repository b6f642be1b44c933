"""One pitch: the clock for everybody, live scoring for whoever listens."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.components.dates import day_text
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.engine.juries.pitches.model import clock
from kontor.features.juries import actions
from kontor.features.juries.actions.pitches import NEXT
from kontor.features.juries.marking import scale_of
from kontor.features.juries.models import (
    LiveScore,
    Panel,
    PitchSlot,
    SlotState,
)
from kontor.features.juries.outcomes import pitch_complete
from kontor.features.juries.pitching import blocked_for, leaves_room, seconds_left, slot_of
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import Viewer
from kontor.features.juries.views.reading import head, read_by, run_by, said
from kontor.features.juries.visibility import Role, Thing
from kontor.features.juries.wording import spoken

SLOT_BADGES = {
    SlotState.WAITING: "neutral",
    SlotState.PITCHING: "warn",
    SlotState.QUESTIONS: "info",
    SlotState.OVER: "good",
}


@require_POST
@policy(may_run_panel)
def move(request: HttpRequest, key: str, slot: str) -> HttpResponse:
    """The next state of a pitch."""
    panel = run_by(request, key)
    row = slot_in(panel, slot)
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
    row = slot_in(panel, slot)
    if leaves_room(viewer, blocked_for(panel, viewer, [row]), row):
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
    row = slot_in(panel, slot)
    return JsonResponse({"state": row.state, "revision": row.revision, "left": seconds_left(row)})


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
            revision=int(given) if given.isdecimal() else 0,
            actor=actor,
        )
        if verb == "hand_in":
            actions.submit_live_score(slot=row, member=member, actor=actor)
            messages.success(request, _("Your scores are handed in."))
        else:
            messages.success(request, _("Saved."))
    except KontorError as error:
        told = {error.path or "live": str(error)}
        if error.path.startswith("mark:") and verb == "hand_in":
            empty = (f"mark:{key}" for key in scale_of(row.day.panel).keys)
            told |= {name: str(error) for name in empty if not request.POST.get(name) and name not in told}
        return told
    return {}


def _live(
    request: HttpRequest, panel: Panel, viewer: Viewer, row: PitchSlot, faults: dict[str, str]
) -> dict[str, Any]:
    scale, language = scale_of(panel), spoken()
    mine = LiveScore.objects.filter(slot=row, member=viewer.member).first() if viewer.member else None
    marks = mine.marks if mine else {}
    posted = request.POST if faults else None
    following = NEXT.get(SlotState(row.state))
    before, after = _beside(panel, viewer, row)
    when = f"{clock(row.begins)}–{clock(row.ends)}" if row.begins is not None and row.ends is not None else ""
    return {
        "day": row.day,
        "slot": row,
        "badge": SLOT_BADGES[SlotState(row.state)],
        "next": following,
        "before": before,
        "after": after,
        "lead": f"{when}, {day_text(row.day.day)}" if when else day_text(row.day.day),
        "left": seconds_left(row),
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
        "faults": faults,
        "fault": faults.get("live", ""),
        "in_words": scale.in_words,
        "present": [(each.expert.name, _has(row, each.pk)) for each in row.present.all()],
        "complete": pitch_complete(row),
        "names": viewer.may(Thing.JURORS) or viewer.role == Role.MANAGER,
    }


def _beside(panel: Panel, viewer: Viewer, row: PitchSlot) -> tuple[PitchSlot | None, PitchSlot | None]:
    """The pitch before and the one after it, without those that the viewer must not hear."""
    rows = list(PitchSlot.objects.filter(day=row.day_id).select_related("application__lead"))
    own, expert = blocked_for(panel, viewer, rows), viewer.member.expert_id if viewer.member else 0
    heard = [each for each in rows if not own.blocks(expert, each.application_id)]
    at = next(number for number, each in enumerate(heard) if each.pk == row.pk)
    return (heard[at - 1] if at else None), (heard[at + 1] if at + 1 < len(heard) else None)


def _has(row: PitchSlot, member: int) -> bool:
    return any(each.member_id == member and each.submitted_at for each in row.scores.all())


def slot_in(panel: Panel, key: str) -> PitchSlot:
    found = slot_of(panel, key)
    if found is None:
        raise Http404
    return found


urlpatterns = [
    path("<str:key>/pitches/<str:slot>/", live, name="live"),
    path("<str:key>/pitches/<str:slot>/move/", move, name="pitch-move"),
    path("<str:key>/pitches/<str:slot>/state/", state, name="pitch-state"),
]
