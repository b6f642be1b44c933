"""Signing a person in, with the second factor where the site has it switched on (KONTOR_MFA).

The factors themselves (TOTP, passkeys, recovery codes) and their pages are django-allauth's.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kontor.base.client import client_address
from kontor.base.permissions import SIGNED_IN, Predicate, predicate
from kontor.features.accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


@predicate
def second_factor_on(user: Any) -> bool:
    """The site has KONTOR_MFA switched on."""
    return bool(settings.MFA)


manages_factors: Predicate = second_factor_on & SIGNED_IN


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Kontor signs up by invitation, and signs in on its own page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("start")


def finish_sign_in(request: HttpRequest, user: User, *, method: str, next_path: str) -> HttpResponse:
    """Sign in a person who has shown a password or a mailed link (`method`); asks for the second factor
    first.
    """
    target = next_path or "/"
    if not settings.MFA:
        login(request, user, backend=BACKEND)
        UserSession.objects.create_from_request(request)
        return HttpResponseRedirect(target)
    user.backend = BACKEND
    # who has just signed in need not prove it again to manage their factors
    record_authentication(request, user, method=method, reauthenticated=True)
    answer: HttpResponse = perform_login(
        request, Login(user=user, redirect_url=target, email_verification="none")
    )
    return answer
