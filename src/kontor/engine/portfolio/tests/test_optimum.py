"""Decisions equal those found by trying all choices."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit
from kontor.engine.portfolio import whole
from kontor.engine.portfolio.best import draft, places_of, possible
from kontor.engine.portfolio.explain import smallest_extra
from kontor.engine.portfolio.model import Pot, Problem, Result, Rule
from kontor.engine.portfolio.ranking import ranked
from kontor.engine.portfolio.rules import broken_rules
from kontor.engine.portfolio.solve import solve
from kontor.engine.portfolio.tests.brute import choices, problems, worth
from kontor.engine.portfolio.whole import relax

CENT = Decimal("0.01")


def choice_of(result: Result) -> dict[str, int]:
    return {each.key: each.percent for each in result.granted}


@settings(max_examples=80, deadline=None)
@given(problems(Rule.BEST), st.sampled_from([0, whole.FEW]))
def test_best_is_the_best_of_all_and_all_ties_are_told(problem: Problem, few: int) -> None:
    """Taken apart into envelopes or not."""
    with patch.object(whole, "FEW", few):
        result = solve(problem)
    known = list(choices(problem))
    assert (result.status == Status.INFEASIBLE) == (not known)
    if not known:
        assert result.blocked
        return
    best = max(worth(problem, each) for each in known)
    assert result.status == Status.OPTIMAL
    assert result.value == result.bound == best
    assert broken_rules(problem, choice_of(result)) == []
    assert worth(problem, choice_of(result)) == best
    equal = [each for each in known if worth(problem, each) == best]
    assert bool(result.ties) == (len(equal) > 1)
    mine = choice_of(result)
    told = {key for tie in result.ties for key in (*tie.chosen, *tie.others)}
    differing = {key for each in equal for key in {*mine, *each} if mine.get(key) != each.get(key)}
    assert told == differing
    assert result.ties_complete
    for each in result.unfunded:
        if each.score_needed is not None and each.reserve is not None:
            raised = _scored(problem, each.key, each.score_needed)
            assert max(worth(raised, c) for c in choices(raised)) == max(
                worth(raised, c) for c in choices(raised) if each.key in c
            )


def _scored(problem: Problem, key: str, score: Decimal) -> Problem:
    changed = (replace(each, score=score) if each.key == key else each for each in problem.proposals)
    return replace(problem, proposals=tuple(changed))


@settings(max_examples=80, deadline=None)
@given(problems(Rule.SKIP, partial=False), st.integers(0, 2))
def test_skipping_takes_the_first_choice_in_the_order_of_the_ranking(problem: Problem, seed: int) -> None:
    """Without dependencies: those may wait for a proposal that stands below them."""
    problem = replace(problem, proposals=tuple(replace(each, requires=()) for each in problem.proposals))
    result = solve(problem, seed=seed)
    known = list(choices(problem))
    assert (result.status == Status.INFEASIBLE) == (not known)
    if known:
        order = [each.key for each in ranked(problem, seed)]
        first = max(known, key=lambda choice: [key in choice for key in order])
        assert choice_of(result) == first


@settings(max_examples=60, deadline=None)
@given(problems(Rule.STRICT, partial=False, shares=False))
def test_strict_stops_at_the_first_that_does_not_fit(problem: Problem) -> None:
    problem = replace(
        problem, proposals=tuple(replace(each, requires=()) for each in problem.proposals), fixed=()
    )
    result = solve(problem)
    expected: dict[str, int] = {}
    for each in ranked(problem, 0):
        if each.score < problem.min_score or any(
            each.key in group and set(group) & set(expected) for group in problem.exclusive
        ):
            continue
        if any(broken.rule == "money" for broken in broken_rules(problem, {**expected, each.key: 100})):
            break
        expected[each.key] = 100
    assert choice_of(result) == expected


@settings(max_examples=60, deadline=None)
@given(problems(Rule.SKIP, partial=False, shares=False))
def test_what_would_have_changed_it_is_exact(problem: Problem) -> None:
    problem = replace(
        problem,
        proposals=tuple(replace(each, requires=()) for each in problem.proposals),
        exclusive=(),
        fixed=(),
    )
    result = solve(problem)
    for each in result.unfunded:
        if each.score_needed is not None:
            assert each.key in choice_of(solve(_scored(problem, each.key, each.score_needed)))
            below = each.score_needed - Decimal("0.0001")
            assert each.key not in choice_of(solve(_scored(problem, each.key, below)))
        envelope = "balancing" if problem.pot == Pot.BALANCING else "heat"
        extra = smallest_extra(problem, each.key, envelope)
        if extra is not None and each.reserve is not None:
            assert each.key in choice_of(solve(_richer(problem, envelope, extra)))
            if extra:
                assert each.key not in choice_of(solve(_richer(problem, envelope, extra - CENT)))


def _richer(problem: Problem, envelope: str, extra: Decimal) -> Problem:
    if envelope == "balancing":
        return replace(problem, balancing=problem.balancing + extra)
    changed = (replace(e, amount=e.amount + extra) if e.key == envelope else e for e in problem.envelopes)
    return replace(problem, envelopes=tuple(changed))


@settings(max_examples=40, deadline=None)
@given(problems(Rule.BEST))
def test_rules_that_block_do_so_together_and_not_without_one(problem: Problem) -> None:
    result = solve(problem)
    named = [(each.rule, each.subject) for each in result.blocked]
    if named:
        assert set(named) <= set(places_of(problem))
        assert not possible(problem, named, seed=0, stop=NoLimit())
        for left in named:
            assert possible(problem, [each for each in named if each != left], seed=0, stop=NoLimit())


@settings(max_examples=40, deadline=None)
@given(problems(Rule.BEST))
def test_the_relaxation_bounds_every_choice(problem: Problem) -> None:
    relaxed = relax(draft(problem).programme, 0, NoLimit())
    for choice in choices(problem):
        assert relaxed is not None
        assert worth(problem, choice) * 1_000_000 <= relaxed.bound


@settings(max_examples=20, deadline=None)
@given(problems(Rule.BEST), st.integers(0, 2))
def test_a_second_run_gives_the_same(problem: Problem, seed: int) -> None:
    assert solve(problem, seed=seed) == solve(problem, seed=seed)
