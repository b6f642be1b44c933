"""Changing a profile, and the short path on which a firm describes itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kontor import codes
from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.organisations import actions
from kontor.features.organisations.forms import (
    CheckForm,
    PlaceForm,
    ProfileForm,
    ShortStatementForm,
    code_pairs,
)
from kontor.features.organisations.likeness import candidates_for
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.queries import home_of_new, reader_language
from kontor.features.organisations.rules import may_create, may_edit
from kontor.features.organisations.sealing import seal, unseal
from kontor.features.organisations.views.conflicts import chosen_values, conflict_page
from kontor.features.organisations.views.finding import organisation_for
from kontor.features.organisations.views.problems import show_at_field

_DRAFT = "describe"


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """All fields. An edit that began at an older state is joined with what was saved meanwhile."""
    organisation = organisation_for(request, key, may_edit)
    if request.POST.get("step") == "resolve":
        return _save(request, organisation, *chosen_values(request))
    sent_base = request.POST.get("base")
    # What this edit began with, not what somebody else saved meanwhile, tells what it changed.
    begun = unseal(sent_base) if sent_base else actions.snapshot(organisation)
    initial = {**begun, "tags": ", ".join(begun["tags"])}
    wants_codes = "suggest" in request.POST or not begun["codes"]
    text = _text_of(request, organisation) if wants_codes else ""
    form = ProfileForm(request.POST or None, initial=initial, suggest_from=text)
    if request.method == "POST" and "suggest" not in request.POST and form.is_valid():
        return _save(request, organisation, form.profile_values(), unseal(sent_base or ""), form)
    return _edit_page(request, organisation, form, sent_base or seal(begun))


def _edit_page(
    request: HttpRequest, organisation: Organisation, form: ProfileForm, base: str
) -> HttpResponse:
    context = {"organisation": organisation, "form": form, "base": base}
    fragment = request.htmx and "suggest" in request.POST  # type: ignore[attr-defined]
    template = "organisations/edit_codes.html" if fragment else "organisations/edit.html"
    return render(request, template, context)


def _save(
    request: HttpRequest,
    organisation: Organisation,
    values: dict[str, Any],
    base: dict[str, Any],
    form: ProfileForm | None = None,
) -> HttpResponse:
    values = {field: value for field, value in values.items() if field not in {"revision", "domain"}}
    try:
        actions.change_organisation(
            organisation=organisation, values=values, base=base, actor=actor_of(request)
        )
    except actions.EditConflict as conflict:
        labels = {name: field.label for name, field in ProfileForm.base_fields.items()}
        organisation.refresh_from_db()
        return conflict_page(
            request,
            conflict,
            labels=labels,
            title=organisation.name,
            back=organisation.get_absolute_url(),
            who=organisation.changed_by,
        )
    except KontorError as error:
        if form is None:
            raise
        show_at_field(form, error)
        return _edit_page(request, organisation, form, seal(base))
    messages.success(request, _("The profile is saved."))
    return redirect(organisation)


def _text_of(request: HttpRequest, organisation: Organisation) -> str:
    """What codes are suggested from: the summary as typed, and the statements."""
    summary = request.POST.get("summary", organisation.summary)
    texts = organisation.statements.filter(closed_at=None).values_list("text", flat=True)[:5]
    return " ".join([summary, *texts])[:4000]


@require_safe
@policy(may_create)
def region(request: HttpRequest) -> HttpResponse:
    """While an address is typed: the region that it would be saved with. `was` is the one on the page before;
    a person who writes another one keeps it.
    """
    asked = {name: request.GET.get(name, "").strip()[:120] for name in ("country", "postcode", "place")}
    chosen, was = (request.GET.get(name, "").strip().upper()[:5] for name in ("nuts3", "was"))
    stays = chosen if chosen != was else ""
    hit = codes.nuts3_of(**asked) if asked["country"] and not stays else None
    label = codes.label("nuts", hit.code, reader_language()) if hit else ""
    typed = bool(asked["country"] and (asked["postcode"] or asked["place"]))
    context = {"hit": hit, "label": label, "stays": stays, "asked": typed}
    return render(request, "organisations/_region.html", context)


# --- The short path: who and where, what we offer, what we need, check


@require_http_methods(["GET", "POST"])
@policy(may_create)
def describe_place(request: HttpRequest) -> HttpResponse:
    """First page. Warns where the organisation seems to be listed already."""
    draft = _draft(request)
    form = PlaceForm(request.POST or None, initial=draft.get("place", {"kind": "firm"}))
    candidates: list[Any] = []
    if request.method == "POST" and form.is_valid():
        candidates = candidates_for(form.cleaned_data, request.user)
        if not candidates or request.POST.get("none_of_these"):
            return _next(request, "place", form.cleaned_data, "organisations:describe_offer")
    context = {"form": form, "candidates": candidates, "step": 1}
    return render(request, "organisations/edit_place.html", context)


@require_http_methods(["GET", "POST"])
@policy(may_create)
def describe_offer(request: HttpRequest) -> HttpResponse:
    return _statement_page(request, "offer", "organisations:describe_need", 2)


@require_http_methods(["GET", "POST"])
@policy(may_create)
def describe_need(request: HttpRequest) -> HttpResponse:
    return _statement_page(request, "need", "organisations:describe_check", 3)


def _statement_page(request: HttpRequest, kind: str, following: str, step: int) -> HttpResponse:
    draft = _draft(request)
    if "place" not in draft:
        return redirect("organisations:create")
    earlier = draft.get(kind, {})
    text = request.POST.get("text", earlier.get("text", ""))
    form = ShortStatementForm(request.POST or None, initial=earlier, suggest_from=text)
    if request.method == "POST" and "suggest" not in request.POST and form.is_valid():
        return _next(request, kind, form.cleaned_data, following)
    context = {"form": form, "kind": kind, "step": step, "here": request.path}
    fragment = request.htmx and "suggest" in request.POST  # type: ignore[attr-defined]
    template = "organisations/edit_codes.html" if fragment else "organisations/edit_short_statement.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@policy(may_create)
def describe_check(request: HttpRequest) -> HttpResponse:
    """Check your answers, choose who may see them, save."""
    draft = _draft(request)
    if "place" not in draft:
        return redirect("organisations:create")
    form = CheckForm(request.POST or None, initial={"listing": "listed"})
    if request.method == "POST" and form.is_valid():
        try:
            organisation = _describe(request, draft, form.cleaned_data["listing"])
        except KontorError as error:
            show_at_field(form, error)
        else:
            del request.session[_DRAFT]
            messages.success(request, _("Thank you. This is your page; you can change it at any time."))
            return redirect(organisation)
    return render(
        request, "organisations/edit_check.html", {"form": form, "rows": _answers(draft), "step": 4}
    )


def _describe(request: HttpRequest, draft: dict[str, Any], listing: str) -> Organisation:
    statements = [
        actions.Described(
            kind, draft[kind]["text"], draft[kind]["language"], tuple(code_pairs(draft[kind]["codes"]))
        )
        for kind in ("offer", "need")
        if draft.get(kind, {}).get("text")
    ]
    language = statements[0].language if statements else reader_language()
    cluster, owner = home_of_new(request.user)
    return actions.describe_organisation(
        values={**draft["place"], "listing": listing, "language": language},
        statements=statements,
        cluster=cluster,
        owner=owner,
        actor=actor_of(request),
    )


def _draft(request: HttpRequest) -> dict[str, Any]:
    draft: dict[str, Any] = request.session.get(_DRAFT, {})
    return draft


def _next(request: HttpRequest, part: str, values: dict[str, Any], following: str) -> HttpResponse:
    request.session[_DRAFT] = {**_draft(request), part: values}
    done = "check" in request.GET
    return redirect("organisations:describe_check" if done else following)


def _answers(draft: dict[str, Any]) -> list[dict[str, Any]]:
    place = draft["place"]
    town = " ".join(part for part in (place["postcode"], place["place"], place["country"]) if part)
    first, offer, need = (
        reverse(f"organisations:{name}") + "?check" for name in ("create", "describe_offer", "describe_need")
    )
    return [
        {"label": _("Name"), "value": place["name"], "href": first},
        {"label": _("Town and country"), "value": town, "href": first},
        {"label": _("Region"), "value": _region_in_words(place.get("nuts3", "")), "href": first},
        {"label": _("Web site"), "value": place["website"], "href": first},
        {"label": _("What you offer"), "value": draft.get("offer", {}).get("text", ""), "href": offer},
        {"label": _("What you need"), "value": draft.get("need", {}).get("text", ""), "href": need},
    ]


def _region_in_words(code: str) -> str:
    return f"{codes.label('nuts', code, reader_language())} ({code})" if code else ""


urlpatterns = [
    path("region/", region, name="region"),
    path("new/", describe_place, name="create"),
    path("new/offer/", describe_offer, name="describe_offer"),
    path("new/need/", describe_need, name="describe_need"),
    path("new/check/", describe_check, name="describe_check"),
    path("<slug:key>/edit/", edit, name="edit"),
]
