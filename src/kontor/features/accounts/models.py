"""People, what they may do, and the tokens of their programs.

Rights follow the organisation: a role names a scope (site, programme, cluster or organisation) by its key,
and
objects belong to organisations, never to a person. Accounts is the lowest feature, so a scope is a key, not a
foreign key.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.base.erasure import ERASED
from kontor.base.keys import new_key
from kontor.features.accounts.scopes import Role, ScopeKind


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str = "", *, password: str | None = None, **values: Any) -> User:
        """A person with an unused key; no password means that only a mail link signs in."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, key=new_key(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    key = models.CharField(max_length=12, unique=True)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin")
    theme = models.CharField(_("theme"), max_length=8, default="system")
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_erased(self) -> bool:
        return self.email.endswith(f"@{ERASED}")

    def roles(self) -> tuple[RoleAssignment, ...]:
        """Every role the person holds; read once per instance, so once per request."""
        if not hasattr(self, "_roles"):
            self._roles = tuple(self.assignments.all())
        return self._roles

    def holds(self, *roles: str) -> bool:
        """Whether the person holds one of `roles` in any scope."""
        return any(held.role in roles for held in self.roles())

    def forget_roles(self) -> None:
        """Read the roles anew at the next question (after one was granted or taken)."""
        self.__dict__.pop("_roles", None)

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Django's own permissions are not used: see base.permissions."""
        return False


class RoleAssignment(models.Model):
    """A person holds a role in a scope. `scope_key` is empty for the site, else the key of the thing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    scope_kind = models.CharField(max_length=12, choices=ScopeKind.choices)
    scope_key = models.CharField(max_length=60, blank=True)
    granted_at = models.DateTimeField(auto_now_add=True)
    granted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "scope_kind", "scope_key"], name="role_once"),
        ]
        indexes = [models.Index(fields=["scope_kind", "scope_key"], name="role_scope")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.scope_kind} {self.scope_key}"


class ApiToken(models.Model):
    """A program's key. Only its SHA-256 is stored; scopes are like `organisations:read`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class SignInLink(models.Model):
    """A one-time link sent by mail; only its digest is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    next_path = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"sign-in link of {self.user_id}"


class Invitation(models.Model):
    """A role offered to a mail address; whoever opens the mailed link and accepts holds it. Only its
    digest is kept.
    """

    key = models.CharField(max_length=12, unique=True)
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    scope_kind = models.CharField(max_length=12, choices=ScopeKind.choices)
    scope_key = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["scope_kind", "scope_key"], name="invitation_scope")]

    def __str__(self) -> str:
        return f"{self.email} {self.role} {self.scope_kind} {self.scope_key}"
