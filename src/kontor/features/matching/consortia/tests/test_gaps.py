"""Candidates are looked for when the shown page asks for them; levels and points are told in words."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from kontor.base.actor import Actor
from kontor.features.matching.consortia import suggestions
from kontor.features.matching.consortia.queries import board_of
from kontor.features.matching.models import Seat
from kontor.features.organisations.tests.factories import statement

pytestmark = pytest.mark.django_db
ASKED_LATER = 'hx-trigger="load"'


def test_the_board_is_shown_before_anybody_is_looked_for(
    place: SimpleNamespace,
    board: SimpleNamespace,
    signed_in: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, root = signed_in(place.composer), board.consortium.get_absolute_url()
    part = client.get(f"{root}gaps/", headers={"HX-Request": "true"}).content.decode()
    inside = client.get(f"{root}?gaps=on").content.decode()
    for page in (part, inside):
        assert "Lautlos Pumpen GmbH" in page
        assert ASKED_LATER not in page

    def never(*_given: Any) -> Any:
        raise AssertionError("the matchmaker was asked")

    monkeypatch.setattr(suggestions, "pool_for", never)
    for path in (root, f"{root}board/"):
        page = client.get(path).content.decode()
        assert f"{root}gaps/?variant={board.variant.key}" in page
        assert "gaps=on" in page, "without scripts a link asks"
        assert "Lautlos" not in page


def test_a_visit_leads_to_the_board_and_partners_learn_of_no_candidates(
    place: SimpleNamespace,
    board: SimpleNamespace,
    seated: Callable[..., Seat],
    signed_in: Callable[..., Client],
) -> None:
    root = board.consortium.get_absolute_url()
    answer = signed_in(place.composer).get(f"{root}gaps/?variant={board.variant.key}")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{root}?variant={board.variant.key}&gaps=on#gaps",
    )
    seated(place.pump, "accepted")
    partner = signed_in(place.partner)
    assert partner.get(f"{root}gaps/", headers={"HX-Request": "true"}).status_code == 403
    page = partner.get(f"{root}?gaps=on").content.decode()
    assert "Lautlos" not in page
    assert ASKED_LATER not in page


def test_what_an_open_statement_says_counts_as_level_one_and_the_page_says_so(
    place: SimpleNamespace,
    board: SimpleNamespace,
    seated: Callable[..., Seat],
    signed_in: Callable[..., Client],
) -> None:
    told = {"visibility": "public", "codes": [("nace", "28.25")], "kind": "offer"}
    statement(place.institute, "We build refrigerant circuits", **told)
    teaser = {**told, "visibility": "teaser", "teaser": "Somebody builds circuits."}
    statement(place.lead, "Refrigerant circuits, not told by name", **teaser)
    seated(place.institute)
    view = board_of(board.consortium, place.composer).view()
    assert view is not None
    have = {need.key: (need.have, need.by) for need in view.needs}
    assert have["refrigerant-circuit"] == (1, ("Instituut Wand",))
    assert have["acoustics"] == (3, ("Stilte Akoestiek BV",)), "the matrix counts before a statement"
    page = signed_in(place.composer).get(board.consortium.get_absolute_url()).content.decode()
    assert "counts as level 1: nobody has checked it" in page
    assert "only level 1" in page


def test_points_below_zero_are_explained(
    place: SimpleNamespace, board: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    from kontor.features.matching.consortia.ask import Question
    from kontor.features.matching.consortia.suggestions import answer_view
    from kontor.features.matching.consortia.tasks import ask_composer

    made = ask_composer(board.consortium, Question(), place.composer, Actor.of_user(place.composer))
    view = answer_view(made, board_of(board.consortium, place.composer), place.composer)
    best = view.teams[0]
    assert best.objective < 0
    assert best.taken_off == 40.0 * len(best.members)
    assert round(best.earned - best.taken_off, 6) == round(best.objective, 6)
    assert all(part.meaning for part in best.parts)
    page = signed_in(place.composer).get(f"{board.consortium.get_absolute_url()}compose/").content.decode()
    assert "totals below zero are usual" in page
    assert f"taken off for {len(best.members)} partners" in page
    assert "of two that do the same the smaller team wins" in page
