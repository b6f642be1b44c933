"""An application that begins with a self-check: the address names it."""

from __future__ import annotations

from django.http import HttpRequest

from kontor.base.actor import actor_of
from kontor.features.calls.checking.beginning import prefill_by
from kontor.features.calls.models import Application


def prefill_from_check(request: HttpRequest, application: Application) -> None:
    """Fill the new draft from the check that `?check=` names; nothing where it is of another call."""
    check = request.GET.get("check", "")
    prefill_by(user=request.user, application=application, check=check, actor=actor_of(request))
