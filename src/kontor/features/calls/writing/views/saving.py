"""What the writing page's script asks: saving fields, and what others did meanwhile. JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.actions import Saved, Written
from kontor.features.calls.completeness import faults_as_typed
from kontor.features.calls.models import Application
from kontor.features.calls.rules import may_write_application
from kontor.features.calls.writing.queries import answers_since, others_at
from kontor.features.calls.writing.views.finding import application_by

#: Fields in one call; a whole form has fewer.
MOST = 300


@require_POST
@policy(may_write_application)
def save(request: HttpRequest, key: str) -> HttpResponse:
    """{"answers": {field: {"value", "base"}}} becomes {"answers": {field: {"outcome", "revision", …}}}."""
    application = application_by(request, key, may_write_application)
    try:
        written = written_of(body_of(request))
        saved = actions.save_answers(application=application, written=written, actor=actor_of(request))
    except KontorError as error:
        return JsonResponse(error.as_dict(), status=error.status)
    return told_of_saving(application, saved, application.revision)


@require_POST
@policy(may_write_application)
def changes(request: HttpRequest, key: str) -> HttpResponse:
    """{"since", "field"} becomes what others stored since, who writes where, and the state."""
    application = application_by(request, key, may_write_application)
    try:
        told = body_of(request)
    except KontorError as error:
        return JsonResponse(error.as_dict(), status=error.status)
    since, field = told.get("since", 0), str(told.get("field", ""))
    actions.note_presence(application=application, field=field, user=request.user, at=timezone.now())
    rows = answers_since(application, since if isinstance(since, int) else 0)
    others = others_at(application, request.user)
    return JsonResponse(
        {
            "revision": application.revision,
            "state": application.state,
            "answers": {one.field: {"revision": one.revision, "by": one.changed_by} for one in rows},
            "others": [{"name": one.name, "field": one.field} for one in others],
            "now": _now(),
        }
    )


def told_of_saving(application: Application, saved: Mapping[str, Saved], revision: int) -> JsonResponse:
    """What the script learns of each field it sent, and what of it cannot be handed in as it stands."""
    answers = {
        field: {
            "outcome": str(one.outcome),
            "value": one.value,
            "revision": one.revision,
            "sent": one.sent,
            "by": one.by,
            "parked": one.parked,
        }
        for field, one in saved.items()
    }
    known = {one.key for one in application.questions.fields()}
    values = {field: one.value for field, one in saved.items() if field in known}
    faults = faults_as_typed(application, values)
    return JsonResponse({"answers": answers, "faults": faults, "revision": revision, "now": _now()})


def _now() -> str:
    return timezone.now().isoformat()


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent. KontorError (400) for anything else."""
    try:
        told = json.loads(request.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise _unreadable("body")
    return told


def written_of(told: dict[str, Any]) -> dict[str, Written]:
    """{field: what was written} of a call of the script. KontorError (400) where it has another shape."""
    answers = told.get("answers")
    if not isinstance(answers, dict) or len(answers) > MOST:
        raise _unreadable("answers")
    found = {}
    for key, one in answers.items():
        if not isinstance(one, dict) or not isinstance(one.get("base", 0), int):
            raise _unreadable(f"answers.{key}")
        found[key] = Written(one.get("value"), base=one.get("base", 0))
    return found


def _unreadable(path: str) -> KontorError:
    return KontorError(
        _("This cannot be read."),
        code="unreadable",
        path=path,
        remedy=_("Load the page again; what you typed waits on this device and is sent then."),
        status=400,
    )


urlpatterns = [
    path("applications/<slug:key>/save/", save, name="save"),
    path("applications/<slug:key>/changes/", changes, name="changes"),
]
