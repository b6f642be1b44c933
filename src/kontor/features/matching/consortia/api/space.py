"""Comments of the shared space."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.permissions import policy
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.space import LONGEST_COMMENT
from kontor.features.matching.consortia.api.reading import read_by
from kontor.features.matching.consortia.queries import comments_of, speaks_for
from kontor.features.matching.consortia.rules import may_read
from kontor.features.matching.models import Comment

router = Router("matching")


class CommentOut(Schema):
    key: str
    text: str = Field(description="empty where it was removed")
    language: str
    organisation: str = Field(description="name of the one for which it is said")
    who: str
    at: dt.datetime
    removed: bool


class CommentIn(Schema):
    text: str = Field(min_length=1, max_length=LONGEST_COMMENT)


@router.get("/{key}/comments/", response=Page[CommentOut])
@policy(may_read)
def comments(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """Everything said, in its order."""
    answer = paginate(comments_of(read_by(request, key)), page)
    return {**answer, "items": [_out(comment) for comment in answer["items"]]}


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
