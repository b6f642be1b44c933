"""Answering, and taking one's own answer back."""

from __future__ import annotations

import datetime as dt
from typing import Any

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
from kontor.features.matching.introductions.actions.mailing import AGREED, mail_side, tell_closed
from kontor.features.matching.introductions.actions.refusing import checked_reason
from kontor.features.matching.introductions.progress import move, state_of_replies
from kontor.features.matching.models import Introduction, Refusal, Side
from kontor.features.matching.models.states import Reply, State
from kontor.features.organisations.models import Organisation

LATEST_DAYS = 90
# After the day on which a side wants to be asked again it has so long to answer.
DAYS_AFTER_LATER = 7


def answer_introduction(
    *,
    introduction: Introduction,
    organisation: Organisation,
    reply: str,
    actor: Actor,
    reason: str = "",
    words: str = "",
    later_until: dt.date | None = None,
) -> Introduction:
    """Yes, no (with a reason) or later (with a day) of one side.

    Both yes: both are mailed each other's name and contact persons. No: it is closed, the pair is not
    proposed again until whoever said no lifts it, and the other side is told if it had said yes.
    """
    with transaction.atomic():
        stored = locked(introduction)
        side = side_of(stored, organisation)
        _refuse_late(stored, side)
        changes: dict[str, Any] = _take(stored, side, reply, reason, words, later_until)
        side.replied_at, side.replied_by = timezone.now(), actor.label[:200]
        side.save()
        changes |= move(stored, state_of_replies(each.reply for each in stored.sides.all()))
        if stored.state == State.AGREED:
            stored.agreed_at = timezone.now()
        if stored.state == State.DECLINED:
            stored.closed_at = timezone.now()
            _refuse_for_good(stored, side, actor)
        stored.save()
        verb = f"introduction.answered_{reply}"
        audit.record(actor=actor, verb=verb, subject=stored, changes={**changes, "side": [None, side.role]})
        _tell(stored, side)
        announce_answers(stored)
    return stored


def undo_answer(*, introduction: Introduction, organisation: Organisation, actor: Actor) -> Introduction:
    """Take one's own answer back, as long as the other side has not said yes or no."""
    with transaction.atomic():
        stored = locked(introduction)
        side = side_of(stored, organisation)
        if not side.reply or not may_be_undone(stored, side):
            raise Conflict(
                _("This answer cannot be taken back: the other side has answered, or it is closed."),
                code="answer-final",
                path="reply",
                remedy=_("A no can be lifted on the page of your answers."),
            )
        before = side.reply
        _forget(stored, side)
        side.save()
        stored.closed_at = None
        Refusal.objects.filter(introduction=stored, by=organisation, lifted_at=None).update(
            lifted_at=timezone.now()
        )
        changes = move(stored, state_of_replies(each.reply for each in stored.sides.all()))
        stored.save()
        audit.record(
            actor=actor,
            verb="introduction.answer_undone",
            subject=stored,
            changes={**changes, "reply": [before, ""], "side": [None, side.role]},
        )
        announce_answers(stored)
    return stored


def may_be_undone(introduction: Introduction, side: Side) -> bool:
    """Whether a side's own answer can still be taken back."""
    open_or_declined = introduction.is_open or introduction.state == State.DECLINED
    other = introduction.other_side(side)
    lifted = side.reply == Reply.NO and not any(
        row.by_id == side.organisation_id and row.lifted_at is None for row in introduction.refusals.all()
    )
    return bool(side.reply) and open_or_declined and not other.has_answered and not lifted


def _take(
    introduction: Introduction,
    side: Side,
    reply: str,
    reason: str,
    words: str,
    later_until: dt.date | None,
) -> dict[str, list[object]]:
    before = side.reply
    side.reason, side.later_until = "", None
    side.words = checked_words(words, "words")
    if reply == Reply.NO:
        side.reason = checked_reason(reason, side.words)
    elif reply == Reply.LATER:
        _postpone(introduction, side, later_until)
    elif reply != Reply.YES:
        raise KontorError(
            _("Say yes, no or later."),
            code="reply-unknown",
            path="reply",
            remedy=_("Choose one."),
            status=422,
        )
    side.reply = reply
    return {"reply": [before, reply], **({"reason": ["", side.reason]} if side.reason else {})}


def _postpone(introduction: Introduction, side: Side, until: dt.date | None) -> None:
    """The side is asked again on that day; the deadline moves behind it."""
    today = timezone.localdate()
    if until is None or not today < until <= today + dt.timedelta(days=LATEST_DAYS):
        raise KontorError(
            _("Choose a day within the next %(days)s days.") % {"days": LATEST_DAYS},
            code="later-when",
            path="later_until",
            remedy=_("Say when you can decide."),
            status=422,
        )
    side.later_until = side.remind_on = until
    side.reminded_at = None
    introduction.deadline_on = max(introduction.deadline_on, until + dt.timedelta(days=DAYS_AFTER_LATER))


def _forget(introduction: Introduction, side: Side) -> None:
    """As if it had not answered; it is reminded once more, half-way to the deadline."""
    today = timezone.localdate()
    left = max(0, (introduction.deadline_on - today).days)
    side.reply, side.reason, side.words, side.later_until = "", "", "", None
    side.replied_at, side.replied_by = None, ""
    side.remind_on, side.reminded_at = today + dt.timedelta(days=left // 2), None
    if side.asked_at is None:
        side.asked_at = timezone.now()


def _refuse_late(introduction: Introduction, side: Side) -> None:
    if not introduction.is_open:
        raise Conflict(
            _("This introduction is closed: %(state)s.") % {"state": State(introduction.state).label},
            code="introduction-closed",
            path="reply",
            remedy=_("Propose it again if both still want it."),
        )
    if side.has_answered:
        raise Conflict(
            _("This side has answered already."),
            code="answer-given",
            path="reply",
            remedy=_("Take the answer back first."),
        )


def _refuse_for_good(introduction: Introduction, side: Side, actor: Actor) -> None:
    other = introduction.other_side(side)
    Refusal.objects.get_or_create(
        by=side.organisation,
        other=other.organisation,
        lifted_at=None,
        defaults={
            "introduction": introduction,
            "statement": other.statement,
            "named": other.named_at_start,
            "by_named": side.named_at_start,
            "reason": side.reason,
            "words": side.words,
            "parts": introduction.parts,
            "at": timezone.now(),
            "actor_label": actor.label[:200],
        },
    )


def _tell(introduction: Introduction, side: Side) -> None:
    if introduction.state == State.AGREED:
        for each in introduction.sides.all():
            mail_side(introduction, each, AGREED)
    elif introduction.state == State.DECLINED:
        tell_closed(introduction, but=side)
