"""Earlier projects of an organisation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema

from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.permissions import PUBLIC, policy
from kontor.features.organisations.api.finding import reachable
from kontor.features.organisations.earlier import ProjectLine, lines_of, parts_of
from kontor.features.organisations.queries import reader_language

router = Router("organisations")


class ProjectPartnerOut(Schema):
    key: str
    name: str
    country: str
    lead: bool


class ProjectOut(Schema):
    """`partners` are those that the caller may see."""

    key: str
    title: str
    text: str
    language: str
    programme: str
    started_on: dt.date | None
    ended_on: dt.date | None
    role: str = Field(description="lead or partner: the part of this organisation")
    source: str = Field(description="cordis, keep or sample")
    number: str = Field(description="its number in the source")
    partners: list[ProjectPartnerOut]


@router.get("/{key}/projects/", response=Page[ProjectOut])
@policy(PUBLIC)
def list_projects(request: HttpRequest, key: Path[str], page: Query[PageQuery]) -> dict[str, Any]:
    """The projects that an organisation was in, the latest first, with its partners in each."""
    part = paginate(parts_of(reachable(request, key)), page)
    lines = lines_of(part["items"], request.user, reader_language())
    return {**part, "items": [project_out(line) for line in lines]}


def project_out(line: ProjectLine) -> dict[str, Any]:
    project = line.project
    plain = ("key", "title", "text", "language", "programme", "started_on", "ended_on", "source")
    return {name: getattr(project, name) for name in plain} | {
        "role": "lead" if line.leads else "partner",
        "number": project.external_id,
        "partners": [
            {
                "key": each.organisation.key,
                "name": each.organisation.name,
                "country": each.organisation.country,
                "lead": each.leads,
            }
            for each in line.partners
        ],
    }
