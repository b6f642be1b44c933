"""The pitch day: its frame, who can be there when, the running order, its course, its results."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Router, not_found
from kontor.base.errors import KontorError
from kontor.base.permissions import allowed, policy
from kontor.engine.juries.pitches.model import DAY, clock, minutes
from kontor.features.calls.models import Application
from kontor.features.juries import actions
from kontor.features.juries.api.finding import Revision, member_in, read_panel, run_panel, slot_in
from kontor.features.juries.conflicts import Conflicts, assessable
from kontor.features.juries.models import Attendance, MemberState, Panel, PitchDay, PitchSlot
from kontor.features.juries.pitching import (
    all_in,
    blocked_for,
    day_of,
    day_totals,
    leaves_room,
    seconds_left,
    slots_of,
)
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import Viewer
from kontor.features.juries.tasks import order_day
from kontor.features.juries.visibility import Role, Thing
from kontor.features.juries.wording import pitch_words

router = Router("juries")
TimeOfDay = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", description="as 09:30")]


class PitchSlotOut(Schema):
    key: str
    application: str = Field(description="number")
    title: str = Field(description="empty where names are hidden from you, and where you leave the room")
    lead: str = Field(description="empty as the title")
    begins: str | None
    ends: str | None
    state: str = Field(description="waiting, pitching, questions or over")
    left: int | None = Field(description="seconds of the part that runs, by the server's clock")
    out: bool = Field(description="you are in conflict and leave the room")
    hears: bool = Field(description="you listen and give marks")
    handed_in: bool = Field(description="your scores")
    present: list[str] | None = Field(description="who listens; null where it is not for you")
    scores: int | None = Field(description="how many have handed in; null where it is not for you")
    arrives: str | None = Field(description="for those who run the jury; null: from the beginning")
    leaves: str | None
    promised: str | None
    revision: int = Field(description="send it with a change of the times")


class PitchJurorOut(Schema):
    member: str
    name: str
    arrives: str | None
    leaves: str | None
    absent: bool
    revision: int = Field(description="send it with a change; 0 where nothing was told yet")


class PitchResultOut(Schema):
    application: str = Field(description="number")
    rank: int
    total: Decimal | None
    verdict: str


class PitchDayOut(Schema):
    day: dt.date
    place: str
    begins: str
    ends: str
    pitch: int = Field(description="minutes of presentation")
    questions: int
    change: int = Field(description="minutes between two pitches")
    breaks: list[tuple[str, str]]
    quorum: int = Field(description="jurors who listen, at least")
    state: str = Field(description="planned, running or over")
    proven: bool = Field(description="that the order is the shortest, with the fewest leaving and coming in")
    changes: int = Field(description="how often a juror in conflict goes out or comes in")
    blocked: list[str] = Field(description="the rules that no order keeps together, in words")
    slots: list[PitchSlotOut] = Field(description="in the running order")
    jurors: list[PitchJurorOut] | None = Field(description="for those who run the jury")
    results: list[PitchResultOut] | None = Field(
        description="best first; null until every juror has handed in for every pitch"
    )
    revision: int = Field(description="send it with a change of the plan")


class PitchDayIn(Schema):
    day: dt.date
    place: str = Field("", max_length=200)
    begins: TimeOfDay = "09:00"
    ends: TimeOfDay = "17:00"
    pitch: int = Field(10, ge=1, le=120)
    questions: int = Field(10, ge=0, le=120)
    change: int = Field(5, ge=0, le=60)
    breaks: list[tuple[TimeOfDay, TimeOfDay]] = Field([], max_length=20)
    quorum: int = Field(3, ge=0, le=50)
    applications: list[str] | None = Field(
        None, max_length=200, description="keys of those who pitch; left out: all of the jury"
    )
    revision: int = Field(0, ge=0, le=2_147_483_647, description="as you read it; 0 where there was no day")


class TravelIn(Schema):
    arrives: TimeOfDay | None = None
    leaves: TimeOfDay | None = None
    promised: TimeOfDay | None = Field(None, description="a beginning that was promised")
    revision: Revision


class AttendanceIn(Schema):
    arrives: TimeOfDay | None = None
    leaves: TimeOfDay | None = None
    absent: bool = False
    revision: int = Field(ge=0, le=2_147_483_647, description="as you read it; older than stored: 409")


class TurnDayIn(Schema):
    to: Literal["planned", "running", "over"]
    reason: str = Field("", max_length=300, description="needed for a step back")


class MoveSlotIn(Schema):
    to: Literal["waiting", "pitching", "questions", "over"] = Field(description="the next one, or one back")


@router.get("/{key}/pitch-day/", response=PitchDayOut)
@policy(may_read_panel)
def read(request: HttpRequest, key: str) -> dict[str, Any]:
    """The running order and where it stands; results once all are in."""
    return _told(request, key)


@router.put("/{key}/pitch-day/", response=PitchDayOut)
@policy(may_run_panel)
def plan(request: HttpRequest, key: str, body: PitchDayIn) -> dict[str, Any]:
    """Plan the day or change its frame; the order is worked out at once. 409 where it changed since."""
    panel = run_panel(request, key)
    same = ("day", "place", "pitch", "questions", "change", "quorum")
    values = {name: getattr(body, name) for name in same} | {
        "begins": minutes(body.begins, "begins"),
        "ends": minutes(body.ends, "ends"),
        "breaks": [[minutes(start, "breaks"), minutes(end, "breaks")] for start, end in body.breaks],
    }
    actions.plan_pitch_day(
        panel=panel,
        values=values,
        applications=_chosen(panel, body.applications),
        revision=body.revision,
        actor=actor_of(request),
    )
    return _ordered(request, panel)


@router.post("/{key}/pitch-day/order/", response=PitchDayOut)
@policy(may_run_panel)
def order(request: HttpRequest, key: str) -> dict[str, Any]:
    """Work the running order out anew: the shortest that keeps all rules, or the rules that clash."""
    return _ordered(request, run_panel(request, key))


@router.post("/{key}/pitch-day/turn/", response=PitchDayOut)
@policy(may_run_panel)
def turn(request: HttpRequest, key: str, body: TurnDayIn) -> dict[str, Any]:
    """Open the day, end it, or take it a step back with a reason."""
    panel = run_panel(request, key)
    actions.turn_day(day=_day(panel), to=body.to, reason=body.reason, actor=actor_of(request))
    return _told(request, key)


@router.put("/{key}/pitch-day/jurors/{member}/", response=PitchDayOut)
@policy(may_run_panel)
def attendance(request: HttpRequest, key: str, member: str, body: AttendanceIn) -> dict[str, Any]:
    """When a juror is there; the order is worked out anew. 409 where somebody changed it since."""
    panel = run_panel(request, key)
    arrives, leaves = _window(body)
    actions.set_attendance(
        day=_day(panel),
        member=member_in(panel, member),
        arrives=arrives,
        leaves=leaves,
        absent=body.absent,
        revision=body.revision,
        actor=actor_of(request),
    )
    return _ordered(request, panel)


@router.put("/{key}/pitch-day/slots/{slot}/travel/", response=PitchDayOut)
@policy(may_run_panel)
def travel(request: HttpRequest, key: str, slot: str, body: TravelIn) -> dict[str, Any]:
    """When a consortium can be there, and a time promised to it; the order is worked out anew. 409 where
    somebody changed that since.
    """
    panel, viewer = run_panel(request, key), read_panel(request, key)[1]
    arrives, leaves = _window(body)
    actions.set_travel(
        slot=slot_in(panel, viewer, slot),
        arrives=arrives,
        leaves=leaves,
        promised=None if body.promised is None else minutes(body.promised, "promised"),
        revision=body.revision,
        actor=actor_of(request),
    )
    return _ordered(request, panel)


@router.get("/{key}/pitch-day/slots/{slot}/", response=PitchSlotOut)
@policy(may_read_panel)
def read_slot(request: HttpRequest, key: str, slot: str) -> dict[str, Any]:
    """One pitch with its clock. 404 for whoever is in conflict with it."""
    panel, viewer = read_panel(request, key)
    return _slot(slot_in(panel, viewer, slot), viewer, Conflicts(), _runs(request, panel))


@router.post("/{key}/pitch-day/slots/{slot}/move/", response=PitchSlotOut)
@policy(may_run_panel)
def move(request: HttpRequest, key: str, slot: str, body: MoveSlotIn) -> dict[str, Any]:
    """Start the presentation, the questions, end it, or one step back; the server's clock counts."""
    panel, viewer = run_panel(request, key), read_panel(request, key)[1]
    actions.move_slot(slot=slot_in(panel, viewer, slot), to=body.to, actor=actor_of(request))
    return _slot(slot_in(panel, viewer, slot), viewer, Conflicts(), _runs(request, panel))


