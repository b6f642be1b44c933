"""The pitch day: an order that keeps travel and conflicts, its course, live scores that stay secret."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from kontor.base.errors import KontorError
from kontor.features.juries import actions
from kontor.features.juries.models import Member, PitchDay, PitchSlot
from kontor.features.juries.outcomes import read_round
from kontor.features.juries.tasks import order_day
from kontor.features.juries.tests.conftest import CRITERIA
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = pytest.mark.django_db
FRAME = {
    "day": timezone.localdate() + dt.timedelta(days=90), "place": "Oberhausen", "begins": 540,
    "ends": 720, "pitch": 10, "questions": 10, "change": 5, "breaks": [[590, 610]], "quorum": 2,
}  # fmt: skip


@pytest.fixture
def day(jury: SimpleNamespace) -> PitchDay:
    return actions.plan_pitch_day(
        panel=jury.panel, values=FRAME, applications=jury.applications, actor=jury.by
    )


def slot(number: str) -> PitchSlot:
    return PitchSlot.objects.get(application__number=number)


def test_the_order_keeps_travel_breaks_and_conflicts(jury: SimpleNamespace, day: PitchDay) -> None:
    actions.set_travel(slot=slot("R-1"), arrives=640, leaves=1440, actor=jury.by)
    actions.declare_conflict(
        expert=jury.experts[3], application=jury.applications[1], reason="adviser", actor=ACTOR
    )
    day.refresh_from_db()
    done = order_day(day, jury.by)
    assert (done.blocked, done.proven) == ([], True)
    begins = {each.application.number: each.begins for each in done.slots.all()}
    assert begins["R-1"] >= 640
    assert all(not 570 < each < 610 for each in begins.values()), "no pitch runs into the break"
    assert len(set(begins.values())) == 4
    heard = {each.expert.name for each in slot("R-2").present.all()}
    assert heard == {"Anna A", "Bert B", "Cleo C"}


def test_rules_that_no_order_keeps_are_named(jury: SimpleNamespace, day: PitchDay) -> None:
    actions.set_travel(slot=slot("R-1"), arrives=540, leaves=550, actor=jury.by)
    day.refresh_from_db()
    done = order_day(day, jury.by)
    assert {each["rule"] for each in done.blocked} == {"placed", "travel"}
    with pytest.raises(KontorError, match="Not every pitch has its time"):
        actions.turn_day(day=done, to="running", actor=jury.by)


def test_live_scores_are_secret_until_all_are_in(jury: SimpleNamespace, day: PitchDay) -> None:
    day = actions.turn_day(day=order_day(day, jury.by), to="running", actor=jury.by)
    first = slot("R-1")
    who = jury.members[0]
    told: dict[str, Any] = {"slot": first, "member": who, "actor": ACTOR}
    actions.save_live_score(**told, marks=dict.fromkeys(CRITERIA, "4"))
    with pytest.raises(KontorError, match="not heard yet"):
        actions.submit_live_score(**told)
    actions.move_slot(slot=first, to="pitching", actor=jury.by)
    with pytest.raises(KontorError, match="Another pitch"):
        actions.move_slot(slot=slot("R-2"), to="pitching", actor=jury.by)
    actions.move_slot(slot=first, to="questions", actor=jury.by)
    actions.submit_live_score(**told)
    with pytest.raises(KontorError, match="handed in"):
        actions.save_live_score(**told, marks={})
    actions.take_back_live_score(**told)
    actions.submit_live_score(**told)
    for member in jury.members[1:]:
        actions.save_live_score(slot=first, member=member, marks=dict.fromkeys(CRITERIA, "3"), actor=ACTOR)
        actions.submit_live_score(slot=first, member=member, actor=ACTOR)
    with pytest.raises(KontorError, match="All scores are in"):
        actions.take_back_live_score(**told)
    with pytest.raises(KontorError, match="Pitches are still to be heard"):
        actions.turn_day(day=day, to="over", actor=jury.by)


def test_a_juror_in_conflict_since_the_order_is_sent_out_when_the_day_begins(
    jury: SimpleNamespace, day: PitchDay
) -> None:
    day = order_day(day, jury.by)
    actions.declare_conflict(
        expert=jury.experts[0], application=jury.applications[0], reason="cousin", actor=ACTOR
    )
    actions.turn_day(day=day, to="running", actor=jury.by)
    assert jury.members[0] not in slot("R-1").present.all()
    with pytest.raises(KontorError, match="do not hear"):
        actions.save_live_score(slot=slot("R-1"), member=jury.members[0], marks={}, actor=ACTOR)


def test_nobody_waits_for_a_juror_who_falls_ill_and_what_was_scored_counts(
    jury: SimpleNamespace, day: PitchDay
) -> None:
    done = order_day(day, jury.by)
    actions.turn_day(day=done, to="running", actor=jury.by)
    first, second = done.slots.order_by("begins")[:2]
    marks = dict.fromkeys(CRITERIA, "3")
    ill = first.present.first()
    second.present.add(ill)
    for state in ("pitching", "questions", "over"):
        actions.move_slot(slot=first, to=state, actor=jury.by)
    actions.save_live_score(slot=first, member=ill, marks=marks, actor=jury.by)
    actions.submit_live_score(slot=first, member=ill, actor=jury.by)
    actions.report_ill(member=ill, reason="A fever", actor=jury.by)
    assert ill in first.present.all()
    assert ill not in second.present.all()
    third = done.slots.order_by("begins")[2]
    actions.declare_conflict(expert=ill.expert, application=third.application, reason="aunt", actor=ACTOR)
    Member.objects.filter(pk=ill.pk).update(declared_at=timezone.now())
    actions.report_back(member=Member.objects.get(pk=ill.pk), actor=jury.by)
    assert ill in second.present.all(), "back on the day, they hear what is still to come"
    assert ill not in third.present.all()
    scored = {"slot": first, "marks": marks, "actor": ACTOR}
    for member in first.present.exclude(pk=ill.pk):
        actions.save_live_score(**scored, member=member)
        actions.submit_live_score(slot=first, member=member, actor=ACTOR)
    for application in (first.application, second.application):
        actions.declare_conflict(expert=ill.expert, application=application, reason="niece", actor=ACTOR)
    assert ill not in (*first.present.all(), *second.present.all()), (
        "nobody waits for them, none of theirs counts"
    )
    assert read_round(jury.panel).pitch_marks(first.application_id) == [marks] * first.present.count()
