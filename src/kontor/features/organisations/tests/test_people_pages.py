"""Contact persons and members of clusters: who is shown, who is asked, and who may take whom in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from kontor.base.jobs import run_due_jobs
from kontor.features.organisations import actions
from kontor.features.organisations.models import ContactPerson, Organisation
from kontor.features.organisations.tests.factories import ACTOR, cluster, organisation, statement
from kontor.features.organisations.tests.forms import fill, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def owned(user_with: Any, signed_in: Any) -> tuple[Organisation, Client]:
    firm = organisation("Nordwind Getriebe GmbH", website="nordwind-getriebe.eu", short_name="NWG")
    return firm, signed_in(user_with("owner", firm.key, email="owner@example.org", language="en"))


@pytest.mark.django_db(transaction=True)
def test_a_contact_person_is_told_and_erases_the_entry(
    owned: tuple[Organisation, Client], client: Client
) -> None:
    firm, owner = owned
    values = {"name": "Olga Offen", "email": "olga@example.org", "language": "en", "consent_source": "form"}
    owner.post(f"/directory/{firm.key}/contacts/new/", values)
    run_due_jobs()
    (letter,) = mail.outbox
    assert letter.to == ["olga@example.org"]
    link = re.findall(r"https?://[^/]+(/\S+)", letter.body)[-1]
    client.get(link)
    assert ContactPerson.objects.count() == 1
    client.post(link)
    assert not ContactPerson.objects.exists()
    assert client.post(link).status_code == 404


def test_contacts_are_changed_hidden_and_erased_by_editors(
    owned: tuple[Organisation, Client], client: Client
) -> None:
    firm, owner = owned
    person = actions.add_contact(organisation=firm, name="Olga Offen", actor=ACTOR)
    address = f"/directory/{firm.key}/contacts/{person.pk}/"
    fill(owner, address, name="Olga Neu", language="de", consent_source="form of 3 March")
    assert "Olga Neu" in client.get(f"/directory/{firm.key}/").content.decode()
    owner.post(f"{address}withdraw/")
    assert "Olga Neu" not in client.get(f"/directory/{firm.key}/").content.decode()
    assert "Olga Neu" in owner.get(f"{address}erase/").content.decode()
    owner.post(f"{address}erase/")
    assert not ContactPerson.objects.exists()


def test_correcting_a_person_who_withdrew_does_not_show_them_again(
    owned: tuple[Organisation, Client], client: Client
) -> None:
    firm, owner = owned
    person = actions.add_contact(organisation=firm, name="Willi Widerruf", consent_source="form", actor=ACTOR)
    actions.withdraw_contact_consent(contact=person, actor=ACTOR)
    address = f"/directory/{firm.key}/contacts/{person.pk}/"
    assert opened(owner, address)["name"] == "Willi Widerruf"
    fill(owner, address, phone="+49 431 1234567")
    assert firm.contacts.get().phone == "+49 431 1234567"
    assert "Willi Widerruf" not in client.get(f"/directory/{firm.key}/").content.decode()


def test_members_of_a_cluster_are_kept_by_its_manager(user_with: Any, signed_in: Any) -> None:
    home, firm = cluster(), organisation()
    client = signed_in(user_with("cluster_manager", home.key))
    assert (
        client.post(
            f"/directory/{home.key}/members/", {"member": firm.key, "since": "2025-01-01"}
        ).status_code
        == 302
    )
    again = client.post(f"/directory/{home.key}/members/", {"member": firm.key})
    assert "member already" in again.context["form"].errors["member"][0]
    joined = firm.member_of.get()
    address = f"/directory/{home.key}/members/{joined.pk}/"
    bad = fill(client, address, since="2025-01-01", until="2024-01-01")
    assert "until" in bad.context["form"].errors
    fill(client, address, since="2025-01-01", until="2025-12-31")
    joined.refresh_from_db()
    assert joined.until == dt.date(2025, 12, 31)
    assert signed_in(user_with("owner", firm.key)).get(f"/directory/{home.key}/members/").status_code == 403


def test_a_member_is_found_by_its_name(user_with: Any, signed_in: Any, client: Client) -> None:
    home = cluster()
    firm = organisation("Süd Getriebe GmbH", place="Ulm")
    organisation("Nord Getriebe GmbH")
    organisation("Geheime Getriebe AG", listing="hidden")
    manager = signed_in(user_with("cluster_manager", home.key))
    found = manager.get("/directory/names/?q=getriebe").json()["items"]
    assert [item["label"] for item in found] == ["Nord Getriebe GmbH, DE", "Süd Getriebe GmbH, Ulm, DE"]
    assert client.get("/directory/names/?q=getriebe").json()["items"] == found, "what anybody may see"
    members = f"/directory/{home.key}/members/"
    several = manager.post(members, {"member": "Getriebe"}).context["form"].errors["member"][0]
    assert "Several" in several
    hidden = manager.post(members, {"member": "Geheime Getriebe"}).context["form"].errors["member"][0]
    assert "no such organisation" in hidden
    assert manager.post(members, {"member": "sud getriebe"}).status_code == 302
    assert firm.member_of.get().cluster == home


def test_a_manager_takes_in_no_organisation_that_others_look_after(
    user_with: Any, signed_in: Any, client: Client
) -> None:
    home, firm = cluster(), organisation()
    statement(firm, "Secret gearbox project", visibility="teaser", teaser="Somebody looks for steel.")
    user_with("owner", firm.key, email="owner@example.org")
    manager = signed_in(user_with("cluster_manager", home.key))
    answer = manager.post(f"/directory/{home.key}/members/", {"member": firm.key}, follow=True)
    assert "asked by mail" in answer.content.decode()
    assert not firm.member_of.exists()
    assert "Secret gearbox project" not in manager.get(f"/directory/{firm.key}/").content.decode()
    run_due_jobs()
    (letter,) = mail.outbox
    assert letter.to == ["owner@example.org"]
    link = re.findall(r"https?://[^/]+(/\S+)", letter.body)[0]
    assert home.name in client.get(link).content.decode()
    assert not firm.member_of.exists()
    client.post(link)
    assert firm.member_of.get().cluster == home
    assert client.post(link).status_code == 409


def test_a_manager_cannot_take_a_member_from_another_cluster_where_nobody_can_be_asked(
    user_with: Any, signed_in: Any
) -> None:
    home, other, firm = cluster(), cluster("Other cluster"), organisation()
    actions.add_membership(cluster=other, member=firm, actor=ACTOR)
    manager = signed_in(user_with("cluster_manager", home.key))
    refused = manager.post(f"/directory/{home.key}/members/", {"member": firm.key})
    assert "administrator" in refused.context["form"].errors["member"][0]
    admin = signed_in(user_with("administrator"))
    admin.post(f"/directory/{home.key}/members/", {"member": firm.key})
    assert firm.member_of.filter(cluster=home).exists()
