"""Drafts, publication and freezing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.features.accounts.models import User
from kontor.features.accounts.scopes import Role
from kontor.features.programmes.actions import (
    add_programme,
    archive_programme,
    discard_draft,
    freeze_version,
    publish_draft,
    restore_programme,
    save_draft,
)
from kontor.features.programmes.models import Programme, ProgrammeVersion, VersionState
from kontor.features.programmes.tests.conftest import ACTOR, RULED, file_of
from kontor.programmes import Team, assess
from kontor.programmes.forms import form_for


def _verbs(programme: Programme) -> list[str]:
    rows = AuditEvent.objects.filter(subject_kind="programme", subject_key=programme.key).order_by("seq")
    return list(rows.values_list("verb", flat=True))


def test_a_file_becomes_a_draft_and_then_a_version(db: None) -> None:
    programme = add_programme(text=file_of(), actor=ACTOR)
    assert programme.name == "Border light"
    assert programme.current is None
    version = publish_draft(programme=programme, actor=ACTOR)
    assert (version.number, version.label, version.state) == (1, "1", VersionState.PUBLISHED)
    assert programme.current == version
    assert str(version.definition.budget) == "100000.00"
    assert _verbs(programme) == ["add", "start-draft", "publish"]


def test_the_same_key_twice_is_refused(programme: Programme) -> None:
    with pytest.raises(KontorError, match="exists already"):
        add_programme(text=file_of(), actor=ACTOR)
    assert Programme.objects.count() == 1


def test_a_draft_keeps_faults_and_is_not_published_with_them(programme: Programme) -> None:
    faulty = file_of(version="2", budget="10.00")
    draft = save_draft(programme=programme, text=faulty, revision=None, actor=ACTOR)
    assert draft.text == faulty
    assert [problem.path for problem in draft.problems] == ["budget"]
    with pytest.raises(KontorError) as refused:
        publish_draft(programme=programme, actor=ACTOR)
    assert refused.value.path == "text:7"
    assert programme.current.number == 1  # type: ignore[union-attr]  # published by the fixture


def test_a_key_cannot_be_changed_by_a_version(programme: Programme) -> None:
    save_draft(programme=programme, text=file_of(key="other"), revision=None, actor=ACTOR)
    with pytest.raises(KontorError, match="A key never changes"):
        publish_draft(programme=programme, actor=ACTOR)


def test_the_second_writer_is_told(programme: Programme) -> None:
    mine = save_draft(programme=programme, text=file_of(version="2"), revision=None, actor=ACTOR)
    save_draft(programme=programme, text=file_of(version="2b"), revision=mine.revision, actor=ACTOR)
    with pytest.raises(Conflict):
        save_draft(programme=programme, text=file_of(version="2c"), revision=mine.revision, actor=ACTOR)
    assert programme.draft.label == "2b"  # type: ignore[union-attr]  # saved above


def test_a_published_text_never_changes_even_by_the_database(programme: Programme) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgrammeVersion.objects.filter(programme=programme).update(text="other")
    assert programme.current.text == file_of()  # type: ignore[union-attr]  # published by the fixture


def test_a_frozen_version_stays_when_a_later_one_is_published(programme: Programme) -> None:
    decided = programme.current
    assert decided is not None
    freeze_version(version=decided, reason="call 1", actor=ACTOR)
    freeze_version(version=decided, reason="call 2", actor=ACTOR)
    save_draft(programme=programme, text=file_of("border-light", "2", "90000.00"), revision=None, actor=ACTOR)
    publish_draft(programme=programme, actor=ACTOR)
    decided.refresh_from_db()
    assert decided.state == VersionState.FROZEN
    assert str(decided.definition.budget) == "100000.00"
    assert _verbs(programme).count("freeze") == 1


def test_a_draft_is_not_frozen(db: None) -> None:
    programme = add_programme(text=file_of(), actor=ACTOR)
    assert programme.draft is not None
    with pytest.raises(KontorError, match="draft cannot be frozen"):
        freeze_version(version=programme.draft, reason="call", actor=ACTOR)


def test_a_discarded_draft_stays_in_the_log(programme: Programme) -> None:
    save_draft(programme=programme, text=file_of(version="2"), revision=None, actor=ACTOR)
    discard_draft(programme=programme, actor=ACTOR)
    assert programme.draft is None
    row = AuditEvent.objects.filter(verb="discard-draft").get()
    assert row.changes["text"][0] == file_of(version="2")


def test_archived_programmes_leave_lists_and_come_back(programme: Programme) -> None:
    archive_programme(programme=programme, actor=ACTOR)
    assert list(Programme.objects.alive()) == []
    restore_programme(programme=programme, actor=ACTOR)
    assert list(Programme.objects.alive()) == [programme]


def test_a_draft_is_seen_by_its_manager_only(db: None, user_with: Callable[..., User]) -> None:
    secret = add_programme(text=file_of("secret-draft"), actor=ACTOR)
    stranger: Any = user_with(Role.PROGRAMME_MANAGER, "another-programme")
    manager: Any = user_with(Role.PROGRAMME_MANAGER, "secret-draft")
    assert list(Programme.objects.visible_to(stranger)) == []
    assert list(Programme.objects.visible_to(manager)) == [secret]


def test_a_published_version_is_read_whatever_checks_came_later(
    programme: Programme,
) -> None:
    """A file of the old kind: its instrument names a form as a mere word, and nothing describes the form."""
    old = file_of(version="old") + RULED + '\n[[instrument.phase]]\nkey = "jury"\nrole = "nobody"\n'
    old = old.replace('kind = "innovation-project"', 'kind = "innovation-project"\nform = "eight points"')
    old += 'name = { en = "Jury" }\n'
    values = {"text": old, "label": "old", "created_by": "x", "changed_by": "x", "published_by": "x"}
    version = programme.versions.create(number=2, published_at=timezone.now(), **values)
    freeze_version(version=version, reason="call 1", actor=ACTOR)
    version = ProgrammeVersion.objects.get(pk=version.pk)
    assert version.problems == []
    project = version.variant("border-light").instrument("project")
    assert (project.form, form_for(version.definition, project).key) == ("eight points", "application")
    answers = assess(version.definition, project, Team()).answers
    assert [answer.use.key for answer in answers] == ["minimum-countries", "smes-per-side"]
    for address in ("", "versions/2/", "versions/compare/?from=1&to=2", "eligibility/"):
        page = Client().get(f"/programmes/border-light/{address}")
        assert page.status_code == 200, address
        assert "fault" not in page.text, address
    compared = Client().get("/api/v1/programmes/border-light/versions/compare/?before=1&after=2").json()
    assert compared["changes"][0] == "New: the side Germany."
    save_draft(programme=programme, text=old, revision=None, actor=ACTOR)
    with pytest.raises(KontorError) as refused:
        publish_draft(programme=programme, actor=ACTOR)
    assert refused.value.code == "programme-faulty"
