"""Seats in a jury: inviting, the declaration, taking part, falling ill, leaving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.models import Application
from kontor.features.juries.actions.checking import block_conflicts
from kontor.features.juries.actions.locking import locked, refused, with_reason
from kontor.features.juries.actions.pitches import let_member_in, let_member_out
from kontor.features.juries.conflicts import assessable, conflicts_of
from kontor.features.juries.models import DeclaredConflict, Expert, Member, MemberState, Panel

PART = ("chair", "load_min", "load_max")


@transaction.atomic
def invite_member(
    *,
    panel: Panel,
    expert: Expert,
    values: Mapping[str, Any] | None = None,
    quiet: bool = False,
    actor: Actor,
) -> Member:
    """Offer a seat, by mail. Conflicts are looked for first: KontorError where nothing is left to assess.

    Whoever declined or was taken out can be invited again. `quiet`: without a mail (samples).
    """
    locked(panel)
    if expert.programme_id != panel.call.programme_id or expert.archived_at is not None:
        raise refused(
            _("This expert is not in the programme's pool."), "expert-elsewhere", path="expert", status=404
        )
    applications = list(assessable(panel))
    found = conflicts_of(panel, [expert], applications)
    if applications and all(found.blocks(expert.pk, each.pk) for each in applications):
        raise refused(
            _("{name} is in conflict with every application.").format(name=expert.name),
            "expert-in-conflict",
            _("Invite somebody else, or sign a waiver with its reason."),
            path="expert",
        )
    member = _seat(panel, expert)
    _set(member, values or {})
    member.checked_at = timezone.now()
    member.save()
    blocked = sum(found.blocks(expert.pk, each.pk) for each in applications)
    changes = {"expert": [None, expert.key], "in conflict with": [None, blocked]}
    record(actor=actor, verb="member.invited", subject=member, changes=changes)
    if not quiet:
        _mail(member, actor)
    return member


@transaction.atomic
def accept_seat(
    *,
    member: Member,
    signed_as: str,
    declared: Iterable[tuple[Application, str]] = (),
    actor: Actor,
) -> Member:
    """Take part: the expert signs with the name that no conflict stands but those declared here.

    `declared` pairs applications with reasons; they are blocked from now on.
    """
    row = _locked(member)
    if row.state not in {MemberState.INVITED, MemberState.DECLINED}:
        raise refused(_("This invitation was answered."), "seat-answered", path="signed_as")
    if not signed_as.strip():
        raise KontorError(
            _("The signature is missing."),
            code="signature-missing",
            path="signed_as",
            remedy=_("Write your name in full."),
        )
    now = timezone.now()
    row.state, row.reason = MemberState.ACCEPTED, ""
    row.declared_at, row.declared_as, row.answered_at = now, signed_as.strip()[:200], now
    _saved(row)
    told = [
        DeclaredConflict(
            expert=row.expert,
            application=application,
            reason=with_reason(reason)[:300],
            declared_by=actor.label[:200],
        )
        for application, reason in declared
    ]
    DeclaredConflict.objects.bulk_create(told)
    changes = {"state": [member.state, row.state], "declared": [None, len(told)]}
    record(actor=actor, verb="member.accepted", subject=row, changes=changes)
    block_conflicts(panel=row.panel, expert=row.expert, actor=actor)
    return row


@transaction.atomic
def decline_seat(*, member: Member, reason: str = "", actor: Actor) -> Member:
    """Not this time. What was assigned is taken back by the next plan; a reason is welcome, not needed."""
    row = _locked(member)
    if row.state != MemberState.INVITED:
        raise refused(_("This invitation was answered."), "seat-answered", path="reason")
    row.state, row.reason, row.answered_at = MemberState.DECLINED, reason.strip()[:300], timezone.now()
    _saved(row)
    changes = {"state": [member.state, row.state]}
    record(actor=actor, verb="member.declined", subject=row, changes=changes, reason=reason.strip())
    return row


@transaction.atomic
def change_member(
    *, member: Member, values: Mapping[str, Any], revision: int | None = None, actor: Actor
) -> Member:
    """Chair and load. Conflict where somebody changed them since."""
    row = _locked(member)
    if revision is not None and row.revision != revision:
        raise Conflict(
            _("Somebody changed this in the meantime."),
            code="member-changed",
            remedy=_("Look at what is new and save again."),
        )
    before = {name: getattr(row, name) for name in PART}
    _set(row, values)
    _saved(row)
    changes = changed_fields(before, {name: getattr(row, name) for name in PART})
    if changes:
        record(actor=actor, verb="member.changed", subject=row, changes=changes)
    return row


def report_ill(*, member: Member, reason: str, actor: Actor) -> Member:
    """Ill or prevented: sheets handed in still count, everything else waits for a replacement."""
    return _turn(
        member, MemberState.ILL, "member.ill", reason, {MemberState.ACCEPTED, MemberState.INVITED}, actor
    )


def report_back(*, member: Member, actor: Actor) -> Member:
    """Well again, or the report was a mistake."""
    to = MemberState.ACCEPTED if member.declared_at else MemberState.INVITED
    return _turn(member, to, "member.back", "", {MemberState.ILL, MemberState.REMOVED}, actor)


def remove_member(*, member: Member, reason: str, actor: Actor) -> Member:
    """Out of the jury, with a reason. Can be taken back."""
    gone = {MemberState.INVITED, MemberState.ACCEPTED, MemberState.ILL, MemberState.DECLINED}
    return _turn(member, MemberState.REMOVED, "member.removed", with_reason(reason), gone, actor)


@transaction.atomic
def _turn(
    member: Member, to: MemberState, verb: str, reason: str, allowed: set[MemberState], actor: Actor
) -> Member:
    row = _locked(member)
    if row.state == to:
        return row
    if row.state not in allowed:
        raise refused(
            _("That does not follow from “{state}”.").format(state=row.get_state_display()),
            "member-state",
            _("Load the page again to see where this assessor stands."),
        )
    changes = {"state": [row.state, to.value]}
    row.state, row.reason = to, reason.strip()[:300]
    _saved(row)
    if to in {MemberState.ILL, MemberState.REMOVED}:
        let_member_out(row)
    elif to == MemberState.ACCEPTED:
        let_member_in(row)
    record(actor=actor, verb=verb, subject=row, changes=changes, reason=reason.strip())
    return row


def _seat(panel: Panel, expert: Expert) -> Member:
    """A new seat, or the one that was declined or taken out."""
    old = Member.objects.filter(panel=panel, expert=expert).select_for_update().first()
    if old is not None and old.state not in {MemberState.DECLINED, MemberState.REMOVED}:
        raise refused(
            _("{name} is in this jury already.").format(name=expert.name), "member-there", path="expert"
        )
    member = old or Member(key=new_key(), panel=panel, expert=expert)
    member.state, member.reason, member.panel, member.expert = MemberState.INVITED, "", panel, expert
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:
        raise refused(
            _("{name} is in this jury already.").format(name=expert.name), "member-there", path="expert"
        ) from error
    return member


def _set(member: Member, values: Mapping[str, Any]) -> None:
    for name in PART:
        if name in values:
            setattr(member, name, values[name])
    if member.load_max is not None and member.load_min > member.load_max:
        raise KontorError(
            _("The least load is above the largest."),
            code="load-order",
            path="load_min",
            remedy=_("Lower it, or raise the other."),
        )


def _locked(member: Member) -> Member:
    rows = Member.objects.select_for_update(of=("self",)).select_related("panel__call__programme", "expert")
    return rows.get(pk=member.pk)


def _saved(member: Member) -> None:
    member.revision += 1
    member.save()


def _mail(member: Member, actor: Actor) -> None:
    expert = member.expert
    with override(expert.language):
        context = {
            "name": expert.name,
            "call": str(member.panel.call),
            "programme": member.panel.call.programme.name,
            "inviter": actor.label,
            "due": member.panel.due_on,
            "link": settings.SITE_URL + reverse("juries:invitation", args=[member.key]),
        }
        mail.send(to=expert.email, language=expert.language, template="jury_invited", context=context)
