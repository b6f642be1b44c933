"""`kontor users`: people from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kontor.base.command import AsJson, answer, site, told

if TYPE_CHECKING:
    from kontor.features.accounts.models import User
    from kontor.features.accounts.scopes import Scope

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


@users.command("erase")
def erase(
    email: Email, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False
) -> None:
    """Erase a person's data for good; says what must be done first."""
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.accounts.actions import erase_person

    user = find(email)
    if not yes:
        typer.confirm(f"Erase {user} for good?", abort=True)
    try:
        erase_person(user=user, actor=Actor.system("command line"))
    except KontorError as problem:
        refuse(str(problem))
    typer.echo("Erased.")


@users.command("list")
def list_people(
    search: Annotated[str, typer.Argument(help="Part of a name or an address; empty: everybody.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 200,
    as_json: AsJson = False,
) -> None:
    """People with their roles, by address."""
    from django.db.models import Q

    from kontor.features.accounts.models import User

    rows = User.objects.filter(Q(name__icontains=search) | Q(email__icontains=search)).order_by("email")
    found: list[dict[str, Any]] = [
        {
            "email": user.email,
            "name": user.name,
            "active": user.is_active,
            "roles": [f"{held.role} {held.scope_key}".strip() for held in user.assignments.all()],
        }
        for user in rows.prefetch_related("assignments")[:limit]
    ]
    lines = [f"{row['email']}  {row['name']}  {', '.join(row['roles'])}".rstrip() for row in found]
    answer({"people": found}, as_json, "\n".join(lines) or "Nobody found.")


@users.command("invite")
def invite(
    email: Email,
    role: Annotated[str, typer.Argument(help="administrator, cluster_manager, owner, editor …")],
    scope: Annotated[str, typer.Option(help="Key of the programme, cluster or organisation.")] = "",
    as_json: AsJson = False,
) -> None:
    """Offer somebody a role by mail, whether or not they have an account."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.accounts.actions import invite_person

    with told(as_json):
        where = _scope_of(role, scope)
        try:
            validate_email(email)
        except ValidationError as error:
            raise KontorError(
                f"{email} is not an e-mail address.",
                code="bad_email",
                path="email",
                remedy="Write it like name@example.eu.",
            ) from error
        offer = invite_person(email=email, role=role, scope=where, actor=Actor.system("command line"))
        answer({"status": "done", "invitation": offer.key}, as_json, f"{email} was asked by mail: {role}.")


def _scope_of(role: str, key: str) -> Scope:
    """Where a role is held. Raises KontorError for an unknown role or key."""
    from kontor.base.errors import KontorError
    from kontor.features.accounts.scopes import KIND_OF, Scope, ScopeKind, is_known

    if role not in KIND_OF:
        raise KontorError(
            f"There is no role {role}.",
            code="unknown-role",
            path="role",
            remedy=f"Write one of: {', '.join(KIND_OF)}.",
        )
    kind = KIND_OF[role]
    if (kind == ScopeKind.SITE) == bool(key):
        remedy = "Leave --scope out." if key else "Write --scope KEY."
        raise KontorError(
            f"{role} is a role in the {kind.label}.", code="bad-scope", path="scope", remedy=remedy
        )
    if key and not is_known(Scope(kind, key)):
        raise KontorError(
            f"There is no {kind.label} with the key {key}.",
            code="unknown-scope",
            path="scope",
            remedy="Copy it from the address of its page.",
        )
    return Scope(kind, key)
