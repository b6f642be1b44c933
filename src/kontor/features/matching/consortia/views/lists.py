"""All consortia that a person may read, and beginning one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.forms import ListForm, NewForm
from kontor.features.matching.consortia.queries import leads_for, list_of, seats_to_answer
from kontor.features.matching.consortia.rules import may_create_for
from kontor.features.matching.consortia.views.reading import BADGES
from kontor.features.matching.models.consortia import ConsortiumState
from kontor.features.matching.products import current_versions
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.views.problems import show_at_field


@require_safe
@policy(SIGNED_IN)
def consortia(request: HttpRequest) -> HttpResponse:
    """What one leads, takes part in, is invited to or decides."""
    form = ListForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    rows = list_of(request.user, state=state)
    context = {
        "rows": [(row, BADGES[ConsortiumState(row.consortium.state)]) for row in rows],
        "invitations": list(seats_to_answer(request.user)),
        "form": form,
        "state": state,
    }
    return render(request, "matching/consortia/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_create_for)
def new_consortium(request: HttpRequest) -> HttpResponse:
    """One page: what, who composes, under which instrument, for which product."""
    leads = leads_for(request.user)
    form = NewForm(request.POST or None, leads=leads, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        lead = Organisation.objects.filter(key=form.cleaned_data["lead"]).first()
        require(request, may_create_for, lead)
        assert lead is not None
        try:
            made = actions.create_consortium(
                lead=lead,
                values=form.values(),
                lead_sits=form.cleaned_data["lead_sits"],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The consortium is begun. Fill its seats."))
            return redirect(made)
    elif leads:
        require(request, may_create_for, leads[0])
    else:
        request.kontor_required = True  # type: ignore[attr-defined] # nothing to be asked about
    return render(request, "matching/consortia/new.html", {"form": form, "leads": leads})


def _initial(request: HttpRequest) -> dict[str, Any]:
    """A page of a programme or product links here with what is known."""
    product = request.GET.get("product", "")
    programme = product.partition("/")[0]
    support = request.GET.get("support", "")
    return {"product": product, "support": support or _only_support(programme), "title": ""}


def _only_support(programme: str) -> str:
    for version in current_versions(programme) if programme else ():
        instruments = version.definition.instruments
        if len(instruments) == 1:
            return f"{programme}|{version.definition.key}|{instruments[0].key}"
    return ""


urlpatterns = [
    path("", consortia, name="consortia"),
    path("new/", new_consortium, name="consortium-new"),
]
