"""Amendments: only the fields asked about, only in time, both versions kept, and nobody else reads a
draft.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent, Job
from kontor.features.calls import actions
from kontor.features.calls.dossier.actions import amending
from kontor.features.calls.dossier.facts import answers_of
from kontor.features.calls.dossier.tests.conftest import by
from kontor.features.calls.dossier.whole import whole_of
from kontor.features.calls.models import Amendment, Application, Signature

pytestmark = pytest.mark.django_db

NEW = "Dairies lose a tenth of their milk."


def asked(round_: SimpleNamespace, application: Application, **told: Any) -> Amendment:
    values = {
        "fields": ["market"],
        "question": "How much milk is lost?",
        "deadline": timezone.now() + dt.timedelta(days=7),
        **told,
    }
    return amending.ask_amendment(application=application, actor=by(round_.manager), **values)


def draft_of(round_: SimpleNamespace, row: Amendment, note: str = "", **values: Any) -> Amendment:
    return amending.save_amendment(
        amendment=row, values=values, note=note, revision=row.revision, actor=by(round_.editor)
    )


def code_of(call: Any) -> str:
    with pytest.raises(KontorError) as refused:
        call()
    return refused.value.code


def test_asked_answered_and_both_versions_kept(round_: SimpleNamespace, submitted: Application) -> None:
    first = submitted.submissions.get()
    before = first.snapshot["answers"]["market"]
    row = asked(round_, submitted)
    told = {
        job.payload["to"]
        for job in Job.objects.filter(kind="mail.send")
        if "question" in job.payload["subject"]
    }
    assert told == {round_.owner.email, round_.editor.email}

    row = draft_of(round_, row, market=NEW)
    assert answers_of(submitted)["market"] == before  # nothing counts before it is handed in
    row = amending.answer_amendment(amendment=row, revision=row.revision, actor=by(round_.owner))
    submitted.refresh_from_db()
    assert (row.before, row.after) == ({"market": before}, {"market": NEW})
    assert answers_of(submitted)["market"] == NEW
    assert [one.snapshot["answers"]["market"] for one in submitted.submissions.order_by("id")] == [
        before,
        NEW,
    ]
    assert (submitted.state, submitted.receipt) == ("submitted", row.submission.receipt)
    assert submitted.receipt != first.receipt
    assert submitted.submitted_at == first.at
    assert Signature.objects.standing().count() == 1
    assert AuditEvent.objects.filter(verb__startswith="amendment.").count() == 2


def test_no_other_field_can_be_changed(round_: SimpleNamespace, submitted: Application) -> None:
    row = asked(round_, submitted)
    assert code_of(lambda: draft_of(round_, row, innovation="Something else")) == "field-not-asked"
    assert code_of(lambda: actions.save_answers(
        application=submitted, written={"market": actions.Written(NEW)}, actor=by(round_.editor)
    )) == "not-a-draft"  # fmt: skip


def test_an_answer_keeps_the_rules_of_the_form(round_: SimpleNamespace, submitted: Application) -> None:
    row = draft_of(round_, asked(round_, submitted, fields=["months"]), months="soon")
    assert (
        code_of(
            lambda: amending.answer_amendment(amendment=row, revision=row.revision, actor=by(round_.owner))
        )
        == "answers"
    )
    same = draft_of(round_, row, months="24")
    assert (
        code_of(
            lambda: amending.answer_amendment(amendment=same, revision=same.revision, actor=by(round_.owner))
        )
        == "nothing-changed"
    )
    said = draft_of(round_, same, note="It stays at 24 months.", months="24")
    done = amending.answer_amendment(amendment=said, revision=said.revision, actor=by(round_.owner))
    assert (done.state, done.note) == ("answered", "It stays at 24 months.")


def test_the_deadline_is_late_by_the_servers_clock(round_: SimpleNamespace, submitted: Application) -> None:
    row = draft_of(round_, asked(round_, submitted), market=NEW)
    with time_machine.travel(row.deadline, tick=False):
        for late in (
            lambda: draft_of(round_, row, market="Later."),
            lambda: amending.answer_amendment(amendment=row, revision=row.revision, actor=by(round_.owner)),
        ):
            assert code_of(late) == "amendment-late"
        again = amending.ask_again(
            amendment=row, deadline=row.deadline + dt.timedelta(days=1), actor=by(round_.manager)
        )
        amending.answer_amendment(amendment=again, revision=again.revision, actor=by(round_.owner))
    assert answers_of(submitted)["market"] == NEW


def test_two_people_answering_at_once_lose_nothing(round_: SimpleNamespace, submitted: Application) -> None:
    row = asked(round_, submitted)
    draft_of(round_, row, market="From one.")
    with pytest.raises(Conflict):
        draft_of(round_, row, market="From the other.")
    with pytest.raises(Conflict):
        amending.answer_amendment(amendment=row, revision=row.revision, actor=by(round_.owner))
    assert Amendment.objects.get().after == {"market": "From one."}


def test_what_cannot_be_asked(round_: SimpleNamespace, submitted: Application, draft: Application) -> None:
    past = timezone.now() - dt.timedelta(minutes=1)
    asked(round_, submitted)
    for told, code in (
        ({"fields": ["market"]}, "asked-already"),
        ({"fields": ["no-such"]}, "fields"),
        ({"fields": []}, "fields"),
        ({"fields": ["innovation"], "deadline": past}, "deadline-past"),
        ({"fields": ["innovation"], "question": "  "}, "question"),
    ):
        assert (code, code_of(lambda told=told: asked(round_, submitted, **told))) == (code, code)
    other = actions.begin_application(call=round_.call, lead=round_.lead, actor=by(round_.owner))
    assert code_of(lambda: asked(round_, other)) == "not-handed-in"


def test_withdrawn_questions_wait_no_longer_and_can_come_back(
    round_: SimpleNamespace, submitted: Application
) -> None:
    row = amending.withdraw_amendment(amendment=asked(round_, submitted), actor=by(round_.manager))
    assert code_of(lambda: draft_of(round_, row, market=NEW)) == "amendment-over"
    again = amending.ask_again(amendment=row, deadline=row.deadline, actor=by(round_.manager))
    assert draft_of(round_, again, market=NEW).after == {"market": NEW}


def test_the_programme_reads_no_draft_of_an_answer(round_: SimpleNamespace, submitted: Application) -> None:
    row = draft_of(round_, asked(round_, submitted), market="Half a thought, secret")

    def seen(user: Any) -> str:
        return repr(whole_of(user, submitted, "en"))

    assert "Half a thought" not in seen(round_.manager) + seen(round_.controller)
    assert "Half a thought" in seen(round_.reader)
    row = draft_of(round_, row, market=NEW)
    amending.answer_amendment(amendment=row, revision=row.revision, actor=by(round_.owner))
    submitted.refresh_from_db()
    assert NEW in seen(round_.manager)


def test_nothing_changes_by_an_answer_after_the_decision_or_a_withdrawal(
    round_: SimpleNamespace, submitted: Application
) -> None:
    row = draft_of(round_, asked(round_, submitted), market=NEW)
    later = timezone.now() + dt.timedelta(days=9)
    for state in ("decided", "withdrawn", "draft"):
        Application.objects.filter(pk=submitted.pk).update(state=state)
        for call in (
            lambda: amending.answer_amendment(amendment=row, revision=row.revision, actor=by(round_.owner)),
            lambda: amending.ask_again(amendment=row, deadline=later, actor=by(round_.manager)),
        ):
            assert code_of(call) == "not-handed-in", state
    assert submitted.submissions.count() == 1
    assert answers_of(submitted)["market"] != NEW


def test_an_answer_of_another_shape_names_its_field(round_: SimpleNamespace, submitted: Application) -> None:
    row = asked(round_, submitted)
    assert code_of(lambda: draft_of(round_, row, market={"not": "a text"})) == "answer-shape"
