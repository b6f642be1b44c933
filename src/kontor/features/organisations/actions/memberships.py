"""Membership in clusters, kept by the clusters' managers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, mail
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.links import make_link
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.actions.conflicts import joined_with_theirs
from kontor.features.organisations.actions.reminders import recipients_of
from kontor.features.organisations.models import Membership, Organisation, OrganisationKind

JOIN = "organisations.join"
LINK_DAYS = 30


def ask_to_join(
    *,
    cluster: Organisation,
    member: Organisation,
    actor: Actor,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> int:
    """Mail those who look after `member` a link that makes it a member; how many mails.

    Raises KontorError where there is nobody to ask, and what `add_membership` would raise.
    """
    _check_pair(cluster, member)
    _check_order(since, until)
    recipients = recipients_of(member)
    if not recipients:
        raise KontorError(
            _("Another cluster looks after this organisation, and nobody of its own can be asked."),
            code="nobody_to_ask",
            path="member",
            remedy=_("Ask an administrator to add it."),
            status=409,
        )
    payload = {
        "cluster": cluster.key,
        "member": member.key,
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
    }
    with transaction.atomic():
        for address, language in recipients:
            mail.send(
                to=address,
                language=language,
                template="join_cluster",
                context={
                    "organisation": member.name,
                    "cluster": cluster.name,
                    "manager": actor.label,
                    "join_url": settings.SITE_URL + make_link(JOIN, payload, LINK_DAYS),
                },
            )
        _note_asked(cluster, member, len(recipients), actor)
    return len(recipients)


def _note_asked(cluster: Organisation, member: Organisation, mails: int, actor: Actor) -> None:
    changes = {"cluster": [None, cluster.name], "cluster_key": [None, cluster.key], "mails": [None, mails]}
    audit.record(actor=actor, verb="membership.asked", subject=member, changes=changes)


def add_membership(
    *,
    cluster: Organisation,
    member: Organisation,
    actor: Actor,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Membership:
    """`member` belongs to `cluster`, from today where `since` is not known to be another day."""
    _check_pair(cluster, member)
    since = since or timezone.localdate()
    _check_order(since, until)
    with transaction.atomic():
        try:
            with transaction.atomic():
                membership = Membership.objects.create(
                    cluster=cluster, member=member, since=since, until=until
                )
        except IntegrityError as error:
            raise _member_already() from error
        _note(membership, "membership.added", {"since": [None, since], "until": [None, until]}, actor)
    return membership


def membership_snapshot(membership: Membership) -> dict[str, Any]:
    """The dates as plain values: what an edit starts from."""
    return {"since": membership.since, "until": membership.until}


def change_membership(
    *,
    membership: Membership,
    since: dt.date | None,
    until: dt.date | None,
    actor: Actor,
    base: Mapping[str, Any] | None = None,
) -> Membership:
    """Correct the dates; `until` in the past ends the membership and with it the cluster managers' rights.

    `base` is the snapshot the edit began with: what somebody else changed meanwhile is joined with it. Raises
    EditConflict where both changed one date.
    """
    with transaction.atomic():
        stored = Membership.objects.select_for_update().get(pk=membership.pk)
        before = membership_snapshot(stored)
        wanted = joined_with_theirs(base, before, {"since": since, "until": until})
        _check_order(wanted["since"], wanted["until"])
        changes = audit.changed_fields(before, wanted)
        if changes:
            stored.since, stored.until = wanted["since"], wanted["until"]
            _save_dates(stored)
            _note(stored, "membership.changed", changes, actor)
    return stored


def end_membership(*, membership: Membership, actor: Actor, until: dt.date | None = None) -> Membership:
    """The last day is yesterday where `until` is not given, so the membership is over at once."""
    last = until or timezone.localdate() - dt.timedelta(days=1)
    since = min(membership.since, last) if membership.since else None
    return change_membership(membership=membership, since=since, until=last, actor=actor)


def _save_dates(stored: Membership) -> None:
    try:
        with transaction.atomic():
            stored.save(update_fields=["since", "until"])
    except IntegrityError as error:
        raise KontorError(
            _("It is a member already."), code="member_already", path="until", status=409
        ) from error


def _check_pair(cluster: Organisation, member: Organisation) -> None:
    if cluster.kind != OrganisationKind.CLUSTER:
        raise KontorError(_("Only a cluster organisation has members."), code="not_a_cluster", path="cluster")
    if cluster.pk == member.pk:
        raise KontorError(_("A cluster is not its own member."), code="own_member", path="member")
    if Membership.objects.filter(cluster=cluster, member=member, until=None).exists():
        raise _member_already()


def _member_already() -> KontorError:
    return KontorError(_("It is a member already."), code="member_already", path="member", status=409)


def _check_order(since: dt.date | None, until: dt.date | None) -> None:
    if since and until and until < since:
        raise KontorError(
            _("The membership ends before it begins."),
            code="bad_dates",
            path="until",
            remedy=_("Correct one of the two dates."),
        )


def _note(membership: Membership, verb: str, changes: dict[str, Any], actor: Actor) -> None:
    """One audit row on the member, naming the cluster."""
    cluster = membership.cluster
    audit.record(
        actor=actor,
        verb=verb,
        subject=membership.member,
        changes={"cluster": [None, cluster.name], "cluster_key": [None, cluster.key], **changes},
    )
    announce([membership.member], "membership")
