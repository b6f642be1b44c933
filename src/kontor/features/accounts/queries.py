"""Questions about people and their roles. Each reads the person's assignments at most once per request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils import timezone

from kontor.base.models import AuditEvent, Job
from kontor.features.accounts.models import ApiToken, Invitation, RoleAssignment, User
from kontor.features.accounts.scopes import Role, Scope, ScopeKind, names_of
from kontor.features.accounts.secrets import digest_of

#: What the log calls it when somebody asks to be erased.
ASKED_FOR_ERASURE = "ask for erasure"
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


def roles_with_names(user: User) -> list[tuple[RoleAssignment, str]]:
    """The person's roles, each with the name of its scope."""
    names = names_of(Scope(held.scope_kind, held.scope_key) for held in user.roles())
    return [(held, names[Scope(held.scope_kind, held.scope_key)]) for held in user.roles()]


def people_in(scope: Scope) -> QuerySet[RoleAssignment]:
    """Who holds a role in the scope, by name."""
    rows = RoleAssignment.objects.filter(scope_kind=scope.kind, scope_key=scope.key)
    return rows.select_related("user").order_by("user__name", "user__email", "role")


def keepers_of(scope: Scope) -> QuerySet[RoleAssignment]:
    """Who owns or edits what belongs to the scope, with their accounts; people signed off are left out."""
    return people_in(scope).filter(role__in=(Role.OWNER, Role.EDITOR), user__is_active=True)


def keepers_of_all(kind: str, keys: Iterable[str]) -> QuerySet[RoleAssignment]:
    """The same of many things of one kind."""
    rows = RoleAssignment.objects.filter(scope_kind=kind, scope_key__in=list(keys))
    return rows.filter(role__in=(Role.OWNER, Role.EDITOR), user__is_active=True).select_related("user")


def open_invitations(scope: Scope) -> QuerySet[Invitation]:
    """Offers in the scope that nobody has accepted or withdrawn, newest first."""
    return Invitation.objects.filter(
        scope_kind=scope.kind, scope_key=scope.key, accepted_at=None, withdrawn_at=None
    )


def all_roles(search: str) -> QuerySet[RoleAssignment]:
    """Every role on the site; `search` narrows to people by name or address."""
    rows = RoleAssignment.objects.select_related("user").order_by("user__name", "user__email", "role", "id")
    if search:
        rows = rows.filter(Q(user__name__icontains=search) | Q(user__email__icontains=search))
    return rows


def erasures_asked() -> list[tuple[User, Any]]:
    """People who asked to be erased and are not yet, with the time they asked last; the earliest first."""
    events = AuditEvent.objects.filter(verb=ASKED_FOR_ERASURE, subject_kind="user")
    asked = dict(events.order_by("seq").values_list("subject_key", "at"))
    people = User.objects.filter(key__in=asked, is_active=True)
    return sorted(((one, asked[one.key]) for one in people), key=lambda pair: pair[1])


def token_of(secret: str) -> ApiToken | None:
    """The working token with this secret, with its person; None for unknown, revoked and expired ones."""
    now = timezone.now()
    rows = ApiToken.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None)
    return rows.filter(Q(expires_at=None) | Q(expires_at__gt=now), user__is_active=True).first()


def personal_data(user: User) -> dict[str, Any]:
    """Everything stored about the person, as plain JSON; secrets and digests are left out."""
    own_events = AuditEvent.objects.filter(
        Q(actor_key=user.key) | Q(subject_kind="user", subject_key=user.key)
    )
    return {
        "account": {
            name: getattr(user, name) for name in ("key", "email", "name", "language", "time_zone", "theme")
        }
        | {"created_at": user.created_at.isoformat()},
        "roles": list(user.assignments.values("role", "scope_kind", "scope_key", "granted_at", "granted_by")),
        "tokens": list(
            user.tokens.values(
                "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"
            )
        ),
        "devices": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "invitations": list(
            Invitation.objects.filter(email__iexact=user.email).values(
                "role", "scope_kind", "scope_key", "created_at"
            )
        ),
        "jobs": list(Job.objects.filter(actor_key=user.key).values("kind", "state", "created_at")),
        "history": list(
            own_events.order_by("seq").values(
                "at", "verb", "subject_kind", "subject_label", "changes", "actor_label"
            )
        ),
    }
