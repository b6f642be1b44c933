"""Handing in, by the server's clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict, KontorError
from kontor.features.accounts.queries import keepers_of
from kontor.features.accounts.scopes import Scope, ScopeKind
from kontor.features.calls.actions.locking import locked
from kontor.features.calls.annexes import closes_for
from kontor.features.calls.completeness import Problem, State, blocking, problems_of, state_of
from kontor.features.calls.models import Application, ApplicationState, Submission
from kontor.features.calls.snapshot import digest_of, snapshot_of


class Incomplete(KontorError):
    """The application cannot be handed in as it stands; `problems` says why, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(
            _("The application is not complete: {first}").format(first=first.text),
            code="incomplete",
            path=f"answers.{first.field}",
            remedy=_("Check the application; {count} places must be mended.").format(count=len(problems)),
            status=422,
        )
        self.problems = problems


def submit_application(
    *, application: Application, revision: int | None = None, at: dt.datetime | None = None, actor: Actor
) -> Submission:
    """Hand the application in as it stands, and freeze it.

    The moment is when the server begins to work on the request, before it waits for anything: `closes_at`
    itself is late. `revision` is the one the person looked at: Conflict where somebody wrote since. `at` is
    for applications of the sample alone. Submitting twice answers with the first receipt. KontorError where
    the call is closed (409), Incomplete with every problem.
    """
    moment = at if at is not None and application.is_sample else timezone.now()
    with transaction.atomic():
        row = locked(application)
        if row.state == ApplicationState.SUBMITTED:
            return _receipt_of(row)
        _refuse_unless_open(row, moment)
        if revision is not None and revision != row.revision:
            raise Conflict(
                _("{who} changed the application after you looked at it.").format(who=row.changed_by),
                code="changed-since",
                path="revision",
                remedy=_("Look at it once more and submit it then."),
            )
        made = _hand_in(row, moment, actor)
        application.state, application.receipt = row.state, row.receipt
        application.submitted_at = row.submitted_at
        _tell(row, made)
    return made


def deadline_of(application: Application) -> dt.datetime:
    """When the step being written closes; the regions of a synchronised call may have ends of their own."""
    if not application.call.regions:
        return application.call.closes_in(application.step)
    rows = application.partners.all()
    if "partners" not in getattr(application, "_prefetched_objects_cache", {}):
        rows = rows.select_related("organisation")
    current = [one for one in rows if one.removed_at is None]
    return closes_for(application.call, application.step, current)


def _refuse_unless_open(row: Application, moment: dt.datetime) -> None:
    if not row.is_draft:
        raise KontorError(
            _("This application cannot be submitted: {state}.").format(state=row.get_state_display()),
            code="not-a-draft",
            path="state",
            remedy=_("Load the page again to see where the application stands."),
            status=409,
        )
    closes = deadline_of(row)
    early = moment < row.call.opens_at
    if row.call.state != "published" or early or moment >= closes:
        raise KontorError(
            _("The call is closed. By the server's clock it was {moment}; the deadline was {closes}.").format(
                moment=_clock(row, moment), closes=_clock(row, closes)
            ),
            code="call-closed",
            path="call",
            remedy=_("Your text stays saved. You can copy it into an application for another call."),
            status=409,
        )


def _clock(row: Application, moment: dt.datetime) -> str:
    return f"{moment.astimezone(row.call.zone):%Y-%m-%d %H:%M:%S %Z}"


def _hand_in(row: Application, moment: dt.datetime, actor: Actor) -> Submission:
    state = state_of(row)
    if problems := blocking(problems_of(state)):
        raise Incomplete(problems)
    made = record_submission(row, state, moment, actor)
    row.state, row.submitted_at, row.receipt = ApplicationState.SUBMITTED, moment, made.receipt
    row.changed_by = actor.label[:200]
    row.save(update_fields=["state", "submitted_at", "receipt", "changed_by", "changed_at"])
    row.presences.all().delete()
    # last, for the log is one chain: everybody who submits waits for it
    changes = {
        "receipt": [None, made.receipt],
        "sha256": [None, made.sha256],
        "revision": [None, row.revision],
    }
    record(actor=actor, verb="application.submitted", subject=row, changes=changes)
    return made


def record_submission(row: Application, state: State, moment: dt.datetime, actor: Actor) -> Submission:
    """What is handed in at the moment, frozen under the next receipt of its step."""
    before = row.submissions.filter(step=row.step).count()
    receipt = f"{row.number}/{row.step}" + (f".{before + 1}" if before else "")
    snapshot = snapshot_of(state, receipt=receipt, at=moment, by=actor.label)
    return Submission.objects.create(
        application=row,
        step=row.step,
        receipt=receipt,
        at=moment,
        by=actor.label[:200],
        by_key=actor.key,
        snapshot=snapshot,
        sha256=digest_of(snapshot),
    )


def _receipt_of(row: Application) -> Submission:
    """The receipt of the handing in that stands."""
    return row.submissions.get(receipt=row.receipt)


def _tell(row: Application, made: Submission) -> None:
    """The receipt by mail to everybody who looks after the lead."""
    people = {held.user.pk: held.user for held in keepers_of(Scope(ScopeKind.ORGANISATION, row.lead.key))}
    for user in people.values():
        context = {
            "application": row,
            "call": row.call,
            "submission": made,
            "moment": made.at.astimezone(row.call.zone),
        }
        mail.send(to=user.email, language=user.language, template="application_submitted", context=context)
