"""Assignments equal the best found by trying all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.result import Status
from kontor.engine.juries.model import SCALE, Aim, Measure, Pair, Params, Problem, Result
from kontor.engine.juries.read import read_jury
from kontor.engine.juries.rules import broken_rules
from kontor.engine.juries.solve import repair, solve
from kontor.engine.juries.tests.brute import assignments, problems, worth

INSTANCES = Path(__file__).parents[5] / "instances" / "juries"


def pairs_of(result: Result) -> tuple[Pair, ...]:
    return tuple(Pair(each.expert, each.application) for each in result.assigned)


@settings(max_examples=60, deadline=None)
@given(problems(), st.sampled_from(list(Measure)))
def test_fair_is_the_best_of_all(problem: Problem, measure: Measure) -> None:
    params = Params(measure=measure)
    result = solve(problem, params=params)
    known = [worth(problem, pairs, params) for pairs in assignments(problem)]
    assert (result.status == Status.INFEASIBLE) == (not known)
    if known:
        assert result.status == Status.OPTIMAL
        assert broken_rules(problem, pairs_of(result)) == []
        assert worth(problem, pairs_of(result), params) == max(known)
        assert result.total is not None
        assert round(result.total.reached * SCALE) == max(known)[1]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_total_alone_is_the_best_of_all(problem: Problem) -> None:
    params = Params(aim=Aim.TOTAL)
    result = solve(problem, params=params)
    known = [worth(problem, pairs, params)[1] for pairs in assignments(problem)]
    if known:
        assert result.status == Status.OPTIMAL
        assert worth(problem, pairs_of(result), params)[1] == max(known)


@settings(max_examples=60, deadline=None)
@given(problems(), st.data())
def test_repair_changes_the_fewest_then_serves_best(problem: Problem, data: st.DataObject) -> None:
    pairs = [(e.key, a.key) for e in problem.experts for a in problem.applications]
    drawn = data.draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1, max_size=6))
    previous = {Pair(*pair) for pair in drawn}
    changed = Problem(
        problem.applications,
        problem.experts,
        problem.fit,
        problem.conflicts,
        problem.fixed,
        (),
        tuple(previous),
    )
    result = repair(changed)
    params = Params()
    known = [(-len(previous ^ set(found)), *worth(problem, found, params)) for found in assignments(problem)]
    assert (result.status == Status.INFEASIBLE) == (not known)
    if known:
        assert result.status == Status.OPTIMAL
        found = pairs_of(result)
        assert (-len(previous ^ set(found)), *worth(problem, found, params)) == max(known)
        assert result.changes is not None
        assert result.changes.reached == result.changes.bound == len(previous ^ set(found))


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 3))
def test_the_order_of_the_file_and_a_second_run_change_nothing(problem: Problem, seed: int) -> None:
    turned = Problem(
        problem.applications[::-1],
        problem.experts[::-1],
        np.ascontiguousarray(problem.fit[::-1, ::-1]),
        problem.conflicts,
        problem.fixed,
    )
    first = solve(problem, seed=seed)
    assert solve(problem, seed=seed) == first
    assert set(pairs_of(solve(turned, seed=seed))) == set(pairs_of(first))


def test_a_least_load_leaves_nobody_with_nothing() -> None:
    """The largest total, as a flow of least cost finds it, gives one application experts without any fit."""
    problem, params = read_jury(INSTANCES / "least-load.json")
    largest = solve(problem, params=replace(params, aim=Aim.TOTAL))
    fair = solve(problem, params=params)
    assert largest.worst is not None
    assert fair.worst is not None
    assert fair.total is not None
    assert largest.worst.reached == 0
    assert (fair.status, fair.worst.reached, fair.worst.bound) == (Status.OPTIMAL, 0.32, 0.32)
    assert (fair.total.reached, fair.total.bound) == (12.83, 12.83)
    loads = Counter(each.expert for each in fair.assigned)
    assert {loads[each.key] for each in problem.experts} == {1, 2}
