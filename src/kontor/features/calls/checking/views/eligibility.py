"""Eligibility of an application: what every rule says, what the officer decided, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import allowed, policy, require
from kontor.features.calls.announcing.views.editing import tried
from kontor.features.calls.announcing.views.reading import head
from kontor.features.calls.casework.rules import may_see_desk
from kontor.features.calls.checking import actions
from kontor.features.calls.checking.words import answer_rows, badge_of, recorded_rows
from kontor.features.calls.models import Application, Verdict
from kontor.features.calls.problem import eligibility as assess
from kontor.features.calls.queries import application_for
from kontor.features.calls.rules import may_handle_application, may_read_application

BADGES = {Verdict.ELIGIBLE: "good", Verdict.INELIGIBLE: "bad", Verdict.TAKEN_BACK: "neutral"}


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[(one.value, one.label) for one in (Verdict.ELIGIBLE, Verdict.INELIGIBLE)],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=3_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "The applicant reads it. Needed for a refusal, and where the decision differs from the rules."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read_application)
def eligibility(request: HttpRequest, key: str) -> HttpResponse:
    """For everybody who may read the application; whoever manages the call also decides."""
    application = application_for(request.user, key)
    require(request, may_read_application, application)
    decides = allowed(request, may_handle_application, application)
    decisions = list(application.eligibility_decisions.all())
    seen = decisions[0].number if decisions else 0
    form = DecisionForm(request.POST or None, initial={"seen": seen})
    if request.method == "POST":
        require(request, may_handle_application, application)
        given = {"application": application, "actor": actor_of(request)}
        if form.is_valid() and tried(form, actions.decide_eligibility, **given, **form.cleaned_data):
            messages.success(request, _("The decision is recorded."))
            return redirect("calls:eligibility", application.key)
    context = {
        **head(request, application.call, "desk"),
        "application": application,
        "decides": decides,
        "form": form,
        "open": application.state in {"submitted", "admissible", "eligible", "ineligible"},
        "decisions": [(one, BADGES[Verdict(one.verdict)], recorded_rows(one.answers)) for one in decisions],
        "last": decisions[0] if decisions else None,
        "sees_desk": allowed(request, may_see_desk, application.call),
        **_rules(application),
    }
    return render(request, "calls/checking/eligibility.html", context, status=400 if form.errors else 200)


@require_POST
@policy(may_handle_application)
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    application = application_for(request.user, key)
    require(request, may_handle_application, application)
    seen = request.POST.get("seen", "0")
    try:
        actions.take_back_eligibility(
            application=application,
            reason=request.POST.get("reason", ""),
            seen=int(seen) if seen.isdecimal() and len(seen) < 6 else 0,
            actor=actor_of(request),
        )
    except KontorError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The decision is taken back; it stays on record."))
    return redirect("calls:eligibility", application.key)


def _rules(application: Application) -> dict[str, Any]:
    found = assess(application)
    partners = application.partners.current().select_related("organisation")
    names = {one.key: one.organisation.name for one in partners}
    return {
        "answers": answer_rows(found, names),
        "state": str(found.state),
        "kind": badge_of(found.state),
        "instrument": found.instrument,
        "definition": found.programme,
        "partners": list(partners),
    }


urlpatterns = [
    path("applications/<str:key>/eligibility/", eligibility, name="eligibility"),
    path("applications/<str:key>/eligibility/take-back/", take_back, name="take-back-eligibility"),
]
