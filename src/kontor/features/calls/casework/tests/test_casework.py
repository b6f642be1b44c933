"""Cases: given to the right person, logged, handed over, closed and opened again; warnings go out once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.jobs import JobContext
from kontor.base.models import AppendOnly, Job
from kontor.features.calls.actions import begin_application, move_application
from kontor.features.calls.casework import actions
from kontor.features.calls.casework.problem import clocks
from kontor.features.calls.casework.tasks import ROUND, look_at_clocks
from kontor.features.calls.models import Application, CallContact, Case, ClockWarning, PartnerWish
from kontor.features.organisations.tests.factories import ACTOR


def test_an_application_gets_its_case_and_the_log_follows_it(handed_in: Callable[..., Application]) -> None:
    application = handed_in()
    case = application.case
    assert str(case.contact) == "Nel Contact"
    move_application(application=application, to="eligible", reason="", actor=ACTOR)
    told = [(one.kind, one.details.get("to"), one.shared) for one in case.entries.order_by("pk")]
    assert told == [
        ("first", None, False),
        ("assigned", "Nel Contact", True),
        ("step", "eligible", True),
    ]


def test_first_contact_and_application_of_one_organisation_are_one_case(place: SimpleNamespace) -> None:
    first = actions.open_case(call=place.call, title="An idea", organisation=place.lead, actor=ACTOR)
    application = begin_application(call=place.call, lead=place.lead, actor=ACTOR)
    assert application.case == first
    assert Case.objects.count() == 1


def test_a_line_of_the_log_is_never_changed(place: SimpleNamespace) -> None:
    case = actions.open_case(call=place.call, title="An idea", language="de", region="DEA1B", actor=ACTOR)
    assert str(case.contact) == "Dirk Contact"
    line = actions.log_entry(case=case, kind="telephone", text="Called back", actor=ACTOR)
    line.text = "Never called"
    with pytest.raises(AppendOnly):
        line.save()
    with pytest.raises(KontorError) as refused:
        actions.log_entry(case=case, kind="closed", text="Forged", actor=ACTOR)
    assert refused.value.path == "kind"


def test_handing_over_needs_a_reason_another_person_and_the_newest_revision(place: SimpleNamespace) -> None:
    case = actions.open_case(call=place.call, title="An idea", region="DEA1B", actor=ACTOR)
    nel, dirk = (CallContact.objects.get(user=one) for one in (place.nel, place.dirk))
    for to, reason, path in ((dirk, "why", "to"), (nel, " ", "reason")):
        with pytest.raises(KontorError) as refused:
            actions.hand_over_case(case=case, to=to, reason=reason, actor=ACTOR)
        assert refused.value.path == path
    seen = Case.objects.get(pk=case.pk).revision
    actions.hand_over_case(case=case, to=nel, reason="Speaks Dutch", revision=seen, actor=ACTOR)
    with pytest.raises(Conflict):
        actions.hand_over_case(case=case, to=dirk, reason="Back", revision=seen, actor=ACTOR)
    mails = Job.objects.filter(kind="mail.send").values_list("payload", flat=True)
    assert [one["to"] for one in mails] == [place.dirk.email, place.nel.email]


def test_whoever_leaves_the_call_leaves_no_case_alone(place: SimpleNamespace) -> None:
    case = actions.open_case(call=place.call, title="An idea", region="DEA1B", actor=ACTOR)
    removed = actions.remove_call_contact(contact=CallContact.objects.get(user=place.dirk), actor=ACTOR)
    case.refresh_from_db()
    assert (removed, str(case.contact)) == (1, "Nel Contact")


def test_closing_can_be_undone(place: SimpleNamespace) -> None:
    case = actions.open_case(call=place.call, title="An idea", actor=ACTOR)
    with pytest.raises(KontorError, match="what became of it"):
        actions.close_case(case=case, reason="", actor=ACTOR)
    actions.close_case(case=case, reason="Found another call", actor=ACTOR)
    with pytest.raises(KontorError, match="closed already"):
        actions.close_case(case=case, reason="Again", actor=ACTOR)
    actions.reopen_case(case=case, actor=ACTOR)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("open", None)


def test_a_deadline_is_warned_of_once_for_each_level(
    place: SimpleNamespace, handed_in: Callable[..., Application]
) -> None:
    application = handed_in(days_ago=100)
    (clock,) = clocks(application)
    today = timezone.localdate()
    before = Job.objects.filter(kind="mail.send").count()
    told = [
        actions.warn_of_clock(application=application, clock=clock, today=day, actor=Actor.system("calls"))
        for day in (today - dt.timedelta(days=60), today, today, clock.due_on + dt.timedelta(days=1))
    ]
    assert told == [0, 2, 0, 2]
    mails = [
        one["to"]
        for one in Job.objects.filter(kind="mail.send").order_by("pk").values_list("payload", flat=True)
    ]
    assert set(mails[before:]) == {place.nel.email, place.mona.email}
    assert list(ClockWarning.objects.order_by("pk").values_list("level", flat=True)) == ["soon", "late"]


def test_a_mail_that_fails_does_not_end_the_round(
    place: SimpleNamespace, handed_in: Callable[..., Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can be told is told; where nobody could, the next round tries again; tomorrow's is queued."""
    first, second = handed_in(days_ago=100), handed_in(days_ago=101)
    broken = {place.nel.email}
    send = mail.send

    def failing(*, to: str, context: dict[str, Any], **rest: Any) -> None:
        if to in broken or context["application"] == first:
            raise ValueError("the template is broken")
        send(to=to, context=context, **rest)

    monkeypatch.setattr(mail, "send", failing)
    job = Job.objects.create(key="round", kind=ROUND, state="running", attempts=1)
    told = look_at_clocks(JobContext(job))
    assert (told["mails"], told["failed"]) == (1, [first.number])
    assert [one.application for one in ClockWarning.objects.all()] == [second]
    assert Job.objects.filter(kind=ROUND, state="waiting").exists(), "tomorrow's round"
    monkeypatch.setattr(mail, "send", send)
    assert look_at_clocks(JobContext(job)) == {"mails": 2, "forgotten": 0}


def test_a_wish_is_changed_by_one_at_a_time_and_put_back(place: SimpleNamespace) -> None:
    values = {"title": "A pump maker", "text": "We bring valves.", "language": "en", "countries": ["DE"]}
    wish = actions.add_wish(call=place.call, organisation=place.lead, values=values, actor=ACTOR)
    with pytest.raises(KontorError) as refused:
        actions.change_wish(wish=wish, values={**values, "countries": ["XX"]}, revision=1, actor=ACTOR)
    assert refused.value.path == "countries"
    actions.change_wish(wish=wish, values={**values, "title": "Two pump makers"}, revision=1, actor=ACTOR)
    with pytest.raises(Conflict):
        actions.change_wish(wish=wish, values=values, revision=1, actor=ACTOR)
    actions.close_wish(wish=wish, found=True, actor=ACTOR)
    assert not PartnerWish.objects.open().exists()
    actions.reopen_wish(wish=wish, actor=ACTOR)
    assert PartnerWish.objects.open().get().title == "Two pump makers"
