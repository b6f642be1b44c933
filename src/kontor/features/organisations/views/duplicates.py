"""Pairs that may be one organisation: side by side, merged, parted again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.jobs import enqueue
from kontor.base.permissions import policy, require
from kontor.features.organisations import actions
from kontor.features.organisations.drafts import PROFILE_FIELDS
from kontor.features.organisations.models import DuplicatePair, Merge, Organisation
from kontor.features.organisations.queries import merges_of, open_pairs
from kontor.features.organisations.reasons import reasons_in_words
from kontor.features.organisations.rules import may_edit, may_merge

_PER_PAGE = 25
# Shown one by one; the rest follows its leader.
_FOLLOWERS = {"nuts_version", "latitude", "longitude", "external_id"}


@require_safe
@policy(may_merge)
def pairs(request: HttpRequest) -> HttpResponse:
    """Open pairs of organisations the person may change, likeliest first, and the merges that can be
    undone."""
    page = Paginator(open_pairs(request.user), _PER_PAGE).get_page(request.GET.get("page"))
    for pair in page:
        pair.words = reasons_in_words(pair.reasons)  # type: ignore[attr-defined]
    context = {"page": page, "merges": merges_of(request.user)[:20]}
    return render(request, "organisations/duplicates.html", context)


@require_POST
@policy(may_merge)
def find(request: HttpRequest) -> HttpResponse:
    """Look through the whole directory, in a job."""
    enqueue("organisations.duplicates", {}, actor=actor_of(request), dedup_key="all")
    messages.success(request, _("The search has begun. Reload this page in a minute."))
    return redirect("organisations:duplicates")


@require_safe
@policy(may_merge & may_edit)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Both side by side with a choice for each field that differs."""
    pair = _pair_for(request, pk)
    rows = [_row(field, pair) for field in PROFILE_FIELDS if field not in _FOLLOWERS]
    context = {
        "pair": pair,
        "words": reasons_in_words(pair.reasons),
        "different": [row for row in rows if row["differs"]],
        "same": [row for row in rows if not row["differs"] and row["first"]],
    }
    return render(request, "organisations/duplicate.html", context)


@require_POST
@policy(may_merge & may_edit)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """`keep=first|second` says which key stays; `choice_FIELD=first|second` whose value."""
    pair = _pair_for(request, pk)
    first_stays = request.POST.get("keep", "first") == "first"
    kept, gone = (pair.first, pair.second) if first_stays else (pair.second, pair.first)
    stays = "first" if first_stays else "second"
    choices = {
        field: "kept" if request.POST[f"choice_{field}"] == stays else "gone"
        for field in PROFILE_FIELDS
        if f"choice_{field}" in request.POST
    }
    actions.merge_organisations(kept=kept, gone=gone, choices=choices, actor=actor_of(request))
    messages.success(request, _("Merged. You can take it back from the list of duplicates."))
    return redirect(kept)


@require_POST
@policy(may_merge & may_edit)
def different(request: HttpRequest, pk: int) -> HttpResponse:
    actions.mark_different(pair=_pair_for(request, pk), actor=actor_of(request))
    messages.success(request, _("Noted: these are two different organisations."))
    return redirect("organisations:duplicates")


@require_POST
@policy(may_merge & may_edit)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    merged = get_object_or_404(Merge.objects.select_related("kept", "gone"), pk=pk)
    require(request, may_merge & may_edit, merged.kept)
    actions.unmerge_organisations(merge=merged, actor=actor_of(request))
    messages.success(request, _("The merge is taken back: both organisations are there again."))
    return redirect("organisations:duplicates")


def _pair_for(request: HttpRequest, pk: int) -> DuplicatePair:
    """The open pair, where the person may change both sides."""
    rows = DuplicatePair.objects.select_related("first", "second").filter(state="open")
    pair = get_object_or_404(rows, pk=pk)
    require(request, may_merge & may_edit, pair.first)
    require(request, may_merge & may_edit, pair.second)
    return pair


def _row(field: str, pair: DuplicatePair) -> dict[str, Any]:
    first, second = (_shown(side, field) for side in (pair.first, pair.second))
    label = str(Organisation._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    return {"field": field, "label": label, "first": first, "second": second, "differs": first != second}


def _shown(organisation: Organisation, field: str) -> str:
    display = getattr(organisation, f"get_{field}_display", None)
    value = display() if display else getattr(organisation, field)
    return ", ".join(value) if isinstance(value, list) else str(value or "")


urlpatterns = [
    path("duplicates/", pairs, name="duplicates"),
    path("duplicates/find/", find, name="duplicates-find"),
    path("duplicates/<int:pk>/", compare, name="duplicate"),
    path("duplicates/<int:pk>/merge/", merge, name="duplicate-merge"),
    path("duplicates/<int:pk>/different/", different, name="duplicate-different"),
    path("merges/<int:pk>/undo/", undo, name="merge-undo"),
]
