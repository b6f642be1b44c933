"""What people may read of applications."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from kontor.features.calls.models import Application, ApplicationQuerySet
from kontor.features.calls.rules import own_q, readable_q


def applications_for(user: Any) -> ApplicationQuerySet:
    """Every application the person may read."""
    return Application.objects.filter(readable_q(user)).select_related("call", "lead")


def own_applications(user: Any) -> ApplicationQuerySet:
    """Those of the person's own organisations, the latest first."""
    if not user.is_authenticated:
        return Application.objects.none()
    rows = Application.objects.filter(own_q(user)).select_related("call", "lead")
    return rows.order_by("-changed_at", "-id")


def application_for(user: Any, key: str) -> Application:
    """One the person may read. Http404 for any other, told apart from none by nobody."""
    found = applications_for(user).select_related("call__programme", "call__version").filter(key=key).first()
    if found is None:
        raise Http404
    return found
