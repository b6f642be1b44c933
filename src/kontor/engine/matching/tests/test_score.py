"""Each part of the score, and how they add up."""

from __future__ import annotations

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model import Match, Profile, Query, Statement, Weights
from kontor.engine.matching.tests.doubles import TODAY, ask, index_of, offer

PROFILES = [
    offer("plain", "We build heat pumps", country="DE"),
    offer("abroad", "We build big heat pumps", country="NL"),
    offer("fresh", "We build new heat pumps", country="DE", statement_confirmed_on="2026-10-30"),
    offer("stale", "We build old heat pumps", country="DE", statement_confirmed_on="2024-11-09"),
    offer("answers", "We build loud heat pumps", country="DE", introductions=5, answer_rate=0.9),
    offer("silent", "We build mute heat pumps", country="DE", introductions=5, answer_rate=0.1),
    offer("partner", "We build known heat pumps", country="DE"),
    Profile(
        "mutual",
        "Firm mutual",
        country="DE",
        statements=(
            Statement("mutual-1", "offer", "We build warm heat pumps", "en"),
            Statement("mutual-2", "need", "Looking for control software", "en"),
        ),
    ),
    Profile(
        "me",
        "Asker",
        country="DE",
        partners=("partner",),
        statements=(
            Statement("me-1", "need", "We look for heat pumps", "en"),
            Statement("me-2", "offer", "We write control software", "en"),
        ),
    ),
]


@pytest.fixture(scope="module")
def matches() -> dict[str, Match]:
    query = Query(
        text="We look for heat pumps", language="en", organisation="me", today=TODAY, newcomer_share=0
    )
    return {match.key: match for match in ask(index_of(PROFILES), query, twins=99).matches}


def value(match: Match, name: str) -> float:
    return next(part.value for part in match.parts if part.name == name)


def test_score_is_the_sum_of_its_contributions(matches: dict[str, Match]) -> None:
    for match in matches.values():
        assert match.score == pytest.approx(sum(part.contribution for part in match.parts), abs=1e-6)
        assert sum(part.weight for part in match.parts) == pytest.approx(1)
        assert all(0 <= part.value <= 1 for part in match.parts)


@pytest.mark.parametrize(
    ("part", "better", "worse"),
    [
        ("border", "abroad", "plain"),
        ("freshness", "fresh", "stale"),
        ("answer_rate", "answers", "silent"),
        ("novelty", "plain", "answers"),
        ("novelty", "answers", "partner"),
        ("reciprocity", "mutual", "plain"),
    ],
)
def test_part_prefers(matches: dict[str, Match], part: str, better: str, worse: str) -> None:
    assert value(matches[better], part) > value(matches[worse], part)


def test_exact_values(matches: dict[str, Match]) -> None:
    assert value(matches["abroad"], "border") == 1
    assert value(matches["plain"], "border") == 0
    assert value(matches["plain"], "freshness") == 0.5
    assert value(matches["plain"], "answer_rate") == 0.5
    assert value(matches["answers"], "novelty") == 0.5
    assert value(matches["partner"], "novelty") == 0
    assert value(matches["stale"], "freshness") == pytest.approx(0.5**4, abs=0.01)


def test_fit_prefers_what_answers_the_question() -> None:
    index = index_of(
        [offer("yes", "We build heat pumps"), offer("half", "We build wooden pumps for boats and gardens")]
    )
    result = ask(index, Query(text="We look for heat pumps", language="en"))
    assert value(result.matches[0], "fit") > value(result.matches[1], "fit")
    assert result.matches[0].key == "yes"


def test_complementarity_prefers_what_the_group_lacks() -> None:
    group = offer("mate", "We build heat pumps and big boilers")
    index = index_of(
        [group, offer("same", "We build heat pumps"), offer("other", "We control heat networks by software")]
    )
    result = ask(index, Query(text="heat pumps control software", language="en", team=("mate",)))
    by_key = {match.key: match for match in result.matches}
    assert value(by_key["other"], "complementarity") > value(by_key["same"], "complementarity")


def test_parts_that_do_not_apply_are_left_out() -> None:
    [match] = ask(index_of([offer("a")]), Query(text="heat pumps", language="en")).matches
    assert {part.name for part in match.parts} == {"fit", "novelty"}


def test_weights_are_adjustable() -> None:
    index = index_of(
        [
            offer("near", "We build heat pumps", country="DE"),
            offer("far", "We build warm pumps", country="NL"),
        ]
    )
    query = Query(text="We look for heat pumps", language="en", origin="DE", weights=Weights(border=0))
    assert ask(index, query).matches[0].key == "near"
    across = Query(
        text="We look for heat pumps", language="en", origin="DE", weights=Weights(fit=1, border=100)
    )
    assert ask(index, across).matches[0].key == "far"


def test_weights_refuse_nonsense() -> None:
    with pytest.raises(InvalidInput, match="novelty"):
        Weights(novelty=-1)
    with pytest.raises(InvalidInput, match="fit"):
        Weights(fit=0)
