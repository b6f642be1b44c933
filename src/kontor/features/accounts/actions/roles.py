"""Roles: granted and taken."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.features.accounts.models import RoleAssignment, User
from kontor.features.accounts.scopes import ROLES_IN, Role, Scope, ScopeKind


def check_role(role: str, scope: Scope) -> None:
    """Raise KontorError `role-not-there` for a role that this kind of scope does not have."""
    if role not in ROLES_IN[scope.kind]:
        raise KontorError(
            _("This role does not exist there."),
            code="role-not-there",
            path="role",
            remedy=_("Choose another role."),
        )


@transaction.atomic
def grant_role(*, user: User, role: str, scope: Scope, actor: Actor) -> RoleAssignment:
    """Give the role; a person who holds it already keeps the one row and nothing is audited."""
    check_role(role, scope)
    held, new = RoleAssignment.objects.get_or_create(
        user=user,
        role=role,
        scope_kind=scope.kind,
        scope_key=scope.key,
        defaults={"granted_by": actor.label[:200]},
    )
    if new:
        user.forget_roles()
        changes = {"role": [None, role], "scope": [None, f"{scope.kind} {scope.key}".strip()]}
        record(actor=actor, verb="grant role", subject=user, changes=changes)
    return held


@transaction.atomic
def take_role(*, assignment: RoleAssignment, actor: Actor) -> None:
    """Take the role away. Refuses (409) to take the site's last administrator."""
    # locked in one order, so that of two administrators who take each other's role one stays
    administrators = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR, scope_kind=ScopeKind.SITE)
    held = administrators.filter(user__is_active=True).order_by("pk").select_for_update(of=("self",))
    if assignment.role == Role.ADMINISTRATOR and not {row.pk for row in held} - {assignment.pk}:
        raise KontorError(
            _("This is the last administrator."),
            code="last-administrator",
            remedy=_("Make somebody else an administrator first."),
            status=409,
        )
    user = assignment.user
    scope = f"{assignment.scope_kind} {assignment.scope_key}".strip()
    changes = {"role": [assignment.role, None], "scope": [scope, None]}
    assignment.delete()
    user.forget_roles()
    record(actor=actor, verb="take role", subject=user, changes=changes)
