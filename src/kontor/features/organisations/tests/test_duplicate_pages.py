"""Duplicates in the database: found by a job, decided by people who may change both sides."""

from __future__ import annotations

from typing import Any

import pytest

from kontor.base import audit
from kontor.base.jobs import enqueue, run_due_jobs
from kontor.features.organisations import actions
from kontor.features.organisations.actions.pairs import note_duplicates
from kontor.features.organisations.models import DuplicatePair, Merge, Organisation
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(user_with: Any, signed_in: Any) -> Any:
    """Two likely duplicates in one cluster, and its manager."""
    home = cluster()
    first = organisation("Nordwind Getriebe GmbH", place="Kiel", summary="First.")
    second = organisation("Nordwind Getriebe", place="Kiel", summary="Second.", pic="999999999")
    for firm in (first, second):
        membership(home, firm)
    note_duplicates()
    return signed_in(user_with("cluster_manager", home.key)), first, second


@pytest.mark.django_db(transaction=True)
def test_a_job_finds_the_pairs_and_keeps_what_people_decided() -> None:
    one, other = organisation("Nordwind Getriebe GmbH"), organisation("Nordwind Getriebe")
    third = organisation("Nordwind-Getriebe AG")
    enqueue("organisations.duplicates", {}, actor=ACTOR)
    run_due_jobs()
    assert DuplicatePair.objects.count() == 3
    actions.mark_different(pair=DuplicatePair.objects.get(first=one, second=other), actor=ACTOR)
    actions.archive_organisation(organisation=third, actor=ACTOR)
    assert note_duplicates() == 0
    assert [pair.state for pair in DuplicatePair.objects.all()] == ["different"]


def test_the_list_and_the_comparison(world: Any) -> None:
    client, first, second = world
    pair = DuplicatePair.objects.get()
    page = client.get("/directory/duplicates/").content.decode()
    assert first.name in page
    assert "the same name, the same town" in page
    compared = client.get(f"/directory/duplicates/{pair.pk}/").content.decode()
    for text in ("First.", "Second.", "999999999", first.key, second.key):
        assert text in compared


def test_merging_by_choice_and_taking_it_back(world: Any) -> None:
    client, first, second = world
    pair, told = DuplicatePair.objects.get(), statement(second)
    choice = {"keep": "second", "choice_summary": "first", "choice_name": "first", "choice_pic": "second"}
    answer = client.post(f"/directory/duplicates/{pair.pk}/merge/", choice)
    second.refresh_from_db()
    assert answer["Location"] == f"/directory/{second.key}/"
    assert (second.name, second.summary, second.pic) == (first.name, "First.", "999999999")
    assert client.get(f"/directory/{first.key}/")["Location"] == f"/directory/{second.key}/"
    merged = Merge.objects.get()
    assert first.name in client.get("/directory/duplicates/").content.decode()
    client.post(f"/directory/merges/{merged.pk}/undo/")
    second.refresh_from_db()
    assert (second.name, second.summary) == ("Nordwind Getriebe", "Second.")
    assert told.organisation == second
    assert client.get(f"/directory/{first.key}/").status_code == 200
    pair.refresh_from_db()
    assert (pair.state, pair.decided_at, pair.decided_by) == ("open", None, "")
    assert first.name in client.get("/directory/duplicates/").content.decode()
    assert note_duplicates() == 1
    assert audit.verify().ok


def test_saying_that_they_are_different(world: Any) -> None:
    client, _first, _second = world
    client.post(f"/directory/duplicates/{DuplicatePair.objects.get().pk}/different/")
    assert "No pair waits" in client.get("/directory/duplicates/").content.decode()


def test_who_may_not_change_both_sees_neither(world: Any, user_with: Any, signed_in: Any) -> None:
    _client, first, _second = world
    pair = DuplicatePair.objects.get()
    elsewhere = signed_in(user_with("cluster_manager", cluster("Other cluster").key))
    assert first.name not in elsewhere.get("/directory/duplicates/").content.decode()
    for address in ("merge", "different"):
        assert elsewhere.post(f"/directory/duplicates/{pair.pk}/{address}/").status_code == 403
    assert elsewhere.get(f"/directory/duplicates/{pair.pk}/").status_code == 403
    owner = signed_in(user_with("owner", first.key))
    assert owner.get("/directory/duplicates/").status_code == 403
    assert not Organisation.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    user_with: Any, signed_in: Any, django_assert_num_queries: Any, pairs: int
) -> None:
    for number in range(pairs):
        organisation(f"Nordwind{'xyz'[number] * 4} Getriebe")
        organisation(f"Nordwind{'xyz'[number] * 4} Getriebe GmbH")
    assert note_duplicates() == pairs
    client = signed_in(user_with("administrator"))
    client.get("/directory/duplicates/")
    with django_assert_num_queries(6):
        client.get("/directory/duplicates/")
