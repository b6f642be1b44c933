"""Telling assessors what waits for them: when the review begins, before it ends, and once it is late."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.features.juries.actions.locking import locked, refused
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    Blindness,
    Member,
    MemberState,
    Panel,
    ReviewState,
)
from kontor.features.juries.models.panel import WRITING

log = logging.getLogger("kontor.juries")


class Occasion(StrEnum):
    """Why an assessor is written to: sheets are new, due soon, or late."""

    NEW = "new"
    SOON = "soon"
    LATE = "late"


def waiting(panel: Panel) -> list[tuple[Member, list[Assignment]]]:
    """Assessors whose sheets are open, with these; nobody where no sheets are written."""
    if panel.phase not in WRITING:
        return []
    rows = Assignment.objects.filter(
        panel=panel, state=AssignmentState.ACTIVE, member__state=MemberState.ACCEPTED
    ).exclude(review__state=ReviewState.SUBMITTED)
    found: dict[Member, list[Assignment]] = {}
    for row in rows.select_related("member__expert", "application").order_by("application__number"):
        found.setdefault(row.member, []).append(row)
    return sorted(found.items(), key=lambda pair: pair[0].expert.name)


@transaction.atomic
def remind_assessors(*, panel: Panel, only_due: bool = False, actor: Actor) -> int:
    """Write to everybody who has not handed in, at most once a day; how many were written to. `only_due`:
    just those whose automatic reminder is due today; a mail that fails then keeps none of the others back and
    is tried again the next day. KontorError (409) where nobody is left to remind.
    """
    row, today = locked(panel), timezone.localdate()
    open_ones = waiting(row)
    if not only_due and not open_ones:
        raise refused(_("Everybody has handed in: nobody is left to remind."), "nobody-waits")
    told = [
        (member, sheets)
        for member, sheets in open_ones
        if member.reminded_on != today and (not only_due or is_due(row, member, today))
    ]
    if not only_due and not told:
        raise refused(
            _("Everybody who has not handed in was reminded today."),
            "reminded-today",
            _("Wait until tomorrow, or call them."),
        )
    late = row.due_on is not None and today > row.due_on
    occasion = Occasion.LATE if late else Occasion.SOON
    if only_due:
        told = [pair for pair in told if _mailed(row, *pair, occasion)]
    else:
        for member, sheets in told:
            _mail(row, member, sheets, occasion)
    Member.objects.filter(pk__in=[member.pk for member, _sheets in told]).update(reminded_on=today)
    if told:
        changes = {"reminded": [None, [member.expert.key for member, _sheets in told]]}
        record(actor=actor, verb="jury.reminded", subject=row, changes=changes)
    return len(told)


def is_due(panel: Panel, member: Member, today: dt.date) -> bool:
    """Whether the automatic reminder is due: once from `remind_days` before the day on, once after it."""
    if panel.due_on is None or not panel.remind_days:
        return False
    first = panel.due_on - dt.timedelta(days=panel.remind_days)
    last = member.reminded_on
    if today > panel.due_on:
        return last is None or last <= panel.due_on
    return today >= first and (last is None or last < first)


def tell_of_new(panel: Panel, members: Iterable[int] | None = None) -> None:
    """Write to assessors, or to `members` of them, that applications wait for their sheets; nobody before the
    review begins. Within the transaction that gave them the applications.
    """
    wanted = None if members is None else set(members)
    for member, sheets in waiting(panel):
        if wanted is None or member.pk in wanted:
            _mail(panel, member, sheets, Occasion.NEW)


def _mailed(panel: Panel, member: Member, sheets: list[Assignment], occasion: Occasion) -> bool:
    """Whether the mail could be written; nobody waits at the screen to hear that it failed."""
    try:
        with transaction.atomic():
            _mail(panel, member, sheets, occasion)
    except Exception:
        log.exception("No reminder of %s to %s", panel.key, member.key)
        return False
    return True


def _mail(panel: Panel, member: Member, sheets: list[Assignment], occasion: Occasion) -> None:
    """In the expert's language; titles stay out where the applicants' names are hidden."""
    expert, plain = member.expert, panel.blind == Blindness.DOUBLE
    with override(expert.language):
        context = {
            "name": expert.name,
            "call": str(panel.call),
            "programme": panel.call.programme.name,
            "due": panel.due_on,
            "occasion": occasion.value,
            "applications": [
                row.application.number if plain else f"{row.application.number} {row.application.title}"
                for row in sheets
            ],
            "link": settings.SITE_URL + reverse("juries:list"),
        }
        mail.send(to=expert.email, language=expert.language, template="jury_sheets", context=context)
