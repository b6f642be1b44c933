"""What the pages of one consortium share: finding it, its tabs, saying what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.base.errors import KontorError
from kontor.base.permissions import allowed, require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.queries import Board, board_of, readable
from kontor.features.matching.consortia.rules import may_compose, may_decide, may_read
from kontor.features.matching.models import Consortium
from kontor.features.matching.models.consortia import ConsortiumState, SeatState
from kontor.features.matching.models.states import Channel

BADGES = {
    ConsortiumState.COMPOSING: "info",
    ConsortiumState.SUBMITTED: "warn",
    ConsortiumState.APPROVED: "good",
    ConsortiumState.REJECTED: "bad",
    ConsortiumState.CLOSED: "neutral",
    ConsortiumState.WITHDRAWN: "neutral",
}
SEAT_BADGES = {
    SeatState.OPEN: "neutral",
    SeatState.PROPOSED: "info",
    SeatState.INVITED: "warn",
    SeatState.ACCEPTED: "good",
    SeatState.DECLINED: "bad",
}


def consortium_for(request: HttpRequest, key: str) -> Consortium:
    """The consortium, if the reader may read it; 404 else, so that nobody learns that it exists."""
    found = get_object_or_404(readable(request.user), key=key)
    require(request, may_read, found)
    return found


def composed_by(request: HttpRequest, key: str) -> Consortium:
    """The consortium, if the person may change its board."""
    found = get_object_or_404(readable(request.user), key=key)
    require(request, may_compose, found)
    return found


def board_for(request: HttpRequest, consortium: Consortium) -> Board:
    """The board as the reader may see it; names that only the board tells are noted."""
    board = board_of(consortium, request.user)
    actions.note_board(board, request.user, Channel.PAGE)
    return board


@contextmanager
def said(request: HttpRequest, text: object = "") -> Iterator[None]:
    """Tell what was done, or why it was not; the page that follows shows the board as it is."""
    try:
        yield
    except KontorError as error:
        messages.error(request, str(error))
    else:
        if text:
            messages.success(request, str(text))


def seen_now(form: Any, revision: int) -> None:
    """The form as it was filled in, but knowing what the writer is shown now: saving again writes over it."""
    form.data = form.data.copy()
    form.data["revision"] = str(revision)


def head(request: HttpRequest, consortium: Consortium, tab: str, variant: str = "") -> dict[str, Any]:
    """What the head of every page of a consortium needs."""
    composes = allowed(request, may_compose, consortium)
    return {
        "consortium": consortium,
        "badge": BADGES[ConsortiumState(consortium.state)],
        "tabs": list(_tabs(consortium, tab, variant, composes)),
        "composes": composes,
        "decides": consortium.state == ConsortiumState.SUBMITTED and allowed(request, may_decide, consortium),
    }


def board_address(consortium: Consortium, variant: str = "") -> str:
    address = consortium.get_absolute_url()
    return f"{address}?{urlencode({'variant': variant})}" if variant else address


def _tabs(consortium: Consortium, tab: str, variant: str, composes: bool) -> Iterator[dict[str, Any]]:
    query = f"?{urlencode({'variant': variant})}" if variant else ""
    pages = [
        ("board", _("Board"), reverse("matching:consortium", args=[consortium.key]) + query),
        ("compare", _("Compare"), reverse("matching:consortium-compare", args=[consortium.key])),
    ]
    if composes and consortium.is_open:
        address = reverse("matching:consortium-compose", args=[consortium.key])
        pages.append(("compose", _("Compose for me"), address + query))
    pages += [
        ("space", _("Comments and files"), reverse("matching:consortium-space", args=[consortium.key])),
        ("history", _("History"), reverse("matching:consortium-history", args=[consortium.key])),
    ]
    for name, label, href in pages:
        yield {"label": label, "href": href, "current": name == tab, "count": None}
