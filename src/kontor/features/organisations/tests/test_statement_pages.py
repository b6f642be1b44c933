"""Statements: adding, anonymous teasers, two editors, reconfirming by mail, and consent."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from kontor.base import events
from kontor.base.errors import KontorError
from kontor.base.jobs import enqueue, run_due_jobs
from kontor.base.models import Job, Text
from kontor.features.organisations import actions
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.organisations.tasks import plan_reminders
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement
from kontor.features.organisations.tests.forms import fill

pytestmark = pytest.mark.django_db

NEW = {
    "kind": "need",
    "text": "We need a partner who casts steel for gearboxes.",
    "language": "",
    "visibility": "public",
}


@pytest.fixture
def told() -> list[Any]:
    """Events as they are emitted."""
    heard: list[Any] = []
    for kind in (events.OrganisationChanged, events.OrganisationGone):
        events.subscribe(kind, heard.append)
    yield heard
    for kind in (events.OrganisationChanged, events.OrganisationGone):
        events.unsubscribe(kind, heard.append)


@pytest.fixture
def owned(user_with: Any, signed_in: Any) -> tuple[Organisation, Client]:
    firm = organisation("Nordwind Getriebe GmbH", website="nordwind-getriebe.eu", short_name="NWG")
    return firm, signed_in(user_with("owner", firm.key, email="owner@example.org", language="en"))


def test_a_statement_is_added_with_its_language_recognised(owned: tuple[Organisation, Client]) -> None:
    firm, client = owned
    assert client.post(f"/directory/{firm.key}/statements/new/", NEW).status_code == 302
    added = Statement.objects.get()
    assert (added.kind, added.language, added.visibility) == ("need", "en", "public")
    assert added.confirmed_at is not None


def test_a_declared_language_wins(owned: tuple[Organisation, Client]) -> None:
    firm, client = owned
    client.post(f"/directory/{firm.key}/statements/new/", NEW | {"language": "nl"})
    assert Statement.objects.get().language == "nl"


@pytest.mark.parametrize(
    "teaser",
    [
        "Nordwind Getriebe sucks steel",
        "We at NORDWIND-GETRIEBE need steel",
        "NordwindGetriebe needs steel",
        "See nordwind-getriebe.eu",
        "NWG needs steel",
        "Ask Olga Offen",
        "Write to someone@example.org",
        "Call +49 421 1234567",
    ],
)
def test_a_teaser_that_names_the_organisation_is_refused(
    owned: tuple[Organisation, Client], teaser: str
) -> None:
    firm, client = owned
    actions.add_contact(organisation=firm, name="Olga Offen", actor=ACTOR)
    values = NEW | {"visibility": "teaser", "teaser": teaser}
    answer = client.post(f"/directory/{firm.key}/statements/new/", values)
    assert "gives away" in answer.context["form"].errors["teaser"][0]
    assert not Statement.objects.exists()


def test_a_teaser_is_needed_and_may_speak_of_the_trade(owned: tuple[Organisation, Client]) -> None:
    firm, client = owned
    answer = client.post(f"/directory/{firm.key}/statements/new/", NEW | {"visibility": "teaser"})
    assert "teaser" in answer.context["form"].errors
    values = NEW | {
        "visibility": "teaser",
        "teaser": "A maker of gears in the north of Germany needs steel, 40 t a year.",
    }
    assert client.post(f"/directory/{firm.key}/statements/new/", values).status_code == 302


def sent(client: Client, of: Statement) -> dict[str, Any]:
    page = client.get(f"/directory/{of.organisation.key}/statements/{of.key}/")
    form = page.context["form"]
    values = {name: form.initial.get(name) for name in form.fields}
    base = re.search(r'name="base" value="([^"]*)"', page.content.decode())
    assert base
    return {name: "" if value is None else value for name, value in values.items()} | {"base": base[1]}


def test_two_editors_of_one_statement(
    owned: tuple[Organisation, Client], user_with: Any, signed_in: Any
) -> None:
    firm, first = owned
    second = signed_in(user_with("editor", firm.key))
    told = statement(firm, "Old text.", valid_until=dt.date(2099, 1, 1))
    address = f"/directory/{firm.key}/statements/{told.key}/"
    for_first, for_second = sent(first, told), sent(second, told)
    first.post(address, for_first | {"text": "Text of the first."})
    assert second.post(address, for_second | {"trl": "7"}).status_code == 302
    told.refresh_from_db()
    assert (told.text, told.trl) == ("Text of the first.", 7)
    conflict = second.post(address, for_second | {"text": "Text of the second."})
    assert conflict.status_code == 409
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', conflict.content.decode()))
    assert second.post(address, hidden | {"choice_text": "mine"}).status_code == 302
    told.refresh_from_db()
    assert (told.text, told.trl, told.valid_until) == ("Text of the second.", 7, dt.date(2099, 1, 1))


def test_a_changed_text_makes_its_translations_out_of_date(owned: tuple[Organisation, Client]) -> None:
    firm, client = owned
    told = statement(firm)
    address = f"/directory/{firm.key}/statements/{told.key}/translate/"
    fill(client, address, language="de", text="Wir bauen Getriebe.", origin="machine")
    translation = Text.objects.get(subject_kind="statement", language="de")
    assert (translation.origin, translation.stale) == ("machine", False)
    actions.change_statement(statement=told, values={"text": "New."}, actor=ACTOR)
    translation.refresh_from_db()
    assert translation.stale


def test_closing_and_opening_again(owned: tuple[Organisation, Client], client: Client) -> None:
    firm, owner = owned
    told = statement(firm, "We close this.")
    owner.post(f"/directory/{firm.key}/statements/{told.key}/close/")
    assert "We close this." not in client.get(f"/directory/{firm.key}/").content.decode()
    owner.post(f"/directory/{firm.key}/statements/{told.key}/reopen/")
    assert "We close this." in client.get(f"/directory/{firm.key}/").content.decode()


def age(days: int) -> None:
    Statement.objects.update(confirmed_at=timezone.now() - dt.timedelta(days=days))


def remind() -> None:
    enqueue("organisations.remind", {}, actor=ACTOR)
    run_due_jobs()


@pytest.mark.django_db(transaction=True)
def test_reconfirming_with_one_click_from_the_mail(
    owned: tuple[Organisation, Client], client: Client
) -> None:
    firm, _owner = owned
    told, fresh = statement(firm, "Old offer."), statement(firm, "Fresh offer.")
    age(181)
    actions.confirm_statements(statements=[fresh], actor=ACTOR)
    remind()
    remind()
    (letter,) = mail.outbox
    assert letter.to == ["owner@example.org"]
    assert "Old offer." in letter.body
    assert "Fresh offer." not in letter.body
    link = re.findall(r"https?://[^/]+(/\S+)", letter.body)[0]
    page = client.get(link)
    told.refresh_from_db()
    assert "Old offer." in page.content.decode()
    assert (timezone.now() - told.confirmed_at).days == 181
    client.post(link)
    told.refresh_from_db()
    assert (timezone.now() - told.confirmed_at).days == 0
    assert told.reminded_at is None


@pytest.mark.django_db(transaction=True)
def test_reminders_leave_out_who_must_not_be_asked_and_plan_the_next_month(user_with: Any) -> None:
    closed, withdrawn, nobody = organisation("Closed"), organisation("Withdrawn"), organisation("Nobody")
    for firm in (closed, withdrawn, nobody):
        told = statement(firm)
        actions.add_contact(organisation=firm, name="Silent", email="silent@example.org", actor=ACTOR)
        if firm is closed:
            actions.close_statement(statement=told, actor=ACTOR)
    actions.withdraw_consent(organisation=withdrawn, actor=ACTOR)
    age(200)
    remind()
    assert mail.outbox == []
    waiting = Job.objects.get(kind="organisations.remind", state="waiting")
    assert waiting.run_after is not None
    assert timezone.localtime(waiting.run_after).day == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_link_withdraws_the_organisation_at_once(
    owned: tuple[Organisation, Client], client: Client
) -> None:
    firm, _owner = owned
    statement(firm)
    age(181)
    remind()
    link = re.findall(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[-1]
    client.get(link)
    firm.refresh_from_db()
    assert firm.listing == "listed"
    client.post(link)
    firm.refresh_from_db()
    assert firm.listing == "withdrawn"
    assert client.get(f"/directory/{firm.key}/").status_code == 404


def test_a_manager_reconfirms_for_members(user_with: Any, signed_in: Any) -> None:
    home, firm = cluster(), organisation()
    membership(home, firm)
    statement(firm)
    age(100)
    signed_in(user_with("cluster_manager", home.key)).post(f"/directory/{firm.key}/statements/confirm/")
    assert (timezone.now() - Statement.objects.get().confirmed_at).days == 0


def test_the_start_page_asks_for_what_is_stale(user_with: Any, signed_in: Any, client: Client) -> None:
    firm, other = organisation("Nordwind GmbH"), organisation("Südwind GmbH")
    for one in (firm, other):
        statement(one, f"Offer of {one.name}.")
    owner = signed_in(user_with("owner", firm.key))
    assert "To reconfirm" not in owner.get("/").content.decode()
    age(200)
    page = owner.get("/").content.decode()
    assert "Offer of Nordwind GmbH." in page
    assert "Südwind" not in page
    assert "Nordwind" not in client.get("/").content.decode()


def test_reminders_are_planned_once_however_often_a_worker_starts() -> None:
    for _start in range(3):
        plan_reminders()
    assert Job.objects.filter(kind="organisations.remind").count() == 1


def test_withdrawal_and_return_are_told_in_the_same_transaction(told: list[Any]) -> None:
    firm = organisation()
    told.clear()
    actions.withdraw_consent(organisation=firm, actor=ACTOR)
    assert told == [events.OrganisationGone((firm.key,))]
    firm.refresh_from_db()
    statement(firm, "Added while withdrawn.")
    assert told[-1] == events.OrganisationGone((firm.key,))
    actions.give_consent(organisation=firm, listing="listed", actor=ACTOR)
    assert told[-1] == events.OrganisationChanged((firm.key,), "consent")


def test_a_subscriber_that_fails_undoes_the_withdrawal() -> None:
    firm = organisation()

    def refuse(event: events.OrganisationGone) -> None:
        raise RuntimeError("index is broken")

    events.subscribe(events.OrganisationGone, refuse)
    try:
        with pytest.raises(RuntimeError):
            actions.withdraw_consent(organisation=firm, actor=ACTOR)
    finally:
        events.unsubscribe(events.OrganisationGone, refuse)
    firm.refresh_from_db()
    assert firm.listing == "listed"


def test_only_the_owner_decides_consent(
    owned: tuple[Organisation, Client], user_with: Any, signed_in: Any
) -> None:
    firm, owner = owned
    editor = signed_in(user_with("editor", firm.key))
    assert editor.post(f"/directory/{firm.key}/consent/", {"listing": "withdrawn"}).status_code == 403
    owner.post(f"/directory/{firm.key}/consent/", {"listing": "withdrawn"})
    firm.refresh_from_db()
    assert firm.listing == "withdrawn"
    owner.post(f"/directory/{firm.key}/consent/", {"listing": "members"})
    firm.refresh_from_db()
    assert (firm.listing, firm.consent_withdrawn_at) == ("members", None)


def test_an_editor_cannot_list_a_withdrawn_organisation_again_by_editing(
    owned: tuple[Organisation, Client],
) -> None:
    firm, _owner = owned
    actions.withdraw_consent(organisation=firm, actor=ACTOR)
    actions.change_organisation(organisation=firm, values={"listing": "listed", "name": "New"}, actor=ACTOR)
    firm.refresh_from_db()
    assert (firm.listing, firm.name) == ("withdrawn", "New")


def test_a_trl_outside_the_scale_is_refused() -> None:
    with pytest.raises(KontorError) as caught:
        statement(organisation(), trl=10)
    assert caught.value.path == "trl"
