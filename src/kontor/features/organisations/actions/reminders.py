"""Asking organisations whether their statements still hold, and acting on the answer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kontor.base import audit, mail
from kontor.base.actor import Actor
from kontor.base.links import make_link
from kontor.features.accounts.queries import keepers_of
from kontor.features.accounts.scopes import Scope, ScopeKind
from kontor.features.organisations.freshness import STALE_DAYS
from kontor.features.organisations.models import Listing, Organisation, Statement

CONFIRM = "organisations.confirm"
WITHDRAW = "organisations.withdraw"
# A link outlives the holidays; after this time the next reminder has a new one.
LINK_DAYS = 60
PAUSE_DAYS = 28


def due_statements(now: dt.datetime) -> dict[Organisation, list[Statement]]:
    """Open statements not confirmed for STALE_DAYS and not asked about for PAUSE_DAYS, by organisation."""
    rows = (
        Statement.objects.current(timezone.localdate(now))
        .filter(confirmed_at__lt=now - dt.timedelta(days=STALE_DAYS))
        .exclude(reminded_at__gt=now - dt.timedelta(days=PAUSE_DAYS))
        .filter(organisation__merged_into=None, organisation__archived_at=None)
        .exclude(organisation__listing=Listing.WITHDRAWN)
        .select_related("organisation")
        .order_by("organisation_id", "pk")
    )
    found: dict[Organisation, list[Statement]] = defaultdict(list)
    for statement in rows:
        found[statement.organisation].append(statement)
    return found


def remind_organisation(*, organisation: Organisation, statements: list[Statement], actor: Actor) -> int:
    """Mail its owners and editors (else its contact persons with consent) once; how many mails.

    The mails are queued in the transaction that notes the reminder, so a job that runs twice mails once.
    """
    now = timezone.now()
    with transaction.atomic():
        pause = now - dt.timedelta(days=PAUSE_DAYS)
        rows = Statement.objects.select_for_update().filter(pk__in=[statement.pk for statement in statements])
        due = list(rows.exclude(reminded_at__gt=pause))
        if not due:
            return 0
        Statement.objects.filter(pk__in=[statement.pk for statement in due]).update(reminded_at=now)
        recipients = recipients_of(organisation)
        for address, language in recipients:
            _send(organisation, due, address, language)
        audit.record(
            actor=actor,
            verb="organisation.reminded",
            subject=organisation,
            changes={"statements": [None, len(due)], "mails": [None, len(recipients)]},
        )
    return len(recipients)


def recipients_of(organisation: Organisation) -> list[tuple[str, str]]:
    """(address, language) of owners and editors, else of contact persons who agreed to be contacted."""
    people = keepers_of(Scope(ScopeKind.ORGANISATION, organisation.key))
    found = {row.user.email: row.user.language for row in people}
    if not found:
        contacts = organisation.contacts.exclude(email="")
        found = {contact.email: contact.language for contact in contacts if contact.may_be_shown}
    return sorted(found.items())


def _send(organisation: Organisation, due: Iterable[Statement], address: str, language: str) -> None:
    payload = {"organisation": organisation.key, "statements": [statement.key for statement in due]}
    consent = {"organisation": organisation.key}
    mail.send(
        to=address,
        language=language,
        template="confirm_statements",
        context={
            "organisation": organisation.name,
            "statements": [str(statement) for statement in due],
            "confirm_url": settings.SITE_URL + make_link(CONFIRM, payload, LINK_DAYS),
            "withdraw_url": settings.SITE_URL + make_link(WITHDRAW, consent, LINK_DAYS),
            "profile_url": settings.SITE_URL + organisation.get_absolute_url(),
        },
    )
