"""Duplicates, saved views, and changes to many organisations, through the API."""

from __future__ import annotations

from typing import Any

import pytest

from kontor.base.jobs import run_due_jobs
from kontor.features.organisations.actions.pairs import note_duplicates
from kontor.features.organisations.models import DuplicatePair, Organisation, SavedView
from kontor.features.organisations.tests.api.conftest import SCOPES, Place, call, failure
from kontor.features.organisations.tests.factories import membership, organisation

pytestmark = pytest.mark.django_db
PAIRS = "/api/v1/duplicates/"


@pytest.fixture
def twin(place: Place) -> Organisation:
    """A second record of the firm, in the same cluster, with what could leak."""
    made = organisation("Nordwind", summary="Zweite Fassung.", pic="999999999")
    membership(place.home, made)
    note_duplicates()
    return made


class TestDuplicates:
    def test_merged_and_parted(self, place: Place, twin: Organisation) -> None:
        (pair,) = place.manager.get(PAIRS).json()["items"]
        assert {pair["first"]["key"], pair["second"]["key"]} == {place.firm.key, twin.key}
        assert ("the same name" in pair["words"], "summary" in pair["different"]) == (True, True)
        path = f"{PAIRS}{pair['id']}"
        assert place.manager.get(path).json() == pair
        keep = "first" if pair["first"]["key"] == place.firm.key else "second"
        other = {"first": "second", "second": "first"}[keep]
        merged = call(place.manager, "post", f"{path}/merge", keep=keep, choices={"summary": other})
        assert (merged.status_code, merged.json()["gone"]["key"]) == (201, twin.key)
        place.firm.refresh_from_db()
        assert (place.firm.summary, place.firm.pic) == ("Zweite Fassung.", "999999999")
        assert place.manager.get(PAIRS).json()["count"] == 0
        (listed,) = place.manager.get("/api/v1/merges/").json()["items"]
        assert place.manager.post(f"/api/v1/merges/{listed['id']}/undo").status_code == 204
        again = place.manager.post(f"/api/v1/merges/{listed['id']}/undo")
        assert failure(again) == (409, "undone_already", "")
        place.firm.refresh_from_db()
        twin.refresh_from_db()
        assert (place.firm.summary, place.firm.pic, twin.merged_into) == ("Getriebe.", None, None)

    def test_two_that_are_different(self, place: Place, twin: Organisation) -> None:
        number = DuplicatePair.objects.get().pk
        assert place.manager.post(f"{PAIRS}{number}/different").status_code == 204
        assert place.manager.post(f"{PAIRS}{number}/different").status_code == 404
        assert note_duplicates() == 0

    def test_bad_choices(self, place: Place, twin: Organisation) -> None:
        path = f"{PAIRS}{DuplicatePair.objects.get().pk}/merge"
        assert failure(call(place.manager, "post", path, keep="both"))[2] == "body.keep"
        unknown = call(place.manager, "post", path, keep="first", choices={"colour": "second"})
        assert failure(unknown) == (400, "unknown_field", "body.colour")
        assert DuplicatePair.objects.get().state == "open"

    def test_others_learn_nothing_of_a_pair(
        self, place: Place, twin: Organisation, api_client: Any, user_with: Any
    ) -> None:
        number = DuplicatePair.objects.get().pk
        elsewhere = api_client(*SCOPES, user=user_with("cluster_manager", "other"))
        for client in (place.owner, place.nobody, elsewhere):
            for path in (PAIRS, f"{PAIRS}{number}"):
                assert "999999999" not in client.get(path).content.decode()
            assert call(client, "post", f"{PAIRS}{number}/merge", keep="first").status_code >= 400
        assert elsewhere.get(f"{PAIRS}{number}").status_code == 404
        assert DuplicatePair.objects.get().state == "open"

    @pytest.mark.django_db(transaction=True)
    def test_looking_through_the_directory_is_a_job(self, place: Place) -> None:
        twin = organisation("Nordwind")
        membership(place.home, twin)
        answer = place.manager.post(f"{PAIRS}find")
        assert (answer.status_code, answer.json()["kind"]) == (202, "organisations.duplicates")
        run_due_jobs()
        assert place.manager.get(PAIRS).json()["count"] == 1
        assert place.owner.post(f"{PAIRS}find").status_code == 403

    def test_the_same_work_for_somebody_else_is_theirs(
        self, place: Place, api_client: Any, user_with: Any
    ) -> None:
        other = api_client(*SCOPES, user=user_with("cluster_manager", "elsewhere"))
        mine = place.manager.post(f"{PAIRS}find").json()
        assert mine["key"] == place.manager.post(f"{PAIRS}find").json()["key"] != ""
        answer = other.post(f"{PAIRS}find")
        assert answer.json() == {**mine, "key": ""}
        assert "Mia" not in answer.content.decode()


