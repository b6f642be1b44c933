"""People: added, changed, their password, their sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import KontorError
from kontor.features.accounts.models import User

PROFILE = ("name", "language", "time_zone", "theme")


@transaction.atomic
def add_person(
    *, email: str, name: str, language: str = "en", password: str | None = None, actor: Actor, **values: Any
) -> User:
    """A new account. Raises KontorError `address-taken` when the address has one already."""
    if User.objects.filter(email__iexact=email).exists():
        raise KontorError(
            _("There is an account with this address already."),
            code="address-taken",
            path="email",
            remedy=_("Give the person a role instead."),
            status=409,
        )
    user = User.objects.create_user(email, name, password=password, language=language, **values)
    record(actor=actor, verb="add", subject=user, changes={"email": [None, user.email], "name": [None, name]})
    return user


@transaction.atomic
def change_profile(*, user: User, values: dict[str, str], actor: Actor) -> User:
    """Set name, language, time zone and theme; unknown fields are a KeyError, unchanged ones no audit row."""
    unknown = set(values) - set(PROFILE)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    before = {name: getattr(user, name) for name in values}
    changes = changed_fields(before, dict(values))
    if changes:
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=list(changes))
        record(actor=actor, verb="change", subject=user, changes=changes)
    return user


def note_choice(*, user: User, field: str, value: str) -> None:
    """Remember the language or theme chosen in the menu. A matter of taste, so it is not audited."""
    if field not in {"language", "theme"}:
        raise KeyError(field)
    User.objects.filter(pk=user.pk).update(**{field: value})


@transaction.atomic
def change_password(*, user: User, password: str, actor: Actor) -> None:
    """Set a password that the form has checked; every other session of the person ends with it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor=actor, verb="change password", subject=user, changes={})


@transaction.atomic
def give_password(*, users: Iterable[User], password: str, actor: Actor) -> None:
    """Set one password for several invented people: it is hashed once, which takes a quarter of a second."""
    hashed = make_password(password)
    for user in users:
        user.password = hashed
        user.save(update_fields=["password"])
        record(actor=actor, verb="change password", subject=user, changes={})


@transaction.atomic
def end_session(*, user: User, session_id: int, actor: Actor) -> None:
    """Sign one of the person's own devices out; one that is gone already is left alone."""
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is not None:
        session.end()
        record(actor=actor, verb="end session", subject=user, changes={})
