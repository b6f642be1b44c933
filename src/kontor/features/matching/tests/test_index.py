"""The index follows the directory: at once where somebody leaves, by a job where many come."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.events import OrganisationChanged, emit
from kontor.base.jobs import run_due_jobs
from kontor.base.models import Job
from kontor.engine.matching.index import Index
from kontor.features.matching import actions, tasks
from kontor.features.matching.memory import Memory
from kontor.features.matching.models import IndexEntry
from kontor.features.organisations import actions as directory_actions
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import organisation, statement

from .conftest import SECRET

SYSTEM = Actor.system("test")
pytestmark = pytest.mark.django_db


def keys() -> set[str]:
    return set(Memory().current().keys())


def test_what_is_written_is_found_at_once(directory: SimpleNamespace) -> None:
    assert directory.german.key in keys()
    assert not IndexEntry.objects.filter(dirty=True).exists()


def test_withdrawn_consent_leaves_the_index_in_the_same_transaction(directory: SimpleNamespace) -> None:
    with transaction.atomic():
        directory_actions.withdraw_consent(organisation=directory.german, actor=SYSTEM)
        assert directory.german.key not in keys()
    row = IndexEntry.objects.get(organisation_key=directory.german.key)
    assert row.gone
    assert row.content == {}
    assert row.vectors is None


def test_a_rolled_back_withdrawal_changes_nothing(directory: SimpleNamespace) -> None:
    with transaction.atomic():
        directory_actions.withdraw_consent(organisation=directory.german, actor=SYSTEM)
        transaction.set_rollback(True)
    assert directory.german.key in keys()


def test_consent_given_again_brings_it_back(directory: SimpleNamespace) -> None:
    directory_actions.withdraw_consent(organisation=directory.german, actor=SYSTEM)
    directory_actions.give_consent(organisation=directory.german, listing="listed", actor=SYSTEM)
    assert directory.german.key in keys()


def test_the_text_behind_a_teaser_never_reaches_the_index(directory: SimpleNamespace) -> None:
    for row in IndexEntry.objects.all():
        assert SECRET not in str(row.content)
    assert "Maker of heat exchangers" in str(
        IndexEntry.objects.get(organisation_key=directory.hidden.key).content
    )


def test_archived_organisations_and_closed_statements_leave(directory: SimpleNamespace) -> None:
    directory_actions.archive_organisation(organisation=directory.baker, actor=SYSTEM)
    directory_actions.close_statement(statement=directory.teaser, actor=SYSTEM)
    assert directory.baker.key not in keys()
    assert not Memory().current().entry(directory.hidden.key).passages


def test_many_are_left_to_the_job(directory: SimpleNamespace) -> None:
    Organisation.objects.update(name="Renamed by hand")
    IndexEntry.objects.all().delete()
    found = tuple(Organisation.objects.values_list("key", flat=True))
    many = (*found, *(f"nobody{n}" for n in range(actions.AT_ONCE)))
    emit(OrganisationChanged(keys=many, kind="import"))
    assert keys() == set()
    run_due_jobs()
    assert keys() == set(found)
    assert not IndexEntry.objects.filter(dirty=True).exists()


def test_a_rebuilt_index_answers_the_same(directory: SimpleNamespace) -> None:
    before = {entry.key: entry for entry in Memory().current().entries()}
    actions.rebuild_index(actor=SYSTEM)
    run_due_jobs()
    assert {entry.key: entry for entry in Memory().current().entries()} == before


def test_statements_leave_when_their_validity_ends(directory: SimpleNamespace) -> None:
    today = timezone.localdate()
    short = organisation("Kurzfrist GmbH", "DE")
    statement(short, "Valid until tomorrow only.", valid_until=today + dt.timedelta(days=1))
    assert len(Memory().current().entry(short.key).passages) == 1
    tasks.plan_expiry()  # as each worker does when it starts
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2)):
        run_due_jobs()
        assert len(Memory().current().entry(short.key).passages) == 0
        waiting = Job.objects.get(kind=tasks.EXPIRE_JOB, state="waiting")
        assert waiting.run_after is not None
        assert waiting.run_after > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_a_process_reads_only_what_changed(directory: SimpleNamespace, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    memory = Memory()
    first = memory.current()
    with django_assert_num_queries(1):
        assert memory.current() is first
    directory_actions.withdraw_consent(organisation=directory.baker, actor=SYSTEM)
    with django_assert_num_queries(3):
        second = memory.current()
    assert directory.baker.key not in second
    assert directory.baker.key in first


@pytest.mark.django_db(transaction=True)
def test_memory_kept_up_to_date_equals_memory_read_anew(directory: SimpleNamespace) -> None:
    kept = Memory()
    kept.current()
    directory_actions.change_organisation(
        organisation=directory.german, values={"name": "Rauchkamm Neu GmbH"}, actor=SYSTEM
    )
    directory_actions.withdraw_consent(organisation=directory.french, actor=SYSTEM)
    assert _contents(kept.current()) == _contents(Memory().current())


def _contents(index: Index) -> dict[str, str]:
    return {entry.key: entry.profile.name for entry in index.entries()}


def test_indexing_without_encoder_finds_by_words(directory: SimpleNamespace) -> None:
    actions.index_organisations([directory.german.key], lexicon=tasks.lexicon(), encoder=None)
    assert IndexEntry.objects.get(organisation_key=directory.german.key).vectors is None


@pytest.mark.parametrize("other", [{"format": 1}, {"encoder": "another/1"}])
def test_entries_of_another_version_wait_for_the_job_instead_of_failing(
    directory: SimpleNamespace, other: dict[str, object]
) -> None:
    rows = IndexEntry.objects.filter(organisation_key=directory.german.key)
    content = rows.get().content
    rows.update(content=content | other)
    assert directory.german.key not in keys()
    assert directory.french.key in keys()
    assert rows.get().dirty
    run_due_jobs()
    assert directory.german.key in keys()
    assert not rows.get().dirty
