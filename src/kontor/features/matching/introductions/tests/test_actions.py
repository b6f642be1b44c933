"""Proposing, answering, undoing, withdrawing, refusing, reporting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.audit import verify
from kontor.base.errors import Conflict, KontorError
from kontor.base.jobs import run_due_jobs
from kontor.base.models import AppendOnly, AuditEvent
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.actions.proposing import pair_of
from kontor.features.matching.models import Disclosure, Introduction, Outcome, Refusal
from kontor.features.organisations import actions as directory_actions
from kontor.features.organisations.tests.factories import ACTOR, organisation

pytestmark = pytest.mark.django_db
Propose = Callable[..., Introduction]


def sent() -> dict[str, str]:
    """{recipient: subject and text} of the mails sent now."""
    mail.outbox.clear()
    run_due_jobs()
    return {each.to[0]: f"{each.subject}\n{each.body}" for each in mail.outbox}


def test_both_sides_are_asked_in_their_language(place: SimpleNamespace, propose: Propose) -> None:
    introduction = propose(note="Heat for greenhouses")
    assert introduction.state == "proposed"
    assert introduction.deadline_on == timezone.localdate() + dt.timedelta(days=14)
    mails = sent()
    assert set(mails) == {place.asker_owner.email, place.partner_owner.email}
    assert all("Heat for greenhouses" in text and "?answer=no" in text for text in mails.values())
    # the asker was not named, the partner stood on the card with its name
    assert "Molenbeek" not in mails[place.partner_owner.email]
    assert "Rauchkamm" in mails[place.asker_owner.email]
    assert AuditEvent.objects.filter(verb="introduction.proposed").count() == 1
    assert verify().ok


def test_who_proposes_for_their_own_has_said_yes(place: SimpleNamespace, propose: Propose) -> None:
    introduction = propose(place.asker_owner, name_asker=True)
    assert introduction.state == "waiting"
    mails = sent()
    assert set(mails) == {place.partner_owner.email}
    assert "Molenbeek" in mails[place.partner_owner.email]


def test_a_pair_is_not_proposed_twice_in_either_direction(place: SimpleNamespace, propose: Propose) -> None:
    propose()
    for asker, partner in ((place.asker, place.partner), (place.partner, place.asker)):
        with pytest.raises(Conflict) as refusal:
            propose(asker=asker, partner=partner)
        assert refusal.value.code == "introduction-not-now"


def test_the_database_refuses_a_second_one_too(place: SimpleNamespace, propose: Propose) -> None:
    first = propose()
    first.pk, first.key = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)
    assert Introduction.objects.get().pair == pair_of(place.partner, place.asker)


def test_nobody_is_introduced_whom_nobody_can_ask(place: SimpleNamespace, propose: Propose) -> None:
    with pytest.raises(KontorError) as refusal:
        propose(partner=organisation("Nobody Home BV", "NL"))
    assert refusal.value.code == "introduction-nobody"
    assert "Nobody Home" not in str(refusal.value)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"days": 2}, "introduction-days"),
        ({"days": 61}, "introduction-days"),
        ({"note": "x" * 2001}, "text-too-long"),
    ],
)
def test_bad_input_is_refused(propose: Propose, values: dict[str, object], code: str) -> None:
    with pytest.raises(KontorError) as refusal:
        propose(**values)
    assert refusal.value.code == code


def test_an_organisation_is_not_introduced_to_itself_or_to_hidden_ones(
    place: SimpleNamespace, propose: Propose
) -> None:
    with pytest.raises(KontorError):
        propose(partner=place.asker)
    directory_actions.withdraw_consent(organisation=place.partner, actor=ACTOR)
    place.partner.refresh_from_db()
    with pytest.raises(KontorError) as refusal:
        propose()
    assert refusal.value.code == "introduction-not-listed"


def test_two_yes_exchange_names_and_contacts(place: SimpleNamespace, propose: Propose, say: Propose) -> None:
    introduction = propose(partner=place.hidden, statement=place.teaser)
    sent()
    assert say(introduction, "asker", "yes").state == "waiting"
    assert sent() == {}
    assert say(introduction, "partner", "yes").state == "agreed"
    mails = sent()
    assert "birgitte@hemmelig.example" in mails[place.asker_owner.email]
    assert "Molenbeek Warmte BV" in mails[place.hidden_owner.email]
    rows = set(Disclosure.objects.filter(channel="mail").values_list("about__key", "viewer_label", "level"))
    assert (place.hidden.key, "Molenbeek Warmte BV", "contacts") in rows


def test_a_no_closes_it_for_good_until_lifted(place: SimpleNamespace, propose: Propose, say: Propose) -> None:
    introduction = propose(place.asker_owner)
    sent()
    closed = say(introduction, "partner", "no", reason="competitor", words="They sell against us")
    assert closed.state == "declined"
    mails = sent()
    assert set(mails) == {place.asker_owner.email}
    assert "They sell against us" not in mails[place.asker_owner.email]
    with pytest.raises(Conflict):
        propose()
    actions.lift_refusal(refusal=Refusal.objects.get(), actor=ACTOR)
    assert propose().state == "proposed"


@pytest.mark.parametrize(
    ("reply", "values", "code"),
    [
        ("no", {}, "reason-missing"),
        ("no", {"reason": "whim"}, "reason-missing"),
        ("no", {"reason": "other"}, "reason-words"),
        ("later", {}, "later-when"),
        ("later", {"later_until": dt.date(2020, 1, 1)}, "later-when"),
        ("perhaps", {}, "reply-unknown"),
    ],
)
def test_answers_that_say_too_little(
    propose: Propose, say: Propose, reply: str, values: dict[str, object], code: str
) -> None:
    introduction = propose()
    with pytest.raises(KontorError) as refusal:
        say(introduction, "partner", reply, **values)
    assert refusal.value.code == code
    introduction.refresh_from_db()
    assert introduction.state == "proposed"


def test_later_moves_the_deadline_and_can_become_a_yes(propose: Propose, say: Propose) -> None:
    introduction = propose()
    day = timezone.localdate() + dt.timedelta(days=40)
    later = say(introduction, "partner", "later", later_until=day)
    assert (later.state, later.deadline_on) == ("waiting", day + dt.timedelta(days=7))
    assert say(introduction, "partner", "yes").state == "waiting"
    assert say(introduction, "asker", "yes").state == "agreed"


def test_an_answer_is_given_once(propose: Propose, say: Propose) -> None:
    introduction = propose()
    say(introduction, "partner", "yes")
    with pytest.raises(Conflict) as refusal:
        say(introduction, "partner", "no", reason="time")
    assert refusal.value.code == "answer-given"


def test_an_answer_is_taken_back_until_the_other_answers(
    place: SimpleNamespace, propose: Propose, say: Propose
) -> None:
    introduction = propose()
    say(introduction, "partner", "no", reason="time")
    again = actions.undo_answer(introduction=introduction, organisation=place.partner, actor=ACTOR)
    assert (again.state, again.closed_at) == ("proposed", None)
    assert not Refusal.objects.filter(lifted_at=None).exists()
    say(introduction, "partner", "yes")
    say(introduction, "asker", "yes")
    with pytest.raises(Conflict) as refusal:
        actions.undo_answer(introduction=introduction, organisation=place.partner, actor=ACTOR)
    assert refusal.value.code == "answer-final"


def test_a_lifted_no_is_not_taken_back_as_well(
    place: SimpleNamespace, propose: Propose, say: Propose
) -> None:
    introduction = propose()
    say(introduction, "partner", "no", reason="time")
    actions.lift_refusal(refusal=Refusal.objects.get(), actor=ACTOR)
    propose()
    with pytest.raises(Conflict):
        actions.undo_answer(introduction=introduction, organisation=place.partner, actor=ACTOR)


def test_withdrawn_by_the_proposer(place: SimpleNamespace, propose: Propose, say: Propose) -> None:
    introduction = propose()
    say(introduction, "partner", "yes")
    sent()
    actor = Actor.of_user(place.manager)
    assert actions.withdraw_introduction(introduction=introduction, actor=actor).state == "withdrawn"
    assert actions.withdraw_introduction(introduction=introduction, actor=actor).state == "withdrawn"
    assert set(sent()) == {place.partner_owner.email}
    with pytest.raises(Conflict):
        say(introduction, "asker", "yes")
    assert propose().state == "proposed"


def test_who_leaves_the_directory_leaves_open_introductions(place: SimpleNamespace, propose: Propose) -> None:
    introduction = propose()
    directory_actions.withdraw_consent(organisation=place.partner, actor=ACTOR)
    introduction.refresh_from_db()
    assert introduction.state == "withdrawn"


def test_not_this_one_is_kept_once_and_tells_nobody(place: SimpleNamespace, propose: Propose) -> None:
    for _again in range(2):
        actions.refuse_match(by=place.asker, other=place.partner, reason="size", actor=ACTOR)
    assert Refusal.objects.count() == 1
    assert sent() == {}
    with pytest.raises(Conflict):
        propose()


@pytest.fixture
def agreed(propose: Propose, say: Propose) -> Introduction:
    introduction = propose()
    say(introduction, "asker", "yes")
    return say(introduction, "partner", "yes")


def test_the_ledger_is_exact_and_only_added_to(place: SimpleNamespace, agreed: Introduction) -> None:
    for kind, amount in (("talk", None), ("contract", Decimal("1234567890.12"))):
        actions.report_outcome(
            introduction=agreed, organisation=place.asker, kind=kind, amount=amount, actor=ACTOR
        )
    rows = list(Outcome.objects.values_list("month", "kind", "amount"))
    assert rows == [(0, "talk", None), (0, "contract", Decimal("1234567890.12"))]
    agreed.refresh_from_db()
    assert agreed.state == "result"
    row = Outcome.objects.last()
    assert row is not None
    with pytest.raises(AppendOnly):
        row.save()
    with pytest.raises(AppendOnly):
        row.delete()
    with pytest.raises(AppendOnly):
        Outcome.objects.all().delete()
    with pytest.raises(AppendOnly):
        Outcome.objects.update(note="changed")


def test_a_correction_can_take_a_result_back(place: SimpleNamespace, agreed: Introduction) -> None:
    for kind in ("contract", "talk"):
        actions.report_outcome(introduction=agreed, organisation=place.asker, kind=kind, actor=ACTOR)
    agreed.refresh_from_db()
    assert agreed.state == "talks"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "marriage"}, "outcome-unknown"),
        ({"kind": "talk", "amount": Decimal(5)}, "amount-without-result"),
        ({"kind": "pilot", "amount": Decimal("5.001")}, "amount-unreadable"),
        ({"kind": "pilot", "amount": Decimal("NaN")}, "amount-unreadable"),
        ({"kind": "pilot", "amount": Decimal(-1)}, "amount-unreadable"),
        ({"kind": "pilot", "month": 3}, "month-not-due"),
        ({"kind": "pilot", "month": 4}, "month-not-due"),
    ],
)
def test_reports_that_cannot_be(
    place: SimpleNamespace, agreed: Introduction, values: dict[str, object], code: str
) -> None:
    with pytest.raises(KontorError) as refusal:
        actions.report_outcome(introduction=agreed, organisation=place.asker, actor=ACTOR, **values)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert not Outcome.objects.exists()


def test_only_the_two_report_and_only_once_agreed(place: SimpleNamespace, propose: Propose) -> None:
    introduction = propose()
    with pytest.raises(Conflict):
        actions.report_outcome(introduction=introduction, organisation=place.asker, kind="talk", actor=ACTOR)
    with pytest.raises(KontorError) as refusal:
        actions.report_outcome(introduction=introduction, organisation=place.hidden, kind="talk", actor=ACTOR)
    assert refusal.value.status == 404


def test_reports_fall_into_the_month_that_has_come(place: SimpleNamespace, agreed: Introduction) -> None:
    with time_machine.travel(timezone.now() + dt.timedelta(days=200)):
        row = actions.report_outcome(introduction=agreed, organisation=place.asker, kind="pilot", actor=ACTOR)
        early = actions.report_outcome(
            introduction=agreed, organisation=place.asker, kind="talk", month=3, actor=ACTOR
        )
    assert (row.month, early.month) == (6, 3)
