"""Predicates over people, and over people and the organisation or cluster an object belongs to.

An object is named by its key, either as the string itself or as something with a `key`.
"""

from __future__ import annotations

from typing import Any

from kontor.base.permissions import SIGNED_IN, holds, predicate
from kontor.features.accounts.scopes import Role, Scope, ScopeKind, managed_otherwise

is_signed_in = SIGNED_IN
is_administrator = holds(Role.ADMINISTRATOR)
is_cluster_manager = holds(Role.CLUSTER_MANAGER)
is_programme_manager = holds(Role.PROGRAMME_MANAGER)
is_controller = holds(Role.CONTROLLER)

# what an organisation's people may do includes what the weaker role may
EDITING_ROLES = (Role.OWNER, Role.EDITOR)
READING_ROLES = (Role.OWNER, Role.EDITOR, Role.READER, Role.CONTACT_PERSON)


@predicate
def is_member(user: Any) -> bool:
    """Signed in with any role: the audience `members`."""
    return bool(user.is_authenticated and user.roles())


@predicate
def manages_cluster(user: Any, cluster: Any) -> bool:
    return _holds_in(user, (Role.CLUSTER_MANAGER,), ScopeKind.CLUSTER, cluster)


@predicate
def owns_organisation(user: Any, organisation: Any) -> bool:
    return _holds_in(user, (Role.OWNER,), ScopeKind.ORGANISATION, organisation)


@predicate
def edits_organisation(user: Any, organisation: Any) -> bool:
    """Owner or editor of it."""
    return _holds_in(user, EDITING_ROLES, ScopeKind.ORGANISATION, organisation)


@predicate
def reads_organisation(user: Any, organisation: Any) -> bool:
    """Any role in it."""
    return _holds_in(user, READING_ROLES, ScopeKind.ORGANISATION, organisation)


@predicate
def manages_programme(user: Any, programme: Any) -> bool:
    return _holds_in(user, (Role.PROGRAMME_MANAGER,), ScopeKind.PROGRAMME, programme)


@predicate
def hands_out_roles(user: Any, scope: Any) -> bool:
    """Whether the person may grant, take and invite to roles in a `Scope`: those who own or manage it.

    Administrators may everywhere. The site itself is theirs alone.
    """
    if not user.is_authenticated or not isinstance(scope, Scope):
        return False
    if is_administrator.test(user):
        return True
    owners = (Role.OWNER, Role.CLUSTER_MANAGER, Role.PROGRAMME_MANAGER)
    return scope.kind != ScopeKind.SITE and (
        _holds_in(user, owners, scope.kind, scope) or managed_otherwise(user, scope)
    )


def _holds_in(user: Any, roles: tuple[str, ...], scope_kind: str, scope: Any) -> bool:
    if not user.is_authenticated or scope is None:
        return False
    key = scope if isinstance(scope, str) else scope.key
    return any(
        held.scope_kind == scope_kind and held.scope_key == key and held.role in roles
        for held in user.roles()
    )
