"""Weighted criteria, verdicts, and the call for a third assessor."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.juries.scoring import (
    Criterion,
    Scheme,
    Verdict,
    Verdicts,
    even_points,
    mean_marks,
    order,
    overall,
    ranking,
    score,
    third_assessor,
)

HALF = Decimal("0.5")
ROCKET = Scheme(
    (
        Criterion("innovation", Decimal(25), threshold=HALF),
        Criterion("market", Decimal(25), threshold=HALF),
        Criterion("border", Decimal(20), threshold=HALF),
        Criterion("consortium", Decimal(20), threshold=HALF),
        Criterion("budget", Decimal(10), threshold=HALF),
    ),
    Decimal(60),
)


def marks(*values: str) -> dict[str, Decimal]:
    return dict(zip((each.key for each in ROCKET.criteria), map(Decimal, values), strict=True))


def test_weights_add_up_exactly() -> None:
    found = score(ROCKET, marks("4", "3", "5", "2.5", "3"))
    assert found.total == 20 + 15 + 20 + 10 + 6
    assert found.passed


def test_sixty_is_enough_and_a_hair_less_is_not() -> None:
    assert score(ROCKET, marks("3", "3", "3", "3", "3")).passed
    short = score(ROCKET, marks("3", "3", "3", "3", "2.99"))
    assert short.total == Fraction(5998, 100)
    assert [each.text() for each in short.failures] == [
        "The total is 59.98 of 100, below the threshold of 60."
    ]


def test_one_criterion_below_half_fails_in_spite_of_the_total() -> None:
    found = score(ROCKET, marks("5", "5", "5", "5", "2"))
    assert found.total == 94
    assert [each.text() for each in found.failures] == ["“budget” has 40 %, below its threshold of 50 %."]


def test_means_are_exact() -> None:
    found = mean_marks(
        [marks("3", "3", "3", "3", "3"), marks("4", "3", "3", "3", "3"), marks("4", "3", "3", "3", "3")]
    )
    assert found["innovation"] == Fraction(11, 3)
    assert score(ROCKET, found).total == 60 + Fraction(10, 3)


def test_a_third_assessor_from_the_limit_on() -> None:
    high, low = score(ROCKET, marks("5", "4", "4", "4", "4")), score(ROCKET, marks("4", "3", "3", "3", "3"))
    assert high.total - low.total == 20
    assert third_assessor([high, low], Decimal("20.1")) is None
    due = third_assessor([high, low], Decimal(20))
    assert due is not None
    assert due.text() == "Two assessors are 20 points apart; from 20 on a third one assesses."
    assert third_assessor([high], Decimal(1)) is None


def test_a_third_assessor_where_two_are_divided() -> None:
    high, low = score(ROCKET, marks("3", "3", "3", "3", "3")), score(ROCKET, marks("3", "3", "3", "3", "2.9"))
    due = third_assessor([high, low], Decimal(20))
    assert due is not None
    assert due.code == "score.divided"


PANEL = Verdicts(("need", "team", "plan", "border"), frozenset({"border"}), Verdict.GOOD)


def test_the_lower_median_is_the_verdict() -> None:
    levels = {
        "need": Verdict.STRONG,
        "team": Verdict.STRONG,
        "plan": Verdict.GOOD,
        "border": Verdict.MODERATE,
    }
    found = overall(PANEL, levels)
    assert (found.verdict, found.total, found.passed) == (Verdict.GOOD, Fraction(75), True)


def test_levels_are_worth_points_and_criteria_have_weights() -> None:
    told = Verdicts(
        ("need", "team"),
        points={Verdict.GOOD: Decimal(80)},
        weights={"need": Decimal(3)},
    )
    found = overall(told, {"need": Verdict.GOOD, "team": Verdict.MODERATE})
    assert found.total == (3 * 80 + Fraction(100, 3)) / 4
    assert found.shares == {"need": Fraction(4, 5), "team": Fraction(1, 3)}
    assert even_points(4) == (100, Fraction(200, 3), Fraction(100, 3), 0)
    for fault in ({"points": {Verdict.GOOD: Decimal(101)}}, {"weights": {"charm": Decimal(1)}}):
        with pytest.raises(InvalidInput):
            Verdicts(("need",), **fault)  # type: ignore[arg-type]  # one of two fields


def test_who_passes_stands_first_and_equals_share_the_better_rank() -> None:
    orders = {
        "R-4": order(passed=True, total=Fraction(61)),
        "R-2": order(passed=True, total=Fraction(61)),
        "R-1": order(passed=False, total=Fraction(90)),
        "R-3": order(passed=True, total=Fraction(70)),
    }
    assert ranking(orders) == [(1, "R-3"), (2, "R-2"), (2, "R-4"), (4, "R-1")]


def test_knock_out_excludes_whatever_the_rest_says() -> None:
    levels = dict.fromkeys(PANEL.criteria, Verdict.STRONG) | {"border": Verdict.INSUFFICIENT}
    found = overall(PANEL, levels)
    assert found.verdict == Verdict.STRONG
    assert [each.text() for each in found.failures] == ["“border” is insufficient, which excludes."]
    other = dict.fromkeys(PANEL.criteria, Verdict.STRONG) | {"plan": Verdict.INSUFFICIENT}
    assert overall(PANEL, other).passed


def test_a_weak_verdict_fails() -> None:
    found = overall(PANEL, dict.fromkeys(PANEL.criteria, Verdict.MODERATE))
    assert [each.text() for each in found.failures] == ["The verdict is “moderate”; “good” is needed."]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (marks("3", "3", "3", "3", "5.1"), "marks.budget"),
        ({"innovation": Decimal(3)}, "marks.market"),
        (marks("3", "3", "3", "3", "3") | {"charm": Decimal(5)}, "marks.charm"),
    ],
)
def test_impossible_marks_are_refused(given: dict[str, Decimal], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        score(ROCKET, given)
    assert refused.value.path == path
