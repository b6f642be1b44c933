"""Account, tokens, people and roles: what works for those who may, and what others never see."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client

from kontor.base.jobs import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.features.accounts import scopes
from kontor.features.accounts.models import ApiToken, Invitation, RoleAssignment, User

MakeUser = Callable[..., User]
SignedIn = Callable[[User], Client]
PROFILE = {"name": "Ada", "language": "nl", "time_zone": "Europe/Lisbon", "theme": "dark"}


def test_profile_is_changed_and_audited(user_with: MakeUser, signed_in: SignedIn) -> None:
    user = user_with(name="Old name")
    answer = signed_in(user).post("/account/", PROFILE)
    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone, user.theme) == ("Ada", "nl", "Europe/Lisbon", "dark")
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject_key, event.changes["name"]) == ("change", user.key, ["Old name", "Ada"])


def test_nonsense_in_the_profile_is_explained(user_with: MakeUser, signed_in: SignedIn) -> None:
    user = user_with(name="Ada")
    answer = signed_in(user).post("/account/", {**PROFILE, "name": "", "time_zone": "Mars/Base"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"name", "time_zone"}
    user.refresh_from_db()
    assert user.name == "Ada"


def test_pages_follow_the_persons_language(user_with: MakeUser, signed_in: SignedIn) -> None:
    client = signed_in(user_with(language="de"))
    assert '<html lang="de"' in client.get("/account/", headers={"Accept-Language": "nl"}).content.decode()


def test_password_is_set_and_other_devices_end(user_with: MakeUser, signed_in: SignedIn) -> None:
    user = user_with(password="seven green herons")
    here, there = signed_in(user), signed_in(user)
    wrong = here.post("/account/password/", {"current": "no", "new": "nine blue lanterns"})
    assert "current" in wrong.context["form"].errors
    short = here.post("/account/password/", {"current": "seven green herons", "new": "short"})
    assert "new" in short.context["form"].errors
    good = here.post("/account/password/", {"current": "seven green herons", "new": "nine blue lanterns"})
    assert good["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_device_is_signed_out_by_its_person_only(user_with: MakeUser) -> None:
    from allauth.usersessions.models import UserSession

    user, other = user_with(password="seven green herons"), user_with(password="seven green herons")
    clients = []
    for person in (user, user, other):
        client = Client(headers={"User-Agent": f"Browser of {person.name}"})
        client.post("/sign-in/", {"email": person.email, "password": "seven green herons"})
        client.get("/account/")
        clients.append(client)
    here, there, foreign = clients
    page = here.get("/account/").content.decode()
    assert f"Browser of {other.name}" not in page
    session = UserSession.objects.get(session_key=there.session.session_key)
    foreign.post(f"/account/sessions/{session.pk}/end/")
    assert there.get("/account/").status_code == 200
    here.post(f"/account/sessions/{session.pk}/end/")
    assert there.get("/account/").status_code == 302


def test_token_is_shown_once_works_and_is_revoked(user_with: MakeUser, signed_in: SignedIn) -> None:
    user = user_with(email="ada@example.org")
    client = signed_in(user)
    page = client.post("/account/tokens/new/", {"name": "Report", "scopes": ["me:read"], "days": "90"})
    found = re.search(r'value="([\w-]{43})"', page.content.decode())
    assert found
    secret = found[1]
    assert secret not in client.get("/account/tokens/").content.decode()
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/me/", headers=headers).json()["email"] == "ada@example.org"
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401
    assert secret not in str(list(AuditEvent.objects.values()))


def test_token_of_somebody_else_is_not_there(user_with: MakeUser, signed_in: SignedIn) -> None:
    owner = user_with()
    ApiToken.objects.create(user=owner, name="Secret project", prefix="x", digest="d" * 64)
    stranger = signed_in(user_with("administrator"))
    assert "Secret project" not in stranger.get("/account/tokens/").content.decode()
    assert stranger.post(f"/account/tokens/{owner.tokens.get().pk}/revoke/").status_code == 404
    assert owner.tokens.get().revoked_at is None


def test_own_data_as_json_holds_nothing_of_others(user_with: MakeUser, signed_in: SignedIn) -> None:
    user, other = user_with("owner", "o1", name="Ada"), user_with("owner", "o1", name="Secret Person")
    client = signed_in(user)
    client.post("/account/", PROFILE)
    signed_in(other).post("/account/", {**PROFILE, "name": "Still secret"})
    data = client.get("/account/my-data.json")
    assert data.json()["account"]["email"] == user.email
    assert data.json()["roles"][0]["scope_key"] == "o1"
    assert len(data.json()["history"]) == 1
    assert "ecret" not in data.content.decode()


def test_owner_invites_and_the_invited_person_joins(user_with: MakeUser, signed_in: SignedIn) -> None:
    owner = user_with("owner", "o1", name="Olga Owner")
    client = signed_in(owner)
    answer = client.post("/people/organisation/o1/", {"email": "New@example.org", "role": "editor"})
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["The invitation was sent."]
    run_due_jobs()
    assert "Olga Owner" in str(mail.outbox[0].subject)
    found = re.search(r"http://localhost:8000(/invitation/\S+)", str(mail.outbox[0].body))
    assert found
    guest = Client()
    assert "Olga Owner" in guest.get(found[1]).content.decode()
    assert not User.objects.filter(email="new@example.org").exists()
    assert guest.post(found[1], {"name": "Nia"})["Location"] == "/"
    joined = User.objects.get(email="new@example.org")
    assert (joined.name, [(held.role, held.scope_key) for held in joined.roles()]) == (
        "Nia",
        [("editor", "o1")],
    )
    assert Client().post(found[1], {"name": "Second"}).status_code == 410
    assert "Nia" in client.get("/people/organisation/o1/").content.decode()


def test_withdrawn_invitation_is_refused(user_with: MakeUser, signed_in: SignedIn) -> None:
    client = signed_in(user_with("owner", "o1"))
    client.post("/people/organisation/o1/", {"email": "new@example.org", "role": "editor"})
    run_due_jobs()
    found = re.search(r"http://localhost:8000(/invitation/\S+)", str(mail.outbox[0].body))
    assert found
    client.post(f"/people/invitation/{Invitation.objects.get().key}/withdraw/")
    assert Client().post(found[1], {"name": "Nia"}).status_code == 410
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize(
    ("role", "scope"),
    [("", ""), ("editor", "o1"), ("reader", "o1"), ("owner", "o2"), ("cluster_manager", "c1")],
)
def test_others_neither_see_nor_change_the_people(
    user_with: MakeUser, signed_in: SignedIn, role: str, scope: str
) -> None:
    held = user_with("owner", "o1", name="Secret Owner").assignments.get()
    client = signed_in(user_with(role, scope))
    page = client.get("/people/organisation/o1/")
    assert (page.status_code, "Secret Owner" in page.content.decode()) == (403, False)
    body = {"email": "me@example.org", "role": "owner"}
    assert client.post("/people/organisation/o1/", body).status_code == 403
    assert client.post(f"/people/role/{held.pk}/take/").status_code == 403
    assert (Invitation.objects.count(), RoleAssignment.objects.filter(pk=held.pk).count()) == (0, 1)


def test_owner_cannot_hand_out_roles_on_the_site(user_with: MakeUser, signed_in: SignedIn) -> None:
    client = signed_in(user_with("owner", "o1"))
    assert client.get("/people/site/all/").status_code == 403
    body = {"email": "me@example.org", "role": "administrator"}
    assert client.post("/people/organisation/o1/", body).status_code == 200
    assert Invitation.objects.count() == 0


@pytest.fixture
def known_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site whose only cluster has the key c1."""
    monkeypatch.setitem(scopes._namers, "cluster", lambda keys: {"c1": "Cluster One"} if "c1" in keys else {})


