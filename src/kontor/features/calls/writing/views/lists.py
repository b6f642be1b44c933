"""The applications of one's own organisations, and beginning one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.calls import actions
from kontor.features.calls.checking.views.beginning import prefill_from_check
from kontor.features.calls.models import Application, Call
from kontor.features.calls.queries import own_applications
from kontor.features.calls.rules import may_begin_for
from kontor.features.calls.writing.queries import leads_for
from kontor.features.calls.writing.views.finding import badge_of
from kontor.features.matching.consortia.queries import readable
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.views.problems import show_at_field
from kontor.programmes.rules.wording import catalogue


class BeginForm(forms.Form):
    """Who applies, for what, in which language, and with which team."""

    lead = forms.ChoiceField(label=gettext_lazy("Who applies?"))
    title = forms.CharField(
        label=gettext_lazy("Working title"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("It can be changed until you submit."),
    )
    instrument = forms.ChoiceField(label=gettext_lazy("What do you apply for?"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("In which language will you write?"))
    consortium = forms.ChoiceField(label=gettext_lazy("Take the team of a consortium over"), required=False)

    def __init__(self, *args: Any, call: Call, leads: list[Organisation], teams: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = catalogue("en")
        spoken = call.languages or ["en"]
        self._choose("lead", [(one.key, one.name) for one in leads])
        self._choose("language", [(one, _language(one, names)) for one in spoken])
        offered = [(one.key, call.said(one.name)) for one in call.instruments]
        self._choose("instrument", offered)
        self._choose(
            "consortium", [("", _("no, name the partners here")), *((t.key, t.title) for t in teams)]
        )
        for name, spare in (
            ("instrument", len(offered) < 2),
            ("consortium", not teams),
            ("language", len(spoken) < 2),
        ):
            if spare:
                del self.fields[name]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _language(code: str, names: dict[str, str]) -> str:
    spoken = catalogue((get_language() or "en")[:2])
    return spoken.get(f"language.{code}") or names.get(f"language.{code}", code)


@require_safe
@policy(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    """Everything one's own organisations write or have handed in."""
    found = own_applications(request.user).with_lead_region()
    rows = [(one, badge_of(one), _closes(one)) for one in found]
    return render(request, "calls/writing/mine.html", {"rows": rows})


def _closes(one: Application) -> dt.datetime | None:
    """Until when it must be handed in; None for what is no draft."""
    if not one.is_draft:
        return None
    region = getattr(one, "lead_region", None) if one.call.regions else None
    return one.call.closes_in(one.step, region or "")


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_begin_for)
def begin(request: HttpRequest, call: str) -> HttpResponse:
    """One page, then writing begins."""
    found = Call.objects.published().select_related("programme", "version").filter(key=call).first()
    if found is None:
        raise Http404
    if not request.user.is_authenticated:
        require(request, may_begin_for, None)
    leads = leads_for(request.user)
    teams = (
        readable(request.user).filter(lead__in=leads, programme=found.programme).exclude(chosen=None)[:100]
    )
    initial = {"language": (get_language() or "en")[:2]} | request.GET.dict()
    form = BeginForm(request.POST or None, call=found, leads=leads, teams=list(teams), initial=initial)
    is_open = found.takes(timezone.now())
    if request.method == "POST" and form.is_valid():
        lead = next(one for one in leads if one.key == form.cleaned_data["lead"])
        require(request, may_begin_for, lead)
        try:
            made = actions.begin_application(
                call=found,
                lead=lead,
                title=form.cleaned_data["title"],
                language=form.cleaned_data.get("language", ""),
                instrument=form.cleaned_data.get("instrument", ""),
                consortium=next((t for t in teams if t.key == form.cleaned_data.get("consortium")), None),
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            prefill_from_check(request, made)
            messages.success(request, _("The application is begun. Everything you write is saved by itself."))
            return redirect(made)
    elif leads:
        require(request, may_begin_for, leads[0])
    else:
        request.kontor_required = True  # type: ignore[attr-defined] # nothing to be asked about
    context = {
        "form": form,
        "call": found,
        "leads": leads,
        "is_open": is_open,
        "checked": "check" in request.GET,
    }
    return render(request, "calls/writing/begin.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("applications/", mine, name="applications"),
    path("<slug:call>/apply/", begin, name="begin"),
]
