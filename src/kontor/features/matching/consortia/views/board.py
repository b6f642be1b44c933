"""The board: seats, lights, missing competences, money, suggestions; comparing; the details; the history."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import allowed, policy
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.stepping import undoable
from kontor.features.matching.consortia.forms import DetailsForm, details_initial
from kontor.features.matching.consortia.history import happened_in
from kontor.features.matching.consortia.queries import Board
from kontor.features.matching.consortia.rules import may_compose, may_read, may_take_over
from kontor.features.matching.consortia.suggestions import suggestions_for
from kontor.features.matching.consortia.views.reading import (
    SEAT_BADGES,
    board_for,
    composed_by,
    consortium_for,
    head,
    seen_now,
)
from kontor.features.matching.models import Consortium
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_safe
@policy(may_read)
def board(request: HttpRequest, key: str) -> HttpResponse:
    """One variant with all that is known of it."""
    consortium = consortium_for(request, key)
    return render(request, "matching/consortia/board.html", _context(request, consortium))


@never_cache
@require_safe
@policy(may_read)
def board_part(request: HttpRequest, key: str) -> HttpResponse:
    """The board anew where it changed since the revision that the page shows; else nothing (204)."""
    consortium = consortium_for(request, key)
    if request.GET.get("seen", "") == str(consortium.revision):
        return HttpResponse(status=204)
    context = {**_context(request, consortium), "changed_by": consortium.changed_by}
    return render(request, "matching/consortia/_board.html", context)


@never_cache
@require_safe
@policy(may_compose)
def gaps(request: HttpRequest, key: str) -> HttpResponse:
    """Who could fill the gaps of one variant; the board asks for it once it is shown."""
    consortium = composed_by(request, key)
    if not request.headers.get("HX-Request"):
        query = urlencode({"variant": request.GET.get("variant", ""), "gaps": "on"})
        return redirect(f"{consortium.get_absolute_url()}?{query}#gaps")
    found = board_for(request, consortium)
    view = found.view(request.GET.get("variant", ""))
    context = {
        **head(request, consortium, "board"),
        "board": found,
        "view": view,
        "editable": found.composes and consortium.is_open,
        "gaps": suggestions_for(found, view, request.user) if view else (),
        "asked": True,
    }
    return render(request, "matching/consortia/_gaps.html", context)


@require_safe
@policy(may_read)
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """All variants side by side."""
    consortium = consortium_for(request, key)
    found = board_for(request, consortium)
    context = {**head(request, consortium, "compare"), "board": found, "badges": SEAT_BADGES}
    return render(request, "matching/consortia/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_compose)
def details(request: HttpRequest, key: str) -> HttpResponse:
    """What the consortium is about. Whoever wrote on an older state is shown what changed."""
    consortium = composed_by(request, key)
    form = DetailsForm(request.POST or None, initial=details_initial(consortium))
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_details(
                consortium=consortium,
                values=form.values(),
                revision=form.cleaned_data["revision"],
                actor=actor_of(request),
            )
        except actions.BoardConflict as error:
            conflict = error
            seen_now(form, error.revision)
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(consortium)
    context = {**head(request, consortium, ""), "form": form, "conflict": conflict}
    return render(request, "matching/consortia/details.html", context)


@require_safe
@policy(may_read)
def history(request: HttpRequest, key: str) -> HttpResponse:
    """Every step, who did it, what was taken back, and reasons for leaving a proposal."""
    consortium = consortium_for(request, key)
    found = board_for(request, consortium)
    context = {
        **head(request, consortium, "history"),
        "happened": happened_in(consortium, whole=found.whole),
        "overrides": list(consortium.overrides.select_related("about")) if found.whole else [],
        "undo": undoable(consortium) if found.composes else None,
    }
    return render(request, "matching/consortia/history.html", context)


def _context(request: HttpRequest, consortium: Consortium) -> dict[str, Any]:
    found = board_for(request, consortium)
    view = found.view(request.GET.get("variant", ""))
    variant = view.variant.key if view else ""
    undo = undoable(consortium) if found.composes else None
    asked = request.GET.get("gaps") == "on"
    return {
        **head(request, consortium, "board", variant),
        "board": found,
        "view": view,
        "variant_tabs": _variant_tabs(found, variant),
        # asking the matchmaker takes longer than all the rest: the page asks for it once it is shown
        "gaps": suggestions_for(found, view, request.user) if view and asked else (),
        "asked": asked,
        "badges": SEAT_BADGES,
        "undo": undo,
        "editable": found.composes and consortium.is_open,
        "takes_over": allowed(request, may_take_over, consortium),
        "partners": _partners(found),
        "overrides": list(consortium.overrides.select_related("about")[:3]) if found.whole else [],
    }


def _partners(found: Board) -> list[tuple[str, str]]:
    """Who could take the lead: partners that accepted, each once."""
    rows = {
        card.seat.organisation.key: card.title
        for view in found.views
        for card in view.cards
        if card.seat.state == "accepted" and card.seat.organisation and card.named
        if card.seat.organisation_id != found.consortium.lead_id
    }
    return sorted(rows.items(), key=lambda pair: pair[1])


def _variant_tabs(found: Board, chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{view.variant.name} ✓" if view.chosen else view.variant.name,
            "href": f"{found.consortium.get_absolute_url()}?variant={view.variant.key}",
            "current": view.variant.key == chosen,
            "count": view.partners,
        }
        for view in found.views
    ]


urlpatterns = [
    path("<str:key>/", board, name="consortium"),
    path("<str:key>/board/", board_part, name="consortium-part"),
    path("<str:key>/gaps/", gaps, name="consortium-gaps"),
    path("<str:key>/compare/", compare, name="consortium-compare"),
    path("<str:key>/details/", details, name="consortium-details"),
    path("<str:key>/history/", history, name="consortium-history"),
]
