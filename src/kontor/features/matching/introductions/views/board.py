"""The pipeline for cluster managers: a board, a list, a file, and what the answers teach."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kontor.base.components.filters import chips_of
from kontor.base.permissions import policy
from kontor.features.accounts.queries import clusters_managed
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.forms import BoardForm
from kontor.features.matching.introductions.lessons import answers_of_members, lessons_for
from kontor.features.matching.introductions.queries import (
    Board,
    Row,
    board_of,
    filtered,
    members_with_introductions,
    readable,
    rows_of,
    viewer_before,
)
from kontor.features.matching.introductions.rules import may_oversee, sees_all
from kontor.features.matching.models.states import Channel, OutcomeKind
from kontor.features.organisations.imports.sheets import write_csv, write_xlsx
from kontor.features.organisations.models import Organisation

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
VIEWS = ("board", "list")


@require_safe
@policy(may_oversee)
def introductions(request: HttpRequest) -> HttpResponse:
    """The pipeline of the manager's members, as columns or as one list."""
    form = _form(request)
    board = board_of(request.user, form.filters())
    actions.note_disclosures(board.viewer, _shown(board.rows), Channel.LIST)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "board"
    context = {
        "board": board,
        "columns": _columns(board),
        "form": form,
        "chips": chips_of(form, request.GET),
        "view": view,
        "tabs": _tabs(view, request),
        "query": _without_view(request),
        "today": timezone.localdate(),
    }
    return render(request, "matching/introductions/board.html", context)


@require_safe
@policy(may_oversee)
def lessons(request: HttpRequest) -> HttpResponse:
    """How members answer, and what the reasons for no teach."""
    context = {
        "members": answers_of_members(request.user),
        "lessons": lessons_for(request.user),
        "tabs": _tabs("lessons", request),
    }
    return render(request, "matching/introductions/lessons.html", context)


@require_safe
@policy(may_oversee)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered introductions as CSV, or as XLSX with `?format=xlsx`; each name in it is noted."""
    chosen = request.GET.get("format", "")
    chosen = chosen if chosen in FORMATS else "csv"
    found = list(filtered(readable(request.user), _form(request).filters(), request.user))
    viewer = viewer_before(request.user, found)
    rows = rows_of(found, viewer)
    actions.note_disclosures(viewer, _shown(rows), Channel.FILE)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"introductions.{chosen}"
        table = _table(rows)
        if chosen == "xlsx":
            write_xlsx(file, table, sheet="Introductions")
        else:
            write_csv(file, table)
        answer = HttpResponse(file.read_bytes(), content_type=FORMATS[chosen])
    answer["Content-Disposition"] = f'attachment; filename="introductions.{chosen}"'
    return answer


def _table(rows: list[Row]) -> Iterator[list[str | float]]:
    yield [
        _("Key"), _("State"), _("Asks"), _("Asks: country"), _("Is asked"), _("Is asked: country"),
        _("Proposed"), _("Deadline"), _("Agreed"), _("Outcome"), _("EUR"), _("Score"),
    ]  # fmt: skip
    for row in rows:
        introduction, worth = row.introduction, row.worth
        yield [
            introduction.key,
            introduction.get_state_display(),
            row.asker.title,
            row.asker.side.organisation.country,
            row.partner.title,
            row.partner.side.organisation.country,
            timezone.localdate(introduction.proposed_at).isoformat(),
            introduction.deadline_on.isoformat(),
            timezone.localdate(introduction.agreed_at).isoformat() if introduction.agreed_at else "",
            str(OutcomeKind(worth.kind).label) if worth.kind else "",
            # 14 digits fit a spreadsheet's number exactly
            float(worth.amount) if worth.amount is not None else "",
            round(100 * introduction.score) if introduction.score is not None else "",
        ]


def _form(request: HttpRequest) -> BoardForm:
    return BoardForm(
        request.GET, clusters=_clusters(request.user), members=members_with_introductions(request.user)
    )


def _clusters(user: Any) -> list[tuple[str, str]]:
    rows = Organisation.objects.alive().filter(kind="cluster").order_by("name_key", "id")
    if not sees_all.test(user):
        rows = rows.filter(key__in=clusters_managed(user))
    return list(rows.values_list("key", "name"))


def _shown(rows: list[Row]) -> Iterator[Any]:
    return (each for row in rows for each in row.shown)


def _columns(board: Board) -> list[dict[str, Any]]:
    """Closed columns are left out of a board on which nothing was closed in that way."""
    always = {"proposed", "waiting", "agreed", "talks", "result"}
    return [
        {
            "state": column.state,
            "label": column.label,
            "rows": column.rows,
            "count": column.count,
        }
        for column in board.columns
        if column.count or column.state in always
    ]


def _tabs(view: str, request: HttpRequest) -> list[dict[str, Any]]:
    board, query = reverse("matching:introductions"), _without_view(request)
    and_more = f"&{query}" if query else ""
    tabs = [
        ("board", _("Board"), f"{board}?{query}" if query else board),
        ("list", _("List"), f"{board}?view=list{and_more}"),
        ("lessons", _("Answers and reasons"), reverse("matching:introduction-lessons")),
    ]
    return [
        {"label": label, "href": href, "current": name == view, "count": None} for name, label, href in tabs
    ]


def _without_view(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("view", "format", "page"):
        query.pop(name, None)
    return query.urlencode()


urlpatterns = [
    path("", introductions, name="introductions"),
    path("answers/", lessons, name="introduction-lessons"),
    path("export/", export, name="introductions-export"),
]
