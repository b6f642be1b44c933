"""An application that begins with a self-check: the address names it."""

from __future__ import annotations

from django.http import HttpRequest

from kontor.base.actor import actor_of
from kontor.features.calls.checking.actions import prefill_application
from kontor.features.calls.models import Application, SelfCheck
from kontor.features.organisations.models import Organisation


def prefill_from_check(request: HttpRequest, application: Application) -> None:
    """Fill the new draft from the check that `?check=` names; nothing where it is of another call."""
    check = SelfCheck.objects.filter(key=request.GET.get("check", ""), call=application.call).first()
    if check is None:
        return
    names = [told.get("name", "") for told in check.answers.get("partners", ())]
    rows = Organisation.objects.visible_to(request.user).filter(name__in=[name for name in names if name])
    prefill_application(
        application=application,
        check=check,
        organisations={row.name: row for row in rows},
        actor=actor_of(request),
    )
