"""Two rows of weights: newcomers get their places, nobody drowns, one row is enough where nobody is new."""

from __future__ import annotations

import json

import numpy as np
import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.ranking import LEAST_SHARE, MOST_SHARE, Asked, Ranking, fit_ranking, interleaved

PARTS = ("fit", "popularity", "alike")


def questions(count: int = 60, new: int = 15, chosen: int = 1) -> list[Asked]:
    """Of thirty candidates the last `new` have no past. Popularity tells the partner among the known, and
    likeness the `chosen` partners among the new.
    """
    drawn = np.random.default_rng(3)
    made = []
    for _ in range(count):
        values = drawn.random((30, len(PARTS)))
        known = np.arange(30) < 30 - new
        values[~known, 1] = 0
        partner = np.zeros(30, dtype=np.bool_)
        partner[np.argmax(np.where(known, values[:, 1], -1))] = True
        newcomers = np.argsort(-np.where(known, -1, values[:, 2]))[: chosen if new else 0]
        partner[newcomers] = True
        made.append(Asked(values, partner, known, ~known))
    return made


def weight(ranking: Ranking, row: str, part: str) -> float:
    fitted = getattr(ranking, row)
    return float(next(each.weight for each in fitted.rows if each.part == part))


def test_each_group_has_its_own_weights() -> None:
    ranking = fit_ranking(PARTS, questions())
    assert weight(ranking, "known", "popularity") > 5 * weight(ranking, "known", "alike")
    assert weight(ranking, "small", "alike") > 5 * weight(ranking, "small", "fit")


def test_places_are_shared_as_partners_were_within_bounds() -> None:
    assert fit_ranking(PARTS, questions(chosen=1)).share == 0.5
    assert fit_ranking(PARTS, questions(chosen=3)).share == MOST_SHARE
    few = questions()
    for each in few[25:]:
        each.partner[~each.known] = False
    assert fit_ranking(PARTS, few).share == pytest.approx(25 / 85, abs=0.005)
    crowd = np.arange(30) < 14
    mostly_known = [Asked(e.values, e.partner | crowd, e.known, e.small) for e in questions()]
    assert fit_ranking(PARTS, mostly_known).share == LEAST_SHARE


def test_the_best_newcomer_stands_beside_the_best_known_one() -> None:
    ranking = fit_ranking(PARTS, questions())
    asked = questions(count=1)[0]
    order = ranking.order(asked.values, asked.known, asked.small, list(range(30)))
    assert sorted(order) == list(range(30))
    assert set(order[:2]) == set(np.flatnonzero(asked.partner).tolist())


def test_without_newcomers_one_row_ranks_everybody() -> None:
    ranking = fit_ranking(PARTS, questions(new=0))
    assert (ranking.small, ranking.share) == (None, 0.0)
    asked = questions(count=1, new=0)[0]
    order = ranking.order(asked.values, asked.known, asked.small, list(range(30)))
    assert order[0] == int(np.argmax(asked.values[:, 1]))
    assert ranking.table() == ranking.known.table()


def test_equal_candidates_stand_in_the_order_of_their_lots() -> None:
    ranking = fit_ranking(PARTS, questions(new=0))
    everybody = np.ones(3, dtype=np.bool_)
    assert ranking.order(np.ones((3, 3)), everybody, ~everybody, [2, 0, 1]) == [1, 2, 0]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.5, [0, 7, 1, 8, 2, 3]),
        (0.25, [0, 1, 2, 7, 3, 8]),
        (0.0, [0, 1, 2, 3, 7, 8]),
    ],
)
def test_each_full_share_of_places_goes_to_the_others(share: float, expected: list[int]) -> None:
    assert interleaved([0, 1, 2, 3], [7, 8], share) == expected


def test_somebody_in_both_lists_stands_once() -> None:
    assert interleaved([0, 1, 2], [1, 0, 5], 0.5) == [0, 1, 2, 5]


def test_the_record_can_be_read_back_and_other_versions_are_refused() -> None:
    for made in (questions(), questions(new=0)):
        ranking = fit_ranking(PARTS, made, seed=4)
        written = json.loads(json.dumps(ranking.as_json()))
        assert Ranking.from_json(written) == ranking
        with pytest.raises(InvalidInput, match="another version"):
            Ranking.from_json(written | {"format": 99})


def test_both_rows_are_told() -> None:
    table = fit_ranking(PARTS, questions()).table()
    assert "Newcomers and small firms, 50% of the places" in table
    assert table.count("| alike |") == 2


def test_too_few_questions_teach_nothing() -> None:
    with pytest.raises(InvalidInput, match="Only 5 questions"):
        fit_ranking(PARTS, questions(count=5))
