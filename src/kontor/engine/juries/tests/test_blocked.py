"""An impossible jury: which rules block, and the fewest changes that help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit
from kontor.engine.juries.blocked import is_possible
from kontor.engine.juries.elastic import fewest_changes
from kontor.engine.juries.model import Application, Conflict, Expert, Pair, Params, Problem
from kontor.engine.juries.rules import RULES
from kontor.engine.juries.solve import solve
from kontor.engine.juries.tests.brute import problems


def crowd() -> Problem:
    """Two Dutch applications of two reviews each, one Dutch reader who takes three, one in conflict."""
    return Problem(
        (
            Application("wind", 2, language="nl"),
            Application("dairy", 2, language="nl"),
            Application("sun", 1),
        ),
        (Expert("anna", 3, languages=("nl",)), Expert("bert", 3, languages=("nl",)), Expert("carl", 3)),
        np.full((3, 3), 0.5),
        (Conflict("bert", "wind", "same cluster"),),
    )


def test_the_crowd_is_named_with_its_numbers() -> None:
    result = solve(crowd())
    assert result.status == Status.INFEASIBLE
    blocked = result.blocked
    assert blocked is not None
    assert (blocked.applications, blocked.experts, blocked.need, blocked.capacity) == (
        ("wind",),
        ("anna",),
        2,
        1,
    )
    assert [(each.rule, each.subject) for each in blocked.rules] == [
        ("conflict", ("bert", "wind")),
        ("language", ("wind",)),
        ("reviews", ("wind",)),
    ]
    assert blocked.rules[0].reason.text() == "bert must not assess wind: same cluster."


def test_each_remedy_is_the_smallest_of_its_kind() -> None:
    blocked = solve(crowd()).blocked
    assert blocked is not None
    assert {remedy.rules: remedy.amount for remedy in blocked.remedies} == {
        ("reviews",): 1,
        ("language",): 1,
        ("conflict",): 1,
    }
    waived = next(remedy for remedy in blocked.remedies if remedy.rules == ("conflict",))
    assert [change.subject for change in waived.changes] == [("bert", "wind")]
    assert waived.changes[0].reason.text() == "The conflict of bert with wind is waived (same cluster)."


def test_a_waiver_makes_it_possible() -> None:
    problem = crowd()
    signed = replace(problem, conflicts=(replace(problem.conflicts[0], waived_by="Head of office"),))
    assert solve(signed).status == Status.OPTIMAL


def test_a_pair_fixed_in_spite_of_a_conflict_is_told() -> None:
    problem = replace(
        crowd(), fixed=(Pair("bert", "wind"),), applications=(Application("wind", 1),), fit=np.ones((1, 3))
    )
    blocked = solve(problem).blocked
    assert blocked is not None
    assert [each.rule for each in blocked.rules] == ["conflict", "fixed"]
    assert {remedy.rules for remedy in blocked.remedies} == {("conflict",), ("fixed",)}


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_rules_named_block_and_no_part_of_them_does(problem: Problem) -> None:
    blocked = solve(problem).blocked
    if blocked is None:
        return
    every = frozenset((rule.name, subject) for rule in RULES for subject, _ in rule.places(problem))
    named = [(each.rule, each.subject) for each in blocked.rules]

    def possible(kept: list[tuple[str, tuple[str, ...]]]) -> bool:
        return is_possible(problem, Params(), every - frozenset(kept), seed=0, stop=NoLimit())

    assert not possible(named)
    assert all(possible([each for each in named if each != left]) for left in named)
    if blocked.need or blocked.capacity:
        assert blocked.need > blocked.capacity
    assert blocked.remedies
    for remedy in blocked.remedies:
        assert remedy.amount > 0
        for smaller in remedy.rules:
            rest = frozenset(remedy.rules) - {smaller}
            assert fewest_changes(problem, rest, seed=0, stop=NoLimit()) is None