@pytest.mark.parametrize(
    ("role", "key", "says"),
    [
        ("cluster_manager", "", "Say where"),
        ("cluster_manager", "c2", "nothing with this key"),
        ("administrator", "c1", "Leave the key empty"),
    ],
)
def test_no_role_is_given_nowhere(
    user_with: MakeUser, signed_in: SignedIn, known_cluster: None, role: str, key: str, says: str
) -> None:
    client = signed_in(user_with("administrator"))
    other = user_with(email="ada@example.org")
    body = {"email": "ada@example.org", "role": role, "scope_key": key}
    answer = client.post("/roles/grant/", body)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not other.assignments.exists()


@pytest.mark.usefixtures("known_cluster")
def test_administrator_gives_and_takes_roles(user_with: MakeUser, signed_in: SignedIn) -> None:
    client = signed_in(user_with("administrator"))
    user_with(email="ada@example.org", name="Ada")
    body = {"email": "ada@example.org", "role": "cluster_manager", "scope_key": "c1"}
    assert client.post("/roles/grant/", body).status_code == 302
    held = RoleAssignment.objects.get(role="cluster_manager")
    assert (held.scope_kind, held.scope_key) == ("cluster", "c1")
    assert "Ada" in client.get("/roles/?q=ada").content.decode()
    client.post(f"/people/role/{held.pk}/take/")
    assert not RoleAssignment.objects.filter(role="cluster_manager").exists()
    assert list(AuditEvent.objects.values_list("verb", flat=True).order_by("seq")) == [
        "grant role",
        "take role",
    ]


def test_last_administrator_stays(user_with: MakeUser, signed_in: SignedIn) -> None:
    admin = user_with("administrator")
    answer = signed_in(admin).post(f"/people/role/{admin.assignments.get().pk}/take/")
    assert answer.status_code == 409
    assert "last administrator" in answer.content.decode()


def test_list_of_roles_is_for_administrators(user_with: MakeUser, signed_in: SignedIn) -> None:
    user_with("juror", "p1", name="Secret Juror")
    for role, scope in (("controller", ""), ("owner", "o1"), ("cluster_manager", "c1")):
        page = signed_in(user_with(role, scope)).get("/roles/")
        assert (page.status_code, "Secret Juror" in page.content.decode()) == (403, False)


@pytest.mark.parametrize("count", [1, 3])
def test_people_page_asks_a_fixed_number_of_questions(
    user_with: MakeUser,
    signed_in: SignedIn,
    django_assert_num_queries: Callable[[int], object],
    count: int,
) -> None:
    client = signed_in(user_with("administrator"))
    for _number in range(count):
        user_with("editor", "o1")
    with django_assert_num_queries(6):  # type: ignore[attr-defined]
        client.get("/people/organisation/o1/")
