"""An application that begins with a self-check."""

from __future__ import annotations

from typing import Any

from kontor.base.actor import Actor
from kontor.features.calls.checking.actions import prefill_application
from kontor.features.calls.models import Application, SelfCheck
from kontor.features.organisations.models import Organisation


def prefill_by(*, user: Any, application: Application, check: str, actor: Actor) -> bool:
    """Fill the new draft from the check with this key; whether there was one of the application's call.
    Partners come in as far as the person sees them in the directory.
    """
    row = SelfCheck.objects.filter(key=check, call=application.call).first()
    if row is None:
        return False
    names = [told.get("name", "") for told in row.answers.get("partners", ())]
    rows = Organisation.objects.visible_to(user).filter(name__in=[name for name in names if name])
    prefill_application(
        application=application, check=row, organisations={one.name: one for one in rows}, actor=actor
    )
    return True
