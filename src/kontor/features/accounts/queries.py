"""Questions about people and their roles. Each reads the person's assignments at most once per request."""

from __future__ import annotations

from typing import Any

from kontor.features.accounts.models import Role, ScopeKind

_STRONGEST = (Role.OWNER, Role.EDITOR, Role.READER, Role.CONTACT_PERSON)


def clusters_managed(user: Any) -> set[str]:
    """Keys of the clusters the person manages; empty for nobody signed in."""
    if not user.is_authenticated:
        return set()
    return {
        held.scope_key
        for held in user.roles()
        if held.role == Role.CLUSTER_MANAGER and held.scope_kind == ScopeKind.CLUSTER
    }


def organisations_of(user: Any) -> dict[str, str]:
    """{key of organisation: strongest role in it} (owner, editor, reader, contact person)."""
    if not user.is_authenticated:
        return {}
    held = [role for role in user.roles() if role.scope_kind == ScopeKind.ORGANISATION]
    found: dict[str, str] = {}
    for rank in _STRONGEST:
        for assignment in held:
            if assignment.role == rank:
                found.setdefault(assignment.scope_key, str(rank))
    return found
