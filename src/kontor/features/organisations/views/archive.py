"""Taking one organisation out of the directory, and bringing archived ones back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import SIGNED_IN, allowed, policy, require
from kontor.features.organisations import actions
from kontor.features.organisations.forms import ArchiveForm
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.queries import archived_of
from kontor.features.organisations.rules import may_edit
from kontor.features.organisations.views.finding import organisation_for

_PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def archive(request: HttpRequest, key: str) -> HttpResponse:
    """Says what is lost and asks; then leads to the page on which it is brought back."""
    organisation = organisation_for(request, key, may_edit)
    form = ArchiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.archive_organisation(organisation=organisation, reason=reason, actor=actor_of(request))
        messages.success(request, _("%(name)s is archived.") % {"name": organisation.name})
        return redirect("organisations:archived")
    return render(request, "organisations/archive.html", {"organisation": organisation, "form": form})


@require_safe
@policy(SIGNED_IN)
def archived(request: HttpRequest) -> HttpResponse:
    """Those that the person may bring back."""
    page = Paginator(archived_of(request.user), _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/archived.html", {"page": page})


@require_POST
@policy(may_edit)
def unarchive(request: HttpRequest, key: str) -> HttpResponse:
    """For those who may not, the archived organisation does not exist."""
    rows = Organisation.objects.exclude(archived_at=None)
    organisation = get_object_or_404(rows, key=key, merged_into=None)
    if not allowed(request, may_edit, organisation):
        raise Http404
    require(request, may_edit, organisation)
    actions.unarchive_organisation(organisation=organisation, actor=actor_of(request))
    messages.success(request, _("%(name)s is back in the directory.") % {"name": organisation.name})
    return redirect(organisation)


urlpatterns = [
    path("archived/", archived, name="archived"),
    path("<slug:key>/archive/", archive, name="archive"),
    path("<slug:key>/unarchive/", unarchive, name="unarchive"),
]
