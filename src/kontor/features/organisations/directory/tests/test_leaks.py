"""Who must not see it: names that could leak, in rows, counts, facets, map, chips and the API."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from kontor.features.organisations import actions
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement

pytestmark = pytest.mark.django_db
PAGES = ["/directory/", "/directory/map/", "/api/v1/organisations/"]
QUERIES = ["", "?q=solar", "?country=DE", "?country=AT", "?kind=firm", "?q=geheime", "?sort=-changed"]
HIDDEN = ["Geheime", "Zurückgezogene"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", QUERIES)
def test_strangers_read_nothing_of_what_is_not_listed(withdrawn, page, query):
    text = text_of(Client().get(page + query))
    assert [name for name in [*HIDDEN, "Nur Mitglieder"] if name in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_members_read_what_is_for_members_only(withdrawn, directory, signed_in, user_with, page):
    text = text_of(signed_in(user_with("reader", directory["solar"].key)).get(f"{page}?q=solar"))
    assert [name for name in HIDDEN if name in text] == []
    if "map" not in page:
        assert "Nur Mitglieder Solar KG" in text


def test_an_administrator_lists_hidden_ones_but_not_withdrawn_ones(withdrawn, signed_in, user_with):
    text = text_of(signed_in(user_with("administrator")).get("/directory/?q=solar"))
    assert [name for name in HIDDEN if name in text] == ["Geheime"]


def test_counts_facets_and_map_do_not_count_them(withdrawn, find):
    answer = Client().get("/api/v1/organisations/?q=solar").json()
    assert answer["count"] == 1
    page = Client().get("/directory/?q=solar")
    listing = page.context["listing"]
    assert listing.counts.total == 1
    assert {name: dict(counter) for name, counter in listing.counts.facets.items()} == {
        "country": {"DE": 1},
        "kind": {"firm": 1},
        "size": {"small": 1},
    }
    plan = Client().get("/directory/map/?q=solar").context["atlas"].plan
    assert {area.key: area.value for area in plan.areas if area.value} == {"DE": 1}


def test_a_withdrawal_acts_at_once(directory, find):
    assert find("q=muller") == ["Sølar Müller GmbH"]
    actions.withdraw_consent(organisation=directory["solar"], actor=ACTOR)
    assert find("q=muller") == []
    assert Client().get(f"/api/v1/organisations/{directory['solar'].key}").status_code == 404


def test_an_anonymous_teaser_and_members_statements_betray_nobody(directory, find, user_with):
    shy = organisation("Scheue GmbH", "DE")
    statement(
        shy,
        "Secret alloy",
        visibility="teaser",
        teaser="Somebody offers an alloy.",
        codes=[("nace", "24.42")],
    )
    member = user_with("reader", directory["solar"].key)
    for query in ("offers=yes&q=scheue", "nace=24&q=scheue", "fresh=30&q=scheue"):
        assert find(query) == []
        assert find(query, member) == []
    row = Client().get("/api/v1/organisations/?q=scheue").json()["items"][0]
    assert (row["offers"], row["confirmed_at"]) == (0, None)
    detail = Client().get(f"/api/v1/organisations/{shy.key}")
    assert "alloy" not in detail.content.decode()
    assert "42122000" not in Client().get(f"/api/v1/organisations/{directory['water'].key}").content.decode()


def test_a_hidden_cluster_has_no_members_for_strangers(directory, find):
    secret = cluster("Verborgener Verbund", listing="hidden")
    membership(secret, directory["solar"])
    assert find(f"cluster={secret.key}") == []
    text = text_of(Client().get(f"/directory/?cluster={secret.key}&columns=clusters"))
    assert "Verborgener" not in text
    assert "Verborgener" not in text_of(Client().get("/directory/?columns=clusters"))


def test_legal_identity_is_for_those_who_may_change_it(api_client, user_with, directory):
    solar = directory["solar"]
    actions.change_organisation(organisation=solar, values={"register_number": "HRB 4711"}, actor=ACTOR)
    path = f"/api/v1/organisations/{solar.key}"
    reader = api_client("organisations:read", user=user_with("reader", solar.key))
    owner = api_client("organisations:read", user=user_with("owner", solar.key))
    assert "4711" not in Client().get(path).content.decode()
    assert "4711" not in reader.get(path).content.decode()
    assert owner.get(path).json()["identity"]["register_number"] == "HRB 4711"


def text_of(answer) -> str:
    """The page as read: in the API, escaped letters are letters again."""
    assert answer.status_code == 200
    body = answer.content.decode()
    return json.dumps(json.loads(body), ensure_ascii=False) if body.startswith("{") else body
