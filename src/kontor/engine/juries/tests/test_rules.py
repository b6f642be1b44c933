"""Each rule twice: silent when kept, speaking when broken."""

from __future__ import annotations

import numpy as np
import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.juries.arrays import arrays_of
from kontor.engine.juries.bound import Multipliers, certified
from kontor.engine.juries.explain import passed_over, why_not
from kontor.engine.juries.flow import best_flow
from kontor.engine.juries.model import Application, Bid, Conflict, Expert, Pair, Params, Problem
from kontor.engine.juries.rules import RULES, broken_rules
from kontor.engine.juries.solve import solve

PROBLEM = Problem(
    (Application("wind", 1, 2, ("energy",), "de"), Application("sun", 1)),
    (
        Expert("anna", 1, 1, ("energy",), ("de",)),
        Expert("bert", 2, 0, (), ("de", "en")),
        Expert("carl", 2, available=False, languages=("en",)),
    ),
    np.array([[0.9, 0.4, 0.2], [0.5, 0.6, 0.3]]),
    (Conflict("bert", "wind", "same group"),),
    (Pair("bert", "sun"),),
)
KEPT = [Pair("anna", "wind"), Pair("bert", "sun")]
BROKEN = {
    "reviews": [Pair("bert", "sun")],
    "reviews_max": [*KEPT, Pair("bert", "wind"), Pair("carl", "wind")],
    "load_max": [*KEPT, Pair("anna", "sun")],
    "load_min": [Pair("bert", "sun"), Pair("bert", "wind")],
    "availability": [*KEPT, Pair("carl", "sun")],
    "language": [*KEPT, Pair("carl", "wind")],
    "conflict": [*KEPT, Pair("bert", "wind")],
    "field": [Pair("bert", "wind"), Pair("bert", "sun")],
    "fixed": [Pair("anna", "wind"), Pair("carl", "sun")],
}


def test_every_rule_is_tried() -> None:
    assert {rule.name for rule in RULES} == set(BROKEN)
    assert broken_rules(PROBLEM, KEPT) == []


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_speaks(rule: str) -> None:
    broken = {each.rule: each for each in broken_rules(PROBLEM, BROKEN[rule])}
    assert rule in broken
    assert broken[rule].reason.text().endswith(".")


def test_why_not_names_rule_load_or_choice() -> None:
    result = solve(PROBLEM)
    assert [(each.expert, each.application) for each in result.assigned] == [
        ("anna", "wind"),
        ("bert", "sun"),
    ]
    assert why_not(PROBLEM, result, Pair("bert", "wind")).text() == "bert must not assess wind: same group."
    assert why_not(PROBLEM, result, Pair("carl", "wind")).code == "jury.availability"
    assert why_not(PROBLEM, result, Pair("anna", "sun")).code == "jury.less"
    assert why_not(PROBLEM, result, Pair("anna", "wind")).code == "jury.in"
    assert passed_over(PROBLEM, result) == {}


def test_a_full_expert_is_told_as_passed_over() -> None:
    problem = Problem(
        (Application("a", 1), Application("b", 1)),
        (Expert("x", 1), Expert("y", 1)),
        np.array([[0.9, 0.8], [0.7, 0.1]]),
    )
    reasons = passed_over(problem, solve(problem))
    assert {key: reason.text() for key, reason in reasons.items()} == {
        "a": "x would suit a with 0.90, but is full (applications: 1)."
    }


def test_bids_move_the_fit_by_their_weight() -> None:
    problem = Problem(
        (Application("a", 1),),
        (Expert("x", 1), Expert("y", 1)),
        np.array([[0.5, 0.6]]),
        bids=(Bid("x", "a", 1.0),),
    )
    assert solve(problem).assigned[0].expert == "y"
    swayed = solve(problem, params=Params(bid_weight=0.2)).assigned[0]
    assert (swayed.expert, swayed.fit) == ("x", 0.7)


def test_any_prices_bound_the_total_and_the_right_ones_meet_it() -> None:
    rng = np.random.default_rng(4)
    problem = Problem(
        tuple(Application(f"a{n}", 2) for n in range(12)),
        tuple(Expert(f"e{n}", 4, 1) for n in range(9)),
        rng.random((12, 9)).round(3),
    )
    arrays = arrays_of(problem, Params())
    flow = best_flow(arrays, arrays.units)
    assert flow is not None
    total = int(arrays.units[flow.chosen].sum())
    assert certified(arrays, arrays.units, (), flow.prices) == total
    for _ in range(20):
        noise = Multipliers(
            flow.prices.need + rng.normal(0, 500, 12), flow.prices.load + rng.normal(0, 500, 9), np.zeros(0)
        )
        assert certified(arrays, arrays.units, (), noise) >= total


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Application("", 1), "key"),
        (lambda: Application("a", 2, 1), "reviews_max"),
        (lambda: Application("a", 1, fields=("x", "x")), "fields"),
        (lambda: Expert("e", 1, 2), "load_min"),
        (lambda: Bid("e", "a", 2.0), "value"),
        (lambda: Params(bid_weight=-1), "bid_weight"),
        (lambda: Problem((Application("a"),), (Expert("e", 1),), np.zeros((2, 1))), "fit"),
        (lambda: Problem((Application("a"),), (Expert("e", 1),), np.full((1, 1), np.nan)), "fit[0][0]"),
        (lambda: Problem((Application("a"),) * 2, (Expert("e", 1),), np.zeros((2, 1))), "applications[1]"),
    ],
)
def test_bad_input_names_its_field(make: object, path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make()  # type: ignore[operator]
    assert refused.value.path == path
