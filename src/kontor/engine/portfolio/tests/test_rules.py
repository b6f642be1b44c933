"""Each rule twice: silent when kept, speaking when broken."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.result import Status
from kontor.engine.portfolio.model import CountryShare, Envelope, Pot, Problem, Proposal, Rule
from kontor.engine.portfolio.rules import RULES, broken_rules
from kontor.engine.portfolio.solve import compare, solve

D = Decimal
PROBLEM = Problem(
    (Envelope("heat", D("100.00")), Envelope("grid", D("50.00"))),
    (
        Proposal("a", D(80), {"heat": D("60.00")}, partners=2, new=1, countries={"NL": D(30), "DE": D(30)}),
        Proposal("b", D(70), {"heat": D("40.00")}, partners=2, new=1, countries={"NL": D(10), "DE": D(30)}),
        Proposal("c", D(65), {"heat": D("40.01"), "grid": D(10)}, partners=4, countries={"NL": D(50)}),
        Proposal("d", D(50), {"grid": D(20)}, partners=1, new=1),
        Proposal("e", D(61), {"grid": D(20)}, partners=1, new=1, requires=("b",)),
    ),
    min_score=D(60),
    new_share=D("0.4"),
    countries=(CountryShare("NL", D("0.2"), D("0.5")),),
    exclusive=(("b", "c"),),
    fixed=("a",),
)
KEPT = {"a": 100, "b": 100, "e": 100}
BROKEN = {
    "money": {"a": 100, "c": 100},
    "min_score": {**KEPT, "d": 100},
    "exclusive": {**KEPT, "c": 100},
    "requires": {"a": 100, "e": 100},
    "new_share": {"a": 100, "c": 100},
    "country": {"a": 100, "c": 100},
    "fixed": {"b": 100},
}


def test_every_rule_is_tried_and_silent_when_kept() -> None:
    assert {rule.name for rule in RULES} == set(BROKEN)
    assert broken_rules(PROBLEM, KEPT) == []


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_speaks(rule: str) -> None:
    found = {each.rule: each.reason.text() for each in broken_rules(PROBLEM, BROKEN[rule])}
    assert rule in found
    assert found[rule].endswith(".")


def test_exactly_the_share_is_not_more_than_it() -> None:
    """Two of five partners are forty per cent, and more than forty is asked for."""
    even = Problem(
        (Envelope("x", D(10)),),
        (Proposal("a", D(1), {"x": D(5)}, partners=5, new=2),),
        Rule.BEST,
        new_share=D("0.4"),
    )
    assert solve(even).granted == ()
    assert broken_rules(even, {"a": 100})[0].reason.text() == "More than 40 % of the partners funded are new."


def test_equal_scores_at_the_edge_of_the_money_are_told() -> None:
    tied = Problem(
        (Envelope("x", D(10)),), tuple(Proposal(key, D(70), {"x": D(10)}) for key in ("a", "b", "c"))
    )
    (tie,) = solve(tied).ties
    assert len(tie.chosen) == 1
    assert {*tie.chosen, *tie.others} == {"a", "b", "c"}
    led = Problem(
        tied.envelopes,
        (Proposal("a", D(70), {"x": D(10)}, led_before=True), Proposal("b", D(70), {"x": D(10)})),
    )
    assert [each.key for each in solve(led).granted] == ["b"]
    assert solve(led).ties == ()


def test_partial_funding_in_cents() -> None:
    problem = Problem(
        (Envelope("x", D("6.67")),), (Proposal("a", D(90), {"x": D("9.99")}, partial=(80, 66)),)
    )
    (granted,) = solve(problem).granted
    assert (granted.percent, granted.draws) == (66, {"x": D("6.59")})


def test_a_strict_ranking_that_breaks_a_share_is_infeasible() -> None:
    problem = Problem(
        (Envelope("x", D(10)),),
        (
            Proposal("a", D(90), {"x": D(10)}, partners=2),
            Proposal("b", D(80), {"x": D(10)}, partners=2, new=2),
        ),
        Rule.STRICT,
        new_share=D("0.4"),
    )
    result = solve(problem)
    assert (result.status, [each.rule for each in result.blocked]) == (Status.INFEASIBLE, ["new_share"])
    skipping = Problem(problem.envelopes, problem.proposals, Rule.SKIP, new_share=D("0.4"))
    assert [each.key for each in solve(skipping).granted] == ["b"]


def test_scenarios_side_by_side() -> None:
    other = Problem(PROBLEM.envelopes, PROBLEM.proposals, Rule.BEST, Pot.REAL)
    found = compare([("now", PROBLEM), ("one pot", other)])
    assert [each.key for each in found["now"].granted] == ["a", "b", "e"]
    assert found["one pot"].status == Status.OPTIMAL


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Envelope("x", D("1.001")), "amount"),
        (lambda: Envelope("x", D(-1)), "amount"),
        (lambda: Proposal("a", D(-1), {"x": D(1)}), "score"),
        (lambda: Proposal("a", D(1), {"x": D(1)}, partial=(100,)), "partial"),
        (lambda: Proposal("a", D(1), {"x": D(1)}, partners=1, new=2), "new"),
        (lambda: CountryShare("NL", D("0.6"), D("0.5")), "least"),
        (lambda: Problem((), (Proposal("a", D(1), {"x": D(1)}),)), "proposals[0].draws.x"),
        (lambda: Problem((Envelope("x", D(1)),) * 2, ()), "envelopes[1].key"),
    ],
)
def test_bad_input_names_its_field(make: object, path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make()  # type: ignore[operator]
    assert refused.value.path == path
