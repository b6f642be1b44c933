"""Handing in by the server's clock, and everything that may happen around it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from types import SimpleNamespace

import pytest
import time_machine
from django.db import OperationalError, connection, connections

from kontor.base.actor import Actor
from kontor.base.audit import verify
from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.features.calls import actions
from kontor.features.calls.actions import Incomplete, Written
from kontor.features.calls.actions.locking import locked
from kontor.features.calls.completeness import problems_of, state_of
from kontor.features.calls.models import Application, ApplicationState, Submission
from kontor.features.calls.snapshot import digest_of
from kontor.features.calls.tests.conftest import sign
from kontor.features.organisations.actions import change_organisation


def test_a_receipt_names_number_time_and_hash(round_: SimpleNamespace, complete: Application) -> None:
    by = Actor.of_user(round_.owner)
    moment = round_.call.closes_at - dt.timedelta(microseconds=1)
    with time_machine.travel(moment, tick=False):
        made = actions.submit_application(application=complete, revision=complete.revision, actor=by)
    complete.refresh_from_db()
    assert (made.receipt, made.at, complete.state) == (f"{complete.number}/1", moment, "submitted")
    assert made.sha256 == digest_of(made.snapshot)
    assert complete.snapshot["answers"]["innovation"].startswith("Secret idea")
    assert complete.snapshot["requested"] == "120000.00"
    event = AuditEvent.objects.get(verb="application.submitted")
    assert event.changes["sha256"] == [None, made.sha256]
    assert "nose" not in str(event.changes) + event.subject_label


def test_the_deadline_itself_is_late(round_: SimpleNamespace, complete: Application) -> None:
    with time_machine.travel(round_.call.closes_at, tick=False), pytest.raises(KontorError) as refused:
        actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    assert refused.value.code == "call-closed"
    assert round_.call.closes_at.astimezone(round_.call.zone).strftime("%H:%M:%S") in str(refused.value)
    complete.refresh_from_db()
    assert complete.state == "draft"
    assert Submission.objects.count() == 0


def test_the_moment_is_when_the_request_came_not_when_its_turn_came(
    round_: SimpleNamespace, complete: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(round_.call.closes_at - dt.timedelta(seconds=1), tick=False) as clock:

        def waiting(application: Application) -> Application:
            clock.shift(dt.timedelta(seconds=5))
            return locked(application)

        monkeypatch.setattr("kontor.features.calls.actions.submitting.locked", waiting)
        made = actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    assert made.at == round_.call.closes_at - dt.timedelta(seconds=1)


def test_nothing_is_handed_in_before_the_call_opens(round_: SimpleNamespace, complete: Application) -> None:
    early = round_.call.opens_at - dt.timedelta(seconds=1)
    with time_machine.travel(early, tick=False), pytest.raises(KontorError) as refused:
        actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    assert (refused.value.code, Submission.objects.count()) == ("call-closed", 0)


def test_a_page_that_stays_open_over_the_deadline_still_saves(
    round_: SimpleNamespace, draft: Application
) -> None:
    with time_machine.travel(round_.call.closes_at + dt.timedelta(minutes=1), tick=False):
        actions.save_answers(
            application=draft, written={"market": Written("Kept")}, actor=Actor.of_user(round_.owner)
        )
    assert draft.answers.get(field="market").value == "Kept"


def test_submitting_twice_answers_with_one_receipt(round_: SimpleNamespace, complete: Application) -> None:
    by = Actor.of_user(round_.owner)
    first = actions.submit_application(application=complete, actor=by)
    assert actions.submit_application(application=complete, actor=by).pk == first.pk
    assert Submission.objects.count() == 1


def test_whoever_looked_before_the_last_change_looks_again(
    round_: SimpleNamespace, complete: Application
) -> None:
    seen = complete.revision
    actions.save_answers(
        application=complete, written={"market": Written("New", seen)}, actor=Actor.of_user(round_.colleague)
    )
    with pytest.raises(Conflict, match="Paul Partner changed the application"):
        actions.submit_application(application=complete, revision=seen, actor=Actor.of_user(round_.owner))


def test_what_is_missing_is_named_with_place_and_rule(round_: SimpleNamespace, draft: Application) -> None:
    with pytest.raises(Incomplete) as refused:
        actions.submit_application(application=draft, actor=Actor.of_user(round_.owner))
    problems = {one.field: one for one in refused.value.problems}
    assert list(problems) == [
        "title", "summary", "themes", "technologies", "innovation", "applied-before", "market",
        "cross-border", "months", "budget", "",
    ]  # fmt: skip
    assert problems[""].code == "signature"
    market = problems["market"]
    assert market.href == f"/calls/applications/{draft.key}/write/benefit/?check#f-market"
    assert market.rule == "Market and benefit: an answer is required."


def test_a_broken_rule_is_told_and_does_not_block(round_: SimpleNamespace, complete: Application) -> None:
    """One country only: it may be submitted, and will be found not eligible."""
    partner = complete.partners.get(organisation=round_.partner)
    actions.remove_partner(partner=partner, actor=Actor.of_user(round_.owner))
    told = [one for one in problems_of(state_of(complete)) if not one.blocks]
    assert [one.code for one in told] == ["minimum-countries", "smes-per-side"]
    assert "good practice 1926" in told[0].rule
    made = actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    assert [one["name"] for one in made.snapshot["partners"]] == ["Lumen Optica BV"]


def test_two_versions_beside_each_other_block(round_: SimpleNamespace, complete: Application) -> None:
    begun = complete.revision
    for user, text in ((round_.owner, "A dairy gains."), (round_.colleague, "A farm gains.")):
        actions.save_answers(
            application=complete, written={"market": Written(text, begun)}, actor=Actor.of_user(user)
        )
    with pytest.raises(Incomplete, match="two versions stand beside each other"):
        actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))


def test_the_directory_changes_no_submission(round_: SimpleNamespace, complete: Application) -> None:
    actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    change_organisation(
        organisation=round_.lead, values={"name": "Renamed BV"}, base={"name": "Lumen Optica BV"},
        actor=Actor.system("test"),
    )  # fmt: skip
    assert complete.snapshot["lead"]["name"] == "Lumen Optica BV"


def test_take_back_change_and_submit_again(round_: SimpleNamespace, complete: Application) -> None:
    by = Actor.of_user(round_.owner)
    first = actions.submit_application(application=complete, actor=by)
    actions.take_submission_back(application=complete, actor=by)
    actions.save_answers(
        application=complete, written={"market": Written("More", complete.revision)}, actor=by
    )
    sign(complete)
    second = actions.submit_application(application=complete, actor=by)
    assert second.receipt == f"{first.receipt}.2"
    assert [one.snapshot["answers"]["market"] for one in (first, second)] == [
        "Dairies lose milk every day.", "More",
    ]  # fmt: skip
    assert complete.snapshot["answers"]["market"] == "More"


def test_a_withdrawal_is_undone_before_the_deadline_only(
    round_: SimpleNamespace, complete: Application
) -> None:
    by = Actor.of_user(round_.owner)
    actions.submit_application(application=complete, actor=by)
    actions.withdraw_application(application=complete, reason="No money", actor=by)
    assert actions.undo_withdrawal(application=complete, actor=by).state == "submitted"
    actions.withdraw_application(application=complete, actor=by)
    with time_machine.travel(round_.call.closes_at, tick=False), pytest.raises(KontorError) as refused:
        actions.undo_withdrawal(application=complete, actor=by)
    assert refused.value.code == "call-closed"


def test_the_second_step_asks_only_what_is_new(round_: SimpleNamespace, complete: Application) -> None:
    by = Actor.of_user(round_.owner)
    actions.submit_application(application=complete, actor=by)
    with pytest.raises(KontorError, match="not possible now"):
        actions.invite_to_second_step(application=complete, actor=by)
    actions.move_application(application=complete, to=ApplicationState.ELIGIBLE, actor=by)
    actions.invite_to_second_step(application=complete, actor=by)
    fields = [one.field for one in problems_of(state_of(complete)) if one.blocks]
    assert fields == ["readiness", "packages", "risks", "consortium", "exploitation", "other-aid", ""]
    with pytest.raises(KontorError) as refused:
        actions.save_answers(application=complete, written={"title": Written("Other")}, actor=by)
    assert refused.value.code == "field-unknown"
    packages = [{"id": str(at), "name": f"P{at}", "result": "Done"} for at in range(2)]
    risk = {"id": "1", "risk": "Late", "likelihood": "low", "damage": "high", "answer": "Early"}
    written = {
        "readiness": "7", "packages": packages, "risks": [risk],
        "consortium": "They can.", "exploitation": "They sell.", "other-aid": "no",
    }  # fmt: skip
    actions.save_answers(
        application=complete, written={key: Written(value) for key, value in written.items()}, actor=by
    )
    sign(complete)
    made = actions.submit_application(application=complete, actor=by)
    assert made.receipt == f"{complete.number}/2"
    assert made.snapshot["answers"]["title"] == "A nose for milk"


def test_states_move_along_legal_steps_only(round_: SimpleNamespace, complete: Application) -> None:
    by = Actor.of_user(round_.manager)
    with pytest.raises(KontorError) as refused:
        actions.move_application(application=complete, to="decided", actor=by)
    assert refused.value.code == "state-not-reachable"


@pytest.mark.django_db(transaction=True)
def test_two_submit_at_once_and_a_third_writes(round_: SimpleNamespace, complete: Application) -> None:
    """One receipt; the text is either in it or refused, never half in."""
    found: list[object] = []

    def run(work: object) -> None:
        try:
            while True:
                try:
                    found.append(work())  # type: ignore[operator]
                    return
                except KontorError as error:
                    found.append(error.code)
                    return
                except OperationalError:
                    # the tests' SQLite lies in memory and refuses where a file would wait
                    assert connection.vendor == "sqlite"
                    time.sleep(0.02)
        finally:
            connections.close_all()

    def submit(user: object) -> object:
        return lambda: actions.submit_application(application=complete, actor=Actor.of_user(user)).receipt

    def write() -> object:
        text = {"market": Written("Written meanwhile", complete.revision)}
        saved = actions.save_answers(application=complete, written=text, actor=Actor.of_user(round_.editor))
        return saved["market"].outcome

    works = [submit(round_.owner), submit(round_.owner), write]
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    receipts = [one for one in found if one == f"{complete.number}/1"]
    if "saved" in [str(one) for one in found]:
        # written first: the partner signed other words, so nobody could submit
        assert (found.count("incomplete"), receipts) == (2, [])
        sign(complete)
        actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
        expected = "Written meanwhile"
    else:
        assert ("not-a-draft" in found, len(receipts)) == (True, 2)
        expected = "Dairies lose milk every day."
    assert Submission.objects.get().snapshot["answers"]["market"] == expected
    assert verify().ok
