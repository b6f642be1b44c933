"""The page itself: fixed queries, deep pages, markup that works without script, fragments."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from kontor.features.organisations.directory.listing import Wish
from kontor.features.organisations.directory.pages import Part
from kontor.features.organisations.models import BulkChange, Organisation, RegionShape, SavedView
from kontor.features.organisations.tests.factories import cluster, membership, organisation, statement

pytestmark = pytest.mark.django_db


def rows(number: int) -> None:
    home = cluster("Home cluster")
    for at in range(number):
        one = organisation(
            f"Row {at:03d}", "DE", place="Kiel", latitude=54.3, longitude=10.1 + at, nuts3="DEF02"
        )
        membership(home, one)
        statement(one, codes=[("nace", "27.12")])


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/directory/?q=row", 8),
        ("/directory/?q=row&country=DE&offers=yes&nace=C", 8),
        ("/directory/map/?q=row", 5),
        ("/api/v1/organisations/?q=row", 7),
    ],
)
def test_fixed_queries(django_assert_num_queries, number, address, queries):
    rows(number)
    with django_assert_num_queries(queries):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_fixed_queries_for_a_manager(django_assert_num_queries, signed_in, user_with, number):
    rows(number)
    client = signed_in(user_with("cluster_manager", Organisation.objects.get(kind="cluster").key))
    with django_assert_num_queries(13):
        client.get("/directory/?q=row")


def test_every_page_is_reached_from_the_nearer_end(find):
    rows(60)
    seen = [name for page in (1, 2, 3) for name in find(f"q=row&page={page}")]
    assert seen == [f"Row {at:03d}" for at in range(60)]
    assert find("q=row&page=99") == [f"Row {at:03d}" for at in range(50, 60)]
    assert find("q=row&sort=-name&page=2&page_size=50") == [f"Row {at:03d}" for at in range(9, -1, -1)]


def test_parts_of_a_list():
    assert (Part(0, 25, 60).length, Part(50, 25, 60).length, Part(75, 25, 60).length) == (25, 10, 0)
    assert (Part(0, 25, 60).from_end, Part(50, 25, 60).from_end) == (35, 0)
    assert Part(0, 25, 1000).dense
    assert Part(990, 10, 1000).dense
    assert not Part(500, 25, 1000).dense


def test_the_address_is_kept_short():
    usual = "sort=name&page=1&page_size=25&q=&country=&columns=kind"
    assert Wish.read(QueryDict(usual)).query() == "columns=kind"
    assert Wish.read(QueryDict("page=abc&sort=evil&page_size=7")).query() == ""
    assert Wish.read(QueryDict("page=3&page_size=50&q=a")).query() == "q=a&page_size=50&page=3"


def test_works_without_script(directory):
    page = Client().get("/directory/?q=solar&country=DE").content.decode()
    assert '<form class="form filters" method="get" action="/directory/"' in page
    assert 'name="q" value="solar"' in page
    assert "data-autosubmit-button" in page
    assert 'href="?q=solar"' in page  # the chip that takes the country away
    assert "style=" not in page
    assert "<script>" not in page


def test_htmx_gets_the_results_only(directory):
    answer = Client().get("/directory/?q=solar&country=", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="facets"' in page
    assert answer["HX-Replace-Url"] == "/directory/?q=solar"
    assert "HX-Request" in answer["Vary"]


def test_empty_lists_say_what_to_do(db):
    assert "Nobody is listed yet" in Client().get("/directory/").content.decode()
    page = Client().get("/directory/?q=nothing").content.decode()
    assert "Take one away" in page
    assert "Nothing to show on the map" in Client().get("/directory/map/?q=nothing").content.decode()


def test_a_filter_that_means_nothing_is_named(directory):
    page = Client().get("/directory/?country=XX").content.decode()
    assert "A filter was not understood" in page
    assert "Write a country as its two letters" in page


def test_words_in_place_of_a_code_are_answered_with_codes(directory):
    page = Client().get("/directory/?nace=electricity+distribution&country=DE").content.decode()
    assert 'href="?country=DE&amp;nace=27.12"' in page


def test_columns_are_chosen_in_the_address(directory):
    page = Client().get("/directory/?q=solar&columns=tags&columns=languages").content.decode()
    assert '<td data-label="Tags">photovoltaics</td>' in page
    assert 'data-label="Country"' not in page


class TestMap:
    def test_countries_and_places_lead_to_the_list(self):
        rows(3)
        plan = Client().get("/directory/map/?q=row&country=DE").context["atlas"].plan
        germany = next(area for area in plan.areas if area.key == "DE")
        assert (germany.value, germany.href) == (3, "/directory/?q=row&country=DE")
        assert [(point.size, point.href) for point in plan.points] == [(3, "/directory/?q=row&region=DEF02")]

    def test_organisations_without_a_place_are_counted_for_their_country(self):
        organisation("No place", "SI")
        atlas = Client().get("/directory/map/").context["atlas"]
        assert (atlas.without_place, atlas.plan.points) == (1, ())

    def test_imported_regions_replace_the_circles_and_carry_their_notice(self):
        rows(3)
        notice = "© EuroGeographics for the administrative boundaries"
        RegionShape.objects.create(
            code="DEF0",
            version="2021",
            level=2,
            country="DE",
            name="Schleswig",
            path="M0,0l9,0 0,9z",
            notice=notice,
        )
        answer = Client().get("/directory/map/?q=row")
        plan = answer.context["atlas"].plan
        assert [(a.value, a.href) for a in plan.areas if a.key == "DEF0"] == [
            (3, "/directory/?q=row&region=DEF0")
        ]
        assert plan.points == ()
        assert notice in answer.content.decode()


class TestSavedViews:
    def test_save_open_share_and_delete(self, directory, signed_in, user_with):
        person = user_with("reader", directory["solar"].key)
        client = signed_in(person)
        answer = client.post(
            "/directory/views/", {"name": " My  Solar ", "query": "q=solar&country=DE&evil=1"}
        )
        view = SavedView.objects.get()
        assert (view.name, view.query, answer.url) == (
            "My Solar",
            "q=solar&country=DE",
            f"/directory/views/{view.key}/",
        )
        shared = Client().get(answer.url, follow=True)
        assert shared.redirect_chain == [("/directory/?q=solar&country=DE", 302)]
        assert "Nur Mitglieder" not in shared.content.decode()
        assert "My Solar" in client.get("/directory/").content.decode()
        other = signed_in(user_with("reader", directory["water"].key))
        assert other.post(f"/directory/views/{view.key}/delete/").status_code == 404
        client.post(f"/directory/views/{view.key}/delete/")
        assert not SavedView.objects.exists()

    def test_strangers_save_nothing(self):
        answer = Client().post("/directory/views/", {"name": "x", "query": ""})
        assert answer.status_code == 302
        assert answer.url.startswith("/sign-in/")
        assert not SavedView.objects.exists()


class TestMany:
    @pytest.fixture
    def manager(self, directory, signed_in, user_with):
        return signed_in(user_with("cluster_manager", directory["cluster"].key))

    def test_check_do_and_undo(self, directory, manager, find):
        solar = directory["solar"]
        post = {"keys": [solar.key], "verb": "tag", "tag": "Green  deal"}
        assert "Sølar Müller GmbH" in manager.post("/directory/many/", post).content.decode()
        assert find("tag=Green deal") == []
        answer = manager.post("/directory/many/", post | {"sure": "yes"})
        change = BulkChange.objects.get()
        assert answer.url == f"/directory/changes/{change.key}/"
        assert find("tag=Green deal") == find("q=green+deal") == ["Sølar Müller GmbH"]
        assert "Undo" in manager.get(answer.url).content.decode()
        manager.post(f"/directory/changes/{change.key}/undo/")
        assert find("tag=Green deal") == find("q=green") == []

    def test_others_organisations_are_refused(self, directory, manager):
        post = {"keys": [directory["solar"].key, directory["water"].key], "verb": "archive", "sure": "yes"}
        assert manager.post("/directory/many/", post).status_code == 403
        assert Organisation.objects.alive().filter(key=directory["solar"].key).exists()

    def test_all_found_are_those_one_may_change(self, directory, manager, find):
        post = {"all": "yes", "query": "kind=firm", "verb": "archive", "sure": "yes"}
        manager.post("/directory/many/", post)
        assert list(BulkChange.objects.get().undo) == [directory["solar"].key]
        assert find("kind=firm") == []

    def test_nobody_else_gets_there(self, directory, signed_in, user_with):
        post = {"keys": [directory["solar"].key], "verb": "archive", "sure": "yes"}
        assert Client().post("/directory/many/", post).url.startswith("/sign-in/")
        reader = signed_in(user_with("reader", directory["solar"].key))
        assert reader.post("/directory/many/", post).status_code == 403
        assert "Change the chosen organisations" not in reader.get("/directory/").content.decode()

    def test_a_change_is_shown_to_who_made_it(self, directory, manager, signed_in, user_with):
        manager.post("/directory/many/", {"keys": [directory["solar"].key], "verb": "archive", "sure": "yes"})
        address = f"/directory/changes/{BulkChange.objects.get().key}/"
        other = signed_in(user_with("cluster_manager", "another"))
        assert other.get(address).status_code == 404
        assert signed_in(user_with("administrator")).get(address).status_code == 200
