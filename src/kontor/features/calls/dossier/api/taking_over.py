"""Answers from a Word file and from another application."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Query, Schema, Status
from ninja.files import UploadedFile

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.attachments import TYPES
from kontor.base.permissions import policy
from kontor.features.calls.dossier.actions import taking_over
from kontor.features.calls.dossier.api.reading import file_answer, spoken, transfer_in, written_by
from kontor.features.calls.dossier.copying import CopyLine, plan_for
from kontor.features.calls.dossier.paper import lines_of, word_of
from kontor.features.calls.dossier.rules import may_take_over
from kontor.features.calls.models import Application, Transfer, TransferKind
from kontor.features.calls.queries import own_applications

router = Router("calls")


class TransferLineOut(Schema):
    field: str
    side: str = Field(description="file: only the file changed it; both; same: both changed it alike")
    before: Any = Field(None, description="when the file was downloaded")
    here: Any = None
    file: Any = None
    joined: Any = Field(None, description="both changes in one, where that loses nothing")


class UnreadOut(Schema):
    code: str
    field: str
    text: str


class TransferOut(Schema):
    key: str
    kind: str = Field(description="word, application or directory")
    source: str
    at: dt.datetime
    who: str
    settled_at: dt.datetime | None
    undone_at: dt.datetime | None
    written: list[str]


class TransferDetail(TransferOut):
    revision: int = Field(description="of the application as read; choose with it")
    lines: list[TransferLineOut]
    unread: list[UnreadOut] = Field(description="pieces of the file that fit no field")


class SettleIn(Schema):
    takes: dict[str, Literal["file", "joined", "here"]] = Field(description="by field; left out: here")
    revision: int = Field(
        description="of the application as you read it; one of the fields changed since: 409"
    )


class CopyLineOut(Schema):
    source: str
    target: str = Field(description="empty: the call asks nothing like it")
    fit: str = Field(description="whole, part or none")
    value: Any = None
    here: Any = None
    reasons: list[str]


class CopyPlanOut(Schema):
    revision: int = Field(description="of the application as read; copy with it")
    lines: list[CopyLineOut]


class CopyIn(Schema):
    fields: list[str] = Field(min_length=1, max_length=500, description="targets of the plan")
    revision: int


@router.get("/{key}/word/", response={200: None}, openapi_extra=file_answer(TYPES["docx"][0]))
@policy(may_take_over)
def word_file(request: HttpRequest, key: str, language: Literal["en", "de", "nl"] = "en") -> HttpResponse:
    """The form with its answers as a Word file."""
    application = written_by(request, key)
    answer = HttpResponse(word_of(application, language), content_type=TYPES["docx"][0])
    answer["Content-Disposition"] = f'attachment; filename="{application.number}.docx"'
    return answer


@router.post("/{key}/word/", response={201: TransferDetail})
@policy(may_take_over)
def return_word(request: HttpRequest, key: str, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Upload a Word file that was downloaded here; nothing is written before you settle it."""
    application = written_by(request, key)
    made = taking_over.receive_word(application=application, upload=file, actor=actor_of(request))
    return Status(201, _detail(made))


@router.get("/{key}/transfers/", response=Page[TransferOut])
@policy(may_take_over)
def list_transfers(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """What was taken over or waits to be, the latest first."""
    answer = paginate(written_by(request, key).transfers.all(), page)
    return {**answer, "items": [transfer_told(row) for row in answer["items"]]}


@router.get("/{key}/transfers/{transfer}/", response=TransferDetail)
@policy(may_take_over)
def read_transfer(request: HttpRequest, key: str, transfer: str) -> dict[str, Any]:
    """The fields that a returned file changed, beside what stands here."""
    return _detail(transfer_in(written_by(request, key), transfer))


@router.post("/{key}/transfers/{transfer}/settle/", response=TransferDetail)
@policy(may_take_over)
def settle_transfer(request: HttpRequest, key: str, transfer: str, body: SettleIn) -> dict[str, Any]:
    """Write what is chosen for each field."""
    row = transfer_in(written_by(request, key), transfer)
    takes = {field: str(take) for field, take in body.takes.items()}
    done = taking_over.settle_word(transfer=row, takes=takes, revision=body.revision, actor=actor_of(request))
    return _detail(done)


@router.post("/{key}/transfers/{transfer}/take-back/", response=TransferOut)
@policy(may_take_over)
def undo_transfer(request: HttpRequest, key: str, transfer: str) -> dict[str, Any]:
    """The fields stand as before; 409 where somebody has written in one of them since."""
    row = transfer_in(written_by(request, key), transfer)
    return transfer_told(taking_over.take_transfer_back(transfer=row, actor=actor_of(request)))


@router.get("/{key}/copies/{source}/", response=CopyPlanOut)
@policy(may_take_over)
def copy_plan(request: HttpRequest, key: str, source: str) -> dict[str, Any]:
    """What could be copied from another application of your organisations, field by field."""
    application = written_by(request, key)
    lines = plan_for(application, _source(request, source))
    return {"revision": application.revision, "lines": [_line(line) for line in lines]}


@router.post("/{key}/copies/{source}/", response={201: TransferOut})
@policy(may_take_over)
def copy_fields(request: HttpRequest, key: str, source: str, body: CopyIn) -> Status[dict[str, Any]]:
    """Copy these fields; the answers that stood there stay among the versions."""
    application = written_by(request, key)
    other = _source(request, source)
    lines = plan_for(application, other)
    values = {
        line.copy.target: line.copy.value for line in lines if line.is_new and line.copy.target in body.fields
    }
    made = taking_over.take_over(
        application=application,
        kind=TransferKind.APPLICATION,
        source=other.number,
        values=values,
        revision=body.revision,
        language=other.language,
        actor=actor_of(request),
    )
    return Status(201, transfer_told(made))


def _source(request: HttpRequest, key: str) -> Application:
    rows = own_applications(request.user).select_related("call__programme", "call__version")
    source: Application = found(rows, key=key)
    return source


def _line(line: CopyLine) -> dict[str, Any]:
    return {
        "source": line.copy.source,
        "target": line.copy.target,
        "fit": line.copy.fit,
        "value": line.copy.value,
        "here": line.here,
        "reasons": [reason.text(spoken()) for reason in line.copy.reasons],
    }


def transfer_told(row: Transfer) -> dict[str, Any]:
    return {
        "key": row.key,
        "kind": row.kind,
        "source": row.source,
        "at": row.at,
        "who": row.actor_label,
        "settled_at": row.settled_at,
        "undone_at": row.undone_at,
        "written": sorted(row.taken),
    }


def _detail(row: Transfer) -> dict[str, Any]:
    lines = lines_of(row) if row.kind == TransferKind.WORD else []
    row.application.refresh_from_db(fields=["revision"])
    return {
        **transfer_told(row),
        "revision": row.application.revision,
        "unread": row.unread,
        "lines": [
            {
                "field": line.field.key,
                "side": line.side,
                "before": line.before,
                "here": line.here,
                "file": line.file,
                "joined": line.joined,
            }
            for line in lines
        ],
    }
