"""A programme's money: what each envelope holds for everybody, cases and decisions for those who decide."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, allowed, policy, require
from kontor.features.organisations.imports.sheets import write_csv, write_xlsx
from kontor.features.programmes import actions
from kontor.features.programmes.forms import CommitForm, MoveForm, ReasonForm
from kontor.features.programmes.models import Commitment, Envelope, Programme, Reallocation
from kontor.features.programmes.queries import programme_for, published
from kontor.features.programmes.rules import may_edit
from kontor.features.programmes.tabs import tabs_of
from kontor.features.programmes.templatetags.programme_words import said

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Cases and decisions on the page; the files hold all.
MOST = 200


@dataclass(frozen=True)
class Row:
    """An envelope as the page shows it; `moved` is what re-allocations added to it or took from it."""

    envelope: Envelope

    @property
    def moved(self) -> Decimal:
        return self.envelope.amount - self.envelope.planned


@require_safe
@policy(PUBLIC)
def money(request: HttpRequest, key: str) -> HttpResponse:
    """Envelopes for everybody; commitments and re-allocations for those who may edit the programme."""
    programme = programme_for(request.user, key)
    return _page(request, programme)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_edit)
def commit(request: HttpRequest, key: str) -> HttpResponse:
    programme = _allowed(request, key)
    form = CommitForm(request.POST or None, envelopes=_envelopes(programme))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = _tried(
            form,
            actions.commit_money,
            programme=programme,
            draws=dict.fromkeys(values["envelopes"], values["amount"]),
            reference=values["reference"],
            actor=actor_of(request),
        )
        if done:
            messages.success(request, _("The money is committed."))
            return redirect("programmes:money", programme.key)
    return _form_page(request, programme, form, _("Commit money"), _("Commit"))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_edit)
def move(request: HttpRequest, key: str) -> HttpResponse:
    programme = _allowed(request, key)
    form = MoveForm(request.POST or None, envelopes=_envelopes(programme))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if _tried(form, actions.reallocate, programme=programme, actor=actor_of(request), **values):
            messages.success(request, _("The money is moved."))
            return redirect("programmes:money", programme.key)
    return _form_page(request, programme, form, _("Move money between envelopes"), _("Move"))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_edit)
def release(request: HttpRequest, key: str, commitment: str) -> HttpResponse:
    programme = _allowed(request, key)
    found = programme.commitments.filter(key=commitment).first()
    if found is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if _tried(
            form,
            actions.release_commitment,
            commitment=found,
            reason=values["reason"],
            actor=actor_of(request),
        ):
            messages.success(request, _("The money is released."))
            return redirect("programmes:money", programme.key)
    title = _("Release “%(case)s”") % {"case": found.reference}
    return _form_page(request, programme, form, title, _("Release"))


@require_safe
@policy(PUBLIC)
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Envelopes as CSV, or XLSX with `?format=xlsx`; with `?what=cases` the cases, for those who may."""
    programme = programme_for(request.user, key)
    published(programme)
    cases = request.GET.get("what") == "cases"
    if cases:
        require(request, may_edit, programme)
    rows = _case_table(programme) if cases else _envelope_table(programme)
    chosen = request.GET.get("format", "")
    return sheet(rows, f"{programme.key}-{'cases' if cases else 'money'}", chosen)


def sheet(rows: Iterator[list[str | float]], name: str, chosen: str) -> HttpResponse:
    """A table as a file to take away, CSV unless `chosen` is xlsx."""
    chosen = chosen if chosen in FORMATS else "csv"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"table.{chosen}"
        if chosen == "xlsx":
            write_xlsx(file, rows, sheet="Kontor")
        else:
            write_csv(file, rows)
        answer = HttpResponse(file.read_bytes(), content_type=FORMATS[chosen])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{chosen}"'
    return answer


def _allowed(request: HttpRequest, key: str) -> Programme:
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    published(programme)
    return programme


def _envelopes(programme: Programme) -> list[Envelope]:
    return list(programme.envelopes.filter(closed=False))


def _tried(form: forms.Form, action: Any, **given: Any) -> bool:
    """Whether the action was taken; what it refuses becomes an error of the form."""
    try:
        action(**given)
    except KontorError as error:
        place = error.path.split(".")[0]
        place = {"draws": "amount"}.get(place, place)
        form.add_error(place if place in form.fields else None, str(error))
        return False
    return True


def _page(request: HttpRequest, programme: Programme) -> HttpResponse:
    version = published(programme)
    decides = allowed(request, may_edit, programme)
    context: dict[str, Any] = {
        "programme": programme,
        "rows": [Row(row) for row in _envelopes(programme)],
        "decides": decides,
        "tabs": tabs_of(request.user, programme, version.definition, "money"),
    }
    if decides:
        context["commitments"] = list(_commitments(programme)[:MOST])
        context["moves"] = list(_moves(programme)[:MOST])
    return render(request, "programmes/money.html", context)


def _commitments(programme: Programme) -> Any:
    return programme.commitments.prefetch_related("draws__envelope")


def _moves(programme: Programme) -> Any:
    return programme.reallocations.select_related("source", "target")


def _form_page(
    request: HttpRequest, programme: Programme, form: forms.Form, title: str, button: str
) -> HttpResponse:
    context = {"programme": programme, "form": form, "title": title, "button": button}
    return render(request, "programmes/money_form.html", context, status=200 if not form.errors else 400)


def _envelope_table(programme: Programme) -> Iterator[list[str | float]]:
    yield [
        _("Key"), _("Envelope"), _("Kind"), _("Currency"),
        _("Planned"), _("Moved"), _("Committed"), _("Left"),
    ]  # fmt: skip
    for row in _envelopes(programme):
        yield [
            row.key, said(row.names), str(row.get_kind_display()), row.currency,
            # 12 digits fit a spreadsheet's number exactly
            float(row.planned), float(row.amount - row.planned), float(row.committed), float(row.remaining),
        ]  # fmt: skip


def _case_table(programme: Programme) -> Iterator[list[str | float]]:
    yield [
        _("Date"), _("What"), _("For what"), _("Amount"), _("Envelopes"), _("By"), _("Released"), _("Reason"),
    ]  # fmt: skip
    for case in _commitments(programme):
        yield _case_line(case)
    for one in _moves(programme):
        yield _move_line(one)


def _case_line(case: Commitment) -> list[str | float]:
    envelopes = ", ".join(draw.envelope.key for draw in case.draws.all())
    released = timezone.localdate(case.released_at).isoformat() if case.released_at else ""
    made = timezone.localdate(case.made_at).isoformat()
    return [
        made, _("committed"), case.reference, float(case.amount), envelopes, case.made_by, released,
        case.release_reason,
    ]  # fmt: skip


def _move_line(one: Reallocation) -> list[str | float]:
    way = f"{one.source.key} → {one.target.key}"
    made = timezone.localdate(one.decided_at).isoformat()
    return [made, _("moved"), "", float(one.amount), way, one.decided_by, "", one.reason]


urlpatterns = [
    path("<slug:key>/money/", money, name="money"),
    path("<slug:key>/money/commit/", commit, name="commit"),
    path("<slug:key>/money/move/", move, name="move"),
    path("<slug:key>/money/export/", export, name="money-export"),
    path("<slug:key>/money/release/<str:commitment>/", release, name="release"),
]
