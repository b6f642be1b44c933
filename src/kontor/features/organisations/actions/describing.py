"""The short path's last step: an organisation, its first statements, and who may change it, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kontor.base.actor import Actor
from kontor.features.accounts.actions import grant_role
from kontor.features.accounts.models import User
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.organisations.actions.profile import Code, create_organisation
from kontor.features.organisations.actions.statements import add_statement
from kontor.features.organisations.models import Organisation


@dataclass(frozen=True)
class Described:
    """A statement as told on the short path; its codes were suggested and accepted."""

    kind: str
    text: str
    language: str
    codes: tuple[Code, ...] = ()


def describe_organisation(
    *,
    values: Mapping[str, Any],
    statements: Sequence[Described],
    actor: Actor,
    owner: User | None = None,
    cluster: Organisation | None = None,
    codes: Sequence[Code] = (),
    consent: bool = True,
    source: str = "",
) -> Organisation:
    """Create it with consent to `values["listing"]`. `owner` gets the role of its owner, `cluster` a
    member (queries.home_of_new says who)."""
    with transaction.atomic():
        organisation = create_organisation(
            values=values, codes=codes, cluster=cluster, consent=consent, source=source, actor=actor
        )
        for told in statements:
            add_statement(
                organisation=organisation,
                kind=told.kind,
                text=told.text,
                language=told.language,
                suggested=told.codes,
                actor=actor,
            )
        if owner is not None:
            scope = Scope(ScopeKind.ORGANISATION, organisation.key)
            grant_role(user=owner, role=Role.OWNER, scope=scope, actor=actor)
    return organisation
