"""Finding a consortium, a variant or a seat for a program, and answering with the board as it is then."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kontor.base.api import found
from kontor.base.permissions import require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.api.shown import board_out
from kontor.features.matching.consortia.queries import board_of, readable
from kontor.features.matching.consortia.rules import may_compose, may_read
from kontor.features.matching.models import Consortium, Seat, TeamVariant
from kontor.features.matching.models.states import Channel


def read_by(request: HttpRequest, key: str) -> Consortium:
    """404 for one that the person may not read, so that nobody learns that it exists."""
    consortium: Consortium = found(readable(request.user), key=key)
    require(request, may_read, consortium)
    return consortium


def composed_by(request: HttpRequest, key: str) -> Consortium:
    """404 where the person may not read it, 403 where it may not change it."""
    consortium: Consortium = found(readable(request.user), key=key)
    require(request, may_compose, consortium)
    return consortium


def variant_in(consortium: Consortium, key: str) -> TeamVariant:
    rows = TeamVariant.objects.alive().filter(consortium=consortium).select_related("consortium__lead")
    variant: TeamVariant = found(rows, key=key)
    return variant


def seat_in(consortium: Consortium, key: str) -> Seat:
    rows = Seat.objects.filter(variant__consortium=consortium, variant__removed_at=None)
    rows = rows.select_related("organisation", "statement", "variant__consortium__lead")
    seat: Seat = found(rows, key=key)
    return seat


def answered(request: HttpRequest, key: str) -> dict[str, Any]:
    """The whole board as it is now; names that only the board tells are noted."""
    board = board_of(found(readable(request.user), key=key), request.user)
    actions.note_board(board, request.user, Channel.API)
    return board_out(board)
