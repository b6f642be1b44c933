"""The directory through the API: filters, pages, scopes, revisions, codes."""

from __future__ import annotations

import pytest
from django.test import Client

from kontor.features.organisations import actions
from kontor.features.organisations.directory.filters import FIELDS
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.organisations.tests.factories import ACTOR, organisation

pytestmark = pytest.mark.django_db
LIST = "/api/v1/organisations/"


@pytest.fixture
def writer(api_client, user_with, directory):
    owner = user_with("owner", directory["solar"].key)
    return api_client("organisations:read", "organisations:write", user=owner)


def send(client: Client, method: str, path: str, **body: object):
    return getattr(client, method)(path, body, content_type="application/json")


def test_every_filter_is_documented():
    operation = Client().get("/api/v1/openapi.json").json()["paths"][LIST]["get"]
    documented = {parameter["name"] for parameter in operation["parameters"]}
    assert {field.name for field in FIELDS} <= documented


def test_pages_and_filters(directory):
    answer = Client().get(f"{LIST}?page_size=2").json()
    assert (answer["count"], answer["page"], answer["pages"], len(answer["items"])) == (3, 1, 2, 2)
    last = Client().get(f"{LIST}?page_size=2&page=2").json()
    assert [item["name"] for item in last["items"]] == ["Sølar Müller GmbH"]
    assert Client().get(f"{LIST}?page=9").json()["items"] == []
    found = Client().get(f"{LIST}?q=sol&country=DE&offers=yes").json()["items"]
    assert [(item["name"], item["offers"], item["clusters"]) for item in found] == [
        ("Sølar Müller GmbH", 1, [{"key": directory["cluster"].key, "name": "Cluster Energie Nord e.V."}])
    ]


def test_a_bad_filter_is_refused_with_its_remedy(db):
    answer = Client().get(f"{LIST}?nace=99.99")
    assert answer.status_code == 422
    assert answer.json()["error"] == {
        "code": "bad-filter",
        "message": "The value “99.99” means nothing here.",
        "path": "query.nace",
        "remedy": "There is no such code. Search for one by its words.",
    }


def test_detail_has_codes_statements_and_names(directory):
    solar = directory["solar"]
    renamed = {"organisation": solar, "field": "name", "language": "de", "origin": "human", "actor": ACTOR}
    actions.set_translation(text="Sonne Müller", **renamed)
    answer = Client().get(f"{LIST}{solar.key}").json()
    assert answer["names"] == {"de": "Sonne Müller"}
    assert answer["codes"] == ["nace:27.12", "theme:solar-energy"]
    assert [(each["text"], each["codes"]) for each in answer["statements"]] == [
        ("Solar roofs", ["ket:photonics"])
    ]
    assert answer["identity"] is None
    assert Client().get(f"{LIST}{directory['secret'].key}").status_code == 404


def test_create_change_and_archive(writer, directory):
    made = send(writer, "post", LIST, name="Neu GmbH", country="de", codes=["nace:27.12"])
    assert made.status_code == 201
    assert (made.json()["country"], made.json()["codes"], made.json()["revision"]) == (
        "DE",
        ["nace:27.12"],
        1,
    )
    path = f"{LIST}{directory['solar'].key}"
    changed = send(writer, "patch", path, revision=1, place="Husum", codes=["cpv:45232430-1"])
    assert changed.status_code == 200
    assert (changed.json()["place"], changed.json()["codes"]) == ("Husum", ["cpv:45232430"])
    assert writer.post(f"{path}/archive").status_code == 204
    assert Client().get(path).status_code == 404


def test_who_creates_may_change_it_afterwards(api_client, user_with, directory):
    scopes = ("organisations:read", "organisations:write")
    stranger = api_client(*scopes, user=user_with("reader", "other"))
    made = send(stranger, "post", LIST, name="Neu GmbH", country="DE", listing="hidden").json()
    changed = send(stranger, "patch", f"{LIST}{made['key']}", revision=1, place="Husum")
    assert (changed.status_code, changed.json()["place"]) == (200, "Husum")
    home = directory["cluster"]
    manager = api_client(*scopes, user=user_with("cluster_manager", home.key))
    made = send(manager, "post", LIST, name="Mitglied GmbH", country="DE").json()
    assert [each["key"] for each in made["clusters"]] == [home.key]


