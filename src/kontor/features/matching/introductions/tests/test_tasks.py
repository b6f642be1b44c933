"""The daily round: reminders half-way, expiry, questions after 3, 6 and 12 months; twice does nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.jobs import enqueue, run_due_jobs
from kontor.base.models import Job
from kontor.features.matching.introductions import actions, tasks
from kontor.features.matching.models import Introduction
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = pytest.mark.django_db
Propose = Callable[..., Introduction]
START = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)


def round_after(days: int) -> dict[str, list[str]]:
    """{recipient: subjects} of what the round sends so many days after START, run twice."""
    mail.outbox.clear()
    with time_machine.travel(START + dt.timedelta(days=days), tick=False):
        for number in range(2):
            enqueue(tasks.ROUND, {}, actor=Actor.system("test"), dedup_key=f"test-{days}-{number}")
            run_due_jobs()
    found: dict[str, list[str]] = {}
    for each in mail.outbox:
        found.setdefault(each.to[0], []).append(each.subject)
    return found


@pytest.fixture
def proposed(place: SimpleNamespace, propose: Propose) -> Introduction:
    with time_machine.travel(START, tick=False):
        introduction = propose()
        run_due_jobs()
    return introduction


def test_one_reminder_half_way_to_those_without_an_answer(
    place: SimpleNamespace, proposed: Introduction, say: Propose
) -> None:
    with time_machine.travel(START + dt.timedelta(days=1), tick=False):
        say(proposed, "asker", "yes")
        run_due_jobs()
    assert round_after(6) == {}
    reminder = "Erinnerung: Möchten Sie in Kontakt gebracht werden?"
    assert round_after(7) == {place.partner_owner.email: [reminder]}
    assert round_after(8) == {}


def test_expired_after_the_deadline(place: SimpleNamespace, proposed: Introduction, say: Propose) -> None:
    with time_machine.travel(START + dt.timedelta(days=1), tick=False):
        say(proposed, "asker", "yes")
    round_after(14)
    proposed.refresh_from_db()
    assert proposed.state == "waiting"
    assert list(round_after(15)) == [place.asker_owner.email]
    proposed.refresh_from_db()
    assert proposed.state == "expired"


def test_whoever_asked_for_time_is_asked_on_the_day(
    place: SimpleNamespace, proposed: Introduction, say: Propose
) -> None:
    with time_machine.travel(START + dt.timedelta(days=8), tick=False):
        say(proposed, "partner", "later", later_until=dt.date(2027, 3, 31))
        run_due_jobs()
    round_after(9)
    assert round_after(29) == {}
    assert list(round_after(30)) == [place.partner_owner.email]
    round_after(37)
    proposed.refresh_from_db()
    assert proposed.state == "waiting"
    round_after(38)
    proposed.refresh_from_db()
    assert proposed.state == "expired"


def test_outcomes_are_asked_after_three_six_and_twelve_months(
    place: SimpleNamespace, proposed: Introduction, say: Propose
) -> None:
    with time_machine.travel(START, tick=False):
        say(proposed, "asker", "yes")
        say(proposed, "partner", "yes")
        run_due_jobs()
    both = {place.asker_owner.email, place.partner_owner.email}
    assert round_after(91) == {}
    assert set(round_after(92)) == both
    assert round_after(120) == {}
    with time_machine.travel(START + dt.timedelta(days=184), tick=False):
        actions.report_outcome(introduction=proposed, organisation=place.asker, kind="talk", actor=ACTOR)
    assert set(round_after(184)) == {place.partner_owner.email}
    assert set(round_after(366)) == both
    assert round_after(800) == {}


def test_a_missed_month_is_left_out(place: SimpleNamespace, proposed: Introduction, say: Propose) -> None:
    with time_machine.travel(START, tick=False):
        say(proposed, "asker", "yes")
        say(proposed, "partner", "yes")
        run_due_jobs()
    assert {len(subjects) for subjects in round_after(400).values()} == {1}
    assert "12 " in mail.outbox[0].body


def test_the_next_round_is_planned_once(db: None) -> None:
    for _again in range(2):
        tasks.plan_round()
    job = Job.objects.get(kind=tasks.ROUND)
    assert job.run_after is not None
    assert timezone.localtime(job.run_after).hour == tasks.HOUR
