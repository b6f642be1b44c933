"""The list of organisations, its map, saved views, and changes to many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kontor import codes
from kontor.base.actor import actor_of
from kontor.base.components.filters import Chip
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, SIGNED_IN, allowed, policy
from kontor.features.accounts.queries import clusters_managed
from kontor.features.accounts.rules import is_administrator
from kontor.features.organisations.directory import actions, cells, pages
from kontor.features.organisations.directory.atlas import atlas_of
from kontor.features.organisations.directory.fields import CodeField
from kontor.features.organisations.directory.filters import BY_NAME, FRESHNESS
from kontor.features.organisations.directory.fulltext import named
from kontor.features.organisations.directory.listing import Listing, Wish, scope_of
from kontor.features.organisations.models import BulkChange, BulkVerb, Organisation, SavedView
from kontor.features.organisations.rules import may_create, may_merge

# Managers and administrators change many at once; which organisations, the action asks for each.
changes_many = may_merge
_NAMED = 20


@require_safe
@policy(PUBLIC)
def list_organisations(request: HttpRequest) -> HttpResponse:
    """The directory; only its results when htmx asks as one types."""
    listing = Listing(Wish.read(request.GET), scope_of(request))
    context = _list_context(request, listing)
    template = "organisations/_results.html" if request.htmx else "organisations/list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["HX-Replace-Url"] = context["address"]
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_safe
@policy(PUBLIC)
def show_map(request: HttpRequest) -> HttpResponse:
    """The same filters, seen on the map of Europe."""
    listing = Listing(Wish.read(request.GET), scope_of(request))
    context = _context(listing) | {"atlas": atlas_of(listing), "here": reverse("organisations:map")}
    return render(request, "organisations/map.html", context)


def _context(listing: Listing) -> dict[str, Any]:
    """What list and map share: filters, chips, facets and links that keep the filters."""
    wish, query = listing.wish, listing.wish.filters.query()
    return {
        "listing": listing,
        "wish": wish,
        "values": wish.filters.values,
        "q": " ".join(wish.filters.values.get("q", ())),
        "chips": _chips(listing),
        "problems": _problems(listing),
        "facets": [(BY_NAME[column], listing.options(column)) for column in ("country", "kind", "size")],
        "code_fields": _code_fields(listing),
        "freshness": FRESHNESS,
        "list_href": f"{reverse('organisations:list')}?{query}",
        "map_href": f"{reverse('organisations:map')}?{query}",
    }


def _list_context(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    wish = listing.wish
    managing = allowed(request, changes_many)
    return _context(listing) | {
        "here": reverse("organisations:list"),
        "address": f"{reverse('organisations:list')}?{wish.query()}".rstrip("?"),
        "sorts": [(name, sort.label) for name, sort in pages.SORTS.items()],
        "sizes": pages.PAGE_SIZES,
        "all_columns": [(name, column.label) for name, column in cells.COLUMNS.items()],
        "columns": [(name, cells.COLUMNS[name]) for name in wish.columns],
        "views": SavedView.objects.filter(user=request.user) if request.user.is_authenticated else (),
        "may_create": allowed(request, may_create),
        "verbs": BulkVerb.choices if managing else (),
        "own_clusters": _own_clusters(request.user) if managing else (),
        "export_href": _export_href(wish),
    }


def _chips(listing: Listing) -> list[Chip]:
    """A chip for each value in force; its link leads to the page without it."""
    wish, scope = listing.wish, listing.scope
    return [
        Chip(chip.label, chip.value, f"?{Wish(chip.without, wish.sort, 1, wish.size, wish.columns).query()}")
        for chip in wish.filters.chips(scope)
    ]


def _problems(listing: Listing) -> list[dict[str, Any]]:
    """What was not understood; words in place of a code are answered with codes to choose from."""
    filters, language = listing.wish.filters, listing.scope.language
    problems = []
    for field, value, remedy in filters.problems:
        found = codes.find(field.name, value, language, 5) if isinstance(field, CodeField) else []
        suggestions = [
            {
                "label": f"{each.code} {each.label}",
                "href": f"?{filters.having(field.name, each.code).query()}",
            }
            for each in found
        ]
        problems.append({"field": field, "value": value, "remedy": remedy, "suggestions": suggestions})
    return problems


def _code_fields(listing: Listing) -> list[dict[str, Any]]:
    """The code filters as the form shows them: long lists are searched, short ones chosen from."""
    fields = []
    for name in ("theme", "ket", "nace", "cpv"):
        chosen = listing.wish.filters.values.get(name, ())
        choices = []
        if name in ("theme", "ket"):
            choices = [
                (code, codes.label(name, code, listing.scope.language)) for code in codes.scheme(name).codes()
            ]
        fields.append(
            {"field": BY_NAME[name], "value": ", ".join(chosen), "chosen": chosen, "choices": choices}
        )
    return fields


def _own_clusters(user: Any) -> Sequence[tuple[str, str]]:
    clusters = Organisation.objects.alive().filter(kind="cluster").order_by("name_key", "id")
    if not is_administrator(user):
        clusters = clusters.filter(key__in=clusters_managed(user))
    return list(clusters.values_list("key", "name")[:300])


def _export_href(wish: Wish) -> str:
    """The export with these filters; "" where this site offers none."""
    try:
        return f"{reverse('organisations:export')}?{wish.filters.query()}"
    except NoReverseMatch:
        return ""


@require_safe
@policy(PUBLIC)
def find_names(request: HttpRequest) -> HttpResponse:
    """The search behind fields that name an organisation: `{"items": [{"code": key, "label": name}]}`.

    Whoever is not signed in finds what the list shows everybody.
    """
    found = named(request.user, request.GET.get("q", "")[:200])[:_NAMED]
    items = [
        {
            "code": each.key,
            "label": ", ".join(filter(None, (each.name, each.place, each.country))),
            "plain": True,
        }
        for each in found
    ]
    return JsonResponse({"items": items})


@require_POST
@policy(SIGNED_IN)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters, order and columns of the list under a name."""
    query = Wish.read(_query_of(request)).query()
    view = actions.save_view(name=request.POST.get("name", ""), query=query, actor=actor_of(request))
    messages.success(
        request, _("The view “%(name)s” is saved. Share it by its address.") % {"name": view.name}
    )
    return redirect(view)