def _day(panel: Panel) -> PitchDay:
    day = day_of(panel)
    if day is None:
        raise not_found()
    return day


def _runs(request: HttpRequest, panel: Panel) -> bool:
    return bool(allowed(request, may_run_panel, panel))


def _chosen(panel: Panel, keys: list[str] | None) -> list[Application]:
    rows = {each.key: each for each in assessable(panel)}
    for at, key in enumerate(keys or ()):
        if key not in rows:
            raise KontorError(
                _("The jury has no application “{key}”.").format(key=key),
                code="application-unknown",
                path=f"body.applications.{at}",
                remedy=_("Take keys from the applications of the jury."),
            )
    return [rows[key] for key in dict.fromkeys(keys)] if keys is not None else list(rows.values())


def _window(body: TravelIn | AttendanceIn) -> tuple[int, int]:
    arrives = minutes(body.arrives, "arrives") if body.arrives else 0
    return arrives, minutes(body.leaves, "leaves") if body.leaves else DAY


def _ordered(request: HttpRequest, panel: Panel) -> dict[str, Any]:
    order_day(_day(panel), actor_of(request))
    return _told(request, panel.key)


def _told(request: HttpRequest, key: str) -> dict[str, Any]:
    panel, viewer = read_panel(request, key)
    day, runs = _day(panel), _runs(request, panel)
    slots = slots_of(day)
    own, words = blocked_for(panel, viewer, slots), pitch_words(panel, slots)
    same = (
        "day",
        "place",
        "pitch",
        "questions",
        "change",
        "quorum",
        "state",
        "proven",
        "changes",
        "revision",
    )
    shown = all_in(slots) and viewer.may(Thing.OTHERS)
    return {
        **{name: getattr(day, name) for name in same},
        "begins": clock(day.begins),
        "ends": clock(day.ends),
        "breaks": [(clock(start), clock(end)) for start, end in day.breaks],
        "blocked": [words.sentence(each) for each in day.blocked],
        "slots": [_slot(each, viewer, own, runs) for each in slots],
        "jurors": _jurors(day) if runs else None,
        "results": [
            {"application": slot.application.number, "rank": rank, "total": total, "verdict": verdict}
            for rank, slot, total, verdict in day_totals(panel, slots, viewer, own)
        ]
        if shown
        else None,
    }


