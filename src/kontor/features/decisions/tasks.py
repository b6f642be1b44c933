"""What happens to decisions when applications are withdrawn."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from kontor.base.actor import Actor
from kontor.base.events import ApplicationChanged, subscribe
from kontor.base.jobs import JobContext, enqueue, handler
from kontor.features.calls.models import Application
from kontor.features.decisions import actions
from kontor.features.decisions.models import Decision

RELEASE = "decisions.release"


@handler(RELEASE, title=gettext_lazy("Free the money of a withdrawn application"))
def release(job: JobContext) -> dict[str, Any]:
    """Nothing to do where it came back, or its decision ended before."""
    application = Application.objects.filter(key=job.payload["application"]).first()
    ended = application is not None and actions.release_withdrawn(application=application, actor=job.actor)
    return {"released": int(bool(ended))}


def on_application(event: ApplicationChanged) -> None:
    """After the commit: whoever withdraws holds the application, whoever decides holds the round first."""
    if event.kind != "withdrawn":
        return
    held = Decision.objects.live().filter(application__key__in=event.keys)
    for key in held.values_list("application__key", flat=True):
        enqueue(RELEASE, {"application": key}, actor=Actor.system("decisions"), dedup_key=key)


def register() -> None:
    """Subscribe to what decisions react to."""
    subscribe(ApplicationChanged, on_application)
