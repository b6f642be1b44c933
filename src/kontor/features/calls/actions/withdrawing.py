"""Taking a submission back, withdrawing, undoing that before the deadline; inviting to the second step."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.base.events import ApplicationChanged, emit
from kontor.features.accounts.queries import keepers_of
from kontor.features.accounts.scopes import Scope, ScopeKind
from kontor.features.calls.actions.locking import locked
from kontor.features.calls.actions.submitting import deadline_of
from kontor.features.calls.casework.actions import note_step
from kontor.features.calls.models import Application, ApplicationState

_INVITABLE = (
    ApplicationState.ELIGIBLE,
    ApplicationState.ASSESSED,
    ApplicationState.PITCHED,
    ApplicationState.RANKED,
)


@transaction.atomic
def take_submission_back(*, application: Application, actor: Actor) -> Application:
    """Make it a draft again before the deadline, to change it and hand it in once more. The first handing in
    stays on record, but no longer counts. KontorError (409) after the deadline.
    """
    row = locked(application)
    _refuse_unless(row, row.state == ApplicationState.SUBMITTED)
    _refuse_when_over(row)
    row.state = ApplicationState.DRAFT
    row.save(update_fields=["state", "changed_at"])
    changes = {"receipt": [row.receipt, None]}
    record(actor=actor, verb="application.taken_back", subject=row, changes=changes)
    application.state = row.state
    return row


@transaction.atomic
def withdraw_application(*, application: Application, reason: str = "", actor: Actor) -> Application:
    """Withdraw it, at any time; everything written stays. Once it is decided that means to decline what was
    granted: it needs a reason (KontorError `reason-missing`), frees the money, and cannot be taken back.
    """
    row = locked(application)
    _refuse_unless(row, row.state != ApplicationState.WITHDRAWN)
    if row.state == ApplicationState.DECIDED and not reason.strip():
        raise KontorError(
            _("A reason is missing."),
            code="reason-missing",
            path="reason",
            remedy=_("Say in a sentence why; it stays on record."),
        )
    row.withdrawn_from, row.withdrawn_at = row.state, timezone.now()
    row.state = ApplicationState.WITHDRAWN
    row.save(update_fields=["state", "withdrawn_from", "withdrawn_at", "changed_at"])
    changes = {"state": [row.withdrawn_from, str(row.state)]}
    record(
        actor=actor, verb="application.withdrawn", subject=row, changes=changes, reason=reason.strip()[:1000]
    )
    note_step(application=row, to=row.state, reason=reason.strip()[:1000], actor=actor)
    emit(ApplicationChanged((row.key,), "withdrawn"))
    application.state = row.state
    return row


@transaction.atomic
def undo_withdrawal(*, application: Application, actor: Actor) -> Application:
    """Bring it back to where it was withdrawn from, before the deadline. KontorError (409) after it, and
    after a decision.
    """
    row = locked(application)
    _refuse_unless(row, row.state == ApplicationState.WITHDRAWN)
    _refuse_unless(row, row.withdrawn_from != ApplicationState.DECIDED)
    _refuse_when_over(row)
    back = row.withdrawn_from or ApplicationState.DRAFT
    changes = {"state": [str(row.state), back]}
    row.state = ApplicationState(back)
    row.withdrawn_from, row.withdrawn_at = "", None
    row.save(update_fields=["state", "withdrawn_from", "withdrawn_at", "changed_at"])
    record(actor=actor, verb="application.withdrawal_undone", subject=row, changes=changes)
    application.state = row.state
    return row


@transaction.atomic
def invite_to_second_step(*, application: Application, actor: Actor) -> Application:
    """Open the second step: the applicants write what only it asks. They are told by mail. KontorError (409)
    where the call has one step, or the application has not come so far.
    """
    row = locked(application)
    if row.call.steps < 2:
        raise KontorError(
            _("This call has one step only."), code="one-step", path="call", status=409,
            remedy=_("Decide about the application as it is."),
        )  # fmt: skip
    _refuse_unless(row, row.step == 1 and row.state in _INVITABLE)
    changes = {"step": [1, 2], "state": [row.state, str(ApplicationState.DRAFT)]}
    row.step, row.invited_at = 2, timezone.now()
    row.state = ApplicationState.DRAFT
    row.save(update_fields=["state", "step", "invited_at", "changed_at"])
    record(actor=actor, verb="application.invited", subject=row, changes=changes)
    _tell(row)
    application.state, application.step = row.state, row.step
    return row


def may_undo(application: Application, moment: dt.datetime) -> bool:
    """Whether a withdrawal or a submission may still be taken back: only before the deadline."""
    return moment < deadline_of(application)


def _refuse_unless(row: Application, holds: bool) -> None:
    if not holds:
        raise KontorError(
            _("This is not possible now: the application is {state}.").format(state=row.get_state_display()),
            code="state-not-reachable",
            path="state",
            remedy=_("Load the page again to see where the application stands."),
            status=409,
        )


def _refuse_when_over(row: Application) -> None:
    if not may_undo(row, timezone.now()):
        raise KontorError(
            _("The deadline has passed."),
            code="call-closed",
            path="call",
            remedy=_("Ask the contact person of the call what is still possible."),
            status=409,
        )


def _tell(row: Application) -> None:
    people = {held.user.pk: held.user for held in keepers_of(Scope(ScopeKind.ORGANISATION, row.lead.key))}
    for user in people.values():
        closes = deadline_of(row).astimezone(row.call.zone)
        context = {"application": row, "call": row.call, "closes": closes}
        mail.send(to=user.email, language=user.language, template="application_invited", context=context)
