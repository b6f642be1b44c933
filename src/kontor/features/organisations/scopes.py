"""What accounts cannot know: the names of organisations and clusters, and that managers help their
members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kontor.features.accounts.queries import organisations_of
from kontor.features.accounts.scopes import Role, Scope, ScopeKind, let_manage_scopes, name_scopes_with
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.rules import may_edit


def register() -> None:
    name_scopes_with(ScopeKind.ORGANISATION, _names)
    name_scopes_with(ScopeKind.CLUSTER, _names)
    let_manage_scopes(_may_hand_out_roles)


def _names(keys: Iterable[str]) -> dict[str, str]:
    return dict(Organisation.objects.filter(key__in=list(keys)).values_list("key", "name"))


def _may_hand_out_roles(user: Any, scope: Scope) -> bool:
    """Whoever may edit an organisation as the manager of its cluster invites its people; an editor
    does not."""
    if scope.kind != ScopeKind.ORGANISATION:
        return False
    organisation = Organisation.objects.alive().filter(key=scope.key).first()
    is_own_editor = organisations_of(user).get(scope.key) == Role.EDITOR
    return organisation is not None and not is_own_editor and may_edit(user, organisation)
