"""The outcome ledger: what became of a contact, told by each side."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.features.matching.introductions.actions.locking import (
    announce_answers,
    checked_words,
    locked,
    side_of,
)
from kontor.features.matching.introductions.progress import due_month, move, state_of_worth, worth_of
from kontor.features.matching.models import Introduction, Outcome
from kontor.features.matching.models.states import OutcomeKind
from kontor.features.organisations.models import Organisation

WITH_AMOUNT = (OutcomeKind.PILOT, OutcomeKind.JOINT_BID, OutcomeKind.CONTRACT)
MOST = Decimal("999999999999.99")


def report_outcome(
    *,
    introduction: Introduction,
    organisation: Organisation,
    kind: str,
    actor: Actor,
    month: int | None = None,
    amount: Decimal | None = None,
    note: str = "",
) -> Outcome:
    """Add a row to the ledger; one for a month reported before corrects it.

    `month` is 0, 3, 6 or 12 and has come; without it, the latest that has come. `amount` in EUR, exact.
    """
    note = checked_words(note, "note")
    amount = _amount(kind, amount)
    with transaction.atomic():
        stored = locked(introduction)
        side_of(stored, organisation)
        if not stored.is_mutual or stored.agreed_at is None:
            raise Conflict(
                _("Outcomes are reported once both sides agreed."), code="not-agreed", path="introduction"
            )
        due = due_month(timezone.localdate(stored.agreed_at), timezone.localdate())
        outcome = Outcome.objects.create(
            introduction=stored,
            organisation=organisation,
            month=_month(month, due),
            kind=kind,
            amount=amount,
            note=note,
            at=timezone.now(),
            actor_key=actor.key,
            actor_label=actor.label[:200],
        )
        changes = move(stored, state_of_worth(worth_of(stored.outcomes.all())))
        stored.save(update_fields=["state", "changed_at"])
        told = {"kind": [None, kind], "month": [None, outcome.month], "amount": [None, str(amount or "")]}
        audit.record(actor=actor, verb="introduction.reported", subject=stored, changes={**told, **changes})
        announce_answers(stored)
    return outcome


def _month(month: int | None, due: int) -> int:
    month = due if month is None else month
    if month not in (0, 3, 6, 12) or month > due:
        raise KontorError(
            _("This month cannot be reported yet."),
            code="month-not-due",
            path="month",
            remedy=_("Leave the month out to report for now."),
            status=422,
        )
    return month


def _amount(kind: str, amount: Decimal | None) -> Decimal | None:
    if kind not in OutcomeKind.values:
        raise KontorError(
            _("Say what became of it."),
            code="outcome-unknown",
            path="kind",
            remedy=_("Choose one."),
            status=422,
        )
    if amount is None:
        return None
    if kind not in WITH_AMOUNT:
        raise KontorError(
            _("Only a pilot, a joint bid or a contract has an amount."),
            code="amount-without-result",
            path="amount",
            remedy=_("Leave the amount empty."),
            status=422,
        )
    if not amount.is_finite() or not 0 <= amount <= MOST or amount != amount.quantize(Decimal("0.01")):
        raise KontorError(
            _("This is no amount in EUR."),
            code="amount-unreadable",
            path="amount",
            remedy=_("Write euros with at most two decimals, as 12500.00."),
            status=422,
        )
    return amount.quantize(Decimal("0.01"))
