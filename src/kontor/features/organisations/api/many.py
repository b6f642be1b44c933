"""Saved views of the directory, and changes to many organisations that can be taken back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from ninja import Field, Path, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, not_found, paginate
from kontor.base.permissions import PUBLIC, SIGNED_IN, policy
from kontor.features.accounts.rules import is_administrator
from kontor.features.organisations.api.changes import in_body
from kontor.features.organisations.api.schemas import Input
from kontor.features.organisations.directory import actions
from kontor.features.organisations.directory.listing import Wish
from kontor.features.organisations.models import BulkChange, SavedView
from kontor.features.organisations.rules import may_merge

views = Router("organisations")
changes = Router("organisations")


class ViewOut(Schema):
    """Filters that somebody named; whoever opens them sees what they themselves may see."""

    key: str
    name: str
    query: str = Field(description="as in the address of the list: country=DE&offers=yes")


class ViewIn(Input):
    name: str = Field(min_length=1, max_length=80)
    query: str = Field(max_length=4000)


class ChangeOut(Schema):
    key: str
    verb: str
    value: str
    label: str
    organisations: list[str] = Field(description="keys of those that it changed")
    made_at: dt.datetime
    undo_until: dt.datetime
    undone_at: dt.datetime | None


class ChangeIn(Input):
    verb: Literal["tag", "untag", "join", "leave", "archive"]
    value: str = Field("", max_length=80, description="the tag, or the key of the cluster")
    organisations: list[Annotated[str, Field(max_length=12)]] = Field(
        min_length=1, max_length=5000, description="keys; all or none of them are changed"
    )


@views.get("/", response=Page[ViewOut])
@policy(SIGNED_IN)
def list_views(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Your saved views, by name."""
    return paginate(_own_views(request), page)


@views.post("/", response={201: ViewOut})
@policy(SIGNED_IN)
def save_view(request: HttpRequest, body: ViewIn) -> Status[SavedView]:
    """Keep filters under a name; the same name again replaces them."""
    with in_body():
        query = Wish.read(QueryDict(body.query)).query()
        view = actions.save_view(name=body.name, query=query, actor=actor_of(request))
    return Status(201, view)


@views.get("/{key}", response=ViewOut)
@policy(PUBLIC)
def get_view(request: HttpRequest, key: Path[str]) -> SavedView:
    """The filters of a view, for whoever knows its key."""
    view: SavedView = found(SavedView.objects.all(), key=key)
    return view


@views.delete("/{key}", response={204: None})
@policy(SIGNED_IN)
def delete_view(request: HttpRequest, key: Path[str]) -> Status[None]:
    """Delete a view of yours."""
    view = found(_own_views(request), key=key)
    actions.delete_view(view=view, actor=actor_of(request))
    return Status(204, None)


def _own_views(request: HttpRequest) -> QuerySet[SavedView]:
    person: Any = request.user
    return SavedView.objects.filter(user=person)


@changes.post("/", response={201: ChangeOut})
@policy(may_merge)
def change_many(request: HttpRequest, body: ChangeIn) -> Status[dict[str, Any]]:
    """Change many organisations at once: tag, untag, join or leave a cluster, archive."""
    with in_body():
        made = actions.change_many(
            verb=body.verb, keys=body.organisations, value=body.value, actor=actor_of(request)
        )
    return Status(201, _out(made))


@changes.get("/{key}", response=ChangeOut)
@policy(may_merge)
def get_change(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """What a change to many did, for who made it and for administrators."""
    return _out(_own_change(request, key))


@changes.post("/{key}/undo", response=ChangeOut)
@policy(may_merge)
def undo_change(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """Take it back, within 30 days."""
    return _out(actions.undo_change(change=_own_change(request, key), actor=actor_of(request)))


def _own_change(request: HttpRequest, key: str) -> BulkChange:
    change: BulkChange = found(BulkChange.objects.all(), key=key)
    if change.actor_key != actor_of(request).key and not is_administrator(request.user):
        raise not_found()
    return change


def _out(change: BulkChange) -> dict[str, Any]:
    plain = ("key", "verb", "value", "label", "made_at", "undo_until", "undone_at")
    return {field: getattr(change, field) for field in plain} | {"organisations": sorted(change.undo)}
