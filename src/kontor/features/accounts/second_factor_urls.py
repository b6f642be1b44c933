"""The pages of django-allauth that the second factor needs, each under Kontor's policy.

Its sign-up, mail and password pages are left out: Kontor has its own. What it calls `account_login` and
`account_logout` leads to Kontor's pages.
"""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.mfa import urls as mfa_urls
from django.urls import URLPattern, URLResolver, path

from kontor.base.permissions import Predicate, policy
from kontor.features.accounts.second_factor import manages_factors, second_factor_on
from kontor.features.accounts.views.sign_in import sign_in, sign_out

# asked while the person has shown the first factor only, so nobody is signed in yet
HALF_WAY = {"mfa_authenticate", "mfa_trust", "mfa_login_webauthn"}


def guarded(patterns: list[URLPattern | URLResolver], predicate: Predicate) -> list[URLPattern | URLResolver]:
    """The same addresses with every view under a policy; half-way pages need only the switch."""
    return [_guard(pattern, predicate) for pattern in patterns]


def _guard(pattern: URLPattern | URLResolver, predicate: Predicate) -> URLPattern | URLResolver:
    if isinstance(pattern, URLResolver):
        inner = guarded(pattern.url_patterns, predicate)
        return URLResolver(
            pattern.pattern, inner, pattern.default_kwargs, pattern.app_name, pattern.namespace
        )
    rule = second_factor_on if pattern.name in HALF_WAY else predicate
    return URLPattern(pattern.pattern, policy(rule)(pattern.callback), pattern.default_args, pattern.name)


urlpatterns: list[URLPattern | URLResolver] = [
    *guarded(mfa_urls.urlpatterns, manages_factors),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
    path("again/", policy(manages_factors)(allauth_views.reauthenticate), name="account_reauthenticate"),
]
