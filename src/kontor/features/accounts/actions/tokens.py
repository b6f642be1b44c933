"""Tokens of programs: created, revoked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.features.accounts.models import ApiToken, User
from kontor.features.accounts.secrets import digest_of, new_secret


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: Sequence[str], days: int | None, actor: Actor
) -> tuple[ApiToken, str]:
    """A new token and its secret, which exists nowhere else; `days` None means it does not expire."""
    secret = new_secret()
    expires = timezone.now() + dt.timedelta(days=days) if days else None
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:8],
        digest=digest_of(secret),
        scopes=sorted(scopes),
        expires_at=expires,
    )
    record(
        actor=actor, verb="create token", subject=user, changes={"token": [None, f"{name}: {sorted(scopes)}"]}
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: Actor) -> None:
    """The token stops working at once; revoking it again changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(actor=actor, verb="revoke token", subject=token.user, changes={"token": [str(token), None]})
