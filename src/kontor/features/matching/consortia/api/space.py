"""Comments and files of the shared space."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import Field, File, Query, Schema, Status
from ninja.files import UploadedFile

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.attachments import answer_with
from kontor.base.models import Attachment
from kontor.base.permissions import policy, require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.space import LONGEST_COMMENT
from kontor.features.matching.consortia.api.reading import read_by
from kontor.features.matching.consortia.queries import comments_of, files_of, speaks_for
from kontor.features.matching.consortia.rules import Entry, may_change_entry, may_read
from kontor.features.matching.models import Comment, Consortium
from kontor.features.matching.models.states import Channel

router = Router("matching")


class CommentOut(Schema):
    key: str
    text: str = Field(description="empty where it was removed")
    language: str
    organisation: str = Field(description="name of the one for which it is said")
    who: str
    at: dt.datetime
    removed: bool


class FileOut(Schema):
    key: str
    name: str
    size: int = Field(description="bytes")
    media_type: str
    sha256: str
    who: str


class CommentIn(Schema):
    text: str = Field(min_length=1, max_length=LONGEST_COMMENT)


@router.get("/{key}/comments/", response=Page[CommentOut])
@policy(may_read)
def comments(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """Everything said, in its order."""
    consortium = read_by(request, key)
    answer = paginate(comments_of(consortium), page)
    actions.note_space(consortium, request.user, Channel.API)
    return {**answer, "items": [_out(comment) for comment in answer["items"]]}


@router.post("/{key}/comments/{comment}/remove/", response=CommentOut)
@policy(may_read)
def remove(request: HttpRequest, key: str, comment: str) -> dict[str, Any]:
    """One's own, or any by those who compose; it can be brought back."""
    row = _comment(request, key, comment)
    actions.remove_comment(comment=row, actor=actor_of(request))
    return _out(row)


@router.post("/{key}/comments/{comment}/restore/", response=CommentOut)
@policy(may_read)
def restore(request: HttpRequest, key: str, comment: str) -> dict[str, Any]:
    """Bring a removed comment back."""
    row = _comment(request, key, comment)
    actions.bring_comment_back(comment=row, actor=actor_of(request))
    return _out(row)


@router.post("/{key}/comments/", response={201: CommentOut})
@policy(may_read)
def add(request: HttpRequest, key: str, body: CommentIn) -> Status[dict[str, Any]]:
    """Everybody reads it whose organisation has accepted its seat."""
    consortium = read_by(request, key)
    made = actions.add_comment(
        consortium=consortium,
        text=body.text,
        organisation=speaks_for(request.user, consortium),
        actor=actor_of(request),
    )
    return Status(201, _out(made))


def _out(comment: Comment) -> dict[str, Any]:
    removed = comment.removed_at is not None
    return {
        "key": comment.key,
        "text": "" if removed else comment.text,
        "language": comment.language,
        "organisation": comment.organisation.name if comment.organisation else "",
        "who": comment.actor_label,
        "at": comment.at,
        "removed": removed,
    }


@router.get("/{key}/files/", response=Page[FileOut])
@policy(may_read)
def files(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """Those that are not removed, the latest first."""
    answer = paginate(files_of(read_by(request, key)), page)
    return {**answer, "items": [_file_out(each) for each in answer["items"]]}


@router.post("/{key}/files/", response={201: FileOut})
@policy(may_read)
def attach(request: HttpRequest, key: str, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """PDF, office documents, pictures, text or ZIP, at most 25 MB; else 422 with the reason."""
    made = actions.attach_file(consortium=read_by(request, key), upload=file, actor=actor_of(request))
    return Status(201, _file_out(made))


@router.get(
    "/{key}/files/{file}/",
    response={200: None},
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {}}}}},
)
@policy(may_read)
def download(request: HttpRequest, key: str, file: str) -> FileResponse:
    """The file itself."""
    return answer_with(found(files_of(read_by(request, key)), key=file))


@router.post("/{key}/files/{file}/remove/", response=FileOut)
@policy(may_read)
def remove_file(request: HttpRequest, key: str, file: str) -> dict[str, Any]:
    """One's own, or any by those who compose; it can be brought back."""
    consortium, row = _file(request, key, file)
    actions.remove_file(consortium=consortium, attachment=row, actor=actor_of(request))
    return _file_out(row)


@router.post("/{key}/files/{file}/restore/", response=FileOut)
@policy(may_read)
def restore_file(request: HttpRequest, key: str, file: str) -> dict[str, Any]:
    """Bring a removed file back."""
    consortium, row = _file(request, key, file)
    actions.bring_file_back(consortium=consortium, attachment=row, actor=actor_of(request))
    return _file_out(row)


def _comment(request: HttpRequest, key: str, comment: str) -> Comment:
    consortium = read_by(request, key)
    row: Comment = found(comments_of(consortium), key=comment)
    require(request, may_change_entry, Entry(consortium, row.actor_key))
    return row


def _file(request: HttpRequest, key: str, file: str) -> tuple[Consortium, Attachment]:
    """Removed ones too: they are what is brought back."""
    consortium = read_by(request, key)
    rows = Attachment.objects.filter(subject_kind="consortium", subject_id=consortium.pk)
    row: Attachment = found(rows, key=file)
    require(request, may_change_entry, Entry(consortium, row.actor_key))
    return consortium, row


def _file_out(row: Attachment) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "size": row.size,
        "media_type": row.media_type,
        "sha256": row.sha256,
        "who": row.actor_label,
    }
