"""The signed-in person of a request, with its type."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from kontor.features.accounts.models import User


def person_of(request: HttpRequest) -> User:
    """Only for views whose policy lets nobody else in."""
    return cast(User, request.user)
