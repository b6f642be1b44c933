"""Waivers: somebody signs, with a reason, that an expert may assess although conflicts stand."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.features.calls.models import Application
from kontor.features.juries.actions.checking import block_conflicts
from kontor.features.juries.actions.locking import locked, refused, with_reason
from kontor.features.juries.conflicts import conflicts_of
from kontor.features.juries.conflicts.found import Kind
from kontor.features.juries.models import Expert, Panel, Waiver
from kontor.features.juries.rules import is_expert

# Nobody judges their own: no signature changes that.
NEVER = frozenset({Kind.SAME})


@transaction.atomic
def sign_waiver(
    *, panel: Panel, expert: Expert, application: Application, reason: str, signed_as: str, actor: Actor
) -> Waiver:
    """Sign for the conflicts that stand now; a new one blocks again. KontorError where none stands, and where
    the expert belongs to an organisation that applies.
    """
    locked(panel)
    if is_expert(actor.user, expert):
        raise refused(
            _("Nobody signs a waiver for themselves."),
            "waiver-own",
            _("Another person who manages the programme signs it."),
            path="signed_as",
        )
    found = conflicts_of(panel, [expert], [application]).found.get((expert.pk, application.pk), ())
    if not found:
        raise refused(_("There is no conflict to waive."), "waiver-needless", path="application")
    if any(each.kind in NEVER for each in found):
        raise refused(
            _("Nobody assesses an application of their own organisation: this cannot be waived."),
            "waiver-never",
            path="application",
        )
    why = with_reason(reason)
    if not signed_as.strip():
        raise KontorError(
            _("The signature is missing."),
            code="signature-missing",
            path="signed_as",
            remedy=_("Write your name in full."),
        )
    Waiver.objects.filter(panel=panel, expert=expert, application=application, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=actor.label[:200]
    )
    user: Any = actor.user if getattr(actor.user, "pk", None) else None
    try:
        with transaction.atomic():
            waiver = Waiver.objects.create(
                panel=panel,
                expert=expert,
                application=application,
                covers=[each.mark for each in found],
                told=[each.as_json() for each in found],
                reason=why,
                signed_as=signed_as.strip()[:200],
                signed_by=user,
            )
    except IntegrityError as error:
        raise refused(_("Somebody signed at the same moment."), "waiver-there", path="application") from error
    changes = {
        "expert": [None, expert.key],
        "application": [None, application.number],
        "covers": [None, sorted({each.kind.value for each in found})],
        "signed": [None, waiver.signed_as],
    }
    record(actor=actor, verb="waiver.signed", subject=panel, changes=changes, reason=why)
    return waiver


@transaction.atomic
def revoke_waiver(*, waiver: Waiver, reason: str, actor: Actor) -> None:
    """It no longer holds: what it allowed is blocked at once."""
    why = with_reason(reason)
    rows = Waiver.objects.filter(pk=waiver.pk, revoked_at=None)
    if not rows.update(revoked_at=timezone.now(), revoked_by=actor.label[:200]):
        return
    changes = {"expert": [waiver.expert.key, None], "application": [waiver.application.number, None]}
    record(actor=actor, verb="waiver.revoked", subject=waiver.panel, changes=changes, reason=why)
    block_conflicts(panel=waiver.panel, expert=waiver.expert, actor=actor)
