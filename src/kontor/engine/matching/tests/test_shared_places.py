"""Places shared by two rows of weights: who gets one, that points add up, what a teaser keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model import Match, Profile, Query, Result, Statement, Weights
from kontor.engine.matching.past import Cooperation, Past
from kontor.engine.matching.solve import search
from kontor.engine.matching.tests.doubles import ENCODER, LEXICON, index_of, offer

QUESTION = "We look for partners who build heat pumps for dairies."
KNOWN = [
    offer(f"known{n}", f"We build heat pumps for dairies number {n}.", country="DE", size="large")
    for n in range(4)
]
SMALL = offer("small", "We build heat pumps for dairies.", country="DE", size="small")
NEW = [offer(f"new{n}", f"We build pumps of model {n}.", country="DE", size="large") for n in range(4)]
SHY = Profile(
    "shy",
    "Shy firm",
    country="DE",
    size="large",
    statements=(Statement("s", "offer", "secret", "en", audience="teaser", teaser="We build heat pumps."),),
)
PROFILES = [*KNOWN, SMALL, *NEW, SHY]
COOPERATIONS = [
    Cooperation(f"p{n}", "Warm milk", "Heat pumps warm dairies.", (each.key,), language="en")
    for n, each in enumerate([*KNOWN, SMALL, SHY])
]
PAST = Past.build(COOPERATIONS, PROFILES, LEXICON)
ROW = replace(Weights(), fit=4.0, alike=0.0, popularity=8.0)
SMALL_ROW = replace(Weights(), fit=12.0, popularity=0.0, projects=0.0)


def find(share: float = 0.5, *, small: Weights | None = SMALL_ROW, past: Past | None = PAST) -> Result:
    query = Query(
        text=QUESTION,
        language="en",
        audiences=("public", "teaser"),
        weights=ROW,
        small_weights=small,
        small_share=share,
        newcomer_share=0,
        top=8,
    )
    return search(index_of(PROFILES), query, lexicon=LEXICON, encoder=ENCODER, past=past)


def is_theirs(match: Match) -> bool:
    return match.anonymous or not match.key.startswith("known")


def test_every_second_place_is_theirs_and_marked() -> None:
    shared = [match.shared for match in find().matches]
    assert shared[:6] == [False, True, False, True, False, True]
    assert all(is_theirs(match) for match in find().matches if match.shared)
    assert [match.reserved for match in find().matches] == shared


def test_a_quarter_of_the_places() -> None:
    assert [match.shared for match in find(0.25).matches][:4] == [False, False, False, True]


def test_the_points_of_each_add_up_by_its_own_row() -> None:
    for match in find().matches:
        assert match.score == pytest.approx(sum(part.contribution for part in match.parts), abs=1e-6)
        assert sum(part.weight for part in match.parts) == pytest.approx(1)
        assert ("popularity" in {part.name for part in match.parts}) != match.shared


def test_nobody_stands_twice_and_a_small_firm_with_a_past_is_in_both_groups() -> None:
    keys = [match.key for match in find().matches]
    assert len(keys) == len(set(keys))
    assert keys.count("small") == 1


def test_a_teaser_is_among_the_new_whatever_its_organisation_did() -> None:
    found = [match for match in find().matches if match.anonymous]
    assert [match.shared for match in found] == [True] * len(found)


def test_why_fewer_points_can_stand_above_more_is_told() -> None:
    notes = [note.text() for note in find().notes]
    assert any(
        note.startswith("50 % of the places are kept for newcomers and small firms.") for note in notes
    )
    assert not any("places are kept" in note.text() for note in find(small=None).notes)


def test_nobody_scores_above_the_bound() -> None:
    result = find()
    assert result.bound == max(match.score for match in result.matches)


def test_one_row_marks_nobody() -> None:
    assert not any(match.shared for match in find(small=None).matches)


def test_without_a_past_all_are_new_and_nothing_is_said() -> None:
    result = find(past=None)
    assert [(match.shared, match.reserved) for match in result.matches] == [(True, False)] * 8
    assert not any("places are kept" in note.text() for note in result.notes)


def test_the_same_question_gives_the_same_list() -> None:
    assert find() == find()


def test_a_share_lies_between_0_and_1() -> None:
    with pytest.raises(InvalidInput, match="small_share"):
        find(1.5)