def _slot(row: PitchSlot, viewer: Viewer, own: Conflicts, runs: bool) -> dict[str, Any]:
    out = leaves_room(viewer, own, row)
    present = list(row.present.all())
    named = viewer.may(Thing.APPLICANTS) and not out
    handed_in = {each.member_id for each in row.scores.all() if each.submitted_at}
    mine = viewer.member
    return {
        "key": row.key,
        "application": row.application.number,
        "title": row.application.title if named else "",
        "lead": row.application.lead.name if named else "",
        "begins": _time(row.begins),
        "ends": _time(row.ends),
        "state": row.state,
        "left": seconds_left(row),
        "out": out,
        "hears": mine is not None and mine in present,
        "handed_in": mine is not None and mine.pk in handed_in,
        "present": [each.expert.name for each in present] if runs or viewer.role == Role.CHAIR else None,
        "scores": len(handed_in) if runs else None,
        "arrives": _time(row.arrives or None) if runs else None,
        "leaves": _time(row.leaves if row.leaves < DAY else None) if runs else None,
        "promised": _time(row.promised) if runs else None,
        "revision": row.revision,
    }


def _jurors(day: PitchDay) -> list[dict[str, Any]]:
    times = {row.member_id: row for row in Attendance.objects.filter(day=day)}
    found = []
    for member in day.panel.members.filter(state=MemberState.ACCEPTED).select_related("expert"):
        row = times.get(member.pk)
        found.append(
            {
                "member": member.key,
                "name": member.expert.name,
                "arrives": _time(row.arrives or None) if row else None,
                "leaves": _time(row.leaves if row.leaves < DAY else None) if row else None,
                "absent": bool(row and row.absent),
                "revision": row.revision if row else 0,
            }
        )
    return found


def _time(minute: int | None) -> str | None:
    return None if minute is None else clock(minute)
