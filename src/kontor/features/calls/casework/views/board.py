"""The partner board of a call, and for each wish whom the matchmaker suggests across the border."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, SIGNED_IN, allowed, policy, require
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.announcing.views.editing import tried
from kontor.features.calls.announcing.views.reading import head
from kontor.features.calls.casework import actions
from kontor.features.calls.casework.actions.wishes import FIELDS
from kontor.features.calls.casework.forms import WishForm
from kontor.features.calls.casework.queries import wishes_for
from kontor.features.calls.casework.rules import may_change_wish
from kontor.features.calls.models import PartnerWish
from kontor.features.matching.ask import Ask
from kontor.features.matching.cards import cards_of
from kontor.features.matching.consortia.queries import leads_for
from kontor.features.matching.queries import find_partners
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.rules import may_edit

PAGE_SIZE = 30
#: Partners that the matchmaker suggests for a wish.
SUGGESTED = 5


@require_safe
@policy(PUBLIC)
def board(request: HttpRequest, key: str) -> HttpResponse:
    """Who looks for a partner; `?country=` narrows to those who sit there."""
    call = call_for(request.user, key)
    country = request.GET.get("country", "")[:2].upper()
    rows = wishes_for(request.user, call, country=country)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    seen = wishes_for(request.user, call).values_list("organisation__country", flat=True)
    context = {
        **head(request, call, "board"),
        "page": page,
        "country": country,
        "countries": sorted(set(seen)),
    }
    return render(request, "calls/casework/board.html", context)


@require_safe
@policy(PUBLIC)
def wish(request: HttpRequest, key: str, wish: str) -> HttpResponse:
    """One wish; those who wrote it see whom the matchmaker suggests."""
    row = _wish(request, key, wish)
    writes = allowed(request, may_change_wish, row)
    ask = ask_of(row)
    context = {
        **head(request, row.call, "board"),
        "wish": row,
        "writes": writes,
        "cards": _cards(ask, request.user) if writes and row.state == "open" else [],
        "query": ask.query_string(),
        "countries": ask.countries,
        "fields": [one.name for one in row.call.definition_of_programme.themes if one.key in row.themes],
    }
    return render(request, "calls/casework/wish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(SIGNED_IN)
def add_wish(request: HttpRequest, key: str) -> HttpResponse:
    call = call_for(request.user, key)
    leads = leads_for(request.user)
    initial = {"language": (get_language() or "en")[:2], "title": request.GET.get("title", "")[:200]}
    form = WishForm(request.POST or None, call=call, leads=leads, initial=initial)
    if request.method == "POST" and form.is_valid():
        owner = get_object_or_404(Organisation, key=form.cleaned_data.get("organisation", ""))
        require(request, may_edit, owner)
        try:
            made = actions.add_wish(
                call=call, organisation=owner, values=_values(form), actor=actor_of(request)
            )
        except KontorError as error:
            form.add_error(error.path if error.path in form.fields else None, str(error))
        else:
            messages.success(request, _("Your wish is on the board."))
            return redirect(made)
    context = {
        **head(request, call, "board"),
        "form": form,
        "none": not leads,
        "title": _("Look for a partner"),
    }
    return render(request, "calls/casework/wish_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_change_wish)
def change_wish(request: HttpRequest, key: str, wish: str) -> HttpResponse:
    row = _wish(request, key, wish)
    require(request, may_change_wish, row)
    initial = {name: getattr(row, name) for name in FIELDS} | {"revision": row.revision}
    form = WishForm(request.POST or None, call=row.call, leads=[], fixed=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        given = {"wish": row, "values": _values(form), "revision": revision, "actor": actor_of(request)}
        if tried(form, actions.change_wish, **given):
            messages.success(request, _("Saved."))
            return redirect(row)
    context = {**head(request, row.call, "board"), "form": form, "wish": row, "title": _("Change the wish")}
    return render(request, "calls/casework/wish_form.html", context, status=400 if form.errors else 200)


@require_POST
@policy(may_change_wish)
def turn_wish(request: HttpRequest, key: str, wish: str, verb: str) -> HttpResponse:
    """Found, withdrawn, or back on the board."""
    row = _wish(request, key, wish)
    require(request, may_change_wish, row)
    if verb == "reopen":
        actions.reopen_wish(wish=row, actor=actor_of(request))
        messages.success(request, _("Your wish is on the board again."))
    else:
        actions.close_wish(wish=row, found=verb == "found", actor=actor_of(request))
        messages.success(request, _("Your wish is off the board. You can put it back."))
    return redirect(row)


def countries_of(row: PartnerWish) -> tuple[str, ...]:
    """Where the wish looks: the countries it names, else those of the programme's sides but its own."""
    sides = row.call.definition_of_programme.sides
    near = dict.fromkeys(country for side in sides for country in side.countries)
    near.pop(row.organisation.country, None)
    return tuple(row.countries) or tuple(near)


def ask_of(row: PartnerWish) -> Ask:
    """The wish as a question to the matchmaker: in the countries and kinds named, else across the border."""
    themes = {one.key: one.codes for one in row.call.definition_of_programme.themes}
    looked_in = countries_of(row)
    return Ask(
        text=f"{row.title}. {row.text}",
        language=row.language,
        organisation=row.organisation.key,
        origin=row.organisation.country,
        across=not looked_in,
        countries=looked_in,
        kinds=tuple(row.kinds),
        codes=tuple(f"theme:{code}" for key in row.themes for code in themes.get(key, ())),
        top=SUGGESTED,
    )


def _cards(ask: Ask, user: Any) -> list[Any]:
    try:
        return cards_of(find_partners(ask, user))
    except KontorError:
        return []


def _wish(request: HttpRequest, key: str, wish: str) -> PartnerWish:
    """An open wish anybody may read; one taken down only its own people."""
    call = call_for(request.user, key)
    rows = PartnerWish.objects.select_related("organisation", "call__programme", "call__version")
    row = get_object_or_404(rows, call=call, key=wish)
    shown = wishes_for(request.user, call).filter(pk=row.pk).exists()
    if not shown:
        require(request, may_change_wish, row)
    return row


def _values(form: WishForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}


urlpatterns = [
    path("<slug:key>/partners/", board, name="board"),
    path("<slug:key>/partners/add/", add_wish, name="add-wish"),
    path("<slug:key>/partners/<str:wish>/", wish, name="wish"),
    path("<slug:key>/partners/<str:wish>/change/", change_wish, name="change-wish"),
    path("<slug:key>/partners/<str:wish>/<slug:verb>/", turn_wish, name="turn-wish"),
]
