"""The profile page and who sees what on it. Secrets are texts that must not occur in the page's source."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kontor.base import texts
from kontor.features.accounts.actions import grant_role
from kontor.features.accounts.scopes import Scope
from kontor.features.organisations import actions, panel
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement

pytestmark = pytest.mark.django_db

VAT = "DE136695976"
SECRETS = {
    "vat": VAT,
    "teaser statement": "Secret gearbox project",
    "members statement": "For members only: titanium",
    "closed statement": "Closed long ago",
    "contact without consent": "Clara Geheim",
    "withdrawn contact": "Willi Widerruf",
    "hidden cluster": "Hidden Cluster e.V.",
    "turnover": "7,654,321",
    "actor in the time line": "Profile changed",
}


@pytest.fixture
def firm() -> Organisation:
    """An organisation with everything that could leak."""
    made = organisation(
        vat=VAT, codes=[("nace", "28.11")], consent=True, place="Kiel", summary="Open summary."
    )
    statement(made, "Open offer of gearboxes.")
    statement(
        made, SECRETS["teaser statement"], visibility="teaser", teaser="A firm in the north looks for steel."
    )
    statement(made, SECRETS["members statement"], visibility="members")
    closed = statement(made, SECRETS["closed statement"])
    actions.close_statement(statement=closed, actor=ACTOR)
    actions.add_contact(organisation=made, name="Olga Offen", consent_source="form", actor=ACTOR)
    actions.add_contact(organisation=made, name=SECRETS["contact without consent"], actor=ACTOR)
    gone = actions.add_contact(
        organisation=made, name=SECRETS["withdrawn contact"], consent_source="f", actor=ACTOR
    )
    actions.withdraw_contact_consent(contact=gone, actor=ACTOR)
    actions.set_figures(organisation=made, year=2025, turnover=7654321, actor=ACTOR)
    actions.change_organisation(organisation=made, values={"short_name": "NW"}, actor=ACTOR)
    membership(cluster(SECRETS["hidden cluster"], listing="hidden"), made)
    return made


def source(client: Client, of: Organisation) -> str:
    answer = client.get(f"/directory/{of.key}/")
    assert answer.status_code == 200
    return answer.content.decode()


def leaks(page: str) -> set[str]:
    return {name for name, secret in SECRETS.items() if secret in page}


def test_a_stranger_reads_what_is_public_and_nothing_else(client: Client, firm: Organisation) -> None:
    page = source(client, firm)
    assert "Open offer of gearboxes." in page
    assert "Olga Offen" in page
    assert "Open summary." in page
    assert leaks(page) == set()


def test_a_member_also_reads_statements_for_members(
    user_with: Any, signed_in: Any, firm: Organisation
) -> None:
    assert leaks(source(signed_in(user_with("reader", "other")), firm)) == {"members statement"}


def test_a_person_without_a_role_is_no_member(user_with: Any, signed_in: Any, firm: Organisation) -> None:
    assert leaks(source(signed_in(user_with()), firm)) == set()


@pytest.mark.parametrize("role", ["owner", "editor"])
def test_its_editors_read_everything(user_with: Any, signed_in: Any, firm: Organisation, role: str) -> None:
    assert leaks(source(signed_in(user_with(role, firm.key)), firm)) == set(SECRETS)


def test_its_readers_read_no_teaser_and_no_legal_identity(
    user_with: Any, signed_in: Any, firm: Organisation
) -> None:
    assert leaks(source(signed_in(user_with("reader", firm.key)), firm)) == {"members statement"}


def test_managers_of_its_clusters_read_everything_until_it_leaves(
    user_with: Any, signed_in: Any, firm: Organisation
) -> None:
    home = cluster("Open cluster")
    joined = membership(home, firm)
    client = signed_in(user_with("cluster_manager", home.key))
    assert leaks(source(client, firm)) == set(SECRETS)
    actions.end_membership(membership=joined, actor=ACTOR)
    assert leaks(source(client, firm)) == {"members statement"}


@pytest.mark.parametrize("listing", ["hidden", "withdrawn"])
def test_what_must_not_be_seen_does_not_exist(
    client: Client, user_with: Any, signed_in: Any, listing: str
) -> None:
    hidden = organisation("Geheim GmbH", listing="hidden")
    if listing == "withdrawn":
        actions.withdraw_consent(organisation=hidden, actor=ACTOR)
    missing = client.get("/directory/000000000000/")
    for visitor in (client, signed_in(user_with("reader", "other"))):
        answer = visitor.get(f"/directory/{hidden.key}/")
        assert answer.status_code == missing.status_code == 404
        assert "Geheim" not in answer.content.decode()
    assert "Geheim" in source(signed_in(user_with("owner", hidden.key)), hidden)


def test_the_manager_of_its_cluster_loses_it_on_withdrawal(user_with: Any, signed_in: Any) -> None:
    home, firm = cluster(), organisation("Geheim GmbH")
    membership(home, firm)
    client = signed_in(user_with("cluster_manager", home.key))
    assert "Geheim" in source(client, firm)
    actions.withdraw_consent(organisation=firm, actor=ACTOR)
    assert client.get(f"/directory/{firm.key}/").status_code == 404
    assert "Geheim" not in client.get(f"/directory/{home.key}/members/").content.decode()


def test_members_only_asks_a_stranger_to_sign_in(client: Client) -> None:
    answer = client.get(f"/directory/{organisation('Geheim GmbH', listing='members').key}/")
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_an_old_key_leads_to_the_kept_record(client: Client) -> None:
    first, second, third = organisation("A"), organisation("B"), organisation("C")
    actions.merge_organisations(kept=second, gone=first, actor=ACTOR)
    actions.merge_organisations(kept=third, gone=second, actor=ACTOR)
    answer = client.get(f"/directory/{first.key}/")
    assert answer["Location"] == f"/directory/{third.key}/"


def test_name_and_texts_come_in_the_readers_language_with_their_state(client: Client) -> None:
    firm = organisation("Nordwind GmbH", language="de", summary="Getriebe")
    offer = statement(firm, "Wir bauen Getriebe.", language="de")
    texts.set_text(firm, "name", "en", "North Wind Ltd", "human")
    texts.set_text(offer, "text", "en", "We build gears.", "machine")
    page = source(client, firm)
    for expected in ("North Wind Ltd", "Nordwind GmbH", "We build gears.", "translated by machine"):
        assert expected in page
    assert "out of date" not in page
    actions.change_organisation(organisation=firm, values={"name": "Südwind GmbH"}, actor=ACTOR)
    assert "out of date" in source(client, firm)


def test_stale_statements_say_so(client: Client, time_machine: Any) -> None:
    time_machine.move_to("2027-03-03 12:00Z")
    firm = organisation()
    statement(firm)
    assert "confirmed today" in source(client, firm)
    time_machine.move_to("2027-03-25 12:00Z")
    assert "confirmed 3 weeks ago" in source(client, firm)
    time_machine.move_to("2027-09-10 12:00Z")
    page = source(client, firm)
    assert "confirmed 6 months ago" in page
    assert "stale" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_a_fixed_number_of_queries(
    user_with: Any, signed_in: Any, django_assert_num_queries: Any, rows: int
) -> None:
    firm = organisation(codes=[("nace", "28.11")])
    for number in range(rows):
        statement(firm, f"Offer {number}", codes=[("nace", "28.11"), ("cpv", "42000000")])
        actions.add_contact(organisation=firm, name=f"P{number}", consent_source="form", actor=ACTOR)
        membership(cluster(f"Cluster {number}"), firm)
        actions.set_figures(organisation=firm, year=2020 + number, staff=1, actor=ACTOR)
    client = signed_in(user_with("editor", firm.key))
    client.get(f"/directory/{firm.key}/")
    with django_assert_num_queries(16):
        client.get(f"/directory/{firm.key}/")


def test_the_owner_gets_all_data_as_a_file(user_with: Any, signed_in: Any, firm: Organisation) -> None:
    data = signed_in(user_with("owner", firm.key)).get(f"/directory/{firm.key}/export/")
    assert data["Content-Disposition"].endswith(f'"kontor-{firm.key}.json"')
    content = data.json()
    assert content["organisation"]["vat"] == VAT
    assert {row["name"] for row in content["contacts"]} == {"Olga Offen", "Clara Geheim", "Willi Widerruf"}
    assert len(content["statements"]) == 4
    assert {"organisation.created", "statement.added", "statement.closed"} <= {
        row["what"] for row in content["events"]
    }
    assert signed_in(user_with("editor", firm.key)).get(f"/directory/{firm.key}/export/").status_code == 403


def test_codes_are_searched_in_the_readers_language(client: Client) -> None:
    items = client.get("/directory/codes/?q=wind", headers={"Accept-Language": "en"}).json()["items"]
    assert items
    assert all(":" in item["code"] for item in items)
    assert client.get("/directory/codes/?q=").json() == {"items": []}


def test_people_find_the_way_to_their_own_organisation(user_with: Any, signed_in: Any) -> None:
    firm = organisation("Nordwind GmbH", listing="hidden")
    organisation("Geheim GmbH", listing="hidden")
    owner, reader = (signed_in(user_with(role, firm.key)) for role in ("owner", "reader"))
    page = owner.get("/").content.decode()
    for way in ("", "edit/", "people/", "#offer"):
        assert f'href="/directory/{firm.key}/{way}"' in page
    assert 'href="/directory/own/"' in page
    assert "Geheim" not in page
    assert owner.get("/directory/own/")["Location"] == firm.get_absolute_url()
    read = reader.get("/").content.decode()
    assert f'href="/directory/{firm.key}/"' in read
    assert f"/directory/{firm.key}/people/" not in read
    assert f"/directory/{firm.key}/edit/" not in read


def test_who_has_several_organisations_is_shown_all_and_others_no_way(user_with: Any, signed_in: Any) -> None:
    first, second = organisation("Nordwind GmbH"), organisation("Südwind GmbH")
    person = user_with("owner", first.key)
    grant_role(user=person, role="editor", scope=Scope("organisation", second.key), actor=ACTOR)
    client = signed_in(person)
    assert client.get("/directory/own/")["Location"] == "/"
    page = client.get("/").content.decode()
    assert first.get_absolute_url() in page
    assert second.get_absolute_url() in page
    stranger = signed_in(user_with())
    assert "/directory/own/" not in stranger.get("/").content.decode()
    assert stranger.get("/directory/own/").status_code == 403


@pytest.mark.parametrize("organisations", [1, 3])
def test_own_organisations_take_one_query(
    user_with: Any, django_assert_num_queries: Any, organisations: int
) -> None:
    person = user_with()
    for number in range(organisations):
        key = organisation(f"Firm {number}").key
        grant_role(user=person, role="owner", scope=Scope("organisation", key), actor=ACTOR)
    person = type(person).objects.get(pk=person.pk)
    person.roles()
    with django_assert_num_queries(1):
        shown = panel.own(person)
    assert shown is not None
    assert len(shown.lines) == 4 * organisations
