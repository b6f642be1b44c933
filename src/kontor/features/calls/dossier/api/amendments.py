"""Amendments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, File, Query, Schema, Status
from ninja.files import UploadedFile

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.permissions import policy, require
from kontor.features.calls.dossier.actions import amending, amending_files
from kontor.features.calls.dossier.api.reading import amendment_in, read_by, written_by
from kontor.features.calls.dossier.reading import is_own
from kontor.features.calls.dossier.rules import may_read_papers, may_take_over
from kontor.features.calls.models import Amendment, AmendmentState
from kontor.features.calls.rules import may_handle_application, may_submit_application

router = Router("calls")


class AmendmentOut(Schema):
    key: str
    state: str = Field(description="asked, answered or withdrawn")
    fields: list[str]
    question: str
    deadline: dt.datetime
    asked_at: dt.datetime
    asked_by: str
    before: dict[str, Any] = Field(description="the answers when it was asked, by field")
    after: dict[str, Any] = Field(description="those handed in; for the applicants also a draft")
    note: str
    revision: int
    answered_at: dt.datetime | None
    receipt: str


class AmendmentIn(Schema):
    fields: list[str] = Field(min_length=1, max_length=200)
    question: str = Field(min_length=1, max_length=amending.LONGEST)
    deadline: dt.datetime


class AmendmentDraftIn(Schema):
    values: dict[str, Any] = Field(description="by field; docs/formats/form.md shows the shapes")
    note: str = Field("", max_length=amending.LONGEST)
    revision: int = Field(description="as you read it; older than stored: 409")


class AmendmentAnswerIn(Schema):
    revision: int


class AmendmentDeadlineIn(Schema):
    deadline: dt.datetime


@router.get("/{key}/amendments/", response=Page[AmendmentOut])
@policy(may_read_papers)
def list_amendments(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """What was asked about the application, the latest first."""
    application = read_by(request, key)
    own = is_own(request.user, application)
    answer = paginate(application.amendments.select_related("submission"), page)
    return {**answer, "items": [_out(row, own) for row in answer["items"]]}


@router.post("/{key}/amendments/", response={201: AmendmentOut})
@policy(may_handle_application)
def ask_amendment(request: HttpRequest, key: str, body: AmendmentIn) -> Status[dict[str, Any]]:
    """Ask about fields of an application that was handed in."""
    application = read_by(request, key)
    require(request, may_handle_application, application)
    made = amending.ask_amendment(
        application=application,
        fields=body.fields,
        question=body.question,
        deadline=_aware(body.deadline),
        actor=actor_of(request),
    )
    return Status(201, _out(made, is_own(request.user, application)))


@router.put("/{key}/amendments/{amendment}/", response=AmendmentOut)
@policy(may_take_over)
def write_amendment(request: HttpRequest, key: str, amendment: str, body: AmendmentDraftIn) -> dict[str, Any]:
    """Keep a draft of the answer."""
    application = written_by(request, key)
    row = amending.save_amendment(
        amendment=amendment_in(application, amendment),
        values=body.values,
        note=body.note,
        revision=body.revision,
        actor=actor_of(request),
    )
    return _out(row, True)


@router.post("/{key}/amendments/{amendment}/values/{field}/files/", response={201: AmendmentOut})
@policy(may_take_over)
def attach_to_amendment(
    request: HttpRequest, key: str, amendment: str, field: str, file: File[UploadedFile]
) -> Status[dict[str, Any]]:
    """Add a file to the draft of the answer. 422 where its type, size or number is not allowed."""
    application = written_by(request, key)
    row = amending_files.attach_to_amendment(
        amendment=amendment_in(application, amendment), field=field, upload=file, actor=actor_of(request)
    )
    return Status(201, _out(row, True))


@router.post("/{key}/amendments/{amendment}/hand-in/", response=AmendmentOut)
@policy(may_submit_application)
def hand_in_amendment(
    request: HttpRequest, key: str, amendment: str, body: AmendmentAnswerIn
) -> dict[str, Any]:
    """Hand the answer in; the fields change and the application gets a new receipt."""
    application = read_by(request, key)
    require(request, may_submit_application, application)
    row = amending.answer_amendment(
        amendment=amendment_in(application, amendment), revision=body.revision, actor=actor_of(request)
    )
    return _out(row, True)


@router.post("/{key}/amendments/{amendment}/withdraw/", response=AmendmentOut)
@policy(may_handle_application)
def withdraw_amendment(request: HttpRequest, key: str, amendment: str) -> dict[str, Any]:
    """Ask no longer."""
    application = read_by(request, key)
    require(request, may_handle_application, application)
    row = amending.withdraw_amendment(amendment=amendment_in(application, amendment), actor=actor_of(request))
    return _out(row, is_own(request.user, application))


@router.post("/{key}/amendments/{amendment}/deadline/", response=AmendmentOut)
@policy(may_handle_application)
def move_deadline(
    request: HttpRequest, key: str, amendment: str, body: AmendmentDeadlineIn
) -> dict[str, Any]:
    """A new deadline; it brings a withdrawn question back."""
    application = read_by(request, key)
    require(request, may_handle_application, application)
    row = amending.ask_again(
        amendment=amendment_in(application, amendment),
        deadline=_aware(body.deadline),
        actor=actor_of(request),
    )
    return _out(row, is_own(request.user, application))


def _aware(moment: dt.datetime) -> dt.datetime:
    """A time without a zone is meant in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _out(row: Amendment, own: bool) -> dict[str, Any]:
    """A draft of the answer is for the applicants alone."""
    visible = own or row.state == AmendmentState.ANSWERED
    return {
        "key": row.key,
        "state": row.state,
        "fields": row.fields,
        "question": row.question,
        "deadline": row.deadline,
        "asked_at": row.asked_at,
        "asked_by": row.asked_by,
        "before": row.before,
        "after": row.after if visible else {},
        "note": row.note if visible else "",
        "revision": row.revision,
        "answered_at": row.answered_at,
        "receipt": row.submission.receipt if row.submission else "",
    }
