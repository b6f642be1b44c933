"""What people may read of cases, the desk and the partner board."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404
from django.utils import timezone

from kontor.features.calls.casework.clocks import Clock, Level, nearest
from kontor.features.calls.casework.problem import clocks
from kontor.features.calls.casework.rules import calls_helped_q
from kontor.features.calls.models import (
    Application,
    ApplicationPartner,
    Call,
    CallContact,
    Case,
    CaseEntry,
    EligibilityDecision,
    OrganisationNotice,
    PartnerWish,
)
from kontor.features.calls.models.board import WishQuerySet
from kontor.features.calls.models.cases import CaseQuerySet
from kontor.features.calls.models.states import HANDED_IN
from kontor.features.organisations.models.organisation import visible_q


@dataclass(frozen=True)
class DeskRow:
    """An application on the desk: its case, contact person, next clock and the last decision."""

    application: Application
    case: Case | None
    clock: Clock | None
    left: int | None
    level: Level | None
    verdict: str

    @property
    def undecided(self) -> bool:
        return self.application.state in {"submitted", "admissible"}


@dataclass(frozen=True)
class Desk:
    """Everything about a call that somebody must look after; `requested` sums what is handed in."""

    rows: list[DeskRow]
    cases: list[Case]
    drafts: int
    requested: Decimal
    warned: list[DeskRow]
    notices: list[OrganisationNotice]


def desk_of(call: Call) -> Desk:
    """Applications handed in with contact and clock, cases without one, and how many are still being written
    (their content is nobody's business yet). Seven queries, however many there are.
    """
    today = timezone.localdate(timezone=call.zone)
    last = (
        EligibilityDecision.objects.filter(application=OuterRef("pk"))
        .order_by("-number")
        .values("verdict")[:1]
    )
    applications = (
        call.applications.filter(state__in=HANDED_IN)
        .with_requested()
        .select_related("lead", "case__contact__user")
        .annotate(last_verdict=Subquery(last))
        .order_by("number")
    )
    rows = [_row(one, call, today) for one in applications]
    cases = call.cases.open().filter(application=None).select_related("organisation", "contact__user")
    drafts = call.applications.filter(state="draft").count()
    notices = OrganisationNotice.objects.waiting().filter(
        application__call=call, application__state__in=HANDED_IN
    )
    return Desk(
        rows=rows,
        cases=list(cases),
        drafts=drafts,
        requested=sum((one.application.requested for one in rows), Decimal(0)),
        warned=[one for one in rows if one.level in {Level.SOON, Level.VERY_SOON, Level.LATE}],
        notices=list(notices.select_related("application", "other")),
    )


def _row(application: Application, call: Call, today: dt.date) -> DeskRow:
    application.call = call
    clock = nearest(clocks(application))
    return DeskRow(
        application=application,
        case=getattr(application, "case", None),
        clock=clock,
        left=clock.left(today) if clock else None,
        level=clock.level(today) if clock else None,
        verdict=getattr(application, "last_verdict") or "",  # noqa: B009  # annotated by desk_of
    )


def cases_for(user: Any, *, mine: bool = False, closed: bool = False) -> CaseQuerySet:
    """The cases of the calls on whose desk the person sits; `mine` those that are the person's own."""
    rows = Case.objects.filter(calls_helped_q(user, "call__"))
    if mine:
        rows = rows.filter(contact__user=user)
    if not closed:
        rows = rows.open()
    return rows.select_related("call__programme", "organisation", "contact__user", "application")


def case_for(user: Any, key: str, *, reads_all: bool = False) -> Case:
    """One case; Http404 for any other, told apart from none by nobody. `reads_all`: for controllers."""
    rows = Case.objects.all() if reads_all else Case.objects.filter(calls_helped_q(user, "call__"))
    rows = rows.select_related(
        "call__programme", "call__version", "organisation", "application__lead", "contact__user", "check_made"
    )
    found = rows.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def contacts_with_load(call: Call) -> list[tuple[CallContact, int, int]]:
    """Each contact person with the open cases in this call, and in all calls; two queries."""
    rows = list(call.contacts.select_related("user", "organisation"))
    counted = (
        Case.objects.open()
        .filter(contact__user__in=[row.user_id for row in rows])
        .values("contact__user")
        .annotate(all=Count("pk"), here=Count("pk", filter=Q(call=call)))
    )
    loads = {one["contact__user"]: (one["here"], one["all"]) for one in counted}
    return [(row, *loads.get(row.user_id, (0, 0))) for row in rows]


def shared_log(application: Application) -> tuple[Case | None, list[CaseEntry]]:
    """The case of an application, and what its log shares with the applicant."""
    rows = Case.objects.filter(application=application)
    case = rows.select_related("contact__user", "contact__organisation").first()
    return case, list(case.entries.filter(shared=True)) if case else []


def wishes_for(user: Any, call: Call, *, country: str = "", theme: str = "") -> WishQuerySet:
    """The open wishes of organisations that the person may see, the latest first."""
    rows = PartnerWish.objects.open().filter(visible_q(user, "organisation__"), call=call)
    if country:
        rows = rows.filter(organisation__country=country)
    return rows.select_related("organisation", "call__programme", "call__version")


def partners_by_application(applications: list[Application]) -> dict[int, list[ApplicationPartner]]:
    """The partners of many applications in one query."""
    found: dict[int, list[ApplicationPartner]] = {}
    rows = ApplicationPartner.objects.current().filter(application__in=applications)
    for row in rows.select_related("organisation"):
        found.setdefault(row.application_id, []).append(row)
    return found