def _query_of(request: HttpRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", "")[:4000])


@require_safe
@policy(PUBLIC)
def open_view(request: HttpRequest, key: str) -> HttpResponse:
    """A saved view for whoever has its address: its filters, with what this person may see."""
    view = get_object_or_404(SavedView, key=key)
    return HttpResponseRedirect(f"{reverse('organisations:list')}?{view.query}")


@require_POST
@policy(SIGNED_IN)
def delete_view(request: HttpRequest, key: str) -> HttpResponse:
    view = get_object_or_404(SavedView, key=key, user_id=request.user.pk)
    actions.delete_view(view=view, actor=actor_of(request))
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect("organisations:list")


@require_POST
@policy(changes_many)
def change_many(request: HttpRequest) -> HttpResponse:
    """First post: check what will happen. Second, with `sure`: do it."""
    keys = _chosen_keys(request)
    verb, value = request.POST.get("verb", ""), _value_of(request)
    if verb not in BulkVerb.values:
        raise KontorError(
            _("No action is chosen."), code="no_verb", path="verb", remedy=_("Choose one."), status=422
        )
    if "sure" not in request.POST:
        return render(request, "organisations/many.html", _many_context(request, keys, verb, value))
    change = actions.change_many(verb=verb, keys=keys, value=value, actor=actor_of(request))
    return redirect("organisations:change", key=change.key)


def _chosen_keys(request: HttpRequest) -> list[str]:
    """The ticked organisations, or with `all` every one the filters find that the person may change."""
    if "all" not in request.POST:
        return request.POST.getlist("keys")
    listing = Listing(Wish.read(_query_of(request)), scope_of(request))
    found = listing.found.filter(pk__in=Organisation.objects.editable_by(request.user).values("pk"))
    return list(found.order_by("pk").values_list("key", flat=True)[: actions.MAX_MANY + 1])


def _value_of(request: HttpRequest) -> str:
    verb = request.POST.get("verb", "")
    return request.POST.get("cluster" if verb in (BulkVerb.JOIN, BulkVerb.LEAVE) else "tag", "")


def _many_context(request: HttpRequest, keys: list[str], verb: str, value: str) -> dict[str, Any]:
    chosen = Organisation.objects.editable_by(request.user).filter(key__in=keys)
    label = value
    if verb in (BulkVerb.JOIN, BulkVerb.LEAVE):
        label = dict(_own_clusters(request.user)).get(value, "")
    return {
        "keys": keys,
        "verb": verb,
        "verb_label": BulkVerb(verb).label,
        "value": value,
        "label": label,
        "names": list(chosen.order_by("name_key", "id").values_list("name", flat=True)[:10]),
        "more": max(len(keys) - 10, 0),
        "query": request.POST.get("query", ""),
    }


@require_safe
@policy(changes_many)
def show_change(request: HttpRequest, key: str) -> HttpResponse:
    """What a change to many did, and the button that takes it back."""
    change = _own_change(request, key)
    changed = Organisation.objects.filter(key__in=list(change.undo)).order_by("name_key", "id")
    changed = changed.exclude(listing="withdrawn")
    return render(request, "organisations/change.html", {"change": change, "changed": changed[:100]})


@require_POST
@policy(changes_many)
def undo_change(request: HttpRequest, key: str) -> HttpResponse:
    change = actions.undo_change(change=_own_change(request, key), actor=actor_of(request))
    messages.success(request, _("The change is taken back."))
    return redirect("organisations:change", key=change.key)


def _own_change(request: HttpRequest, key: str) -> BulkChange:
    """The change, for who made it and for administrators."""
    change = get_object_or_404(BulkChange, key=key)
    if change.actor_key != actor_of(request).key and not is_administrator(request.user):
        raise Http404
    return change


urlpatterns: list[URLPattern] = [
    path("", list_organisations, name="list"),
    path("map/", show_map, name="map"),
    path("names/", find_names, name="names"),
    path("views/", save_view, name="save-view"),
    path("views/<str:key>/", open_view, name="view"),
    path("views/<str:key>/delete/", delete_view, name="delete-view"),
    path("many/", change_many, name="many"),
    path("changes/<str:key>/", show_change, name="change"),
    path("changes/<str:key>/undo/", undo_change, name="undo-change"),
]
