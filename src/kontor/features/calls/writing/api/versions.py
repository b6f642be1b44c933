"""Every version of an answer: read, brought back, and decided between two that met."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, not_found, paginate
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.models import AnswerVersion, Application
from kontor.features.calls.rules import may_write_application
from kontor.features.calls.writing.api.applications import application_by

router = Router("calls")
Number = Annotated[int, Field(ge=1, le=2_147_483_647)]


class AnswerVersionOut(Schema):
    id: int
    field: str
    value: Any = Field(None, description="in the shapes of docs/formats/form.md")
    language: str
    revision: int
    origin: str = Field(description="written, merged, parked (kept beside another), restored, copied or file")
    at: dt.datetime
    by: str
    waits: bool = Field(description="kept beside what stands until somebody decides")


class CurrentAnswerOut(Schema):
    field: str
    value: Any = None
    revision: int


class SettleVersionIn(Schema):
    take: bool = Field(description="the text that was kept beside; false leaves what stands")


@router.get("/{key}/answers/{field}/versions/", response=Page[AnswerVersionOut])
@policy(may_write_application)
def versions(request: HttpRequest, key: str, field: str, page: Query[PageQuery]) -> dict[str, Any]:
    """Everything that was ever saved in a field, the latest first."""
    application = application_by(request, key, may_write_application)
    if field not in {one.key for one in application.questions.fields()}:
        raise not_found()
    part = paginate(application.versions.filter(field=field), page)
    return {**part, "items": [_out(row) for row in part["items"]]}


@router.post("/{key}/versions/{version}/restore/", response=CurrentAnswerOut)
@policy(may_write_application)
def restore(request: HttpRequest, key: str, version: Number) -> dict[str, Any]:
    """Make it the answer again; what stands now stays among the versions."""
    application = application_by(request, key, may_write_application)
    row = _version(application, version)
    actions.restore_version(version=row, actor=actor_of(request))
    return _current(application, row.field)


@router.post("/{key}/versions/{version}/settle/", response=CurrentAnswerOut)
@policy(may_write_application)
def settle(request: HttpRequest, key: str, version: Number, body: SettleVersionIn) -> dict[str, Any]:
    """Decide about a text that was kept beside another. 409 where somebody decided before."""
    application = application_by(request, key, may_write_application)
    row = _version(application, version)
    actions.settle_version(version=row, take=body.take, actor=actor_of(request))
    return _current(application, row.field)


def _version(application: Application, number: int) -> AnswerVersion:
    row: AnswerVersion = found(application.versions.select_related("application"), pk=number)
    return row


def _current(application: Application, field: str) -> dict[str, Any]:
    row = application.answers.filter(field=field).first()
    return {"field": field, "value": row.value if row else None, "revision": row.revision if row else 0}


def _out(row: AnswerVersion) -> dict[str, Any]:
    names = ("field", "value", "language", "revision", "origin", "at")
    return {
        **{name: getattr(row, name) for name in names},
        "id": row.pk,
        "by": row.actor_label,
        "waits": row.origin == "parked" and row.settled_at is None,
    }