class TestViews:
    PATH = "/api/v1/views/"

    def test_round_trip(self, place: Place) -> None:
        made = call(place.owner, "post", self.PATH, name="Solar", query="country=DE&offers=yes&colour=red")
        assert (made.status_code, made.json()["query"]) == (201, "country=DE&offers=yes")
        call(place.owner, "post", self.PATH, name="Solar", query="country=NL")
        (view,) = place.owner.get(self.PATH).json()["items"]
        assert view["query"] == "country=NL"
        assert place.nobody.get(f"{self.PATH}{view['key']}").json()["query"] == "country=NL"
        assert place.owner.delete(f"{self.PATH}{view['key']}").status_code == 204
        assert place.nobody.get(f"{self.PATH}{view['key']}").status_code == 404

    def test_others_neither_list_nor_delete_it(self, place: Place) -> None:
        key = call(place.owner, "post", self.PATH, name="Geheim", query="q=geheim").json()["key"]
        for client in (place.stranger, place.nobody):
            assert "Geheim" not in client.get(self.PATH).content.decode()
            assert client.delete(f"{self.PATH}{key}").status_code in (401, 404)
        assert SavedView.objects.exists()


class TestChangesToMany:
    PATH = "/api/v1/changes/"

    def test_done_and_taken_back(self, place: Place) -> None:
        made = call(
            place.manager, "post", self.PATH, verb="tag", value="wind", organisations=[place.firm.key]
        )
        assert (made.status_code, made.json()["organisations"]) == (201, [place.firm.key])
        place.firm.refresh_from_db()
        assert place.firm.tags == ["wind"]
        path = f"{self.PATH}{made.json()['key']}"
        assert place.manager.get(path).json()["undone_at"] is None
        assert place.manager.post(f"{path}/undo").json()["undone_at"] is not None
        assert failure(place.manager.post(f"{path}/undo")) == (409, "undo_gone", "")
        place.firm.refresh_from_db()
        assert place.firm.tags == []

    def test_one_that_may_not_be_changed_stops_all(self, place: Place) -> None:
        keys = [place.firm.key, organisation("Andere").key]
        answer = call(place.manager, "post", self.PATH, verb="archive", organisations=keys)
        assert failure(answer) == (403, "not_editable", "body.keys")
        assert not Organisation.objects.exclude(archived_at=None).exists()
        assert call(place.owner, "post", self.PATH, verb="archive", organisations=keys).status_code == 403

    def test_what_others_changed_is_not_shown(self, place: Place, api_client: Any, user_with: Any) -> None:
        made = call(
            place.manager, "post", self.PATH, verb="tag", value="geheim", organisations=[place.firm.key]
        ).json()
        other = api_client(*SCOPES, user=user_with("cluster_manager", place.home.key))
        for path in (f"{self.PATH}{made['key']}", f"{self.PATH}{made['key']}/undo"):
            answer = other.get(path) if path.endswith(made["key"]) else other.post(path)
            assert (answer.status_code, "geheim" in answer.content.decode()) == (404, False)
