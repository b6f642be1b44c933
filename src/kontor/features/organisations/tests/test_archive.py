"""Taking an organisation out of the directory and bringing it back: pages, API and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kontor.base.errors import KontorError
from kontor.base.models import AuditEvent
from kontor.features.organisations import actions
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.queries import archived_of, open_pairs
from kontor.features.organisations.tests.api.conftest import Place, failure, place  # noqa: F401  # fixture
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation

pytestmark = pytest.mark.django_db
ARCHIVED = "/directory/archived/"


@pytest.fixture
def home_and_firm() -> tuple[Organisation, Organisation]:
    home, firm = cluster(), organisation("Nordwind GmbH", listing="members")
    membership(home, firm)
    return home, firm


def test_archived_on_its_page_and_brought_back(
    home_and_firm: tuple[Organisation, Organisation], user_with: Any, signed_in: Any
) -> None:
    home, firm = home_and_firm
    client: Client = signed_in(user_with("cluster_manager", home.key, name="Mia"))
    assert f'href="/directory/{firm.key}/archive/"' in client.get(firm.get_absolute_url()).content.decode()
    assert "Archive Nordwind GmbH?" in client.get(f"/directory/{firm.key}/archive/").content.decode()
    answer = client.post(f"/directory/{firm.key}/archive/", {"reason": "Closed down"})
    assert answer["Location"] == ARCHIVED
    assert client.get(firm.get_absolute_url()).status_code == 404
    assert "Nordwind GmbH" in client.get(ARCHIVED).content.decode()
    assert client.post(f"/directory/{firm.key}/unarchive/")["Location"] == firm.get_absolute_url()
    firm.refresh_from_db()
    assert (firm.archived_at, firm.listing, firm.revision) == (None, "members", 3)
    told = AuditEvent.objects.filter(verb__endswith="archived").order_by("seq")
    assert list(told.values_list("verb", "reason", "actor_label")) == [
        ("organisation.archived", "Closed down", "Mia"),
        ("organisation.unarchived", "", "Mia"),
    ]


def test_who_may_not_see_or_bring_back_what_is_archived(
    home_and_firm: tuple[Organisation, Organisation], user_with: Any, signed_in: Any
) -> None:
    home, firm = home_and_firm
    withdrawn = organisation("Verschwunden GmbH", summary="Secret")
    membership(home, withdrawn)
    actions.withdraw_consent(organisation=withdrawn, actor=ACTOR)
    for each in (firm, withdrawn):
        actions.archive_organisation(organisation=each, actor=ACTOR)
    manager, stranger = user_with("cluster_manager", home.key), user_with("cluster_manager", cluster("B").key)
    reader, owner = user_with("reader", firm.key), user_with("owner", withdrawn.key)
    assert list(archived_of(manager)) == [firm]
    assert list(archived_of(owner)) == [withdrawn]
    for person in (stranger, reader):
        client = signed_in(person)
        assert "Nothing is archived" in client.get(ARCHIVED).content.decode()
        assert client.post(f"/directory/{firm.key}/unarchive/").status_code == 404
        assert client.get(f"/directory/{firm.key}/archive/").status_code == 404
    assert signed_in(manager).post(f"/directory/{withdrawn.key}/unarchive/").status_code == 404
    assert Client().post(f"/directory/{firm.key}/unarchive/").status_code in {302, 404}
    assert Organisation.objects.exclude(archived_at=None).count() == 2


def test_through_the_api(place: Place) -> None:  # noqa: F811  # the fixture
    path, listed = place.path, "/api/v1/organisations/archived/"
    assert place.manager.get(listed).json()["items"] == []
    assert place.manager.post(f"{path}/archive?reason=Closed").status_code == 204
    assert AuditEvent.objects.latest("seq").reason == "Closed"
    assert [row["key"] for row in place.owner.get(listed).json()["items"]] == [place.firm.key]
    assert place.stranger.get(listed).json()["items"] == []
    assert failure(place.stranger.post(f"{path}/unarchive"))[:2] == (404, "not-found")
    assert place.nobody.get(listed).status_code == 401
    assert place.nobody.post(f"{path}/unarchive").status_code == 404
    back = place.manager.post(f"{path}/unarchive")
    assert (back.status_code, back.json()["name"]) == (200, "Nordwind GmbH")
    assert failure(place.manager.post(f"{path}/unarchive"))[:2] == (404, "not-found")


def test_twice_is_once_and_the_merged_stay_merged() -> None:
    kept, gone = organisation("Nordwind GmbH"), organisation("Nordwind")
    actions.archive_organisation(organisation=gone, actor=ACTOR)
    gone.refresh_from_db()
    first, rows = gone.archived_at, AuditEvent.objects.count()
    actions.archive_organisation(organisation=gone, actor=ACTOR)
    gone.refresh_from_db()
    assert (gone.archived_at, AuditEvent.objects.count()) == (first, rows)
    actions.merge_organisations(kept=kept, gone=gone, actor=ACTOR)
    with pytest.raises(KontorError) as error:
        actions.unarchive_organisation(organisation=gone, actor=ACTOR)
    assert error.value.code == "merged_already"


def test_a_pair_with_an_archived_side_waits_until_it_is_back(user_with: Any) -> None:
    """Merging into what is archived would take the living one out of the directory unseen."""
    first, _second = organisation("Nordwind GmbH"), organisation("Nordwind")
    actions.pairs.note_duplicates()
    person = user_with("administrator")
    assert open_pairs(person).count() == 1
    actions.archive_organisation(organisation=first, actor=ACTOR)
    assert open_pairs(person).count() == 0
    actions.unarchive_organisation(organisation=first, actor=ACTOR)
    assert open_pairs(person).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_a_fixed_number_of_questions(
    count: int, user_with: Any, signed_in: Any, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        actions.archive_organisation(organisation=organisation(f"Firm {number}"), actor=ACTOR)
    client = signed_in(user_with("administrator"))
    client.get(ARCHIVED)
    with django_assert_num_queries(5):
        client.get(ARCHIVED)
