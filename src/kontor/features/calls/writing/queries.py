"""What the pages read beyond one application."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kontor.features.accounts.queries import organisations_of
from kontor.features.accounts.rules import EDITING_ROLES
from kontor.features.calls.models import Answer, Application
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.models.organisation import editable_q

#: After so long without a sign of life nobody is told that a person still writes.
PRESENT_FOR = dt.timedelta(seconds=25)


def leads_for(user: Any) -> list[Organisation]:
    """Organisations for which the person may begin an application, own ones first. One query."""
    own = [key for key, role in organisations_of(user).items() if role in EDITING_ROLES]
    rows = Organisation.objects.alive().filter(editable_q(user))
    if user.holds("administrator"):
        rows = Organisation.objects.alive().filter(key__in=own)
    found = list(rows.order_by("name")[:500])
    return sorted(found, key=lambda one: one.key not in own)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another person on the pages of the application."""

    name: str
    field: str


def others_at(application: Application, user: Any) -> list[Elsewhere]:
    """Who else writes at the moment, and where."""
    rows = application.presences.filter(seen_at__gt=timezone.now() - PRESENT_FOR).exclude(user=user)
    return [Elsewhere(str(one.user), one.field) for one in rows.select_related("user").order_by("user__name")]


def answers_since(application: Application, revision: int) -> QuerySet[Answer]:
    """Answers that somebody stored after the revision."""
    return application.answers.filter(revision__gt=revision)
