"""Roles, the scopes they are held in, and the names of those scopes.

Accounts stands below the features that own organisations and programmes, so it knows a scope by kind and key;
the owner of a kind says what its keys are called (`name_scopes_with`) and who else may hand out roles there
(`let_manage_scopes`), both in its AppConfig.ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScopeKind(models.TextChoices):
    SITE = "site", _("whole site")
    PROGRAMME = "programme", _("programme")
    CLUSTER = "cluster", _("cluster")
    ORGANISATION = "organisation", _("organisation")


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("administrator")
    PROGRAMME_MANAGER = "programme_manager", _("programme manager")
    CLUSTER_MANAGER = "cluster_manager", _("cluster manager")
    CONTACT_PERSON = "contact_person", _("contact person")
    OWNER = "owner", _("owner of an organisation")
    EDITOR = "editor", _("editor of an organisation")
    READER = "reader", _("reader of an organisation")
    BUYER = "buyer", _("buyer")
    JUROR = "juror", _("juror")
    CONTROLLER = "controller", _("controller")
    POLICY_MAKER = "policy_maker", _("policy maker")


# which roles a scope has, in the order in which forms offer them
ROLES_IN: dict[str, tuple[Role, ...]] = {
    ScopeKind.SITE: (Role.ADMINISTRATOR, Role.CONTROLLER, Role.POLICY_MAKER),
    ScopeKind.PROGRAMME: (Role.PROGRAMME_MANAGER, Role.CONTACT_PERSON, Role.JUROR),
    ScopeKind.CLUSTER: (Role.CLUSTER_MANAGER, Role.CONTACT_PERSON),
    ScopeKind.ORGANISATION: (Role.READER, Role.EDITOR, Role.OWNER, Role.CONTACT_PERSON, Role.BUYER),
}
KIND_OF: dict[str, ScopeKind] = {role: ScopeKind(kind) for kind, roles in ROLES_IN.items() for role in roles}


@dataclass(frozen=True)
class Scope:
    """Where a role is held: the kind, and the key of the thing (empty for the site)."""

    kind: str
    key: str = ""


Namer = Callable[[Iterable[str]], dict[str, str]]
_namers: dict[str, Namer] = {}
_managers: list[Callable[[Any, Scope], bool]] = []


def name_scopes_with(kind: str, namer: Namer) -> None:
    """`namer(keys)` gives {key: name} for scopes of `kind`; keys it does not know are left out."""
    _namers[kind] = namer


def let_manage_scopes(test: Callable[[Any, Scope], bool]) -> None:
    """`test(user, scope)` says who, beside administrators and the scope's own people, may hand out its
    roles.
    """
    _managers.append(test)


def managed_otherwise(user: Any, scope: Scope) -> bool:
    """Whether some feature lets the person hand out roles in the scope."""
    return any(test(user, scope) for test in _managers)


def is_known(scope: Scope) -> bool:
    """Whether the owner of the kind knows the key; true where nobody names that kind."""
    return not scope.key or scope.kind not in _namers or scope.key in _namers[scope.kind]([scope.key])


def names_of(scopes: Iterable[Scope]) -> dict[Scope, str]:
    """What people call the scopes, with one question to each kind's owner; the key where nobody knows a
    name.
    """
    wanted = set(scopes)
    names: dict[Scope, str] = {}
    for kind in {scope.kind for scope in wanted}:
        keys = sorted(scope.key for scope in wanted if scope.kind == kind)
        known = _namers[kind](keys) if kind in _namers else {}
        names.update({Scope(kind, key): known.get(key, key) for key in keys})
    for scope in wanted:
        if scope.kind == ScopeKind.SITE:
            names[scope] = str(ScopeKind.SITE.label)
    return names
