"""The competence matrix: read, filter, change a cell in place, take it away as a table and bring it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor import programmes
from kontor.base.actor import actor_of
from kontor.base.errors import Conflict, KontorError
from kontor.base.permissions import allowed, policy, require
from kontor.features.accounts.rules import edits_organisation, reads_organisation
from kontor.features.organisations.models import Organisation
from kontor.features.programmes import actions
from kontor.features.programmes.actions.products import Refused
from kontor.features.programmes.competence_table import read_table, table_of
from kontor.features.programmes.matrix import Cell, Column, Wish, columns_of, matrix_of
from kontor.features.programmes.models import CompetenceLevel, Programme
from kontor.features.programmes.queries import programme_for, published
from kontor.features.programmes.rules import may_edit, may_see_matrix
from kontor.features.programmes.tabs import tabs_of
from kontor.features.programmes.views.money import sheet

#: Bytes of an uploaded table; 10,000 members with 30 competences have some 20 million.
LARGEST = 30_000_000


@require_safe
@policy(may_see_matrix)
def matrix(request: HttpRequest, key: str) -> HttpResponse:
    """Members by competences, filtered by `?theme=`, `?product=` and `?country=`; `?add=` shows one more."""
    programme, definition = _seen(request, key)
    wish = _wish(request)
    found = matrix_of(request.user, programme, definition, wish)
    context = {
        "programme": programme,
        "definition": definition,
        "matrix": found,
        "wish": wish,
        "levels": CompetenceLevel.choices,
        "tabs": tabs_of(request.user, programme, definition, "matrix"),
    }
    return render(request, "programmes/matrix.html", context)


def _seen(request: HttpRequest, key: str) -> tuple[Programme, programmes.Programme]:
    programme = programme_for(request.user, key)
    require(request, may_see_matrix, programme)
    return programme, published(programme).definition


def _wish(request: HttpRequest) -> Wish:
    given = {name: request.GET.get(name, "")[:60] for name in ("theme", "product", "country")}
    name = request.GET.get("add", "").strip()[:300]
    extra = (
        Organisation.objects.visible_to(request.user).filter(Q(key=name) | Q(name=name))[:1] if name else []
    )
    if name and not extra:
        messages.info(request, _("No organisation that you may see is called “%(name)s”.") % {"name": name})
    return Wish(**given, extra=tuple(one.key for one in extra))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_see_matrix)
def cell(request: HttpRequest, key: str, organisation: str, competence: str) -> HttpResponse:
    """One cell with its evidence, and the form to change it: a part of the page, or a page of its own."""
    programme, definition = _seen(request, key)
    member = Organisation.objects.visible_to(request.user).filter(key=organisation).first()
    column = next((one for one in columns_of(definition, Wish()) if one.key == competence), None)
    if member is None or column is None or not _may_see_row(request, programme, member):
        raise Http404
    may = allowed(request, may_edit, programme) or allowed(request, edits_organisation, member)
    context: dict[str, Any] = {"programme": programme, "levels": CompetenceLevel.choices}
    if request.method == "POST":
        if not may:
            require(request, may_edit, programme)
        answer = _save(request, programme, member, column, context)
        if answer is not None:
            return answer
    row = programme.member_competences.filter(organisation=member, competence=competence).first()
    context["cell"] = Cell(column, member, row, may)
    return _cell_answer(request, context)


def _may_see_row(request: HttpRequest, programme: Programme, member: Organisation) -> bool:
    return allowed(request, may_edit, programme) or allowed(request, reads_organisation, member)


def _save(
    request: HttpRequest,
    programme: Programme,
    member: Organisation,
    column: Column,
    context: dict[str, Any],
) -> HttpResponse | None:
    """The answer after saving; None where the form is shown again with what stood in the way."""
    given = request.POST.get("level", "")
    revision = request.POST.get("revision", "")
    try:
        row = actions.state_competence(
            programme=programme,
            organisation=member,
            competence=column.key,
            level=int(given) if given.isascii() and given.isdigit() and len(given) < 3 else -1,
            evidence=request.POST.get("evidence", "")[:5_000],
            revision=int(revision)
            if revision.isascii() and revision.isdigit() and len(revision) < 9
            else None,
            actor=actor_of(request),
        )
    except Conflict as conflict:
        context |= {"conflict": conflict, "mine": request.POST}
        return None
    except KontorError as error:
        context |= {"refusal": error, "mine": request.POST}
        return None
    if request.htmx:  # type: ignore[attr-defined]
        saved = {**context, "cell": Cell(column, member, row, True), "saved": True}
        return render(request, "programmes/_cell.html", saved)
    messages.success(request, _("The cell is saved."))
    return redirect("programmes:matrix", programme.key)


def _cell_answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        part = "_cell" if request.GET.get("closed") else "_cell_open"
        return render(request, f"programmes/{part}.html", context)
    status = 409 if "conflict" in context else 400 if "refusal" in context else 200
    return render(request, "programmes/cell.html", context, status=status)


@require_safe
@policy(may_see_matrix)
def export(request: HttpRequest, key: str) -> HttpResponse:
    """What the person sees of the matrix as one line per statement: CSV to change and bring back, or XLSX."""
    programme, definition = _seen(request, key)
    found = matrix_of(request.user, programme, definition, _wish(request))
    return sheet(table_of(found), f"{programme.key}-competences", request.GET.get("format", ""))


@require_POST
@policy(may_see_matrix)
def bring_back(request: HttpRequest, key: str) -> HttpResponse:
    """A changed table: all of it or, where a line is refused, nothing."""
    programme, _definition = _seen(request, key)
    given = request.FILES.get("file")
    if given is None or (given.size or 0) > LARGEST:
        messages.error(request, _("Choose the CSV file that you changed."))
        return redirect("programmes:matrix", programme.key)
    try:
        lines = read_table(given.read())
        _only_own(request, programme, [line.organisation for line in lines])
        count = actions.state_competences(programme=programme, lines=lines, actor=actor_of(request))
    except Refused as refused:
        context = {"programme": programme, "faults": refused.faults}
        return render(request, "programmes/matrix_refused.html", context, status=400)
    done = ngettext("%(count)s cell is changed.", "%(count)s cells are changed.", count) % {"count": count}
    messages.success(request, done)
    return redirect("programmes:matrix", programme.key)


def _only_own(request: HttpRequest, programme: Programme, keys: list[str]) -> None:
    """Refused where a line is about an organisation that the person may not write about."""
    visible = {
        one.key: one for one in Organisation.objects.visible_to(request.user).filter(key__in=set(keys))
    }
    whole = allowed(request, may_edit, programme)
    faults = [
        (at, _("This organisation is none that you may change here."))
        for at, key in enumerate(keys, 2)
        if key not in visible or not (whole or allowed(request, edits_organisation, visible[key]))
    ]
    if faults:
        raise Refused(faults)


urlpatterns = [
    path("<slug:key>/competences/", matrix, name="matrix"),
    path("<slug:key>/competences/export/", export, name="matrix-export"),
    path("<slug:key>/competences/import/", bring_back, name="matrix-import"),
    path("<slug:key>/competences/<str:organisation>/<slug:competence>/", cell, name="cell"),
]
