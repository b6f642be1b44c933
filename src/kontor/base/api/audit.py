"""The log of every change, for programs: the rows that the caller may read, filtered as on the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.audit.read import narrowed, opens_log, rows_for
from kontor.base.models import AuditEvent
from kontor.base.permissions import policy

router = Router("audit")


class AuditOut(Schema):
    """One row. `hash` chains it to the one before (docs/concepts/audit.md)."""

    seq: int
    at: dt.datetime
    actor_label: str
    actor_key: str
    verb: str
    subject_kind: str
    subject_key: str
    subject_label: str
    changes: dict[str, Any] = Field(description="field: [before, after]")
    reason: str
    hash: str


class AuditQuery(PageQuery):
    actor: str = Field("", max_length=200, description="part of the name of who did it")
    verb: str = Field("", max_length=80)
    kind: str = Field("", max_length=60, description="kind of thing, such as organisation")
    subject: str = Field("", max_length=300, description="part of its name, or its key")
    since: dt.date | None = None
    until: dt.date | None = Field(None, description="last day")


@router.get("/", response=Page[AuditOut])
@policy(opens_log)
def list_events(request: HttpRequest, query: Query[AuditQuery]) -> dict[str, Any]:
    """The rows that you may read, the latest first."""
    wanted = query.dict(exclude={"page", "page_size"})
    part = paginate(narrowed(rows_for(request.user), **wanted), query)
    return {**part, "items": [_out(event) for event in part["items"]]}


def _out(event: AuditEvent) -> dict[str, Any]:
    return {field: getattr(event, field) for field in AuditOut.model_fields}
