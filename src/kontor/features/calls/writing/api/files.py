"""Files that answer a field."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, File, Schema, Status
from ninja.files import UploadedFile

from kontor.base.actor import actor_of
from kontor.base.api import Router, not_found
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.models import Application
from kontor.features.calls.rules import may_write_application
from kontor.features.calls.writing.api.applications import application_by

router = Router("calls")


class AnswerFileOut(Schema):
    key: str = Field(description="download it under /files/KEY/")
    name: str
    size: int = Field(description="bytes")


class AnswerFilesOut(Schema):
    files: list[AnswerFileOut]
    revision: int = Field(description="of the application")


@router.post("/{key}/answers/{field}/files/", response={201: AnswerFilesOut})
@policy(may_write_application)
def attach(request: HttpRequest, key: str, field: str, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Add a file to the answer of a field. 422 where its type, size or number is not allowed."""
    application = application_by(request, key, may_write_application)
    actions.attach_file(application=application, field=field, upload=file, actor=actor_of(request))
    return Status(201, _told(application, field))


@router.delete("/{key}/answers/{field}/files/{file}/", response=AnswerFilesOut)
@policy(may_write_application)
def remove(request: HttpRequest, key: str, field: str, file: str) -> dict[str, Any]:
    """Take a file out; the versions of the field still have it."""
    application = application_by(request, key, may_write_application)
    if file not in {one["key"] for one in _files(application, field)}:
        raise not_found()
    actions.remove_file(application=application, field=field, key=file, actor=actor_of(request))
    return _told(application, field)


def _files(application: Application, field: str) -> list[dict[str, Any]]:
    row = application.answers.filter(field=field).first()
    asked = {one.key for one in application.questions.fields() if one.kind == "file"}
    return list(row.value) if row is not None and field in asked else []


def _told(application: Application, field: str) -> dict[str, Any]:
    application.refresh_from_db(fields=["revision"])
    return {"files": _files(application, field), "revision": application.revision}
