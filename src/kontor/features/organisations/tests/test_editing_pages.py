"""Forms for profiles: what they refuse, two managers editing one record, and the short path."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from kontor.features.accounts.actions import grant_role
from kontor.features.accounts.scopes import Scope
from kontor.features.organisations import actions
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation
from kontor.features.organisations.tests.forms import hidden_fields

pytestmark = pytest.mark.django_db


def form_of(client: Client, of: Organisation) -> dict[str, Any]:
    """The edit page as a browser would send it unchanged."""
    page = client.get(f"/directory/{of.key}/edit/")
    assert page.status_code == 200
    form = page.context["form"]
    values = {name: field.initial or "" for name, field in form.fields.items()} | form.initial
    sent = {name: "" if values.get(name) is None else values[name] for name in form.fields}
    return sent | {"base": hidden_fields(page.content.decode())["base"]}


@pytest.fixture
def managers(user_with: Any, signed_in: Any) -> tuple[Organisation, Client, Client]:
    """An organisation and two managers of the cluster it is in."""
    home, firm = cluster(), organisation("Nordwind GmbH", place="Kiel", tags=["wind"])
    membership(home, firm)
    first, second = (signed_in(user_with("cluster_manager", home.key, name=name)) for name in ("Anna", "Ben"))
    return firm, first, second


def test_edits_of_different_fields_are_joined(managers: tuple[Organisation, Client, Client]) -> None:
    firm, anna, ben = managers
    for_anna, for_ben = form_of(anna, firm), form_of(ben, firm)
    anna.post(f"/directory/{firm.key}/edit/", for_anna | {"name": "Nordwind AG", "tags": "wind, sea"})
    answer = ben.post(f"/directory/{firm.key}/edit/", for_ben | {"summary": "By Ben.", "tags": "wind, steel"})
    assert answer.status_code == 302
    firm.refresh_from_db()
    assert (firm.name, firm.summary, firm.tags) == ("Nordwind AG", "By Ben.", ["wind", "sea", "steel"])
    assert firm.revision == 3


def test_the_second_editor_of_one_field_sees_both_sides_and_chooses(
    managers: tuple[Organisation, Client, Client],
) -> None:
    firm, anna, ben = managers
    for_anna, for_ben = form_of(anna, firm), form_of(ben, firm)
    anna.post(
        f"/directory/{firm.key}/edit/",
        for_anna | {"name": "Name of Anna", "short_name": "NA", "summary": "S"},
    )
    edit = {"name": "Name of Ben", "short_name": "NB", "street": "Street of Ben"}
    answer = ben.post(f"/directory/{firm.key}/edit/", for_ben | edit)
    page = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("Nordwind GmbH", "Name of Anna", "Name of Ben", "Anna saved before you", "Summary"):
        assert shown in page
    firm.refresh_from_db()
    assert (firm.name, firm.street) == ("Name of Anna", "")

    choice = hidden_fields(page) | {"choice_name": "mine", "choice_short_name": "theirs"}
    assert ben.post(f"/directory/{firm.key}/edit/", choice).status_code == 302
    firm.refresh_from_db()
    expected = ("Name of Ben", "NA", "Street of Ben", "S")
    assert (firm.name, firm.short_name, firm.street, firm.summary) == expected


def test_a_third_edit_during_the_choice_is_seen_too(managers: tuple[Organisation, Client, Client]) -> None:
    firm, anna, ben = managers
    for_anna, for_ben = form_of(anna, firm), form_of(ben, firm)
    anna.post(f"/directory/{firm.key}/edit/", for_anna | {"name": "A"})
    page = ben.post(f"/directory/{firm.key}/edit/", for_ben | {"name": "B"}).content.decode()
    actions.change_organisation(organisation=firm, values={"name": "C"}, actor=ACTOR)
    again = ben.post(f"/directory/{firm.key}/edit/", hidden_fields(page) | {"choice_name": "mine"})
    assert again.status_code == 409
    firm.refresh_from_db()
    assert firm.name == "C"


def test_a_forged_beginning_is_refused(managers: tuple[Organisation, Client, Client]) -> None:
    firm, anna, _ben = managers
    answer = anna.post(f"/directory/{firm.key}/edit/", form_of(anna, firm) | {"base": "forged", "name": "X"})
    assert answer.status_code == 400
    firm.refresh_from_db()
    assert firm.name == "Nordwind GmbH"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("vat", "DE136695975", "check digit"),
        ("pic", "123", "nine digits"),
        ("website", "nowhere", "not the address of a web site"),
        ("nuts3", "XX999", "no such NUTS 3 region"),
        ("name", "", "required"),
        ("more_codes", "nace:99.99", "There is no code"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    managers: tuple[Organisation, Client, Client], field: str, value: str, says: str
) -> None:
    firm, anna, _ben = managers
    answer = anna.post(f"/directory/{firm.key}/edit/", form_of(anna, firm) | {field: value})
    assert answer.status_code == 200
    assert any(says in error for error in answer.context["form"].errors[field])
    assert "error-summary" in answer.content.decode()


def test_a_number_of_another_organisation_is_refused_without_naming_it(
    managers: tuple[Organisation, Client, Client],
) -> None:
    firm, anna, _ben = managers
    organisation("Geheim GmbH", vat="DE136695976", listing="hidden")
    answer = anna.post(f"/directory/{firm.key}/edit/", form_of(anna, firm) | {"vat": "DE136695976"})
    assert "Another organisation" in answer.context["form"].errors["vat"][0]
    assert "Geheim" not in answer.content.decode()


def test_the_region_follows_from_the_postcode_with_its_version(
    managers: tuple[Organisation, Client, Client],
) -> None:
    firm, anna, _ben = managers
    anna.post(f"/directory/{firm.key}/edit/", form_of(anna, firm) | {"postcode": "28195", "place": "Bremen"})
    firm.refresh_from_db()
    assert (firm.nuts3, firm.nuts_version) == ("DE501", "2024")
    assert round(firm.latitude or 0) == 53
    anna.post(f"/directory/{firm.key}/edit/", form_of(anna, firm) | {"postcode": "20095", "place": "Hamburg"})
    firm.refresh_from_db()
    assert (firm.nuts3, firm.nuts_version) == ("DE600", "2024")
    anna.post(f"/directory/{firm.key}/edit/", form_of(anna, firm) | {"nuts3": "DE501"})
    firm.refresh_from_db()
    assert (firm.nuts3, firm.nuts_version) == ("DE501", "2024")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "country=DE&postcode=28195&was=DE600&nuts3=DE600",
            "Region: Bremen, Kreisfreie Stadt (DE501, NUTS 2024)",
        ),
        ("country=NL&postcode=1011", "Region: Groot-Amsterdam (NL32B, NUTS 2024)"),
        ("country=DE&place=Kiel&was=DE501&nuts3=de600", "The region that you entered stays: DE600."),
        ("country=DE&postcode=&place=Nirgendwo", "No region is known for this postcode or town."),
        ("country=&postcode=28195", ""),
        ("country=DE", ""),
        ("country=%3Cb%3E&postcode=%3Cb%3E", "No region is known"),
        ("country=%3Cb%3E&postcode=%3Cb%3E&nuts3=%3Cb%3E", "stays: &lt;B&gt;."),
    ],
)
def test_the_region_is_said_while_the_address_is_typed(
    managers: tuple[Organisation, Client, Client], typed: str, said: str
) -> None:
    answer = managers[1].get(f"/directory/region/?{typed}").content.decode().strip()
    assert said in answer
    assert bool(said) == bool(answer)


def test_both_forms_ask_for_the_region(managers: tuple[Organisation, Client, Client]) -> None:
    firm, anna, _ben = managers
    for path in (f"/directory/{firm.key}/edit/", "/directory/new/"):
        page = anna.get(path).content.decode()
        assert 'hx-get="/directory/region/"' in page
        assert all(f'id="{name}"' in page for name in ("id_country", "id_postcode", "id_place"))


def test_saving_without_a_change_changes_nothing(managers: tuple[Organisation, Client, Client]) -> None:
    firm, anna, ben = managers
    exact = {
        "languages": ["nl", "de"],
        "postcode": "24103",
        "nuts3": "DEF02",
        "nuts_version": "2021",
        "latitude": 54.3232929,
        "longitude": 10.1227652,
    }
    actions.change_organisation(organisation=firm, values=exact, actor=ACTOR)
    firm.refresh_from_db()
    before, form = actions.snapshot(firm), form_of(anna, firm)
    # A browser sends the languages in the order in which they are listed.
    assert anna.post(f"/directory/{firm.key}/edit/", form | {"languages": ["de", "nl"]}).status_code == 302
    firm.refresh_from_db()
    assert actions.snapshot(firm) == before

    # Nor is what somebody else changed meanwhile taken for a change of this form's.
    moved = {"place": "Hamburg", "latitude": 53.55, "longitude": 9.99}
    actions.change_organisation(organisation=firm, values=moved, actor=ACTOR)
    assert ben.post(f"/directory/{firm.key}/edit/", form | {"summary": "New."}).status_code == 302
    firm.refresh_from_db()
    assert (firm.place, firm.latitude, firm.longitude, firm.summary) == ("Hamburg", 53.55, 9.99, "New.")


def test_codes_suggested_from_the_text_are_accepted_by_a_tick(
    managers: tuple[Organisation, Client, Client],
) -> None:
    firm, anna, _ben = managers
    form = form_of(anna, firm) | {"summary": "Manufacture of gears, gearboxes and bearings", "suggest": "1"}
    offered = anna.post(f"/directory/{firm.key}/edit/", form).context["form"].fields["codes"].choices
    assert offered
    del form["suggest"]
    anna.post(f"/directory/{firm.key}/edit/", form | {"codes": [offered[0][0]], "more_codes": "nace:28.11"})
    stored = {f"{code.scheme}:{code.code}" for code in firm.codes.all()}
    assert stored == {offered[0][0], "nace:28.11"}
    page = anna.get(f"/directory/{firm.key}/edit/").content.decode()
    assert set(re.findall(r'name="codes" value="([^"]*)"[^>]* checked', page)) == stored


def test_strangers_and_readers_cannot_open_the_form(client: Client, user_with: Any, signed_in: Any) -> None:
    firm = organisation()
    assert client.get(f"/directory/{firm.key}/edit/").status_code == 302
    reader = signed_in(user_with("reader", firm.key))
    assert reader.get(f"/directory/{firm.key}/edit/").status_code == 403
    assert reader.post(f"/directory/{firm.key}/edit/", {"name": "X"}).status_code == 403


def test_a_reader_of_english_gets_codes_for_a_german_text(
    managers: tuple[Organisation, Client, Client],
) -> None:
    firm, anna, _ben = managers
    form = form_of(anna, firm) | {
        "summary": "Wir bauen Getriebe und Zahnräder für Windräder.",
        "suggest": "1",
    }
    htmx = {"HX-Request": "true", "Accept-Language": "en"}
    fragment = anna.post(f"/directory/{firm.key}/edit/", form, headers=htmx).content.decode()
    assert "<html" not in fragment
    assert 'value="nace:28.15"' in fragment
    assert "Manufacture of bearings, gears" in fragment


PLACE = {
    "name": "Getriebe Müller GmbH",
    "kind": "firm",
    "country": "DE",
    "postcode": "28195",
    "place": "Bremen",
}


def describe(client: Client, **place: str) -> Any:
    """Walk the short path to its last page; the answer to its first."""
    first = client.post("/directory/new/", PLACE | place)
    client.post(
        "/directory/new/offer/", {"text": "Wir bauen Getriebe für Windräder und Schiffe.", "language": ""}
    )
    client.post("/directory/new/need/", {"text": "", "language": ""})
    return first


def test_the_short_path_makes_an_organisation_with_an_owner(user_with: Any, signed_in: Any) -> None:
    person = user_with()
    client = signed_in(person)
    assert describe(client)["Location"] == "/directory/new/offer/"
    check = client.get("/directory/new/check/").content.decode()
    assert "Getriebe Müller GmbH" in check
    assert "DE501" in check
    saved = client.post("/directory/new/check/", {"listing": "members", "consent": "on"})
    made = Organisation.objects.get()
    assert saved["Location"] == f"/directory/{made.key}/"
    assert (made.listing, made.language, made.nuts3) == ("members", "de", "DE501")
    assert made.consent_at is not None
    told = Statement.objects.get()
    assert (told.kind, told.language) == ("offer", "de")
    assert client.get(f"/directory/{made.key}/edit/").status_code == 200


def test_without_consent_nothing_is_saved(user_with: Any, signed_in: Any) -> None:
    client = signed_in(user_with())
    describe(client)
    answer = client.post("/directory/new/check/", {"listing": "listed"})
    assert "consent" in answer.context["form"].errors
    assert not Organisation.objects.exists()


def test_a_manager_who_describes_a_firm_makes_it_a_member(user_with: Any, signed_in: Any) -> None:
    home = cluster()
    client = signed_in(user_with("cluster_manager", home.key))
    describe(client)
    client.post("/directory/new/check/", {"listing": "listed", "consent": "on"})
    made = Organisation.objects.exclude(pk=home.pk).get()
    assert [row.cluster for row in made.member_of.all()] == [home]


def test_the_manager_of_two_clusters_keeps_what_they_enter(user_with: Any, signed_in: Any) -> None:
    manager = user_with("cluster_manager", cluster().key)
    grant_role(user=manager, role="cluster_manager", scope=Scope("cluster", cluster("Two").key), actor=ACTOR)
    client = signed_in(manager)
    describe(client)
    saved = client.post("/directory/new/check/", {"listing": "hidden", "consent": "on"})
    assert client.get(saved["Location"]).status_code == 200
    made = Organisation.objects.get(listing="hidden")
    assert client.get(f"/directory/{made.key}/edit/").status_code == 200


def test_a_likely_duplicate_is_shown_before_saving(user_with: Any, signed_in: Any) -> None:
    known = organisation("Mueller Getriebe", place="Bremen")
    organisation("Müller Getriebe Geheim", place="Bremen", listing="hidden")
    client = signed_in(user_with())
    page = describe(client)
    assert page.status_code == 200
    assert known.name in page.content.decode()
    assert "Geheim" not in page.content.decode()
    assert describe(client, none_of_these="1").status_code == 302


def test_the_later_pages_need_the_first(user_with: Any, signed_in: Any) -> None:
    client = signed_in(user_with())
    for page in ("offer", "need", "check"):
        assert client.get(f"/directory/new/{page}/")["Location"] == "/directory/new/"
    assert Client().get("/directory/new/").status_code == 302
