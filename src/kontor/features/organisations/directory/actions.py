"""Use cases of the directory: keep a view, change many organisations at once, take such a change back.

A change to many touches only organisations that the actor may edit, records one audit row for each, and
keeps what is needed to reverse it for `UNDO_DAYS`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.permissions import require
from kontor.features.accounts.models import User
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.drafts import derived
from kontor.features.organisations.models import (
    BulkChange,
    BulkVerb,
    Listing,
    Membership,
    Organisation,
    SavedView,
)
from kontor.features.organisations.models.organisation import editable_q
from kontor.features.organisations.rules import may_manage_cluster

MAX_MANY = 5000
MAX_VIEWS = 100

# What reverses a change, per organisation's key.
Undo = dict[str, Any]


@transaction.atomic
def save_view(*, name: str, query: str, actor: Actor) -> SavedView:
    """Keep `query` under `name`; the same name again replaces its filters."""
    name = " ".join(name.split())[:80]
    if not name:
        raise KontorError(
            _("The view has no name."), code="view_name", path="name", remedy=_("Write a name."), status=422
        )
    person = cast(User, actor.user)
    own = SavedView.objects.filter(user=person)
    if own.count() >= MAX_VIEWS and not own.filter(name=name).exists():
        raise KontorError(
            _("You keep 100 views already."),
            code="view_limit",
            path="name",
            remedy=_("Delete one first."),
            status=422,
        )
    view, _created = own.update_or_create(
        name=name,
        defaults={"query": query},
        create_defaults={"user": person, "name": name, "query": query},
    )
    audit.record(actor=actor, verb="view.saved", subject=view, changes={"query": [None, query]})
    return view


@transaction.atomic
def delete_view(*, view: SavedView, actor: Actor) -> None:
    audit.record(actor=actor, verb="view.deleted", subject=view, changes={"query": [view.query, None]})
    view.delete()


@transaction.atomic
def change_many(*, verb: str, keys: Sequence[str], value: str = "", actor: Actor) -> BulkChange:
    """Do `verb` to the organisations with these keys. `value` is a tag, or the key of a cluster.

    Raises KontorError where nothing or too much is chosen, the value is missing, or one of them may not be
    edited.
    """
    chosen = _editable(keys, actor)
    label = value
    if verb in (BulkVerb.JOIN, BulkVerb.LEAVE):
        label = _cluster(value, actor).name
    elif verb in (BulkVerb.TAG, BulkVerb.UNTAG):
        label = value = _tag(value)
    undo = _DO[verb](chosen, value, actor)
    change = BulkChange.objects.create(
        verb=verb, value=value, label=label, undo=undo, actor_key=actor.key, actor_label=actor.label
    )
    audit.record(actor=actor, verb="many.changed", subject=change, changes={"organisations": [0, len(undo)]})
    return change


@transaction.atomic
def undo_change(*, change: BulkChange, actor: Actor) -> BulkChange:
    """Reverse a change within its days. What somebody changed since is left as it is now, and so is what the
    actor may no longer change. Raises Denied where it was about a cluster that the actor no longer manages.
    """
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if not change.can_be_undone:
        raise KontorError(
            _("This change was taken back already, or is older than 30 days."),
            code="undo_gone",
            remedy=_("Change the organisations one by one."),
            status=409,
        )
    if change.verb in (BulkVerb.JOIN, BulkVerb.LEAVE):
        require(actor.user, may_manage_cluster, Organisation.objects.filter(key=change.value).first())
    chosen = _still_theirs(change, actor)
    _UNDO[change.verb](chosen, change, actor)
    change.undone_at, change.undone_by = timezone.now(), actor.label
    change.save(update_fields=["undone_at", "undone_by"])
    audit.record(actor=actor, verb="many.undone", subject=change, changes={"organisations": [len(chosen), 0]})
    return change


def _still_theirs(change: BulkChange, actor: Actor) -> list[Organisation]:
    """The changed organisations, locked, without those that the actor may no longer change.

    Who left a cluster or was archived is not in `editable_by`; the first are the cluster's to take back.
    """
    rows = Organisation.objects.filter(key__in=list(change.undo)).exclude(listing=Listing.WITHDRAWN)
    if change.verb not in (BulkVerb.JOIN, BulkVerb.LEAVE):
        rows = rows.filter(editable_q(actor.user))
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def _editable(keys: Sequence[str], actor: Actor) -> list[Organisation]:
    wanted = sorted(set(keys))
    if not wanted:
        raise KontorError(
            _("No organisation is chosen."),
            code="none_chosen",
            path="keys",
            remedy=_("Tick at least one."),
            status=422,
        )
    if len(wanted) > MAX_MANY:
        raise KontorError(
            _("More than 5,000 organisations are chosen."),
            code="too_many",
            path="keys",
            remedy=_("Narrow the list with a filter."),
            status=422,
        )
    rows = Organisation.objects.editable_by(actor.user).filter(key__in=wanted).order_by("pk")
    chosen = list(rows.select_for_update(of=("self",)))
    if len(chosen) < len(wanted):
        raise KontorError(
            _("You may not change all of the organisations chosen."),
            code="not_editable",
            path="keys",
            remedy=_("Untick those that are not in a cluster you manage."),
            status=403,
        )
    return chosen


def _cluster(key: str, actor: Actor) -> Organisation:
    cluster = Organisation.objects.alive().filter(key=key, kind="cluster").first()
    if cluster is None:
        raise KontorError(
            _("No cluster is chosen."),
            code="no_cluster",
            path="value",
            remedy=_("Choose a cluster."),
            status=422,
        )
    require(actor.user, may_manage_cluster, cluster)
    return cluster


def _tag(value: str) -> str:
    tag = " ".join(value.split())[:80]
    if not tag:
        raise KontorError(
            _("The tag is empty."), code="no_tag", path="value", remedy=_("Write a tag."), status=422
        )
    return tag


def _write(changed: list[Organisation], fields: Sequence[str], actor: Actor) -> None:
    """Save `fields` with a new revision each."""
    now = timezone.now()
    for each in changed:
        each.revision, each.changed_at, each.changed_by = each.revision + 1, now, actor.label
    Organisation.objects.bulk_update(
        changed, [*fields, "revision", "changed_at", "changed_by"], batch_size=500
    )


def _record(
    changed: Sequence[Organisation], changes: dict[str, Any], verb: str, kind: str, actor: Actor
) -> None:
    """One audit row each, and word to whoever indexes organisations."""
    items = [(each, changes[each.key]) for each in changed]
    audit.record_many(actor=actor, verb=f"organisation.{verb}", items=items)
    announce(changed, kind)


def _tag_many(chosen: list[Organisation], tag: str, actor: Actor) -> Undo:
    return _retag([each for each in chosen if tag not in each.tags], tag, True, actor)


def _untag_many(chosen: list[Organisation], tag: str, actor: Actor) -> Undo:
    return _retag([each for each in chosen if tag in each.tags], tag, False, actor)


def _retag(changed: list[Organisation], tag: str, add: bool, actor: Actor) -> Undo:
    changes = {}
    for each in changed:
        before = list(each.tags)
        each.tags = [*before, tag] if add else [kept for kept in before if kept != tag]
        each.search_text = derived(vars(each))["search_text"]
        changes[each.key] = {"tags": [before, each.tags]}
    _write(changed, ["tags", "search_text"], actor)
    _record(changed, changes, "tagged" if add else "untagged", "profile", actor)
    return dict.fromkeys(changes, True)


def _untag_again(chosen: list[Organisation], change: BulkChange, actor: Actor) -> None:
    _untag_many(chosen, change.value, actor)


def _tag_again(chosen: list[Organisation], change: BulkChange, actor: Actor) -> None:
    _tag_many(chosen, change.value, actor)


def _join_many(chosen: list[Organisation], cluster_key: str, actor: Actor) -> Undo:
    """Make members of today's those that are none; an organisation is no member of itself."""
    today = timezone.localdate()
    cluster = Organisation.objects.get(key=cluster_key)
    current = Membership.objects.current(today).filter(cluster=cluster, member__in=chosen)
    inside = set(current.values_list("member", flat=True)) | {cluster.pk}
    joining = [each for each in chosen if each.pk not in inside]
    made = Membership.objects.bulk_create(
        Membership(cluster=cluster, member=each, since=today) for each in joining
    )
    changes = {each.key: {"member_of": [None, cluster.key]} for each in joining}
    _record(joining, changes, "joined", "membership", actor)
    return {each.key: membership.pk for each, membership in zip(joining, made, strict=True)}


