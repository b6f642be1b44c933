"""The page of one organisation, its data for its owner, and its yearly figures and translations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kontor import codes
from kontor.base.panels import sections_on
from kontor.base.permissions import PUBLIC, policy
from kontor.features.organisations.forms.codes import SCHEMES, describe
from kontor.features.organisations.languages import language_name
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.pinpoint import pinpoint_of
from kontor.features.organisations.queries import (
    Profile,
    export_of,
    own_organisations,
    profile_of,
    reader_language,
)
from kontor.features.organisations.rules import belongs_to_organisation, may_decide_consent, may_see
from kontor.features.organisations.timeline import timeline_of
from kontor.features.organisations.views.finding import organisation_for

_SEARCHED = 20


@require_safe
@policy(belongs_to_organisation)
def own(request: HttpRequest) -> HttpResponse:
    """To the person's own organisation; with several, to the start page, which lists them."""
    organisations = own_organisations(request.user)
    return redirect(organisations[0]) if len(organisations) == 1 else redirect("start")


@require_safe
@policy(may_see)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """The profile. The key of a merged organisation leads on to the one that was kept."""
    if kept := _kept_instead(key):
        return HttpResponseRedirect(organisation_for(request, kept.key).get_absolute_url())
    organisation = organisation_for(request, key)
    profile = profile_of(organisation, request.user, reader_language())
    sections = sections_on("organisation", request.user, organisation)
    context = {"profile": profile, "organisation": organisation, "sections": sections, **_parts(profile)}
    return render(request, "organisations/profile.html", context)


def _kept_instead(key: str) -> Organisation | None:
    """The end of the chain of merges, None where the key was never merged away."""
    found = get_object_or_404(Organisation.objects.select_related("merged_into"), key=key)
    if found.merged_into is None:
        return None
    while found.merged_into is not None:
        found = found.merged_into
    return found


def _parts(profile: Profile) -> dict[str, Any]:
    """Facts, legal identity and time line, as the components take them."""
    organisation = profile.organisation
    legal = [
        (_("VAT number"), organisation.vat),
        (_("Register number"), organisation.register_number),
        (_("PIC"), organisation.pic),
        (_("Number in the source file"), organisation.external_id),
    ]
    return {
        "facts_rows": facts_of(profile),
        "legal_rows": legal if profile.may_edit else [],
        "events": timeline_of(profile.events),
        "place_line": ", ".join(part for part in (organisation.place, profile.country_label) if part),
        "match_href": f"/matches/?organisation={organisation.key}",
        "pinpoint": pinpoint_of(organisation),
        "has_statements": any(profile.statements.values()),
        "kinds": [
            ("offer", _("Offers"), profile.statements.get("offer", [])),
            ("need", _("Needs"), profile.statements.get("need", [])),
            ("competence", _("Competences"), profile.statements.get("competence", [])),
        ],
    }


def facts_of(profile: Profile) -> list[tuple[str, Any]]:
    organisation = profile.organisation
    town = " ".join(part for part in (organisation.postcode, organisation.place) if part)
    region = f"{profile.region_label} ({organisation.nuts3}, NUTS {organisation.nuts_version})"
    return [
        (_("Kind"), organisation.get_kind_display()),
        (_("Size"), organisation.get_size_display()),
        (_("Country"), f"{profile.country_label} ({organisation.country})"),
        (_("Address"), ", ".join(part for part in (organisation.street, town) if part)),
        (_("Region"), region if organisation.nuts3 else ""),
        (_("Working languages"), ", ".join(map(language_name, organisation.languages))),
        (_("Tags"), ", ".join(organisation.tags)),
    ]


@require_safe
@policy(may_decide_consent)
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Everything stored about the organisation, as a JSON file for its owner."""
    organisation = organisation_for(request, key, may_decide_consent)
    answer = JsonResponse(export_of(organisation), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="kontor-{organisation.key}.json"'
    return answer


@require_safe
@policy(PUBLIC)
def find_codes(request: HttpRequest) -> HttpResponse:
    """The search behind code fields: `?q=wind` answers {"items": [{"code": "nace:28.11", "label": …}]}."""
    text, language = request.GET.get("q", "").strip()[:200], reader_language()
    found = (
        [hit for scheme in SCHEMES for hit in codes.find(scheme, text, language, _SEARCHED)] if text else []
    )
    best = sorted(found, key=lambda hit: -hit.score)[:_SEARCHED]
    items = [
        {"code": value, "label": describe(value, language)}
        for value in (f"{h.scheme}:{h.code}" for h in best)
    ]
    return JsonResponse({"items": items})


urlpatterns = [
    path("codes/", find_codes, name="codes"),
    path("own/", own, name="own"),
    path("<slug:key>/", detail, name="detail"),
    path("<slug:key>/export/", export, name="export_own"),
]
