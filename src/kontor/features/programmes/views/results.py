"""What a programme achieved: a line for each indicator, entering values, taking them away."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, allowed, policy, require
from kontor.features.programmes import actions
from kontor.features.programmes.forms import ReadingForm
from kontor.features.programmes.models import IndicatorReading, Programme
from kontor.features.programmes.queries import programme_for, published
from kontor.features.programmes.results import Result, results_of
from kontor.features.programmes.rules import may_edit
from kontor.features.programmes.tabs import tabs_of
from kontor.features.programmes.templatetags.programme_words import said
from kontor.features.programmes.views.money import sheet


@require_safe
@policy(PUBLIC)
def results(request: HttpRequest, key: str) -> HttpResponse:
    """Targets and values for everybody; what Kontor counts today for those who steer the programme: of few
    cases a count would tell what one of them has.
    """
    programme = programme_for(request.user, key)
    definition = published(programme).definition
    steers = allowed(request, may_edit, programme)
    gone = IndicatorReading.objects.filter(programme=programme).exclude(removed_at=None) if steers else ()
    context = {
        "programme": programme,
        "rows": results_of(programme, definition, counted=steers),
        "steers": steers,
        "removed": list(gone[:20]),
        "tabs": tabs_of(request.user, programme, definition, "results"),
    }
    return render(request, "programmes/results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_edit)
def add(request: HttpRequest, key: str) -> HttpResponse:
    """A form for one value."""
    programme = _steered(request, key)
    initial = {"indicator": request.GET.get("indicator", "")}
    indicators = published(programme).definition.indicators
    form = ReadingForm(request.POST or None, initial=initial, indicators=indicators)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_reading(programme=programme, actor=actor_of(request), **form.cleaned_data)
        except KontorError as error:
            form.add_error(error.path if error.path in form.fields else None, str(error))
        else:
            messages.success(request, _("The value is entered."))
            return redirect("programmes:results", programme.key)
    context = {"programme": programme, "form": form}
    return render(request, "programmes/reading.html", context, status=400 if form.errors else 200)


@require_POST
@policy(may_edit)
def change(request: HttpRequest, key: str, reading: str) -> HttpResponse:
    """Remove a value, or bring it back."""
    programme = _steered(request, key)
    row = get_object_or_404(programme.readings.all(), key=reading)
    if "restore" in request.POST:
        actions.bring_reading_back(reading=row, actor=actor_of(request))
        messages.success(request, _("The value is back."))
    else:
        actions.remove_reading(reading=row, actor=actor_of(request))
        messages.success(request, _("The value is removed. It can be brought back below."))
    return redirect("programmes:results", programme.key)


@require_safe
@policy(PUBLIC)
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Every value as CSV, or XLSX with `?format=xlsx`."""
    programme = programme_for(request.user, key)
    steers = allowed(request, may_edit, programme)
    rows = results_of(programme, published(programme).definition, counted=steers)
    return sheet(_table(rows, steers), f"{programme.key}-results", request.GET.get("format", ""))


def _table(rows: list[Result], steers: bool) -> Iterator[list[str | float]]:
    yield [
        _("Key"), _("Code"), _("Indicator"), _("Unit"), _("Target"), _("Value"), _("As of"), _("Source"),
        *([_("Counted by Kontor today")] if steers else []),
    ]  # fmt: skip
    for row in rows:
        one = row.indicator
        begin: list[str | float] = [
            one.key, one.code, said(one.name), one.unit, float(one.target) if one.target is not None else "",
        ]  # fmt: skip
        counted = [float(row.counted) if row.counted is not None else ""] if steers else []
        values: list[list[str | float]] = [
            [float(each.amount), each.day.isoformat() if each.day else "", each.source] for each in row.said
        ]
        for value in values or [["", "", ""]]:
            yield [*begin, *value, *counted]


def _steered(request: HttpRequest, key: str) -> Programme:
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    published(programme)
    return programme


urlpatterns = [
    path("<slug:key>/results/", results, name="results"),
    path("<slug:key>/results/new/", add, name="reading"),
    path("<slug:key>/results/export/", export, name="results-export"),
    path("<slug:key>/results/<str:reading>/change/", change, name="reading-change"),
]