def _unjoin(chosen: list[Organisation], change: BulkChange, actor: Actor) -> None:
    ended = Membership.objects.filter(pk__in=list(change.undo.values()), until=None)
    members = set(ended.values_list("member", flat=True))
    ended.delete()
    undone = [each for each in chosen if each.pk in members]
    _record(
        undone,
        {each.key: {"member_of": [change.value, None]} for each in undone},
        "left",
        "membership",
        actor,
    )


def _leave_many(chosen: list[Organisation], cluster_key: str, actor: Actor) -> Undo:
    """End memberships yesterday, so that today they no longer count; none ends before it began."""
    last = timezone.localdate() - dt.timedelta(days=1)
    current = Membership.objects.filter(cluster__key=cluster_key, member__in=chosen, until=None)
    by_member = {membership.member_id: membership for membership in current}
    undo: Undo = {}
    for each in chosen:
        if membership := by_member.get(each.pk):
            undo[each.key] = [membership.pk, membership.since.isoformat() if membership.since else None]
            membership.since = min(membership.since, last) if membership.since else None
            membership.until = last
    Membership.objects.bulk_update(by_member.values(), ["since", "until"], batch_size=500)
    leaving = [each for each in chosen if each.key in undo]
    changes = {key: {"member_of": [cluster_key, None]} for key in undo}
    _record(leaving, changes, "left", "membership", actor)
    return undo


