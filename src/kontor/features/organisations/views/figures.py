"""Staff, turnover and balance sheet total, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.organisations import actions
from kontor.features.organisations.forms import FiguresForm
from kontor.features.organisations.models import Organisation, YearFigures
from kontor.features.organisations.queries import last_editor
from kontor.features.organisations.rules import may_edit
from kontor.features.organisations.sealing import seal
from kontor.features.organisations.views.conflicts import begun_with, chosen_values, conflict_page
from kontor.features.organisations.views.finding import organisation_for
from kontor.features.organisations.views.problems import show_at_field


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def figures(request: HttpRequest, key: str) -> HttpResponse:
    """All years, and a form: empty for a new one, filled in where `?year=` opens one to change it."""
    organisation = organisation_for(request, key, may_edit)
    if request.POST.get("step") == "resolve":
        values, base = chosen_values(request, key)
        return _save(request, organisation, values, base)
    years = list(organisation.figures.all())
    opened = next((row for row in years if str(row.year) == request.GET.get("year")), None)
    form = FiguresForm(request.POST or None, initial=_initial(opened))
    if request.method == "POST" and form.is_valid():
        begun = begun_with(request, key)
        return _save(request, organisation, *_wanted(form.cleaned_data, begun), form)
    return _page(request, organisation, form, years, request.POST.get("base") or _sealed(years, opened, key))


def _initial(opened: YearFigures | None) -> dict[str, Any]:
    return {"year": opened.year, **actions.figures_snapshot(opened)} if opened else {}


def _sealed(years: list[YearFigures], opened: YearFigures | None, key: str) -> str:
    """What the page showed, and the year whose form was filled in."""
    shown = {str(row.year): actions.figures_snapshot(row) for row in years}
    return seal({"years": shown, "opened": opened.year if opened else None}, key)


def _wanted(values: Mapping[str, Any], begun: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(values, base) of the year. Empty fields say "none" in a form that was opened to change this year;
    elsewhere they say nothing.
    """
    year = values["year"]
    base = begun["years"].get(str(year)) or actions.figures_snapshot(None)
    wanted = {
        field: base[field] if values[field] is None and begun["opened"] != year else values[field]
        for field in base
    }
    return {"year": year, **wanted}, base


def _page(
    request: HttpRequest, organisation: Organisation, form: FiguresForm, years: list[YearFigures], base: str
) -> HttpResponse:
    context = {"organisation": organisation, "form": form, "years": years, "base": base}
    return render(request, "organisations/profile_figures.html", context)


def _save(
    request: HttpRequest,
    organisation: Organisation,
    values: dict[str, Any],
    base: dict[str, Any],
    form: FiguresForm | None = None,
) -> HttpResponse:
    year = values["year"]
    wanted = {field: value for field, value in values.items() if field != "year"}
    try:
        actions.set_figures(
            organisation=organisation, year=year, base=base, actor=actor_of(request), **wanted
        )
    except actions.EditConflict as conflict:
        labels = {name: field.label for name, field in FiguresForm.base_fields.items()}
        return conflict_page(
            request,
            conflict,
            labels=labels,
            title=f"{organisation.name}, {year}",
            back=reverse("organisations:figures", args=[organisation.key]),
            who=last_editor(organisation, "organisation.figures"),
            about=organisation.key,
            carried={"year": year},
        )
    except KontorError as error:
        if form is None:
            raise
        show_at_field(form, error)
        years = list(organisation.figures.all())
        return _page(request, organisation, form, years, request.POST["base"])
    messages.success(request, _("The figures are saved."))
    return redirect("organisations:figures", organisation.key)


urlpatterns = [path("<slug:key>/figures/", figures, name="figures")]