def test_an_old_revision_is_told_what_changed(writer, directory):
    solar = directory["solar"]
    actions.change_organisation(organisation=solar, values={"place": "Kiel", "size": "medium"}, actor=ACTOR)
    answer = send(writer, "patch", f"{LIST}{solar.key}", revision=1, place="Husum")
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert (error["code"], error["path"]) == ("revision", "body.revision")
    assert error["message"] == "Somebody else changed this meanwhile: place, size."
    assert Organisation.objects.get(pk=solar.pk).place == "Kiel"


def test_what_does_not_fit_names_the_field(writer, directory):
    wrong = send(writer, "post", LIST, name="Neu", country="DE", codes=["nace:99.99"])
    assert (wrong.status_code, wrong.json()["error"]["path"]) == (422, "body.codes")
    unknown = send(writer, "post", LIST, name="Neu", country="DE", colour="red")
    assert (unknown.status_code, unknown.json()["error"]["path"]) == (422, "body.colour")


def test_statements(writer, directory):
    path = f"{LIST}{directory['solar'].key}/statements"
    made = send(
        writer, "post", path, kind="need", language="en", text="We need glass.", codes=["cpv:14820000"]
    )
    assert made.status_code == 201
    one = f"{path}/{made.json()['key']}"
    changed = send(writer, "patch", one, revision=made.json()["revision"], trl=7)
    assert (changed.status_code, changed.json()["trl"]) == (200, 7)
    hinted = send(
        writer,
        "patch",
        one,
        revision=changed.json()["revision"],
        visibility="teaser",
        teaser="We seek glass.",
    )
    assert hinted.json()["teaser"] == "We seek glass."
    stale = send(writer, "patch", one, revision=made.json()["revision"], trl=8)
    assert (stale.status_code, "trl" in stale.json()["error"]["message"]) == (409, True)
    assert writer.post(f"{one}/close").status_code == 204
    assert Statement.objects.get(key=made.json()["key"]).closed_at is not None
    assert [each["kind"] for each in Client().get(path).json()["items"]] == ["offer"]


class TestRights:
    def test_a_token_needs_the_scope(self, api_client, user_with, directory):
        reading = api_client("organisations:read", user=user_with("owner", directory["solar"].key))
        answer = send(reading, "patch", f"{LIST}{directory['solar'].key}", revision=1, place="Husum")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope-missing")

    def test_nobody_writes(self, directory):
        answer = send(Client(), "post", LIST, name="Neu", country="DE")
        assert answer.status_code == 401

    def test_others_records_are_not_changed(self, writer, directory):
        answer = send(writer, "patch", f"{LIST}{directory['water'].key}", revision=1, place="Husum")
        assert answer.status_code == 403
        hidden = send(writer, "patch", f"{LIST}{directory['secret'].key}", revision=1, place="Husum")
        assert hidden.status_code == 404
        assert writer.post(f"{LIST}{directory['water'].key}/archive").status_code == 403
        path = f"{LIST}{directory['water'].key}/statements"
        assert send(writer, "post", path, kind="need", language="en", text="x").status_code == 403
        foreign = Statement.objects.get(organisation=directory["water"])
        assert writer.post(f"{path}/{foreign.key}/close").status_code == 403
        assert Statement.objects.get(pk=foreign.pk).closed_at is None

    def test_a_known_number_is_a_conflict(self, writer, directory):
        organisation("First", "DE", vat="DE136695976")
        answer = send(writer, "post", LIST, name="Second", country="DE", vat="DE136695976")
        assert (answer.status_code, answer.json()["error"]["path"]) == (409, "body.vat")


class TestCodes:
    def test_search_in_a_language(self, db):
        items = Client().get("/api/v1/codes/nace?q=27.12&language=de").json()["items"]
        assert (items[0]["scheme"], items[0]["code"], items[0]["language"]) == ("nace", "27.12", "de")

    def test_the_top_of_a_list(self, db):
        items = Client().get("/api/v1/codes/nace?limit=3").json()["items"]
        assert [item["code"] for item in items] == ["A", "B", "C"]

    def test_an_unknown_list(self, db):
        assert Client().get("/api/v1/codes/isic?q=x").status_code == 422

    def test_suggested_for_a_text(self, db):
        answer = send(
            Client(), "post", "/api/v1/codes/suggest", text="We build photovoltaic modules", language="en"
        )
        assert "solar-energy" in [item["code"] for item in answer.json()["items"]]
