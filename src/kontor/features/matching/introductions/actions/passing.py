"""What time, and people who leave, do to introductions: reminders, expiry, questions, withdrawal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import Conflict
from kontor.features.matching.introductions.actions.locking import announce_answers, locked
from kontor.features.matching.introductions.actions.mailing import mail_side, report_path, tell_closed
from kontor.features.matching.introductions.progress import due_month, move
from kontor.features.matching.models import Introduction, Side
from kontor.features.matching.models.states import OPEN, OutcomeKind, State


def withdraw_introduction(*, introduction: Introduction, actor: Actor) -> Introduction:
    """The proposer takes it back before both answered; whoever said yes is told."""
    with transaction.atomic():
        stored = locked(introduction)
        if stored.state == State.WITHDRAWN:
            return stored
        if not stored.is_open:
            raise Conflict(
                _("This introduction is closed: %(state)s.") % {"state": State(stored.state).label},
                code="introduction-closed",
                path="state",
            )
        _close(stored, State.WITHDRAWN, verb="introduction.withdrawn", actor=actor)
    return stored


def withdraw_for_gone(keys: Sequence[str]) -> None:
    """Close what is open of organisations that left the directory, in the transaction in which they leave."""
    actor = Actor.system("matching")
    for field in ("asker__key__in", "partner__key__in"):
        for introduction in Introduction.objects.filter(state__in=OPEN, **{field: keys}):
            withdraw_introduction(introduction=introduction, actor=actor)


def expire_introduction(*, introduction: Introduction, today: dt.date, actor: Actor) -> bool:
    """Close it if its deadline has passed without both answers; whether it did."""
    with transaction.atomic():
        stored = locked(introduction)
        if not stored.is_open or stored.deadline_on >= today:
            return False
        _close(stored, State.EXPIRED, verb="introduction.expired", actor=actor)
    return True


def remind_side(*, side: Side, today: dt.date, actor: Actor) -> int:
    """Ask a side that has not answered once more; how many mails. A second call sends none."""
    with transaction.atomic():
        stored = locked(side.introduction)
        fresh = next(each for each in stored.sides.all() if each.pk == side.pk)
        due = fresh.remind_on is not None and fresh.remind_on <= today and fresh.reminded_at is None
        if not due or not stored.is_open or fresh.has_answered or stored.deadline_on < today:
            return 0
        fresh.reminded_at = timezone.now()
        fresh.save(update_fields=["reminded_at"])
        mails = mail_side(stored, fresh, "introduction_asked", again=True)
        audit.record(
            actor=actor,
            verb="introduction.reminded",
            subject=stored,
            changes={"side": [None, fresh.role], "mails": [None, mails]},
        )
    return mails


def ask_for_outcomes(*, introduction: Introduction, today: dt.date, actor: Actor) -> int:
    """Ask each side what became of it, once for each of the months 3, 6 and 12; how many mails.

    A month that was missed, because nothing ran, is left out: only the latest is asked about.
    """
    mails = 0
    with transaction.atomic():
        stored = locked(introduction)
        if not stored.is_mutual or stored.agreed_at is None:
            return 0
        month = due_month(timezone.localdate(stored.agreed_at), today)
        for side in stored.sides.all():
            if month <= side.reports_asked:
                continue
            side.reports_asked = month
            side.save(update_fields=["reports_asked"])
            reported = stored.outcomes.filter(organisation=side.organisation, month=month).exists()
            if not reported:
                mails += mail_side(stored, side, "introduction_outcome", **_question(stored, side, month))
        if mails:
            changes = {"month": [None, month], "mails": [None, mails]}
            audit.record(actor=actor, verb="introduction.outcome_asked", subject=stored, changes=changes)
    return mails


def _question(introduction: Introduction, side: Side, month: int) -> dict[str, object]:
    path = settings.SITE_URL + report_path(introduction, side, month)
    choices = [(kind.label, f"{path}?kind={kind.value}") for kind in OutcomeKind]
    return {"month": month, "choices": choices}


def _close(introduction: Introduction, state: State, *, verb: str, actor: Actor) -> None:
    changes = move(introduction, state)
    introduction.closed_at = timezone.now()
    introduction.save()
    audit.record(actor=actor, verb=verb, subject=introduction, changes=changes)
    tell_closed(introduction)
    announce_answers(introduction)
