"""One seat: its role, task, money and facts; proposing somebody for it by name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.forms import SeatForm, seat_initial
from kontor.features.matching.consortia.money import at_rate
from kontor.features.matching.consortia.problem.facts import ground_of
from kontor.features.matching.consortia.rules import may_compose
from kontor.features.matching.consortia.views.reading import (
    board_address,
    board_for,
    composed_by,
    head,
    seen_now,
)
from kontor.features.matching.models import Seat
from kontor.features.organisations.models import Listing, Organisation
from kontor.features.organisations.views.problems import show_at_field

MOST_FOUND = 20


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_compose)
def seat_page(request: HttpRequest, key: str, seat_key: str) -> HttpResponse:
    """Change a seat. Whoever wrote on an older state is shown what changed, and may save again."""
    consortium = composed_by(request, key)
    rows = Seat.objects.filter(variant__consortium=consortium, variant__removed_at=None)
    seat = get_object_or_404(rows.select_related("variant__consortium__lead"), key=seat_key)
    ground = ground_of(consortium)
    form = SeatForm(request.POST or None, initial=seat_initial(seat), ground=ground)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_seat(
                seat=seat,
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
            return redirect(board_address(consortium, seat.variant.key))
    board = board_for(request, consortium)
    cards = [card for view in board.views for card in view.cards if card.seat.pk == seat.pk]
    rate = ground.instrument.rate if ground.instrument else None
    context = {
        **head(request, consortium, ""),
        "seat": seat,
        "card": cards[0] if cards else None,
        "form": form,
        "conflict": conflict,
        "rate": rate,
        "most_grant": at_rate(seat.cost, rate) if seat.cost is not None and rate is not None else None,
        "found": _found(request),
        "searched": request.GET.get("q", "").strip(),
        "proposed": bool(seat.variant.proposal),
    }
    return render(request, "matching/consortia/seat.html", context)


def _found(request: HttpRequest) -> list[Organisation]:
    """Organisations by part of their name, for those who know whom they want."""
    wanted = request.GET.get("q", "").strip()
    if len(wanted) < 2:
        return []
    rows = Organisation.objects.visible_to(request.user).filter(
        name__icontains=wanted[:80], listing__in=[Listing.LISTED, Listing.MEMBERS]
    )
    return list(rows.order_by("name_key", "id")[:MOST_FOUND])


@require_safe
@policy(may_compose)
def variant_page(request: HttpRequest, key: str, variant_key: str) -> HttpResponse:
    """Rename, copy or remove a variant; add one."""
    consortium = composed_by(request, key)
    board = board_for(request, consortium)
    view = board.view(variant_key)
    context = {**head(request, consortium, ""), "board": board, "view": view}
    return render(request, "matching/consortia/variant.html", context)


urlpatterns = [
    path("<str:key>/seats/<str:seat_key>/", seat_page, name="consortium-seat"),
    path("<str:key>/variants/<str:variant_key>/", variant_page, name="consortium-variant"),
]
