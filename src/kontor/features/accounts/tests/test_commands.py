"""`kontor users`, as somebody types it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from kontor.base.models import AuditEvent
from kontor.features.accounts import scopes
from kontor.features.accounts.commands import users
from kontor.features.accounts.models import User

pytestmark = pytest.mark.django_db


def run(*arguments: str, stdin: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(users, list(arguments), input=stdin)
    return done.exit_code, done.output


def test_first_administrator_from_the_command_line() -> None:
    assert run("add", "Ada@example.org", "--name", "Ada") == (0, "ada@example.org was added.\n")
    assert run("role", "ada@example.org", "administrator")[0] == 0
    assert run("password", "ada@example.org", stdin="seven green herons\n")[0] == 0
    user = User.objects.get()
    assert user.holds("administrator")
    assert user.check_password("seven green herons")
    assert list(AuditEvent.objects.order_by("seq").values_list("verb", flat=True)) == [
        "add",
        "grant role",
        "change password",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "ada@example.org", "--name", "B"), "There is an account with this address already."),
        (
            ("role", "nobody@example.org", "owner", "--scope", "o1"),
            "Nobody has the address nobody@example.org.",
        ),
        (("role", "ada@example.org", "king"), "There is no role king."),
        (("role", "ada@example.org", "owner"), "write --scope KEY."),
        (("role", "ada@example.org", "administrator", "--scope", "x"), "leave --scope out."),
        (("password", "ada@example.org"), "This password is too short."),
    ],
)
def test_mistakes_are_explained(arguments: tuple[str, ...], says: str) -> None:
    run("add", "ada@example.org", "--name", "Ada")
    code, output = run(*arguments, stdin="short\n")
    assert (code, says in output) == (2, True)


def test_a_key_that_nothing_has_is_refused() -> None:
    run("add", "ada@example.org", "--name", "Ada")
    code, output = run("role", "ada@example.org", "editor", "--scope", "nowhere")
    assert (code, "There is no organisation with the key nowhere." in output) == (2, True)
    assert not User.objects.get().holds("editor")


def test_role_is_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scopes._namers, "organisation", lambda keys: {"o1": "One"} if "o1" in keys else {})
    run("add", "ada@example.org", "--name", "Ada")
    run("role", "ada@example.org", "editor", "--scope", "o1")
    assert User.objects.get().holds("editor")
    run("role", "ada@example.org", "editor", "--scope", "o1", "--take")
    assert not User.objects.get().holds("editor")
