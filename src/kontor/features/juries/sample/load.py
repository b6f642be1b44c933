"""Sample juries from their file to rows: pool, panel, assignment by the engine, sheets, pitch day."""

from __future__ import annotations

import datetime as dt
import tomllib
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.events import SampleLoaded
from kontor.base.keys import new_key
from kontor.engine.juries.model import Params
from kontor.engine.juries.solve import repair, solve
from kontor.features.accounts.actions import add_person, grant_role
from kontor.features.accounts.models import User
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.calls.models import Application, Call
from kontor.features.juries import actions
from kontor.features.juries.conflicts import assessable
from kontor.features.juries.marking import Scale, scale_of
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    Consensus,
    ConsensusVoice,
    Expert,
    LiveScore,
    Member,
    Panel,
    PitchDay,
    PitchDayState,
    PitchSlot,
    Plan,
    Review,
    ReviewState,
    ReviewValue,
    SlotState,
)
from kontor.features.juries.outcomes import COMMENT, MARK
from kontor.features.juries.problem import answer_of, question_of
from kontor.features.juries.tasks import order_day
from kontor.features.programmes.models import Programme

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = Path(__file__).with_name("juries.toml")
ACTOR = Actor.system("sample")
Told = dict[str, Any]


@cache
def read_juries() -> Told:
    """What the file tells, as it stands there."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@transaction.atomic
def load_juries(event: SampleLoaded) -> None:
    """Write the juries that are missing; what is there stays as people changed it."""
    told = read_juries()
    for pool in told["pool"]:
        programme = Programme.objects.filter(is_sample=True, key=pool["programme"]).first()
        if programme is not None and not programme.experts.exists():
            for one in pool["expert"]:
                _expert(programme, one)
    for one in told["jury"]:
        call = Call.objects.filter(key=one["call"], is_sample=True).first()
        if call is not None and not call.panels.exists() and call.programme.experts.exists():
            _jury(call, one, told["words"])


def _expert(programme: Programme, told: Told) -> None:
    user = User.objects.filter(email=told["email"]).first()
    if user is None:
        values = {name: told[name] for name in ("email", "name", "language")}
        user = add_person(**values, is_sample=True, actor=ACTOR)
    grant_role(user=user, role=Role.JUROR, scope=Scope(ScopeKind.PROGRAMME, programme.key), actor=ACTOR)
    version = programme.current
    themes = [each.key for each in version.definition.themes] if version else []
    same = ("name", "email", "profile", "languages", "language", "load")
    values = {**{name: told[name] for name in same}, "fields": [k for k in told["known"] if k in themes]}
    expert = actions.add_expert(programme=programme, values=values, is_sample=True, actor=ACTOR)
    Expert.objects.filter(pk=expert.pk).update(key=told["key"], user=user)


def _jury(call: Call, told: Told, words: Told) -> None:
    known = {one["key"]: one for pool in read_juries()["pool"] for one in pool["expert"]}
    due = timezone.localdate() - dt.timedelta(days=3)
    # the jury ranks by what it read; the pitch informs its discussion
    values = {
        "pitch_share": 0,
        "due_on": due,
        "fields_needed": told.get("fields_needed", False),
        "minimum": told.get("minimum", 5),
    }
    panel = actions.open_panel(call=call, values=values, is_sample=True, actor=ACTOR)
    panel.key = told["key"]
    panel.save(update_fields=["key"])
    if not assessable(panel).exists():
        return
    for expert in Expert.objects.filter(programme=call.programme, is_sample=True):
        _seat(panel, expert, known[expert.key])
    if told.get("conflict"):
        _conflict(panel)
    _adopt(panel, "assign")
    for member in panel.members.select_related("expert"):
        if reason := known[member.expert.key].get("ill"):
            actions.report_ill(member=member, reason=reason, actor=ACTOR)
            _adopt(panel, "repair")
    _sheets(panel, told, known, words)
    if "apart" in told:
        _adopt(panel, "repair", third=True)
        _sheets(panel, told, known, words)
        _agree(panel, told, words)
    Panel.objects.filter(pk=panel.pk).update(phase=told["phase"])
    if "pitch_in_days" in told:
        _pitches(panel, told)


def _seat(panel: Panel, expert: Expert, told: Told) -> None:
    part = {"chair": told.get("chair", False)}
    member = actions.invite_member(panel=panel, expert=expert, values=part, quiet=True, actor=ACTOR)
    actions.accept_seat(member=member, signed_as=expert.name, actor=Actor.of_user(expert.user))


def _conflict(panel: Panel) -> None:
    """One of the jury used to work for one of the applicants."""
    first = assessable(panel).select_related("lead").first()
    member = panel.members.select_related("expert").order_by("expert__key").last()
    if first is None or member is None:
        return
    until = timezone.localdate() - dt.timedelta(days=500)
    tie = {"kind": "employer", "organisation": first.lead, "until": until}
    actions.add_tie(expert=member.expert, values=tie, actor=ACTOR)


def _adopt(panel: Panel, kind: str, *, third: bool = False) -> None:
    """As the job would, with a fit that needs no encoder: what the sample shows is the same on every
    machine.
    """
    panel.refresh_from_db()
    question = question_of(panel, _fit, keep=kind == "repair", third=third)
    work = repair if kind == "repair" and question.problem.previous else solve
    params = Params()
    result = work(question.problem, seed=0, params=params)
    if result.blocked is not None:
        return
    plan = Plan.objects.create(
        key=new_key(),
        panel=panel,
        kind=kind,
        asked={"third": third},
        status=result.status.value,
        result=answer_of(question, result, params),
        seen=panel.assigning,
        actor_key=ACTOR.key,
        actor_label=ACTOR.label,
    )
    actions.adopt_plan(plan=plan, actor=ACTOR)


def _fit(applications: Sequence[str], experts: Sequence[str]) -> NDArray[np.float64]:
    """Drawn from the texts: between .35 and .85, the same every time."""
    drawn = [[zlib.crc32(f"{a}|{e}".encode()) % 51 for e in experts] for a in applications]
    return np.array([[0.35 + each / 100 for each in row] for row in drawn], np.float64)


def _sheets(panel: Panel, told: Told, known: dict[str, Told], words: Told) -> None:
    """Every assignment without a sheet gets one, handed in."""
    scale = scale_of(panel)
    rows = Assignment.objects.filter(panel=panel, state=AssignmentState.ACTIVE, review=None)
    for row in rows.select_related("application", "member__expert").order_by("pk"):
        quality = told["quality"].get(row.application.key, [3])
        less = _less(row, told)
        shift = known[row.member.expert.key]["severity"]
        marks = {}
        for number, criterion in enumerate(scale.criteria):
            lot = zlib.crc32(f"{row.application.key}{row.member.expert.key}{number}".encode()) % 5
            level = quality[number % len(quality)] - less
            if not told.get("exact"):
                level += (shift if lot < 4 else 0) - (lot == 4)
            marks[criterion.key] = _mark(scale, criterion, level)
        _sheet(row, marks, _words(quality, words[row.application.language], row.member.expert.key))


def _less(row: Assignment, told: Told) -> int:
    """The assessor who disagreed: the first one of the application that is told about."""
    apart = told.get("apart", {})
    if row.application.key != apart.get("application") or row.kind == "third":
        return 0
    rows = Assignment.objects.filter(panel=row.panel_id, application=row.application)
    first = rows.exclude(state=AssignmentState.DROPPED).order_by("pk").first()
    return apart["less"] if first is not None and first.pk == row.pk else 0


def _mark(scale: Any, criterion: Any, level: int) -> str:
    """A step of the scale, whose lowest is 0 and highest 5 in the file."""
    steps = scale.steps(criterion, "en")
    return str(steps[max(0, min(5, level)) * (len(steps) - 1) // 5].value)


def _words(quality: list[int], words: dict[str, list[str]], who: str) -> str:
    """What fits the marks; not every assessor writes the same."""
    mean = sum(quality) / len(quality)
    told = words["good" if mean > 4 else "fair" if mean > 3.1 else "weak"]
    return told[zlib.crc32(who.encode()) % len(told)]


def _sheet(row: Assignment, marks: dict[str, str], comment: str) -> None:
    review = Review.objects.create(
        assignment=row,
        state=ReviewState.SUBMITTED,
        language=row.application.language,
        submitted_at=timezone.now() - dt.timedelta(days=4, hours=row.pk % 48),
    )
    values = {**{f"{MARK}{key}": mark for key, mark in marks.items()}, COMMENT: comment}
    ReviewValue.objects.bulk_create(
        ReviewValue(review=review, field=name, value=value) for name, value in values.items()
    )


def _agree(panel: Panel, told: Told, words: Told) -> None:
    """The consensus report on the application that divided its assessors."""
    application = Application.objects.filter(key=told["apart"]["application"]).first()
    rows = Assignment.objects.filter(panel=panel, application=application, state=AssignmentState.ACTIVE)
    if application is None or not rows.exists():
        return
    agreed, quality = told["apart"]["agreed"], told["quality"][application.key]
    scale = scale_of(panel)
    marks = {
        each.key: _mark(scale, each, agreed[number % len(agreed)])
        for number, each in enumerate(scale.criteria)
    }
    report = Consensus.objects.create(
        key=new_key(),
        panel=panel,
        application=application,
        marks=marks,
        text=told["apart"]["text"],
        comment=_words(quality, words[application.language], "jury"),
        language=application.language,
        written_by=rows[0].member.expert.name,
        agreed_at=timezone.now(),
    )
    ConsensusVoice.objects.bulk_create(
        ConsensusVoice(consensus=report, member=row.member, agrees=True, revision=1) for row in rows
    )


def _pitches(panel: Panel, told: Told) -> None:
    scale = scale_of(panel)
    day = actions.plan_pitch_day(
        panel=panel,
        values={
            "day": timezone.localdate() + dt.timedelta(days=told["pitch_in_days"]),
            "place": told["place"],
            "begins": 9 * 60,
            "ends": 17 * 60,
            "pitch": scale.assessment.pitch or 10,
            "questions": scale.assessment.questions or 10,
            "change": 5,
            "breaks": [[12 * 60 + 30, 13 * 60 + 30]],
            "quorum": 3,
        },
        applications=list(assessable(panel)),
        actor=ACTOR,
    )
    last = day.slots.order_by("application__number").last()
    if last is not None:
        actions.set_travel(slot=last, arrives=11 * 60, leaves=1440, actor=ACTOR)
    day.refresh_from_db()
    order_day(day, ACTOR)
    if "heard" in told:
        _heard(panel, told)


def _heard(panel: Panel, told: Told) -> None:
    """The day runs: so many pitches are over, and all jurors but one have scored them."""
    day = PitchDay.objects.get(panel=panel)
    actions.turn_day(day=day, to=PitchDayState.RUNNING, actor=ACTOR)
    scale, now = scale_of(panel), timezone.now()
    slots = list(day.slots.select_related("application").prefetch_related("present"))[: told["heard"]]
    for slot in slots:
        quality, jurors = told["quality"][slot.application.key], list(slot.present.all())
        late = jurors[-1] if slot == slots[-1] else None
        LiveScore.objects.bulk_create(
            LiveScore(slot=slot, member=each, marks=_heard_marks(scale, quality, each), submitted_at=now)
            for each in jurors
            if each != late
        )
    PitchSlot.objects.filter(pk__in=[each.pk for each in slots]).update(
        state=SlotState.OVER, started_at=now, questions_at=now, over_at=now
    )


def _heard_marks(scale: Scale, quality: list[int], juror: Member) -> dict[str, str]:
    found = {}
    for number, each in enumerate(scale.criteria):
        lot = zlib.crc32(f"{juror.expert_id}{each.key}".encode()) % 3 - 1
        found[each.key] = _mark(scale, each, quality[number % len(quality)] + lot)
    return found
