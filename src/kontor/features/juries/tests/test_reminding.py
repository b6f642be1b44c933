"""Telling assessors what waits, reminding them, and files that a jury opens to its assessors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import TemplateSyntaxError
from django.test import Client
from django.utils import timezone

from kontor.base.attachments import attach
from kontor.base.errors import KontorError
from kontor.base.jobs import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.features.accounts.models import User
from kontor.features.calls.models import Answer
from kontor.features.juries import actions, tasks
from kontor.features.juries.actions import reminding
from kontor.features.juries.actions.reminding import is_due
from kontor.features.juries.models import Assignment, Expert, Member, Panel
from kontor.features.juries.tests.conftest import reviewed
from kontor.features.juries.visibility import open_files
from kontor.features.organisations.tests.factories import ACTOR
from kontor.programmes.forms import form_for, form_json

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def sent() -> list[tuple[str, str]]:
    run_due_jobs()
    told = sorted((one.to[0].split("@")[0], one.subject) for one in mail.outbox)
    mail.outbox.clear()
    return told


def test_who_has_not_handed_in_is_reminded_once_a_day(jury: SimpleNamespace, signed_in: SignedIn) -> None:
    for each in (jury.assignments[0], jury.assignments[4]):
        reviewed(each, "4")  # Anna is done
    Expert.objects.filter(pk=jury.experts[1].pk).update(language="de")
    path = f"{jury.panel.get_absolute_url()}remind/"
    for who in (jury.controller, jury.experts[0].user):
        assert signed_in(who).post(path).status_code == 403
    client = signed_in(jury.manager)
    assert "3 assessors are reminded." in client.post(path, follow=True).content.decode()
    run_due_jobs()
    text = next(one.body for one in mail.outbox if one.to[0].startswith("bert"))
    assert "– R-1 Project 1\n– R-4 Project 4" in text
    assert sent() == [
        ("bert", "Erinnerung: Gutachten für ROCKET: letzte Runde"),
        ("cleo", "Reminder: assessments for ROCKET: last round"),
        ("dirk", "Reminder: assessments for ROCKET: last round"),
    ]
    assert "was reminded today" in client.post(path, follow=True).content.decode()
    assert sent() == []
    event = AuditEvent.objects.filter(verb="jury.reminded").get()
    assert event.changes["reminded"][1] == [each.key for each in jury.experts[1:]]
    for each in Assignment.objects.filter(review=None):
        reviewed(each, "4")
    with pytest.raises(KontorError, match="nobody is left to remind"):
        actions.remind_assessors(panel=jury.panel, actor=ACTOR)


def test_reminders_go_out_by_themselves_before_the_due_date_and_once_after_it(jury: SimpleNamespace) -> None:
    due, member = dt.date(2027, 3, 10), Member(reminded_on=None)
    panel = Panel(due_on=due, remind_days=3)
    days = [day for day in range(1, 20) if is_due(panel, member, dt.date(2027, 3, day))]
    assert days == list(range(7, 20)), "nobody is missed where a day's round failed"
    member.reminded_on = dt.date(2027, 3, 7)
    assert [day for day in range(7, 20) if is_due(panel, member, dt.date(2027, 3, day))] == list(
        range(11, 20)
    )
    member.reminded_on = dt.date(2027, 3, 11)
    assert not any(is_due(panel, member, dt.date(2027, 3, day)) for day in range(11, 20))
    assert not is_due(Panel(due_on=due, remind_days=0), Member(), due)
    today = timezone.localdate()
    Panel.objects.update(due_on=today - dt.timedelta(days=1), blind="double")
    job = SimpleNamespace(progress=lambda *_told: None, actor=ACTOR)
    assert tasks.remind(job) == {"mails": 4}  # type: ignore[arg-type]  # what a job offers its handler
    assert tasks.remind(job) == {"mails": 0}  # type: ignore[arg-type]
    run_due_jobs()
    assert all("overdue" in one.subject and "Project" not in one.body for one in mail.outbox)


def test_a_reminder_that_fails_keeps_no_other_back_and_is_tried_again(
    jury: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    Panel.objects.update(due_on=timezone.localdate())
    job = SimpleNamespace(progress=lambda *_told: None, actor=ACTOR)
    broken, send = jury.experts[1].email, reminding.mail.send

    def breaking(**words: Any) -> None:
        if words["to"] == broken:
            raise TemplateSyntaxError("jury_sheets.txt")
        send(**words)

    with monkeypatch.context() as patched:
        patched.setattr(reminding.mail, "send", breaking)
        assert tasks.remind(job) == {"mails": 3}  # type: ignore[arg-type]  # what a job offers its handler
    assert tasks.remind(job) == {"mails": 1}  # type: ignore[arg-type]
    told = [event.changes["reminded"][1] for event in AuditEvent.objects.filter(verb="jury.reminded")]
    assert sorted(map(len, told)) == [1, 3]
    assert [jury.experts[1].key] in told


def test_assessors_are_told_when_the_review_begins_and_what_comes_later(jury: SimpleNamespace) -> None:
    Panel.objects.update(phase="preparing")
    jury.panel.refresh_from_db()
    actions.move_phase(panel=jury.panel, to="reviewing", revision=None, actor=jury.by)
    assert [who for who, _subject in sent()] == ["anna", "bert", "cleo", "dirk"]
    actions.assign_by_hand(
        member=jury.members[2], application=jury.applications[0], reason="knows heat", actor=jury.by
    )
    assert sent() == [("cleo", "Applications for you to assess: ROCKET: last round")]


@pytest.fixture
def filed(jury: SimpleNamespace) -> SimpleNamespace:
    """R-1 has an annex in a field of its form, and money of both partners."""
    call, first = jury.call, jury.applications[0]
    call.form = form_json(form_for(call.definition_of_programme, call.instrument_of_programme))
    call.save()
    jury.field = next(each for each in call.questions.fields() if each.kind == "file").key
    upload = SimpleUploadedFile("Zonnewind.pdf", b"%PDF-1.7 x", content_type="application/pdf")
    jury.file = attach(subject=first, upload=upload, actor=ACTOR)
    partners = list(first.partners.current())
    values = {
        jury.field: [{"key": jury.file.key, "name": "Zonnewind.pdf", "size": 10}],
        "budget": {row.key: {"own-wages": "700.00", "grant": "300.00"} for row in partners},
    }
    for key, value in values.items():
        Answer.objects.create(
            application=first, field=key, value=value, revision=1, changed_at=timezone.now(),
            changed_by="x", changed_by_key="x",
        )  # fmt: skip
    jury.panel.refresh_from_db()
    return jury


def test_files_open_field_by_field_and_stay_closed_where_names_are_hidden(
    filed: SimpleNamespace, signed_in: SignedIn
) -> None:
    root = filed.panel.get_absolute_url()
    page = f"{root}applications/{filed.applications[0].key}/"
    path = f"{page}files/{filed.file.key}/"
    anna, manager = signed_in(filed.experts[0].user), signed_in(filed.manager)
    assert anna.get(path)["Content-Disposition"] == 'attachment; filename="Zonnewind.pdf"'
    assert "Partner 0 GmbH" in anna.get(page).content.decode()
    Panel.objects.update(blind="double")
    told = anna.get(page).content.decode()
    assert "Zonnewind" not in told
    assert "Partner 0 GmbH" not in told
    assert "Partner 1" in told, "the budget stays legible"
    assert "700.00" in told
    assert anna.get(path).status_code == 404
    assert manager.get(path).status_code == 200
    assert signed_in(filed.stranger).get(path).status_code == 404
    shown = manager.get(f"{root}settings/").content.decode()
    assert "nothing hides them inside files" in shown
    panel = Panel.objects.get()
    values = {"files_open": [filed.field, "invented"]}
    actions.change_panel(panel=panel, values=values, revision=panel.revision, actor=filed.by)
    assert anna.get(path).status_code == 200
    matrix = {"reviewing": {"juror": ["text", "own"]}}
    panel = actions.set_matrix(panel=panel, matrix=matrix, revision=None, actor=filed.by)
    assert anna.get(path).status_code == 404
    actions.declare_conflict(
        expert=filed.experts[1], application=filed.applications[0], reason="cousin", actor=ACTOR
    )
    assert signed_in(filed.experts[1].user).get(path).status_code == 404


def test_undecided_files_close_when_names_are_hidden_and_the_matrix_forgets_nothing(
    filed: SimpleNamespace, signed_in: SignedIn
) -> None:
    panel = filed.panel
    assert filed.field in open_files(panel)
    panel.blind = "double"
    assert open_files(panel) == frozenset()
    panel.save()
    matrix = {"reviewing": {"juror": ["text", "own"]}}
    panel = actions.set_matrix(panel=panel, matrix=matrix, revision=None, actor=filed.by)
    assert panel.matrix == {}, "without an open field nobody could tick files"
    preview = f"{panel.get_absolute_url()}preview/?role=juror&member={filed.members[0].key}"
    client = signed_in(filed.manager)
    hidden = client.get(f"{preview}&phase=reviewing").content.decode()
    assert "Zonnewind" not in hidden
    assert "Zonnewind" in client.get(f"{preview}&phase=reviewing&names=open").content.decode()
    assert Panel.objects.get().blind == "double", "looking changes nothing"
