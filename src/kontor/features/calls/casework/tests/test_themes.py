"""A programme that asks how the cost is divided over the themes, from the self-check to the handing in."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kontor.features.calls.actions import Written, add_partner, begin_application, save_answers
from kontor.features.calls.announcing.actions import add_call, publish_call, save_call
from kontor.features.calls.casework.tests.conftest import FILE
from kontor.features.calls.checking.actions import keep_check, prefill_application
from kontor.features.calls.completeness import problems_of, state_of
from kontor.features.calls.models import Application, Call, SelfCheck
from kontor.features.calls.snapshot import snapshot_of
from kontor.features.organisations.tests.factories import ACTOR, organisation
from kontor.features.programmes.actions import add_programme, publish_draft

HEAT = """[[theme]]
key = "heat"
name = { en = "Heat", de = "Wärme" }

[[side]]"""
SHARES = {"energy": "66.67", "heat": "33.33"}


def opened(rule: str) -> Call:
    text = FILE.replace("budget =", f'several_themes = "{rule}"\nbudget =', 1).replace("[[side]]", HEAT, 1)
    programme = add_programme(text=text, actor=ACTOR)
    publish_draft(programme=programme, actor=ACTOR)
    call = add_call(programme=programme, instrument="project", key="light-two", actor=ACTOR)
    yesterday = timezone.now() - dt.timedelta(days=1)
    save_call(call=call, values={"opens_at": yesterday}, revision=None, actor=ACTOR)
    return publish_call(call=Call.objects.get(pk=call.pk), actor=ACTOR)


@pytest.fixture
def stated(db: None) -> SimpleNamespace:
    lead, partner = organisation("Lumen BV", "NL"), organisation("Licht GmbH", "DE")
    return SimpleNamespace(call=opened("stated"), lead=lead, partner=partner)


def begun(place: SimpleNamespace, answers: dict[str, Any]) -> Application:
    check = keep_check(call=place.call, answers=answers, actor=ACTOR)
    made = begin_application(call=place.call, lead=place.lead, actor=ACTOR)
    known = {one.name: one for one in (place.lead, place.partner)}
    prefill_application(application=made, check=check, organisations=known, actor=ACTOR)
    made.refresh_from_db()
    return made


def test_the_check_asks_for_shares_and_the_application_begins_with_them(
    client: Client, stated: SimpleNamespace
) -> None:
    page = f"/calls/{stated.call.key}/check/"
    asked = client.get(page)
    assert list(asked.context["form"].fields)[-2:] == ["share_energy", "share_heat"]
    told = {
        "count": "0", "step": "check", "instrument": "project", "language": "en", "title": "Lamp",
        "themes": ["energy", "heat"], "share_energy": "66.67", "share_heat": "30",
    }  # fmt: skip
    wrong = client.post(page, told)
    assert wrong.status_code == 400
    assert b"Together the shares make 96.67 percent; they must make 100." in wrong.content
    assert client.post(page, {**told, "share_heat": "33.33"}).status_code == 302
    kept = SelfCheck.objects.get()
    assert kept.answers["theme_shares"] == SHARES
    shown = client.get(f"/calls/checks/{kept.key}/")
    assert shown.context["form"]["share_heat"].value() == Decimal("33.33")
    made = begun(stated, kept.answers)
    assert (made.themes, made.theme_shares) == (["energy", "heat"], SHARES)
    frozen = snapshot_of(state_of(made), receipt="x", at=timezone.now(), by="Olga")
    assert frozen["theme_shares"] == SHARES
    rows = [{"id": "r1", "theme": "energy", "share": "66.67"}, {"id": "r2", "theme": "heat", "share": "33"}]
    save_answers(application=made, written={"theme-shares": Written(rows, made.revision)}, actor=ACTOR)
    told_now = {(one.field, one.code) for one in problems_of(state_of(made)) if one.blocks}
    assert ("theme-shares", "shares-sum") in told_now


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"theme_shares": {"energy": "50", "heat": "49"}}, "body.theme_shares"),
        ({"theme_shares": {"energy": "100"}}, "body.theme_shares"),
        ({"main_theme": "energy"}, "body.main_theme"),
    ],
)
def test_a_program_is_told_what_does_not_fit(
    client: Client, stated: SimpleNamespace, body: dict[str, Any], path: str
) -> None:
    address = f"/api/v1/calls/{stated.call.key}/checks"
    text = json.dumps({"themes": ["energy", "heat"], **body})
    answer = client.post(address, text, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, path)
    assert SelfCheck.objects.count() == 0


def test_the_main_theme_of_the_check_becomes_a_fact(db: None, client: Client) -> None:
    place = SimpleNamespace(
        call=opened("main"), lead=organisation("Lumen BV", "NL"), partner=organisation("Licht GmbH", "DE")
    )
    told = {
        "count": "0", "step": "check", "instrument": "project", "language": "en",
        "themes": ["energy"], "main_theme": "heat",
    }  # fmt: skip
    wrong = client.post(f"/calls/{place.call.key}/check/", told)
    assert (wrong.status_code, "main_theme" in wrong.context["form"].errors) == (400, True)
    made = begun(place, {"themes": ["energy", "heat"], "main_theme": "heat"})
    assert (made.main_theme, made.theme_shares) == ("heat", {})


def test_costs_of_the_check_stand_in_the_budget_and_the_grant_is_divided_by_them(
    place: SimpleNamespace,
) -> None:
    team = [
        {"key": "1", "name": "", "lead": True, "cost": "200.00"},
        {"key": "2", "name": "Licht GmbH", "cost": "100.00"},
        {"key": "3", "name": "In no directory", "cost": "300.00"},
    ]
    made = begun(place, {"partners": team, "grant": "100.00"})
    rows = {row.organisation.name: row for row in made.partners.current()}
    money = {name: (row.cost, row.grant) for name, row in rows.items()}
    third = Decimal("33.33")
    assert money == {"Lumen BV": (200, third), "Licht GmbH": (100, Decimal("16.67"))}
    kinds = made.questions.field("budget").columns
    stored = made.answers.get(field="budget").value
    assert stored[rows["Lumen BV"].key] == {kinds[0].key: "200.00", "grant": "33.33"}


def test_a_budget_that_somebody_wrote_stays(place: SimpleNamespace) -> None:
    check = keep_check(
        call=place.call, answers={"partners": [{"key": "1", "lead": True, "cost": "9.00"}]}, actor=ACTOR
    )
    made = begin_application(call=place.call, lead=place.lead, actor=ACTOR)
    add_partner(application=made, organisation=place.partner, values={}, actor=ACTOR)
    lead = made.partners.get(role="lead")
    budget = {lead.key: {made.questions.field("budget").columns[0].key: "5.00"}}
    save_answers(application=made, written={"budget": Written(budget)}, actor=ACTOR)
    prefill_application(application=made, check=check, organisations={}, actor=ACTOR)
    assert made.answers.get(field="budget").value == budget
