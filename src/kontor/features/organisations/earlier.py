"""Earlier projects of an organisation as one reader may see them: partners that cannot be seen are not named,
and not counted either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from kontor import codes
from kontor.features.organisations.models import (
    EarlierProject,
    Organisation,
    Participation,
    ParticipationRole,
)

SHOWN = 5
"""Projects on the organisation's own page; the others have a page of their own."""

SHOWN_PARTNERS = 6

# Whom a source wants to be named when its data are shown.
CREDITS = {"cordis": "CORDIS, © European Union, CC BY 4.0", "keep": "keep.eu"}


@dataclass(frozen=True)
class Partner:
    """Somebody else in a project, whom the reader may see."""

    organisation: Organisation
    country: str
    leads: bool


@dataclass(frozen=True)
class ProjectLine:
    """A project of one organisation: `partners` in the order of their names, the lead first."""

    project: EarlierProject
    leads: bool
    partners: tuple[Partner, ...]

    @property
    def when(self) -> str:
        """`2019–2022`, `since 2024`, or nothing where the beginning is not known."""
        start, end = self.project.started_on, self.project.ended_on
        if start is None:
            return _("until %(year)s") % {"year": end.year} if end else ""
        if end is None:
            return _("since %(year)s") % {"year": start.year}
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"

    @property
    def role(self) -> str:
        return str((ParticipationRole.LEAD if self.leads else ParticipationRole.PARTNER).label)

    @property
    def credit(self) -> str:
        return CREDITS.get(self.project.source, "")

    @property
    def first_partners(self) -> tuple[Partner, ...]:
        return self.partners[:SHOWN_PARTNERS]

    @property
    def more_partners(self) -> tuple[Partner, ...]:
        return self.partners[SHOWN_PARTNERS:]


def parts_of(organisation: Organisation) -> QuerySet[Participation]:
    """Its parts in projects, the latest first. The caller has asked whether the organisation may be seen."""
    latest = F("project__started_on").desc(nulls_last=True)
    rows = organisation.participations.select_related("project")
    return rows.order_by(latest, "project__title", "project_id")


def lines_of(parts: Sequence[Participation], user: Any, language: str) -> list[ProjectLine]:
    """These parts with the partners that `user` may see: one query, however many."""
    own = {part.project_id: part.organisation_id for part in parts}
    others: dict[int, list[Participation]] = {}
    rows = Participation.objects.visible_to(user).filter(project__in=list(own)).select_related("organisation")
    for row in rows.order_by("organisation__name", "organisation_id") if own else ():
        if row.organisation_id != own[row.project_id]:
            others.setdefault(row.project_id, []).append(row)
    return [
        ProjectLine(
            part.project,
            part.role == ParticipationRole.LEAD,
            tuple(_partners(others.get(part.project_id, ()), language)),
        )
        for part in parts
    ]


def _partners(rows: Iterable[Participation], language: str) -> Iterable[Partner]:
    for row in sorted(rows, key=lambda row: row.role != ParticipationRole.LEAD):
        country = row.organisation.country
        label = str(codes.label("country", country, language)) if codes.valid("country", country) else country
        yield Partner(row.organisation, label, row.role == ParticipationRole.LEAD)


def export_rows(organisation: Organisation) -> list[dict[str, Any]]:
    """For the file of an organisation's own data: its part, not who else was there."""
    return [
        {
            "title": part.project.title,
            "programme": part.project.programme,
            "started_on": part.project.started_on,
            "ended_on": part.project.ended_on,
            "role": part.role,
            "source": part.project.source,
            "number": part.project.external_id,
        }
        for part in parts_of(organisation)
    ]


TABLE = ("key", "title", "programme", "started_on", "ended_on", "role", "source", "number", "partners")


def table_of(organisation: Organisation, user: Any, language: str) -> list[list[str]]:
    """Header and one row for each project, with the partners that `user` may see."""
    rows = [list(TABLE)]
    for line in lines_of(list(parts_of(organisation)), user, language):
        project = line.project
        named = "; ".join(f"{p.organisation.name} ({p.organisation.country})" for p in line.partners)
        role = "lead" if line.leads else "partner"
        rows.append(
            [
                project.key,
                project.title,
                project.programme,
                _iso(project.started_on),
                _iso(project.ended_on),
                role,
                project.source,
                project.external_id,
                named,
            ]
        )
    return rows


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
