"""Who holds what: predicates and queries over roles."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from kontor.features.accounts import queries, rules
from kontor.features.accounts.models import Role, RoleAssignment, ScopeKind, User

MakeUser = Callable[..., User]


def test_cluster_manager_manages_own_cluster_only(user_with: MakeUser) -> None:
    manager = user_with("cluster_manager", "c1")
    assert rules.manages_cluster.test(manager, "c1")
    assert not rules.manages_cluster.test(manager, "c2")
    assert queries.clusters_managed(manager) == {"c1"}


@pytest.mark.parametrize(
    ("role", "owns", "edits", "reads"),
    [
        ("owner", True, True, True),
        ("editor", False, True, True),
        ("reader", False, False, True),
        ("contact_person", False, False, True),
    ],
)
def test_organisation_roles(user_with: MakeUser, role: str, owns: bool, edits: bool, reads: bool) -> None:
    user = user_with(role, "o1")
    assert rules.owns_organisation.test(user, "o1") is owns
    assert rules.edits_organisation.test(user, "o1") is edits
    assert rules.reads_organisation.test(user, "o1") is reads
    assert not rules.reads_organisation.test(user, "o2")


def test_nobody_signed_in_holds_nothing() -> None:
    nobody = AnonymousUser()
    assert not rules.is_member.test(nobody)
    assert not rules.is_administrator.test(nobody)
    assert not rules.manages_cluster.test(nobody, "c1")
    assert queries.organisations_of(nobody) == {}
    assert queries.clusters_managed(nobody) == set()


def test_signed_in_without_role_is_no_member(user_with: MakeUser) -> None:
    assert not rules.is_member.test(user_with())
    assert rules.is_member.test(user_with("reader", "o1"))


def test_strongest_role_counts_and_assignments_are_read_once(
    user_with: MakeUser, django_assert_num_queries: Callable[[int], object]
) -> None:
    user = user_with("reader", "o1")
    RoleAssignment.objects.create(
        user=user, role=Role.OWNER, scope_kind=ScopeKind.ORGANISATION, scope_key="o1"
    )
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert queries.organisations_of(user) == {"o1": "owner"}
        assert rules.owns_organisation.test(user, "o1")
        assert not rules.is_administrator.test(user)
