"""The organisations of an application."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.completeness import field_address
from kontor.features.calls.models import Application, ApplicationPartner, PartnerRole
from kontor.features.calls.rules import may_write_application
from kontor.features.calls.writing.partners import AddPartnerForm, PartnerForm
from kontor.features.calls.writing.views.finding import application_by, said
from kontor.features.calls.writing.views.overview import head_of
from kontor.features.calls.writing.views.section import save_typed
from kontor.features.organisations.models import Organisation


def _back(application: Application) -> str:
    """The question about partners on the writing page."""
    for section in application.questions.asked_in(application.step):
        for one in section.fields:
            if one.kind == "partners":
                return field_address(application, section.key, one.key)
    return application.get_absolute_url()


@require_POST
@policy(may_write_application)
def add(request: HttpRequest, key: str) -> HttpResponse:
    application = application_by(request, key, may_write_application)
    save_typed(request, application)
    form = AddPartnerForm(request.POST, call=application.call)
    if not form.is_valid():
        messages.error(request, _("Choose an organisation of the directory."))
        return redirect(_back(application))
    wanted = form.cleaned_data["organisation"].strip()
    rows = Organisation.objects.visible_to(request.user)
    found = rows.filter(key=wanted).first() or rows.filter(name=wanted).first()
    if found is None:
        messages.error(request, _("The directory has no “{name}”.").format(name=wanted))
        return redirect(_back(application))
    with said(request, _("{name} is a partner now.").format(name=found.name)):
        actions.add_partner(
            application=application, organisation=found, values=form.values(), actor=actor_of(request)
        )
    return redirect(_back(application))


def _partner(application: Application, key: str) -> ApplicationPartner:
    rows = application.partners.current().select_related("organisation", "application")
    return get_object_or_404(rows, key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_write_application)
def change(request: HttpRequest, key: str, partner: str) -> HttpResponse:
    application = application_by(request, key, may_write_application)
    found = _partner(application, partner)
    flags = {True: "yes", False: "no", None: ""}
    initial = {
        "role": found.role,
        "region": found.region,
        **{name: flags[getattr(found, name)] for name in ("led_before", "new", "in_difficulty")},
    }
    lead = found.role == PartnerRole.LEAD
    form = PartnerForm(request.POST or None, call=application.call, lead=lead, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("revision", "")
        with said(request, _("Saved.")):
            actions.change_partner(
                partner=found,
                values=form.values(),
                revision=int(seen) if seen.isdecimal() else None,
                actor=actor_of(request),
            )
        return redirect(_back(application))
    context = {**head_of(request, application), "partner": found, "form": form, "back": _back(application)}
    return render(request, "calls/writing/partner.html", context)


@require_POST
@policy(may_write_application)
def remove(request: HttpRequest, key: str, partner: str) -> HttpResponse:
    application = application_by(request, key, may_write_application)
    found = _partner(application, partner)
    save_typed(request, application)
    text = _("{name} is taken out. Add it again to bring its money back.")
    with said(request, text.format(name=found.organisation.name)):
        actions.remove_partner(partner=found, actor=actor_of(request))
    return redirect(_back(application))


urlpatterns = [
    path("applications/<slug:key>/partners/add/", add, name="partner-add"),
    path("applications/<slug:key>/partners/<slug:partner>/", change, name="partner"),
    path("applications/<slug:key>/partners/<slug:partner>/remove/", remove, name="partner-remove"),
]
