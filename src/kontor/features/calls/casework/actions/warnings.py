"""Early warnings about deadlines."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.features.accounts.models import RoleAssignment, User
from kontor.features.accounts.scopes import Role, ScopeKind
from kontor.features.calls.casework.clocks import WARNED, Clock
from kontor.features.calls.models import Application, Case, ClockWarning

log = logging.getLogger("kontor.calls")


@transaction.atomic
def warn_of_clock(*, application: Application, clock: Clock, today: dt.date, actor: Actor) -> int:
    """Tell contact person and managers of the programme once for each level. Says how many mails went out;
    0 where the clock is calm or this level was told before. NobodyTold where every mail failed.
    """
    level = clock.level(today)
    if level not in WARNED:
        return 0
    try:
        with transaction.atomic():
            ClockWarning.objects.create(
                application=application,
                phase=clock.phase,
                due_on=clock.due_on,
                level=level,
                sent_at=timezone.now(),
            )
    except IntegrityError:
        return 0
    record(
        actor=actor,
        verb="application.warned",
        subject=application,
        changes={"phase": [None, clock.phase], "level": [None, str(level)], "due": [None, str(clock.due_on)]},
    )
    people = _people(application)
    sent = sum(_told(person, application, clock, today) for person in people)
    if people and not sent:
        raise NobodyTold(application.key)
    return sent


class NobodyTold(Exception):  # reads as a sentence: raise NobodyTold
    """Every mail about a clock failed: the level counts as not told, and is tried again."""


def _told(person: User, application: Application, clock: Clock, today: dt.date) -> bool:
    """Whether the mail could be written: one that fails keeps none of the others back."""
    context = {
        "application": application,
        "call": application.call,
        "phase": clock.name.best(person.language),
        "due_on": clock.due_on,
        "left": clock.left(today),
        "late": clock.left(today) < 0,
        "days_late": -clock.left(today),
        "page_url": f"{settings.SITE_URL}{reverse('calls:desk', args=[application.call.key])}",
    }
    try:
        with transaction.atomic():
            mail.send(to=person.email, language=person.language, template="clock_warning", context=context)
    except Exception:
        log.exception("No warning about %s to %s", application.key, person.key)
        return False
    return True


def _people(application: Application) -> list[User]:
    """The contact person of the case, and whoever manages the programme; no sample accounts."""
    case = Case.objects.filter(application=application).select_related("contact__user").first()
    managers = RoleAssignment.objects.filter(
        role=Role.PROGRAMME_MANAGER,
        scope_kind=ScopeKind.PROGRAMME,
        scope_key=application.call.programme.key,
    ).select_related("user")
    found = {held.user.pk: held.user for held in managers}
    if case is not None and case.contact is not None:
        found[case.contact.user_id] = case.contact.user
    return [one for _pk, one in sorted(found.items()) if one.is_active and not one.is_sample]
