"""Erasing an account: what holds it, who may, and what a program and the command line say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from typer.testing import CliRunner

from kontor.base.actor import Actor
from kontor.base.models import AuditEvent, Job
from kontor.features.accounts.actions import holds_of
from kontor.features.accounts.commands import users
from kontor.features.accounts.models import ApiToken, RoleAssignment, User

MakeUser = Callable[..., User]
SignedIn = Callable[[User], Client]


def test_asking_tells_every_administrator_and_nobody_else(user_with: MakeUser, signed_in: SignedIn) -> None:
    person, boss = user_with("reader", "abc", name="Ada"), user_with("administrator", language="de")
    client = signed_in(person)
    page = client.get("/account/erase/").content.decode()
    assert "What stays, and why" in page
    assert client.post("/api/v1/me/erasure").status_code == 202
    told = Job.objects.get(kind="mail.send").payload
    assert (told["to"], f"/people/erase/{person.key}/" in told["body"]) == (boss.email, True)
    assert AuditEvent.objects.get(verb="ask for erasure").subject_key == person.key
    assert Client().post("/account/erase/").status_code == 302
    assert Job.objects.filter(kind="mail.send").count() == 1


def test_the_last_owner_and_an_administrator_are_held(user_with: MakeUser) -> None:
    person = user_with("owner", "abc")
    RoleAssignment.objects.create(user=person, role="administrator", scope_kind="site")
    assert [one.split(":")[0] for one in sorted(holds_of(person))] == [
        "Nobody else owns abc", "The person is an administrator of this site",
    ]  # fmt: skip
    user_with("owner", "abc")
    RoleAssignment.objects.filter(role="administrator").delete()
    assert holds_of(User.objects.get(pk=person.pk)) == []


def test_programs_and_the_command_line_erase(user_with: MakeUser, signed_in: SignedIn) -> None:
    person, held = user_with("reader", "abc", name="Ada Wong"), user_with("owner", "abc", name="Otto")
    ApiToken.objects.create(user=person, name="mine", prefix="x", digest="d")
    namesake = user_with("reader", "abc", name="Ada Lovelace")
    RoleAssignment.objects.filter(user=namesake).update(granted_by="Ada Wong")
    boss = signed_in(user_with("administrator"))
    for stranger in (person, held):
        assert signed_in(stranger).post(f"/api/v1/people/persons/{person.key}/erasure").status_code == 403
    told = boss.get(f"/api/v1/people/persons/{held.key}/erasure").json()
    assert (told["key"], len(told["holds"])) == (held.key, 1)
    assert boss.post(f"/api/v1/people/persons/{held.key}/erasure").status_code == 409
    assert boss.post(f"/api/v1/people/persons/{person.key}/erasure").status_code == 204
    assert boss.post(f"/api/v1/people/persons/{person.key}/erasure").status_code == 404
    person.refresh_from_db()
    assert (person.name, person.email) == (f"#{person.key}", f"{person.key}@erased.invalid")
    assert (ApiToken.objects.count(), RoleAssignment.objects.get(user=namesake).granted_by) == (
        0, f"#{person.key}",
    )  # fmt: skip
    refused = CliRunner().invoke(users, ["erase", held.email, "--yes"])
    assert (refused.exit_code, "Nobody else owns" in refused.output) == (2, True)
    assert CliRunner().invoke(users, ["erase", namesake.email], input="n\n").exit_code == 1
    assert CliRunner().invoke(users, ["erase", namesake.email], input="y\n").exit_code == 0
    namesake.refresh_from_db()
    assert namesake.is_erased


@pytest.mark.parametrize("language", ["en", "de", "nl"])
def test_a_person_erased_signs_in_no_more(user_with: MakeUser, signed_in: SignedIn, language: str) -> None:
    from kontor.features.accounts.actions import erase_person

    person = user_with("reader", "abc", language=language)
    client = signed_in(person)
    assert client.get("/account/").status_code == 200
    erase_person(user=person, actor=Actor.system("test"))
    assert client.get("/account/").status_code == 302