def _rejoin(chosen: list[Organisation], change: BulkChange, actor: Actor) -> None:
    """Open the ended memberships again, unless the organisation has joined anew since."""
    anew = Membership.objects.filter(cluster__key=change.value, until=None).values("member")
    since = dict(change.undo.values())
    ended = list(Membership.objects.filter(pk__in=list(since)).exclude(member__in=anew))
    for membership in ended:
        begun = since[membership.pk]
        membership.since, membership.until = dt.date.fromisoformat(begun) if begun else None, None
    Membership.objects.bulk_update(ended, ["since", "until"], batch_size=500)
    members = {membership.member_id for membership in ended}
    undone = [each for each in chosen if each.pk in members]
    changes = {each.key: {"member_of": [None, change.value]} for each in undone}
    _record(undone, changes, "joined", "membership", actor)


def _archive_many(chosen: list[Organisation], _value: str, actor: Actor) -> Undo:
    now = timezone.now()
    for each in chosen:
        each.archived_at = now
    _write(chosen, ["archived_at"], actor)
    _record(
        chosen, {each.key: {"archived_at": [None, now]} for each in chosen}, "archived", "archived", actor
    )
    return {each.key: True for each in chosen}


def _unarchive(chosen: list[Organisation], change: BulkChange, actor: Actor) -> None:
    undone = [each for each in chosen if each.archived_at is not None and each.merged_into_id is None]
    changes = {each.key: {"archived_at": [each.archived_at, None]} for each in undone}
    for each in undone:
        each.archived_at = None
    _write(undone, ["archived_at"], actor)
    _record(undone, changes, "unarchived", "archived", actor)


_DO: dict[str, Callable[[list[Organisation], str, Actor], Undo]] = {
    BulkVerb.TAG: _tag_many,
    BulkVerb.UNTAG: _untag_many,
    BulkVerb.JOIN: _join_many,
    BulkVerb.LEAVE: _leave_many,
    BulkVerb.ARCHIVE: _archive_many,
}
_UNDO: dict[str, Callable[[list[Organisation], BulkChange, Actor], None]] = {
    BulkVerb.TAG: _untag_again,
    BulkVerb.UNTAG: _tag_again,
    BulkVerb.JOIN: _unjoin,
    BulkVerb.LEAVE: _rejoin,
    BulkVerb.ARCHIVE: _unarchive,
}
