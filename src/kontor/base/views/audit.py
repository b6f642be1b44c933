"""The audit log: filters, and the same rows as CSV or JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kontor.base.audit.read import narrowed, opens_log, rows_for
from kontor.base.models import AuditEvent
from kontor.base.permissions import policy
from kontor.base.spreadsheets import harmless

COLUMNS = (
    "seq", "at", "actor_label", "actor_key", "verb", "subject_kind", "subject_key", "subject_label",
    "changes", "reason", "hash",
)  # fmt: skip


class Filters(forms.Form):
    actor = forms.CharField(label=_("Who"), required=False, max_length=200)
    verb = forms.CharField(label=_("Did"), required=False, max_length=80)
    kind = forms.CharField(label=_("Kind of thing"), required=False, max_length=60)
    subject = forms.CharField(label=_("Name or key of the thing"), required=False, max_length=300)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def apply(self, rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """`rows` narrowed to what the form says; a field with an error narrows nothing."""
        self.is_valid()
        return narrowed(rows, **self.cleaned_data)


@require_safe
@policy(opens_log)
def log(request: HttpRequest) -> HttpResponse:
    """The rows this person may read, newest first."""
    filters = Filters(request.GET)
    page = Paginator(filters.apply(rows_for(request.user)), 50).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"filters": filters, "page": page, "query": query.urlencode()}
    return render(request, "base/audit.html", context)


@require_safe
@policy(opens_log)
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    rows = Filters(request.GET).apply(rows_for(request.user))
    return _file(_csv_lines(rows), "text/csv; charset=utf-8", "audit.csv")


@require_safe
@policy(opens_log)
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    rows = Filters(request.GET).apply(rows_for(request.user))
    return _file(_json_lines(rows), "application/json", "audit.json")


def _file(lines: Iterator[str], content_type: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Line:
    """What csv.writer writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(rows: QuerySet[AuditEvent]) -> Iterator[str]:
    writer: Any = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in rows.values(*COLUMNS).iterator(chunk_size=2_000):
        row["at"] = row["at"].isoformat()
        row["changes"] = json.dumps(row["changes"], ensure_ascii=False)
        yield writer.writerow([harmless(row[name]) for name in COLUMNS])


def _json_lines(rows: QuerySet[AuditEvent]) -> Iterator[str]:
    yield "["
    separator = "\n"
    for row in rows.values(*COLUMNS).iterator(chunk_size=2_000):
        row["at"] = row["at"].isoformat()
        yield separator + json.dumps(row, ensure_ascii=False)
        separator = ",\n"
    yield "\n]\n"


urlpatterns = [
    path("audit/", log, name="audit"),
    path("audit/audit.csv", export_csv, name="audit-csv"),
    path("audit/audit.json", export_json, name="audit-json"),
]
