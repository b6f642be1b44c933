"""Taking an organisation out of the directory and bringing it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.organisations import actions
from kontor.features.organisations.api.finding import archived, reachable
from kontor.features.organisations.api.organisations import organisation_out
from kontor.features.organisations.api.schemas import OrganisationOut
from kontor.features.organisations.directory.listing import scope_of
from kontor.features.organisations.queries import archived_of
from kontor.features.organisations.rules import may_edit

router = Router("organisations")


class ArchivedOut(Schema):
    key: str
    name: str
    country: str
    place: str
    archived_at: dt.datetime


class ReasonQuery(Schema):
    reason: str = Field("", max_length=300, description="kept in the log")


@router.get("/archived/", response=Page[ArchivedOut])
@policy(SIGNED_IN)
def list_archived(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Archived organisations that you may bring back, the latest first."""
    return paginate(archived_of(request.user), page)


@router.post("/{key}/archive", response={204: None})
@policy(SIGNED_IN & may_edit)
def archive_organisation(request: HttpRequest, key: Path[str], query: Query[ReasonQuery]) -> Status[None]:
    """Take the organisation out of the directory; nothing is deleted."""
    organisation = reachable(request, key, may_edit)
    actions.archive_organisation(organisation=organisation, reason=query.reason, actor=actor_of(request))
    return Status(204, None)


@router.post("/{key}/unarchive", response=OrganisationOut)
@policy(SIGNED_IN & may_edit)
def unarchive_organisation(request: HttpRequest, key: Path[str], query: Query[ReasonQuery]) -> dict[str, Any]:
    """Bring it back, seen by whom it was seen before."""
    stored = actions.unarchive_organisation(
        organisation=archived(request, key), reason=query.reason, actor=actor_of(request)
    )
    return organisation_out(request, stored, scope_of(request))
