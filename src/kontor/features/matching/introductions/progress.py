"""How far an introduction is: its state from the answers and the ledger, and the months in which to ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import Conflict
from kontor.features.matching.models import Introduction, Outcome
from kontor.features.matching.models.states import STRENGTH, TRANSITIONS, OutcomeKind, Reply, State

MONTHS = (3, 6, 12)


def move(introduction: Introduction, state: str) -> dict[str, list[str]]:
    """Set the state and return the change for the audit; Conflict for a step that is not in the table."""
    before = introduction.state
    if state == before:
        return {}
    if state not in TRANSITIONS[before]:
        raise Conflict(
            _("This introduction is %(now)s; that cannot be changed in this way any more.")
            % {"now": State(before).label},
            code="introduction-state",
            path="state",
            remedy=_("Open its page to see what is possible now."),
        )
    introduction.state = state
    return {"state": [before, str(state)]}


def state_of_replies(replies: Iterable[str]) -> State:
    """What both answers amount to while no deadline has passed."""
    given = tuple(replies)
    if Reply.NO in given:
        return State.DECLINED
    if all(reply == Reply.YES for reply in given):
        return State.AGREED
    return State.WAITING if any(given) else State.PROPOSED


@dataclass(frozen=True)
class Worth:
    """What became of an introduction, counted once: `kind` the stronger of what both sides report last.

    `amount` in EUR is the lower of two reports, so that a sum over introductions never counts what one side
    disputes; `differs` says that the two sides report different amounts or kinds.
    """

    kind: str = ""
    amount: Decimal | None = None
    differs: bool = False


def latest(outcomes: Iterable[Outcome]) -> dict[int, Outcome]:
    """{organisation's primary key: its report for the latest month, corrections counted}."""
    found: dict[int, Outcome] = {}
    for row in sorted(outcomes, key=lambda row: (row.month, row.pk)):
        found[row.organisation_id] = row
    return found


def worth_of(outcomes: Iterable[Outcome]) -> Worth:
    reports = list(latest(outcomes).values())
    if not reports:
        return Worth()
    strongest = max(reports, key=lambda row: STRENGTH[row.kind])
    amounts = [row.amount for row in reports if row.amount is not None]
    differs = len({(row.kind, row.amount) for row in reports}) > 1
    return Worth(strongest.kind, min(amounts) if amounts else None, differs)


def state_of_worth(worth: Worth) -> State:
    if not worth.kind:
        return State.AGREED
    return State.TALKS if worth.kind == OutcomeKind.TALK else State.RESULT


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + year, month + 1, 1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def due_month(agreed_on: dt.date, today: dt.date) -> int:
    """The latest of the months 3, 6 and 12 that has come; 0 before the first."""
    return max((month for month in MONTHS if months_later(agreed_on, month) <= today), default=0)
