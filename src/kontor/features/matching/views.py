"""Pages of the matchmaker: ask, read, compare, save, share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, SIGNED_IN, policy
from kontor.features.accounts.views.person import person_of
from kontor.features.matching import actions
from kontor.features.matching.ask import LONGEST_ADDRESS, Ask
from kontor.features.matching.cards import (
    cards_of,
    chips_of,
    excluded_of,
    notes_of,
    side_by_side,
    suggested_of,
    ways_out,
)
from kontor.features.matching.forms import SearchForm
from kontor.features.matching.models import SavedSearch
from kontor.features.matching.products import target_of, targets
from kontor.features.matching.queries import countries_present, find_partners, statements_that_ask

MOST_COMPARED = 4


@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def search(request: HttpRequest) -> HttpResponse:
    """The search and its results. A text too long for an address is posted and answered at once."""
    form = SearchForm(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and form.is_valid():
        address = form.ask().query_string()
        if len(address) <= LONGEST_ADDRESS and not request.htmx:  # type: ignore[attr-defined]
            return HttpResponseRedirect(f"{reverse('matching:search')}?{address}", status=303)
    context = {
        "form": form,
        "countries": form.countries_among(countries_present()),
        **_results(request, form),
    }
    template = "matching/_results.html" if request.htmx else "matching/search.html"  # type: ignore[attr-defined]
    response = render(request, template, context, status=context.get("status", 200))
    if request.htmx and context.get("address"):  # type: ignore[attr-defined]
        response["HX-Replace-Url"] = context["address"]  # one step back leads away, not to half a word
    patch_vary_headers(response, ["HX-Request"])
    return response


def _results(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    """The template's view of an answer; empty while nothing is asked."""
    if not form.is_valid():
        return {"refused": True}
    ask = form.ask()
    context: dict[str, Any] = {"ask": ask, "chips": chips_of(ask), "targets": list(targets().values())}
    if ask.is_empty:
        return context
    try:
        answer = find_partners(ask, request.user)
    except KontorError as refusal:
        return {**context, "refusal": refusal, "status": refusal.status if refusal.status == 404 else 200}
    address = ask.query_string()
    return {
        **context,
        "answer": answer,
        "cards": cards_of(answer),
        "excluded": excluded_of(answer),
        "ways_out": ways_out(answer),
        "notes": notes_of(answer),
        "suggested": suggested_of(answer),
        "without_codes": replace(ask, read_codes=False).query_string(),
        "with_codes": replace(ask, read_codes=True, wrong_codes=()).query_string(),
        "statements": statements_that_ask(answer.asker, request.user),
        "target": target_of(ask.product) if ask.product else None,
        "query": address,
        "pairs": parse_qsl(address),
        "address": f"{reverse('matching:search')}?{address}" if len(address) <= LONGEST_ADDRESS else "",
    }


@require_safe
@policy(PUBLIC)
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four partners of one search, side by side; `with` holds the keys on their cards."""
    form = SearchForm(request.GET)
    chosen = request.GET.getlist("with")[:MOST_COMPARED]
    if not form.is_valid() or form.ask().is_empty or len(chosen) < 2:
        messages.info(request, _("Tick two to four partners to compare them."))
        return redirect(f"{reverse('matching:search')}?{_asked(request)}")
    answer = find_partners(form.ask(), request.user)
    cards = [card for card in cards_of(answer) if card.key in chosen]
    context = {
        "ask": form.ask(),
        "cards": cards,
        "rows": side_by_side(cards),
        "back": f"{reverse('matching:search')}?{form.ask().query_string()}",
    }
    return render(request, "matching/compare.html", context)


def _asked(request: HttpRequest) -> str:
    """The search's part of the address, without what is compared."""
    query = request.GET.copy()
    query.pop("with", None)
    return query.urlencode()


@require_safe
@policy(PUBLIC)
def products(request: HttpRequest) -> HttpResponse:
    """The target products of the programmes: each is a question that is already written."""
    return render(request, "matching/products.html", {"targets": list(targets().values())})


@require_safe
@policy(SIGNED_IN)
def saved_list(request: HttpRequest) -> HttpResponse:
    rows = list(SavedSearch.objects.owned_by(request.user)[:200])
    return render(request, "matching/saved.html", {"rows": rows})


@require_POST
@policy(SIGNED_IN)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the question of the posted address under a name."""
    form = SearchForm(QueryDict(request.POST.get("query", "")))
    if not form.is_valid():
        messages.error(request, _("The search has errors; mend them before you save it."))
        return redirect("matching:search")
    saved = actions.save_search(
        ask=form.ask(), name=request.POST.get("name", ""), owner=person_of(request), actor=actor_of(request)
    )
    messages.success(request, _("The search “%(name)s” is saved.") % {"name": saved.name})
    return redirect(saved)


@require_safe
@policy(PUBLIC)
def saved_detail(request: HttpRequest, key: str) -> HttpResponse:
    """A saved search with the answer that this reader may see; 404 for what was not shared with them."""
    saved = get_object_or_404(SavedSearch.objects.readable_by(request.user), key=key)
    ask = Ask.from_dict(saved.query)
    form = SearchForm(QueryDict(ask.query_string()))
    context = {
        "saved": saved,
        "mine": saved.owner_id == request.user.pk,
        "form": form,
        **_results(request, form),
    }
    context["link"] = request.build_absolute_uri(saved.get_absolute_url())
    return render(request, "matching/saved_detail.html", context)


@require_POST
@policy(SIGNED_IN)
def saved_change(request: HttpRequest, key: str) -> HttpResponse:
    """Share, stop sharing, delete or restore one's own saved search."""
    saved = get_object_or_404(SavedSearch, key=key, owner_id=request.user.pk)
    actor, verb = actor_of(request), request.POST.get("verb", "")
    if verb in {"share", "unshare"}:
        actions.share_search(saved, shared=verb == "share", actor=actor)
    elif verb == "delete":
        actions.delete_search(saved, actor=actor)
        return render(request, "matching/saved_deleted.html", {"saved": saved})
    elif verb == "restore":
        actions.restore_search(saved, actor=actor)
    else:
        raise KontorError(_("No action is chosen."), code="no-verb", path="verb", remedy=_("Choose one."))
    return redirect(saved)
