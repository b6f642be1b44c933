"""The officer's decision: recorded with the rules' answers, never overwritten, undone by another row."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AppendOnly
from kontor.features.calls.actions import Written, begin_application, save_answers
from kontor.features.calls.checking.actions import (
    decide_eligibility,
    forget_checks,
    keep_check,
    prefill_application,
    take_back_eligibility,
)
from kontor.features.calls.models import Application, Call, EligibilityDecision, SelfCheck
from kontor.features.calls.rules import may_handle_application
from kontor.features.organisations.tests.factories import ACTOR


def _decide(application: Application, verdict: str, reason: str = "", seen: int = 0) -> EligibilityDecision:
    return decide_eligibility(application=application, verdict=verdict, reason=reason, seen=seen, actor=ACTOR)


def test_eligible_as_the_rules_say_needs_no_reason(handed_in: Callable[..., Application]) -> None:
    application = handed_in()
    row = _decide(application, "eligible")
    application.refresh_from_db()
    assert (application.state, row.computed, row.waived, row.receipt) == (
        "eligible",
        "yes",
        [],
        application.receipt,
    )
    assert [(one["rule"], one["state"]) for one in row.answers] == [
        ("minimum-countries", "yes"),
        ("rate", "yes"),
    ]
    assert row.answers[0]["text"]["de"] != row.answers[0]["text"]["en"]


def test_deciding_against_the_rules_needs_a_reason_and_names_them(
    handed_in: Callable[..., Application],
) -> None:
    alone = handed_in(partners=[])
    for verdict in ("eligible", "ineligible"):
        with pytest.raises(KontorError) as refused:
            _decide(alone, verdict)
        assert refused.value.path == "reason"
    row = _decide(alone, "eligible", "The partner signs tomorrow")
    assert (row.computed, row.waived) == ("no", ["minimum-countries"])


def test_a_colleague_who_decided_in_between_is_not_overwritten(handed_in: Callable[..., Application]) -> None:
    application = handed_in()
    first = _decide(application, "ineligible", "Wrong form")
    with pytest.raises(Conflict):
        _decide(application, "eligible")
    _decide(application, "eligible", "Form was right", seen=1)
    assert [(one.number, one.verdict) for one in application.eligibility_decisions.all()] == [
        (2, "eligible"),
        (1, "ineligible"),
    ]
    first.reason = "Never said"
    with pytest.raises(AppendOnly):
        first.save()


def test_nobody_decides_about_an_application_of_their_own(
    handed_in: Callable[..., Application], place: SimpleNamespace
) -> None:
    application, both = handed_in(), place.owner
    both.assignments.create(role="programme_manager", scope_kind="programme", scope_key="border-light")
    both.forget_roles()
    assert may_handle_application.test(both, application)
    told = {"application": application, "reason": "Ours", "actor": Actor.of_user(both)}
    with pytest.raises(KontorError, match="You stand for an organisation in"):
        decide_eligibility(verdict="eligible", seen=0, **told)
    _decide(application, "ineligible", "Too late")
    with pytest.raises(KontorError, match="You stand for an organisation in"):
        take_back_eligibility(seen=1, **told)
    assert [row.verdict for row in application.eligibility_decisions.all()] == ["ineligible"]


def test_taking_back_adds_a_row_and_the_application_is_submitted_again(
    handed_in: Callable[..., Application],
) -> None:
    application = handed_in()
    _decide(application, "eligible")
    with pytest.raises(KontorError, match="reason"):
        take_back_eligibility(application=application, reason=" ", seen=1, actor=ACTOR)
    take_back_eligibility(application=application, reason="Clicked wrongly", seen=1, actor=ACTOR)
    application.refresh_from_db()
    assert application.state == "submitted"
    with pytest.raises(KontorError, match="no decision"):
        take_back_eligibility(application=application, reason="Again", seen=2, actor=ACTOR)
    assert [one.verdict for one in application.eligibility_decisions.all()] == ["taken-back", "eligible"]


def test_nothing_is_decided_about_a_draft(handed_in: Callable[..., Application]) -> None:
    application = handed_in()
    application.state = "draft"
    application.save()
    with pytest.raises(KontorError) as refused:
        _decide(application, "eligible")
    assert refused.value.code == "state-not-decidable"


def test_a_check_is_kept_changed_and_forgotten(opened: Call, place: SimpleNamespace) -> None:
    team = [{"key": "1", "country": "NL", "lead": True}, {"key": "2", "country": "NL"}]
    check = keep_check(call=opened, answers={"partners": team}, actor=ACTOR)
    assert (check.verdict, len(check.key)) == ("no", 20)
    team[1]["country"] = "DE"
    same = keep_check(call=opened, answers={"partners": team, "grant": "10.00"}, check=check, actor=ACTOR)
    assert (same.pk, same.verdict) == (check.pk, "clarify")
    with pytest.raises(KontorError) as refused:
        keep_check(call=opened, answers={"idea": "x" * 50_000}, actor=ACTOR)
    assert refused.value.path == "idea"
    assert forget_checks(today=check.forget_on) == 0
    SelfCheck.objects.update(forget_on="2020-01-01")
    assert forget_checks(today=check.forget_on) == 1


def test_a_check_begins_an_application_and_overwrites_nothing(place: SimpleNamespace) -> None:
    team = [{"key": "1", "name": "Lumen BV", "lead": True}, {"key": "2", "name": "Licht GmbH", "new": True},
            {"key": "3", "name": "Somebody else"}]  # fmt: skip
    answers = {"title": "Lamp", "idea": "It shines.", "themes": ["energy"], "months": 12, "partners": team}
    check = keep_check(call=place.call, answers=answers, actor=ACTOR)
    made = begin_application(call=place.call, lead=place.lead, actor=ACTOR)
    save_answers(application=made, written={"title": Written("Better lamp")}, actor=ACTOR)
    known = {one.name: one for one in (place.lead, place.partner)}
    prefill_application(application=made, check=check, organisations=known, actor=ACTOR)
    made.refresh_from_db()
    assert (made.title, made.themes, made.months) == ("Better lamp", ["energy"], 12)
    assert made.answers.get(field="summary").value == "It shines."
    assert [(one.organisation.name, one.new) for one in made.partners.current()] == [
        ("Lumen BV", None),
        ("Licht GmbH", True),
    ]
    assert (made.case.check_made, check.application) == (check, made)
