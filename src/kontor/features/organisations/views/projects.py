"""Earlier projects of an organisation: all of them on a page, and as a table."""

from __future__ import annotations

import csv

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from kontor.base.permissions import policy
from kontor.base.spreadsheets import harmless
from kontor.features.organisations.earlier import lines_of, parts_of, table_of
from kontor.features.organisations.models import Participation
from kontor.features.organisations.queries import reader_language
from kontor.features.organisations.rules import may_see
from kontor.features.organisations.views.finding import organisation_for

PER_PAGE = 20


@require_safe
@policy(may_see)
def projects(request: HttpRequest, key: str) -> HttpResponse:
    """The latest first, with the partners that the reader may see. `?show=` opens the page with a project."""
    organisation = organisation_for(request, key)
    parts = parts_of(organisation)
    number = request.GET.get("page") or _page_with(parts, request.GET.get("show", ""))
    page = Paginator(parts, PER_PAGE).get_page(number)
    lines = lines_of(list(page), request.user, reader_language())
    context = {"organisation": organisation, "page": page, "lines": lines}
    return render(request, "organisations/projects.html", context)


def _page_with(parts: QuerySet[Participation], key: str) -> int:
    keys = list(parts.values_list("project__key", flat=True)) if key else []
    return keys.index(key) // PER_PAGE + 1 if key in keys else 1


@require_safe
@policy(may_see)
def table(request: HttpRequest, key: str) -> HttpResponse:
    """The same as a CSV file, UTF-8 with a byte order mark so that spreadsheets read it."""
    organisation = organisation_for(request, key)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="kontor-projects-{organisation.key}.csv"'
    rows = table_of(organisation, request.user, reader_language())
    csv.writer(answer).writerows([harmless(cell) for cell in row] for row in rows)
    return answer


urlpatterns = [
    path("<slug:key>/projects/", projects, name="projects"),
    path("<slug:key>/projects.csv", table, name="projects-table"),
]
