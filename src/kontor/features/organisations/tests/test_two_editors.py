"""Two people change the same figures, person, membership or translation: nothing is lost unseen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import Text
from kontor.features.organisations import actions
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.sealing import seal, unseal
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement
from kontor.features.organisations.tests.forms import fill, hidden_fields, opened

pytestmark = pytest.mark.django_db
Editors = tuple[Organisation, Organisation, Client, Client]


@pytest.fixture
def editors(user_with: Any, signed_in: Any) -> Editors:
    """A cluster, its member, and two managers signed in."""
    home, firm = cluster(), organisation("Nordwind GmbH", language="de")
    membership(home, firm, since=dt.date(2020, 1, 1))
    anna, ben = (signed_in(user_with("cluster_manager", home.key, name=name)) for name in ("Anna", "Ben"))
    return home, firm, anna, ben


def test_what_is_sealed_comes_back_with_its_types_and_about_the_same_thing_only() -> None:
    values = {"day": dt.date(2026, 1, 2), "sum": Decimal("0.10"), "years": {"2024": {"staff": None}}}
    assert unseal(seal(values, "a"), "a") == values
    for text, about in ((seal(values, "a"), "b"), ("forged", ""), ("", "")):
        with pytest.raises(KontorError) as caught:
            unseal(text, about)
        assert caught.value.code == "form-broken"


def test_figures_are_entered_changed_and_removed(editors: Editors) -> None:
    _home, firm, anna, _ben = editors
    address = f"/directory/{firm.key}/figures/"
    fill(anna, address, year="2024", staff="12.5", turnover="5000000")
    assert opened(anna, f"{address}?year=2024")["turnover"] == "5000000.00"
    # A form that was not opened for the year removes nothing.
    fill(anna, address, year="2024", staff="13")
    row = firm.figures.get()
    assert (row.staff, row.turnover) == (Decimal("13.00"), Decimal("5000000.00"))
    shown = opened(anna, f"{address}?year=2024")
    anna.post(address, shown | {"turnover": ""})
    assert firm.figures.get().turnover is None
    anna.post(address, opened(anna, f"{address}?year=2024") | {"staff": ""})
    assert not firm.figures.exists()


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("de", "1.250.000,50", "1250000,50"),
        ("nl", "1250000,5", "1250000,50"),
        ("en", "1,250,000.50", "1250000.50"),
    ],
)
def test_figures_are_read_as_the_reader_writes_them(
    editors: Editors, language: str, text: str, shown: str
) -> None:
    _home, firm, anna, _ben = editors
    anna.cookies["django_language"] = language
    address = f"/directory/{firm.key}/figures/"
    fill(anna, address, year="2024", turnover=text)
    assert firm.figures.get().turnover == Decimal("1250000.50")
    assert opened(anna, f"{address}?year=2024")["turnover"] == shown
    bad = fill(anna, f"{address}?year=2024", turnover="viel")
    assert "viel" in bad.context["form"].errors["turnover"][0]
    assert firm.figures.get().turnover == Decimal("1250000.50")


@pytest.mark.parametrize("year", ["1989", "2101", "2100"])
def test_a_year_that_cannot_be_is_refused(editors: Editors, year: str) -> None:
    _home, firm, anna, _ben = editors
    answer = fill(anna, f"/directory/{firm.key}/figures/", year=year, staff="1")
    assert "year" in answer.context["form"].errors
    assert not firm.figures.exists()


def test_different_figures_of_one_year_are_joined(editors: Editors) -> None:
    _home, firm, anna, ben = editors
    address = f"/directory/{firm.key}/figures/"
    fill(anna, address, year="2024", staff="12")
    for_anna, for_ben = opened(anna, f"{address}?year=2024"), opened(ben, f"{address}?year=2024")
    anna.post(address, for_anna | {"staff": "20"})
    assert ben.post(address, for_ben | {"turnover": "7"}).status_code == 302
    row = firm.figures.get()
    assert (row.staff, row.turnover) == (20, 7)


def test_the_second_who_enters_a_year_sees_the_first(editors: Editors) -> None:
    _home, firm, anna, ben = editors
    address = f"/directory/{firm.key}/figures/"
    for_anna, for_ben = opened(anna, address), opened(ben, address)
    anna.post(address, for_anna | {"year": "2024", "staff": "20", "turnover": "5"})
    answer = ben.post(address, for_ben | {"year": "2024", "staff": "30", "balance": "9"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("Anna saved before you" in page, "20.00" in page, "30.00" in page) == (True, True, True)
    assert firm.figures.get().staff == 20
    choice = hidden_fields(page) | {"choice_staff": "mine"}
    assert ben.post(address, choice).status_code == 302
    row = firm.figures.get()
    assert (row.staff, row.turnover, row.balance) == (30, 5, 9)


def test_a_person_changed_by_two_is_joined_or_shown(editors: Editors) -> None:
    _home, firm, anna, ben = editors
    person = actions.add_contact(organisation=firm, name="Olga Offen", email="o@o.example", actor=ACTOR)
    address = f"/directory/{firm.key}/contacts/{person.pk}/"
    for_anna, for_ben = opened(anna, address), opened(ben, address)
    anna.post(address, for_anna | {"phone": "+49 1", "function": "Head"})
    answer = ben.post(
        address, for_ben | {"phone": "+49 2", "email": "neu@o.example", "consent_source": "form"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("+49 1" in page, "+49 2" in page) == (True, True)
    person.refresh_from_db()
    assert (person.email, person.may_be_shown) == ("o@o.example", False)
    assert ben.post(address, hidden_fields(page) | {"choice_phone": "theirs"}).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.function, person.email) == ("+49 1", "Head", "neu@o.example")
    assert (person.may_be_shown, person.consent_source) == (True, "form")


def test_a_person_erased_meanwhile_does_not_come_back(editors: Editors) -> None:
    _home, firm, _anna, _ben = editors
    person = actions.add_contact(organisation=firm, name="Olga Offen", actor=ACTOR)
    actions.erase_contact(contact=firm.contacts.get(), actor=ACTOR)
    with pytest.raises(Conflict) as caught:
        actions.change_contact(contact=person, values={"phone": "+49 1"}, actor=ACTOR)
    assert caught.value.code == "contact_gone"
    assert not firm.contacts.exists()


def test_dates_of_a_membership_changed_by_two(editors: Editors) -> None:
    home, firm, anna, ben = editors
    address = f"/directory/{home.key}/members/{firm.member_of.get().pk}/"
    for_anna, for_ben = opened(anna, address), opened(ben, address)
    anna.post(address, for_anna | {"since": "2019-05-01"})
    assert ben.post(address, for_ben | {"until": "2099-12-31"}).status_code == 302
    joined = firm.member_of.get()
    assert (joined.since, joined.until) == (dt.date(2019, 5, 1), dt.date(2099, 12, 31))
    answer = ben.post(address, for_ben | {"since": "2018-01-01"})
    assert answer.status_code == 409
    assert "1 May 2019" in answer.content.decode()
    assert firm.member_of.get().since == dt.date(2019, 5, 1)


def test_translations_keep_what_the_form_did_not_show(editors: Editors) -> None:
    _home, firm, anna, ben = editors
    address = f"/directory/{firm.key}/translations/"
    fill(anna, address, language="fr", name="Vent du Nord", text="Rotors", origin="human")
    for_ben = opened(ben, f"{address}?language=fr")
    assert (for_ben["name"], for_ben["text"]) == ("Vent du Nord", "Rotors")
    fill(anna, address, language="fr", text="Rotors et mâts", origin="human")
    rows = {row.field: row.text for row in Text.objects.filter(subject_kind="organisation", language="fr")}
    assert rows == {"name": "Vent du Nord", "summary": "Rotors et mâts"}
    answer = ben.post(address, for_ben | {"text": "Rotors neufs"})
    assert answer.status_code == 409
    assert "Rotors et mâts" in answer.content.decode()
    choice = hidden_fields(answer.content.decode()) | {"choice_summary": "mine"}
    assert ben.post(address, choice).status_code == 302
    ben.post(address, opened(ben, f"{address}?language=fr") | {"name": ""})
    rows = {row.field: row.text for row in Text.objects.filter(subject_kind="organisation", language="fr")}
    assert rows == {"summary": "Rotors neufs"}


def test_the_language_of_the_original_is_no_choice(editors: Editors) -> None:
    _home, firm, anna, _ben = editors
    anna.cookies["django_language"] = "de"
    field = anna.get(f"/directory/{firm.key}/translations/").context["form"]["language"]
    assert "de" not in dict(field.field.choices)
    assert field.value() in dict(field.field.choices)


def test_a_translation_saved_again_counts_as_up_to_date(editors: Editors) -> None:
    _home, firm, anna, _ben = editors
    told = statement(firm)
    address = f"/directory/{firm.key}/statements/{told.key}/translate/"
    fill(anna, address, language="fr", text="Nous construisons.", origin="human")
    Text.objects.update(stale=True)
    fill(anna, f"{address}?language=fr")
    assert not Text.objects.get().stale
