"""Members of a cluster with their dates, kept by its managers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import SIGNED_IN, allowed, policy
from kontor.features.organisations import actions
from kontor.features.organisations.api.changes import base_of, in_body, version_of
from kontor.features.organisations.api.contacts import Number
from kontor.features.organisations.api.figures import VERSION
from kontor.features.organisations.api.finding import membership_at, reachable
from kontor.features.organisations.api.schemas import Input
from kontor.features.organisations.models import Listing, Membership, Organisation
from kontor.features.organisations.queries import members_of
from kontor.features.organisations.rules import may_manage_cluster, may_take_in

router = Router("organisations")


class MembershipOut(Schema):
    """`member` and `name` are empty where the organisation withdrew its consent."""

    id: int
    member: str = Field(description="key of the organisation")
    name: str
    country: str
    since: dt.date | None
    until: dt.date | None = Field(description="last day; null while it lasts")
    version: str = VERSION


class AddedOut(Schema):
    """`asked`: others look after the organisation and were asked by mail; it is a member once they agree."""

    state: Literal["member", "asked"]
    membership: MembershipOut | None


class NewMember(Input):
    member: str = Field(min_length=1, max_length=12, description="key of the organisation")
    since: dt.date | None = Field(None, description="empty: today")
    until: dt.date | None = None


class ChangedMembership(Input):
    """Dates left out stay as they are; null says that the day is not known, or that it lasts."""

    version: str = Field(max_length=2000, description="the version this change started from")
    since: dt.date | None = None
    until: dt.date | None = None


class EndIn(Input):
    until: dt.date | None = Field(None, description="last day; empty: it is over at once")


@router.get("/{key}/members", response=Page[MembershipOut])
@policy(SIGNED_IN & may_manage_cluster)
def list_members(request: HttpRequest, key: Path[str], page: Query[PageQuery]) -> dict[str, Any]:
    """All memberships of the cluster, past ones too."""
    cluster = reachable(request, key, may_manage_cluster)
    part = paginate(members_of(cluster), page)
    return {**part, "items": [_out(row) for row in part["items"]]}


@router.post("/{key}/members", response={201: AddedOut, 202: AddedOut})
@policy(SIGNED_IN & may_manage_cluster)
def add_member(request: HttpRequest, key: Path[str], body: NewMember) -> Status[dict[str, Any]]:
    """Take an organisation in, or ask those who look after it (202)."""
    cluster = reachable(request, key, may_manage_cluster)
    member = found(Organisation.objects.visible_to(request.user), key=body.member)
    values: dict[str, Any] = {"cluster": cluster, "member": member, "since": body.since, "until": body.until}
    with in_body():
        if not allowed(request, may_take_in, member):
            actions.ask_to_join(actor=actor_of(request), **values)
            return Status(202, {"state": "asked", "membership": None})
        made = actions.add_membership(actor=actor_of(request), **values)
    return Status(201, {"state": "member", "membership": _out(made)})


@router.patch("/{key}/members/{number}", response=MembershipOut)
@policy(SIGNED_IN & may_manage_cluster)
def change_membership(
    request: HttpRequest, key: Path[str], number: Path[Number], body: ChangedMembership
) -> dict[str, Any]:
    """Correct the dates. 409 where somebody else changed one of them meanwhile."""
    membership = membership_at(request, key, number)
    with in_body():
        base = base_of(body.version, f"membership {number}")
        dates = {**base, **body.dict(exclude_unset=True, exclude={"version"})}
        stored = actions.change_membership(membership=membership, base=base, actor=actor_of(request), **dates)
    return _out(stored)


@router.post("/{key}/members/{number}/end", response=MembershipOut)
@policy(SIGNED_IN & may_manage_cluster)
def end_membership(request: HttpRequest, key: Path[str], number: Path[Number], body: EndIn) -> dict[str, Any]:
    """End it, and with it the managers' right to change the organisation."""
    membership = membership_at(request, key, number)
    with in_body():
        stored = actions.end_membership(membership=membership, until=body.until, actor=actor_of(request))
    return _out(stored)


def _out(row: Membership) -> dict[str, Any]:
    dates = actions.membership_snapshot(row)
    withdrawn = row.member.listing == Listing.WITHDRAWN
    return {
        "id": row.pk,
        "member": "" if withdrawn else row.member.key,
        "name": "" if withdrawn else row.member.name,
        "country": row.member.country,
        **dates,
        "version": version_of(dates, f"membership {row.pk}"),
    }
