"""Invitations: a role offered by mail, accepted with one press."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.accounts.actions.people import add_person
from kontor.features.accounts.actions.roles import check_role, grant_role
from kontor.features.accounts.models import Invitation, User
from kontor.features.accounts.scopes import Role, Scope, names_of
from kontor.features.accounts.secrets import digest_of, new_secret

DAYS = 14


@transaction.atomic
def invite_person(*, email: str, role: str, scope: Scope, actor: Actor) -> Invitation:
    """Offer a role to an address, whether or not it has an account. An open offer of the same role is
    replaced.
    """
    check_role(role, scope)
    email = email.strip().lower()
    same = Invitation.objects.filter(email=email, role=role, scope_kind=scope.kind, scope_key=scope.key)
    same.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    secret = new_secret()
    invitation = Invitation.objects.create(
        key=new_key(),
        email=email,
        role=role,
        scope_kind=scope.kind,
        scope_key=scope.key,
        digest=digest_of(secret),
        invited_by=actor.label[:200],
        expires_at=timezone.now() + dt.timedelta(days=DAYS),
    )
    record(
        actor=actor, verb="invite", subject=invitation, changes={"email": [None, email], "role": [None, role]}
    )
    _mail(invitation, secret, actor)
    return invitation


def _mail(invitation: Invitation, secret: str, actor: Actor) -> None:
    known = User.objects.filter(email__iexact=invitation.email).first()
    language = known.language if known else (get_language() or actor.language)
    scope = Scope(invitation.scope_kind, invitation.scope_key)
    with override(language):
        context = {
            "inviter": actor.label,
            "role": str(Role(invitation.role).label),
            "scope": names_of([scope])[scope],
            "link": settings.SITE_URL + reverse("accounts:invitation", args=[secret]),
            "days": DAYS,
        }
        mail.send(to=invitation.email, language=language, template="invitation", context=context)


def find_invitation(secret: str) -> Invitation:
    """The open invitation. Raises KontorError `invitation-unusable` for any other."""
    found = Invitation.objects.filter(digest=digest_of(secret), accepted_at=None, withdrawn_at=None).first()
    if found is None or found.expires_at < timezone.now():
        raise KontorError(
            _("This invitation has been used, withdrawn, or is too old."),
            code="invitation-unusable",
            remedy=_("Ask the person who invited you for a new one."),
            status=410,
        )
    return found


@transaction.atomic
def accept_invitation(*, secret: str, name: str, language: str) -> User:
    """Give the role to the address's account, which is made when there is none: the link proves the
    address.
    """
    invitation = find_invitation(secret)
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=timezone.now())
    if not taken:
        find_invitation(secret)
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is None:
        user = add_person(
            email=invitation.email, name=name, language=language, actor=Actor.system("invitation")
        )
    scope = Scope(invitation.scope_kind, invitation.scope_key)
    grant_role(user=user, role=invitation.role, scope=scope, actor=Actor.of_user(user))
    return user


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: Actor) -> None:
    """The mailed link stops working; withdrawing twice changes nothing."""
    open_one = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if open_one.update(withdrawn_at=timezone.now()):
        record(actor=actor, verb="withdraw invitation", subject=invitation, changes={})
