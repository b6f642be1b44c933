"""Why not this one, and what to change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.explain.why_not import why_not
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Conditions, Profile, Query, Weights
from kontor.engine.matching.past import Cooperation, Past
from kontor.engine.matching.solve import points, search
from kontor.engine.matching.tests.doubles import ENCODER, LEXICON, index_of, offer

INDEX = index_of(
    [
        offer("best", "We build heat pumps for dairies", country="NL"),
        offer("behind", "We paint pumps", country="NL"),
        offer("german", "We build heat pumps", country="DE"),
        offer("twin", "We build heat pumps for dairies", country="NL"),
        offer("unfit", "Translations into Polish", country="NL"),
    ]
)


def codes(key: str, query: Query, index: Index = INDEX, **params: object) -> list[str]:
    return [reason.code for reason in why_not(index, query, key, lexicon=LEXICON, encoder=ENCODER)]


DUTCH = Query(
    text="heat pumps for dairies",
    language="en",
    top=1,
    newcomer_share=0,
    conditions=Conditions(countries=("NL",)),
)


def test_one_that_is_shown_needs_no_reason() -> None:
    shown = [key for key in ("best", "twin") if codes(key, DUTCH) == []]
    assert len(shown) == 1


def test_conditions_are_named() -> None:
    assert codes("german", DUTCH) == ["excluded.countries"]


def test_one_that_is_behind_is_told_by_how_much() -> None:
    found = codes("behind", DUTCH)
    assert found[0] == "why_not.behind"
    assert len(found) == 2


def test_one_that_does_not_fit_is_told_so() -> None:
    assert codes("unfit", DUTCH) == ["why_not.unfit"]


def test_the_group_itself_is_told_so() -> None:
    assert codes("best", Query(text="heat pumps", team=("best",))) == ["why_not.own"]


def test_unknown_key_is_invalid() -> None:
    with pytest.raises(InvalidInput, match="nobody"):
        codes("nobody", DUTCH)


@pytest.mark.parametrize("small", [None, Weights(fit=3, projects=0, works=0)])
def test_the_score_told_is_the_one_that_the_search_shows(small: Weights | None) -> None:
    """With what is known from projects, and by the row of weights of its group."""
    told = {key: Profile(key, key, country="NL") for key in ("best", "behind", "twin", "unfit")}
    before = Cooperation("p", "Painting of pumps", "Paint for pumps in dairies", ("behind", "unfit"))
    past = Past.build([before], told.values(), LEXICON)
    query = replace(DUTCH, top=20, small_weights=small, small_share=0.5 if small else 0.0)
    shown = search(INDEX, query, lexicon=LEXICON, encoder=ENCODER, past=past).matches
    scores = {match.key: match.score for match in shown}
    assert scores == {
        key: value
        for key, value in points(INDEX, query, lexicon=LEXICON, encoder=ENCODER, past=past).items()
        if key in scores
    }
    last = [match for match in shown if match.shared == shown[0].shared][-1]
    first = replace(query, top=1)
    reasons = why_not(INDEX, first, last.key, lexicon=LEXICON, encoder=ENCODER, past=past)
    assert reasons[0].params["score"] == round(100 * last.score)
