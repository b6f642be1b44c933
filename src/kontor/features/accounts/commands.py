"""`kontor users`: people from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kontor.base.command import site

if TYPE_CHECKING:
    from kontor.features.accounts.models import User

users = typer.Typer(no_args_is_help=True, help="People, their roles and passwords.")
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


@users.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


def refuse(message: str) -> NoReturn:
    """Say what is wrong on standard error and end with exit code 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def find(email: str) -> User:
    """The person, or exit code 2."""
    from kontor.features.accounts.models import User

    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        refuse(f"Nobody has the address {email}. Add them with `kontor users add`.")
    return user


@users.command("add")
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The person's name.")],
    language: Annotated[str, typer.Option(help="Of pages and mails.")] = "en",
) -> None:
    """Add a person. They sign in with a link by mail, or after `kontor users password`."""
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.accounts.actions import add_person

    try:
        user = add_person(email=email, name=name, language=language, actor=Actor.system("command line"))
    except KontorError as problem:
        refuse(str(problem))
    typer.echo(f"{user.email} was added.")


@users.command("role")
def role(
    email: Email,
    role: Annotated[str, typer.Argument(help="administrator, cluster_manager, owner, editor …")],
    scope: Annotated[str, typer.Option(help="Key of the programme, cluster or organisation.")] = "",
    take: Annotated[bool, typer.Option("--take", help="Take the role away instead.")] = False,
) -> None:
    """Give a person a role, or take it away."""
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.accounts import actions
    from kontor.features.accounts.scopes import KIND_OF, Scope, ScopeKind, is_known

    user, actor = find(email), Actor.system("command line")
    if role not in KIND_OF:
        refuse(f"There is no role {role}. Write one of: {', '.join(KIND_OF)}.")
    kind = KIND_OF[role]
    if (kind == ScopeKind.SITE) == bool(scope):
        refuse(
            f"{role} is a role in the {kind.label}: "
            + ("leave --scope out." if scope else "write --scope KEY.")
        )
    if not take and not is_known(Scope(kind, scope)):
        refuse(f"There is no {kind.label} with the key {scope}. Copy it from the address of its page.")
    held = user.assignments.filter(role=role, scope_kind=kind, scope_key=scope).first()
    try:
        if not take:
            actions.grant_role(user=user, role=role, scope=Scope(kind, scope), actor=actor)
        elif held is not None:
            actions.take_role(assignment=held, actor=actor)
    except KontorError as problem:
        refuse(str(problem))
    typer.echo(f"{email}: {role} {'taken' if take else 'given'}.")


@users.command("password")
def password(email: Email) -> None:
    """Set a person's password, asked for on the terminal or read from standard input."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from kontor.base.actor import Actor
    from kontor.features.accounts.actions import change_password

    user = find(email)
    new = getpass.getpass("New password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        validate_password(new, user)
    except ValidationError as problem:
        refuse(" ".join(problem.messages))
    change_password(user=user, password=new, actor=Actor.system("command line"))
    typer.echo(f"The password of {email} was set.")
