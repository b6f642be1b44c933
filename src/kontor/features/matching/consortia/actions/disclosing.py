"""Noting who was shown the name of a partner that had been found by its teaser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from kontor.features.matching.consortia.queries import Board, teaser_names
from kontor.features.matching.introductions.disclosure import Viewer
from kontor.features.matching.models import Consortium, Disclosure
from kontor.features.matching.models.states import Level


def note_board(board: Board, user: Any, channel: str) -> None:
    """One row a day for each partner on the board whose name this person reads only since it accepted."""
    shown = {
        card.seat.organisation_id
        for view in board.views
        for card in view.cards
        if card.named and not card.own and card.seat.statement_id and card.seat.organisation_id
    }
    note_names(board.consortium, Viewer(user.key, str(user)), shown, channel)


def note_space(consortium: Consortium, user: Any, channel: str) -> None:
    """The same for whoever spoke in the shared space; two queries."""
    note_names(consortium, Viewer(user.key, str(user)), teaser_names(consortium, user), channel)


def note_names(consortium: Consortium, viewer: Viewer, organisation_ids: Iterable[int], channel: str) -> None:
    """`organisation_ids`: found by a teaser, and shown by name to `viewer`. One query, or none."""
    now = timezone.now()
    Disclosure.objects.bulk_create(
        [
            Disclosure(
                consortium=consortium,
                about_id=pk,
                level=Level.NAMED,
                channel=channel,
                viewer_key=viewer.key,
                viewer_label=viewer.label,
                at=now,
                on=timezone.localdate(now),
            )
            for pk in sorted(organisation_ids)
        ],
        ignore_conflicts=True,
    )
