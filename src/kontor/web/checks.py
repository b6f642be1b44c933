"""Start-up checks: no address without a policy, and settings that fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver

from kontor.base.permissions import policy_of


@register("kontor")
def every_address_has_a_policy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """kontor.E001: a view, or an API operation, that carries no `@policy`."""
    return [
        Error(
            f"{name} carries no policy",
            hint="decorate it with @policy(predicate) from kontor.base.permissions",
            id="kontor.E001",
        )
        for name in unguarded(get_resolver().url_patterns)
    ]


def unguarded(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    """Addresses (or operations) below `patterns` that nobody guards."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if pattern.app_name == "ninja" or pattern.namespace == "api":
                yield from _unguarded_operations()
            else:
                yield from unguarded(pattern.url_patterns, route)
        elif policy_of(pattern.callback) is None:
            yield route


def _unguarded_operations() -> Iterator[str]:
    from kontor.web.api import api

    for prefix, router in api._routers:
        for route, view in router.path_operations.items():
            for operation in view.operations:
                if policy_of(operation.view_func) is None:
                    yield f"{'/'.join(operation.methods)} /api/v1{prefix}{route}"


@register("kontor")
def settings_fit_together(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """kontor.E002 to E004 and W001: what would be unsafe or would not work outside development."""
    found: list[CheckMessage] = []
    if not settings.DEVELOPMENT:
        if settings.DEBUG:
            found.append(
                Error("KONTOR_DEBUG is on outside development", hint="leave it out", id="kontor.E002")
            )
        if not settings.HTTPS:
            hint = "write the address people use; https may end at a proxy (KONTOR_PROXIES)"
            found.append(Error("KONTOR_URL does not begin with https://", hint=hint, id="kontor.E003"))
        if len(settings.SECRET_KEY) < 50:
            hint = "write at least 50 random characters"
            found.append(Error("KONTOR_SECRET_KEY is too short", hint=hint, id="kontor.E004"))
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            hint = "set KONTOR_MAIL to smtp://… so that people get their sign-in links"
            found.append(Warning("mails become files", hint=hint, id="kontor.W001"))
    return found
