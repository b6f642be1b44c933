"""What accounts cannot know: the names of organisations and clusters, and that managers help their
members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from kontor.base.audit.read import see_history_with
from kontor.features.accounts.queries import clusters_managed, organisations_of
from kontor.features.accounts.scopes import Role, Scope, ScopeKind, let_manage_scopes, name_scopes_with
from kontor.features.organisations.models import Membership, Organisation, Statement
from kontor.features.organisations.rules import may_edit


def register() -> None:
    name_scopes_with(ScopeKind.ORGANISATION, _names)
    name_scopes_with(ScopeKind.CLUSTER, _names)
    let_manage_scopes(_may_hand_out_roles)
    see_history_with(_history)


def _names(keys: Iterable[str]) -> dict[str, str]:
    return dict(Organisation.objects.filter(key__in=list(keys)).values_list("key", "name"))


def _history(user: Any) -> Q:
    """The log shows a cluster's manager what happened to the cluster, its current members and their
    statements.
    """
    clusters = clusters_managed(user)
    members = Membership.objects.filter(cluster__key__in=clusters, until=None).values("member__key")
    theirs = Q(key__in=clusters) | Q(key__in=members)
    organisations = Organisation.objects.filter(theirs).values("key")
    statements = Statement.objects.filter(organisation__key__in=organisations).values("key")
    return Q(subject_kind="organisation", subject_key__in=organisations) | Q(
        subject_kind="statement", subject_key__in=statements
    )


def _may_hand_out_roles(user: Any, scope: Scope) -> bool:
    """Whoever may edit an organisation as the manager of its cluster invites its people; an editor
    does not."""
    if scope.kind != ScopeKind.ORGANISATION:
        return False
    organisation = Organisation.objects.alive().filter(key=scope.key).first()
    is_own_editor = organisations_of(user).get(scope.key) == Role.EDITOR
    return organisation is not None and not is_own_editor and may_edit(user, organisation)
