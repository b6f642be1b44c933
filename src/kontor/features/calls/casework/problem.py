"""From rows to the choice of a contact person, and to the clocks of an application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count

from kontor.features.calls.casework.choosing import Candidate, Wanted
from kontor.features.calls.casework.clocks import Clock, clocks_of
from kontor.features.calls.models import Application, Call, CallContact, Case


def candidates(call: Call, today: dt.date, without: Iterable[int] = ()) -> list[Candidate]:
    """The call's contact persons with the open cases that each has in all calls; two queries."""
    rows = [row for row in call.contacts.all() if row.pk not in set(without)]
    users = [row.user_id for row in rows]
    loads = dict(
        Case.objects.open()
        .filter(contact__user__in=users)
        .values_list("contact__user")
        .annotate(count=Count("pk"))
    )
    return [candidate(row, loads.get(row.user_id, 0), today) for row in rows]


def candidate(row: CallContact, load: int, today: dt.date) -> Candidate:
    return Candidate(
        key=row.pk,
        regions=tuple(row.regions),
        themes=tuple(row.themes),
        languages=tuple(row.languages),
        load=load,
        capacity=row.capacity,
        away=row.is_away(today),
    )


def wanted(case: Case) -> Wanted:
    return Wanted(case.region, tuple(case.themes), case.language)


def clocks(application: Application) -> list[Clock]:
    """The application's clocks, by the phases of what it asks for; no query where call and version are
    loaded.
    """
    call = application.call
    phases = application.instrument_of_programme.phases
    return list(clocks_of(phases, application.submitted_at, application.state, call.zone))
