"""The synchronised call of S3-4AlpClusters: three ways to hold the money."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kontor.engine.portfolio.explain import smallest_extra
from kontor.engine.portfolio.model import Envelope, Pot, Problem, Proposal, Rule
from kontor.engine.portfolio.solve import promote, solve

K = Decimal(1000)
ALPS = Problem(
    tuple(
        Envelope(key, amount * K, "region")
        for key, amount in (("BW", 300), ("OÖ", 200), ("SLO", 100), ("FR", 100))
    ),
    tuple(
        Proposal(key, Decimal(score), {region: amount * K for region, amount in draws.items()})
        for key, score, draws in (
            ("P1", 88, {"BW": 120, "SLO": 60}),
            ("P2", 84, {"OÖ": 90, "SLO": 60}),
            ("P3", 80, {"BW": 100, "FR": 80}),
            ("P4", 77, {"BW": 60, "OÖ": 70}),
            ("P5", 71, {"SLO": 40, "FR": 20}),
        )
    ),
)


def funded(problem: Problem) -> list[str]:
    return [each.key for each in solve(problem).granted]


def test_virtual_pot_with_skipping() -> None:
    result = solve(ALPS)
    assert [each.key for each in result.granted] == ["P1", "P3", "P4", "P5"]
    (second,) = result.unfunded
    assert second.key == "P2"
    assert second.reason.text() == "Money is short: SLO 20000.00."
    assert result.left == {"BW": 20 * K, "OÖ": 130 * K, "SLO": 0, "FR": 0}


def test_a_balancing_pot_of_thirty_funds_the_second_with_twenty() -> None:
    result = solve(replace(ALPS, pot=Pot.BALANCING, balancing=30 * K))
    assert [each.key for each in result.granted] == ["P1", "P2", "P3", "P4"]
    assert [each.balanced for each in result.granted] == [0, 20 * K, 0, 0]
    (fifth,) = result.unfunded
    assert fifth.reason.text() == "Money is short: balancing 30000.00."
    assert result.left["balancing"] == 10 * K


def test_a_real_pot_funds_all_five() -> None:
    result = solve(replace(ALPS, pot=Pot.REAL))
    assert [each.key for each in result.granted] == ["P1", "P2", "P3", "P4", "P5"]
    assert result.left == {"*": 0}


def test_strict_ranking_stops_at_the_second() -> None:
    result = solve(replace(ALPS, rule=Rule.STRICT))
    assert [each.key for each in result.granted] == ["P1"]
    assert [each.reason.code for each in result.unfunded] == ["portfolio.short", *["portfolio.stopped"] * 3]


def test_best_value_takes_the_four_that_are_worth_most() -> None:
    result = solve(replace(ALPS, rule=Rule.BEST))
    assert [each.key for each in result.granted] == ["P1", "P3", "P4", "P5"]
    assert result.value == result.bound == 316


def test_what_would_have_changed_it() -> None:
    second = solve(ALPS).unfunded[0]
    assert second.top_up == {"SLO": 60 * K}
    assert smallest_extra(ALPS, "P2", "SLO") == 20 * K
    assert smallest_extra(ALPS, "P2", "BW") is None
    assert second.score_needed is not None
    assert "P2" in funded(scored(second.score_needed))
    assert "P2" not in funded(scored(second.score_needed - Decimal("0.0001")))


def scored(score: Decimal) -> Problem:
    changed = (replace(each, score=score) if each.key == "P2" else each for each in ALPS.proposals)
    return replace(ALPS, proposals=tuple(changed))


def test_the_reserve_moves_up_when_money_frees_up() -> None:
    first = solve(ALPS)
    moved = promote(ALPS, first, withdrawn=["P1"])
    assert {each.key for each in moved.granted} == {"P2", "P3", "P4", "P5"}
    almost = promote(ALPS, first, extra={"SLO": 60 * K - Decimal("0.01")})
    assert {each.key for each in almost.granted} == {"P1", "P3", "P4", "P5"}
    enough = promote(ALPS, first, extra={"SLO": 60 * K})
    assert {each.key for each in enough.granted} == {"P1", "P2", "P3", "P4", "P5"}
