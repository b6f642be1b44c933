"""One's account, and who has which role where, through the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from kontor.base.jobs import run_due_jobs
from kontor.features.accounts import scopes
from kontor.features.accounts.models import ApiToken, Invitation, RoleAssignment, User

pytestmark = pytest.mark.django_db
ApiClient = Callable[..., Client]
UserWith = Callable[..., User]
PEOPLE = "/api/v1/people/organisation/o1"
SCOPES = ("people:read", "people:write")


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An organisation o1 exists for accounts, which know scopes by key only."""
    monkeypatch.setitem(scopes._namers, scopes.ScopeKind.ORGANISATION, lambda keys: {"o1": "Nordwind"})


def call(client: Client, method: str, path: str, **body: object) -> Any:
    return getattr(client, method)(path, body, content_type="application/json")


def test_ones_own_account(api_client: ApiClient, user_with: UserWith) -> None:
    user = user_with(name="Ada")
    mine = api_client("me:read", "me:write", user=user)
    assert call(mine, "patch", "/api/v1/me/", language="nl").json()["language"] == "nl"
    for field, value in (("time_zone", "Mars/Base"), ("language", "xx"), ("name", " ")):
        refused = call(mine, "patch", "/api/v1/me/", **{field: value})
        assert (refused.status_code, refused.json()["error"]["path"]) == (422, f"body.{field}")
    user.refresh_from_db()
    assert (user.name, user.language) == ("Ada", "nl")
    assert mine.get("/api/v1/me/data").json()["account"]["email"] == user.email


def test_ones_own_tokens(api_client: ApiClient, user_with: UserWith) -> None:
    mine, other = api_client("me:read", "me:write"), api_client("me:read", "me:write")
    (token,) = mine.get("/api/v1/me/tokens").json()["items"]
    assert "digest" not in token
    assert other.post(f"/api/v1/me/tokens/{token['id']}/revoke").status_code == 404
    assert mine.post(f"/api/v1/me/tokens/{token['id']}/revoke").status_code == 204
    assert mine.get("/api/v1/me/tokens").status_code == 401
    assert ApiToken.objects.filter(revoked_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_owner_invites_and_takes_a_role_away(api_client: ApiClient, user_with: UserWith) -> None:
    owner = api_client(*SCOPES, user=user_with("owner", "o1", name="Olga"))
    offer = call(owner, "post", f"{PEOPLE}/invitations", email="Neu@Example.org", role="editor")
    assert (offer.status_code, offer.json()["email"]) == (201, "neu@example.org")
    assert owner.get(f"{PEOPLE}/invitations").json()["count"] == 1
    run_due_jobs()
    (letter,) = mail.outbox
    link = re.findall(r"https?://[^/]+(/\S+)", letter.body)[0]
    Client().post(link, {"name": "Nora Neu"})
    rows = {row["name"]: row for row in owner.get(PEOPLE).json()["items"]}
    assert rows["Nora Neu"]["role"] == "editor"
    assert owner.post(f"/api/v1/people/roles/{rows['Nora Neu']['id']}/take").status_code == 204
    assert owner.get(PEOPLE).json()["count"] == 1


def test_an_invitation_is_withdrawn(api_client: ApiClient, user_with: UserWith) -> None:
    owner = api_client(*SCOPES, user=user_with("owner", "o1"))
    key = call(owner, "post", f"{PEOPLE}/invitations", email="neu@example.org", role="reader").json()["key"]
    assert owner.post(f"/api/v1/people/invitations/{key}/withdraw").status_code == 204
    assert Invitation.objects.get().withdrawn_at is not None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "nobody", "role": "editor"}, "bad_email"),
        ({"email": "a@example.org", "role": "king"}, "role-not-there"),
        ({"email": "a@example.org", "role": "administrator"}, "role-not-there"),
    ],
)
def test_bad_invitations(api_client: ApiClient, user_with: UserWith, body: dict[str, str], code: str) -> None:
    owner = api_client(*SCOPES, user=user_with("owner", "o1"))
    answer = call(owner, "post", f"{PEOPLE}/invitations", **body)
    assert (answer.status_code in (400, 422), answer.json()["error"]["code"]) == (True, code)
    assert not Invitation.objects.exists()


def test_others_learn_and_change_nothing(api_client: ApiClient, user_with: UserWith) -> None:
    held = user_with("editor", "o1", name="Geheime Ada").assignments.get()
    editor = api_client(*SCOPES, user=held.user)
    stranger = api_client(*SCOPES, user=user_with("owner", "o2"))
    owner = api_client(*SCOPES, user=user_with("owner", "o1"))
    for client in (editor, stranger, Client()):
        for path in (PEOPLE, f"{PEOPLE}/invitations", "/api/v1/people/", "/api/v1/people/site/all"):
            answer = client.get(path)
            assert (answer.status_code in (401, 403), "Geheime" in answer.content.decode()) == (True, False)
        taken = client.post(f"/api/v1/people/roles/{held.pk}/take")
        invited = call(client, "post", f"{PEOPLE}/invitations", email="a@example.org", role="owner")
        assert {taken.status_code, invited.status_code} <= {401, 403}
    # An owner invites, but gives nobody a role without asking.
    granted = call(owner, "post", PEOPLE, email=held.user.email, role="owner")
    assert granted.status_code == 403
    assert RoleAssignment.objects.filter(scope_key="o1").count() == 2


def test_an_administrator_gives_roles(api_client: ApiClient, user_with: UserWith) -> None:
    administrator = api_client(*SCOPES, user=user_with("administrator"))
    person = user_with(name="Ada", email="ada@example.org")
    given = call(administrator, "post", PEOPLE, email="ADA@example.org", role="owner")
    assert (given.status_code, given.json()["name"], given.json()["scope_key"]) == (201, "Ada", "o1")
    assert person.assignments.get().role == "owner"
    unknown = call(administrator, "post", PEOPLE, email="x@example.org", role="owner")
    assert unknown.json()["error"]["code"] == "no-such-person"
    nowhere = call(
        administrator, "post", "/api/v1/people/organisation/no", email="ada@example.org", role="owner"
    )
    assert nowhere.status_code == 404
    found = administrator.get("/api/v1/people/?q=ada").json()["items"]
    assert [row["email"] for row in found] == ["ada@example.org"]
    last = RoleAssignment.objects.get(role="administrator")
    answer = administrator.post(f"/api/v1/people/roles/{last.pk}/take")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last-administrator")
