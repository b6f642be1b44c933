"""The life of a call: drafted, edited by two, published and frozen, extended, withdrawn; questions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.features.calls.actions import begin_application
from kontor.features.calls.announcing import actions
from kontor.features.calls.announcing.ics import calendar_file
from kontor.features.calls.announcing.queries import calendar_of, money_left, phase_of
from kontor.features.calls.models import Call, Question
from kontor.features.organisations.tests.factories import ACTOR
from kontor.features.programmes.actions import commit_money, publish_draft, save_draft
from kontor.features.programmes.models import Programme

from .conftest import FILE

BERLIN = dt.timezone(dt.timedelta(hours=1))


def test_a_draft_holds_what_the_file_says(draft: Call) -> None:
    assert draft.title == {"en": "Border light: Project", "de": "Grenzlicht: Projekt"}
    assert draft.summary == {"en": "A product together.", "de": "Ein gemeinsames Produkt."}
    assert (draft.languages, draft.steps, draft.mode, draft.regions) == (["en", "de"], 1, "single", [])
    assert phase_of(draft, timezone.now()).key == "draft"


def test_publishing_freezes_rules_and_form_and_later_versions_change_nothing(
    opened: Call, programme: Programme
) -> None:
    assert opened.version is not None
    assert opened.version.state == "frozen"
    assert next(field.key for field in opened.questions.fields()) == "title"
    text = FILE.replace("minimum = 2", "minimum = 3").replace('version = "1"', 'version = "2"')
    save_draft(programme=programme, text=text, revision=None, actor=ACTOR)
    publish_draft(programme=programme, actor=ACTOR)
    call = Call.objects.get(pk=opened.pk)
    assert call.instrument_of_programme.rules[0].values == {"minimum": 2}


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"title": {"en": "Only English"}}, "title_de"),
        ({"summary": {}}, "summary_en"),
    ],
)
def test_what_is_missing_stands_in_the_way_by_its_field(
    draft: Call, values: dict[str, object], path: str
) -> None:
    actions.save_call(call=draft, values=values, revision=draft.revision, actor=ACTOR)
    with pytest.raises(KontorError) as refused:
        actions.publish_call(call=draft, actor=ACTOR)
    assert refused.value.path == path
    assert Call.objects.get(pk=draft.pk).state == "draft"


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"closes_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "closes_at"),
        ({"closes_at": dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC)}, "closes_at"),
        ({"languages": []}, "languages"),
        ({"steps": 3}, "steps"),
        ({"more": ["yacht"]}, "instrument"),
        ({"regions": [{"key": "a", "name": {}}, {"key": "a", "name": {}}]}, "regions"),
        ({"regions": [{"key": "a", "name": {}, "budget": "12.345"}]}, "regions.0.budget"),
        ({"regions": [{"key": "a", "name": {}, "nuts": ["XX9"]}]}, "regions.0.nuts"),
    ],
)
def test_nonsense_is_refused_at_its_place(draft: Call, values: dict[str, object], path: str) -> None:
    with pytest.raises(KontorError) as refused:
        actions.save_call(call=draft, values=values, revision=None, actor=ACTOR)
    assert refused.value.path == path


def test_the_second_of_two_editors_is_told(draft: Call) -> None:
    seen = draft.revision
    actions.save_call(
        call=draft, values={"title": {"en": "First", "de": "Erste"}}, revision=seen, actor=ACTOR
    )
    with pytest.raises(Conflict):
        actions.save_call(call=draft, values={"title": {"en": "Second"}}, revision=seen, actor=ACTOR)
    assert Call.objects.get(pk=draft.pk).title["en"] == "First"


def test_a_published_call_is_not_edited_but_extended(place: SimpleNamespace) -> None:
    call, before = place.call, place.call.closes_at
    begin_application(call=call, lead=place.lead, actor=ACTOR)
    with pytest.raises(KontorError, match="published"):
        actions.save_call(call=call, values={"steps": 2}, revision=None, actor=ACTOR)
    with pytest.raises(KontorError) as refused:
        actions.move_deadline(call=call, step=1, to=before, reason="No", actor=ACTOR)
    assert refused.value.code == "deadline-earlier"
    actions.move_deadline(call=call, step=1, to=before + dt.timedelta(days=7), reason="Storm", actor=ACTOR)
    assert Call.objects.get(pk=call.pk).closes_at == before + dt.timedelta(days=7)
    assert AuditEvent.objects.filter(verb="call.deadline-moved", reason="Storm").count() == 1


def test_a_withdrawn_call_takes_nothing_and_can_be_put_back(place: SimpleNamespace) -> None:
    actions.withdraw_call(call=place.call, reason="No money", actor=ACTOR)
    withdrawn = Call.objects.get(pk=place.call.pk)
    assert (withdrawn.state, withdrawn.takes(timezone.now())) == ("withdrawn", False)
    with pytest.raises(KontorError):
        begin_application(call=withdrawn, lead=place.lead, actor=ACTOR)
    actions.restore_call(call=withdrawn, actor=ACTOR)
    assert Call.objects.get(pk=place.call.pk).takes(timezone.now())


def test_a_question_is_answered_in_one_language_and_its_asker_never_shown(opened: Call) -> None:
    asked = actions.ask_question(
        call=opened, text="Wer darf?", language="de", email="who@asks.example", actor=ACTOR
    )
    with pytest.raises(KontorError) as refused:
        actions.answer_question(question=asked, texts={"de": {"question": "Wer?", "answer": ""}}, actor=ACTOR)
    assert refused.value.path == "answer_de"
    texts = {"de": {"question": "Wer darf?", "answer": "Alle."}, "fr": {"question": "?", "answer": "!"}}
    saved = actions.answer_question(question=asked, texts=texts, revision=1, actor=ACTOR)
    assert saved.texts == {"de": {"question": "Wer darf?", "answer": "Alle."}}
    with pytest.raises(Conflict):
        actions.answer_question(question=asked, texts=texts, revision=1, actor=ACTOR)
    actions.take_down_question(question=saved, actor=ACTOR)
    assert not Question.objects.published().exists()


def test_the_calendar_file_ends_a_deadline_at_its_own_instant(draft: Call) -> None:
    draft.closes_at = dt.datetime(2027, 3, 1, 17, 0, tzinfo=BERLIN)
    text = calendar_file(calendar_of([draft]), "Calls", dt.datetime(2027, 1, 1, tzinfo=dt.UTC)).decode()
    assert "DTSTART:20270301T153000Z\r\nDTEND:20270301T160000Z" in text
    assert text.count("BEGIN:VEVENT") == 2
    assert text.count("BEGIN:VALARM") == 1


def test_what_is_left_is_the_tightest_envelope(opened: Call) -> None:
    commit_money(
        programme=opened.programme, draws={"budget": Decimal("40.00")}, reference="Case", actor=ACTOR
    )
    (left,) = money_left(opened)
    assert (str(left.envelope.remaining), left.binding) == ("99960.00", True)


def test_mails_about_a_moved_deadline_go_to_those_who_write(
    place: SimpleNamespace, django_capture_on_commit_callbacks: object
) -> None:
    begin_application(call=place.call, lead=place.lead, actor=ACTOR)
    from kontor.base.models import Job

    before = Job.objects.filter(kind="mail.send").count()
    # two hours from the site's own zone, so that the wrong one is seen
    Call.objects.filter(pk=place.call.pk).update(time_zone="Atlantic/Azores")
    place.call.refresh_from_db()
    later = place.call.closes_at + dt.timedelta(days=1)
    actions.move_deadline(call=place.call, step=1, to=later, reason="Storm", actor=ACTOR)
    job = Job.objects.filter(kind="mail.send").latest("pk")
    assert Job.objects.filter(kind="mail.send").count() == before + 1
    assert job.payload["to"] == place.owner.email
    assert "Storm" in job.payload["body"]
    assert f"{later.astimezone(place.call.zone):%H:%M} (Atlantic/Azores)" in job.payload["body"]
    assert mail.outbox == []
