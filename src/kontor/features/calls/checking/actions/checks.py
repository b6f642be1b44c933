"""Keeping a self-check, and forgetting it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.accounts.models import User
from kontor.features.calls.checking.problem import assess_check
from kontor.features.calls.models import Call, SelfCheck

#: Days a check is kept after it was changed last.
KEPT_DAYS = 180
#: Bytes of the answers of one check, and partners in it.
LARGEST, MOST_PARTNERS = 40_000, 20


@transaction.atomic
def keep_check(
    *, call: Call, answers: dict[str, Any], check: SelfCheck | None = None, email: str = "", actor: Actor
) -> SelfCheck:
    """Keep what somebody answered, as a new check or in the place of an older one of the same call.

    Nothing of it enters the log of changes but that it was kept: it is the person's own until it is used.
    InvalidInput where the answers contradict themselves.
    """
    if len(str(answers)) > LARGEST or len(answers.get("partners", ())) > MOST_PARTNERS:
        raise KontorError(
            _("The check is too long to be kept."),
            code="check-too-long",
            path="idea",
            remedy=_("Shorten the idea, or take partners out."),
        )
    verdict = str(assess_check(call, answers).state)
    row = check if check is not None and check.call_id == call.pk else SelfCheck(call=call)
    user = actor.user if isinstance(actor.user, User) else None
    row.answers, row.verdict = answers, verdict
    row.email = email.strip() or row.email
    row.user = row.user or user
    row.forget_on = timezone.localdate() + dt.timedelta(days=KEPT_DAYS)
    row.save()
    return row


@transaction.atomic
def forget_check(*, check: SelfCheck) -> None:
    """Delete one at the wish of whoever has its address."""
    check.delete()


def forget_checks(*, today: dt.date) -> int:
    """Delete the checks whose time is over; says how many."""
    count, _kinds = SelfCheck.objects.filter(forget_on__lt=today).delete()
    return count
