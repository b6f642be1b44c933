"""Every assignment of a small problem, tried one by one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from kontor.engine.juries.arrays import units_of
from kontor.engine.juries.model import Application, Conflict, Expert, Measure, Pair, Params, Problem
from kontor.engine.juries.rules import broken_rules

FIELDS = ("heat", "storage")


def assignments(problem: Problem) -> Iterator[tuple[Pair, ...]]:
    """All that keep every rule, as the rules themselves say."""
    keys = [expert.key for expert in problem.experts]
    options = [
        [group for size in range(a.reviews, a.most + 1) for group in combinations(keys, size)]
        for a in problem.applications
    ]
    for groups in product(*options):
        pairs = tuple(
            Pair(expert, application.key)
            for application, group in zip(problem.applications, groups, strict=True)
            for expert in group
        )
        if not broken_rules(problem, pairs):
            yield pairs


def worth(problem: Problem, pairs: tuple[Pair, ...], params: Params) -> tuple[int, int]:
    """Level of the worst served in ten-thousandths (mean: times 6) and total in ten-thousandths."""
    units = units_of(problem, params)
    sums = np.zeros(len(problem.applications), np.int64)
    for pair in pairs:
        a = problem.application_at[pair.application]
        sums[a] += units[a, problem.expert_at[pair.expert]]
    share = [a.reviews if params.measure == Measure.MEAN else 6 for a in problem.applications]
    return min(int(s) * 6 // n for s, n in zip(sums, share, strict=True)), int(sums.sum())


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to three applications and four experts, with every rule now and then."""
    count_a, count_e = draw(st.integers(1, 3)), draw(st.integers(2, 4))
    row = st.lists(st.integers(0, 20), min_size=count_e, max_size=count_e)
    fit = np.array(draw(st.lists(row, min_size=count_a, max_size=count_a)))
    some = st.lists(st.sampled_from(FIELDS), unique=True, max_size=2).map(tuple)
    applications = []
    for number in range(count_a):
        reviews = draw(st.integers(1, 2))
        applications.append(
            Application(
                f"a{number}",
                reviews,
                draw(st.sampled_from([None, reviews, reviews + 1])),
                draw(st.one_of(st.just(()), some)),
                draw(st.sampled_from(["", "", "", "de"])),
            )
        )
    experts = []
    for number in range(count_e):
        most = draw(st.integers(1, 4))
        experts.append(
            Expert(
                f"e{number}",
                most,
                draw(st.integers(0, min(1, most))),
                draw(some),
                draw(st.sampled_from([("de",), ("de", "en"), ("en",)])),
                draw(st.sampled_from([True, True, True, True, False])),
            )
        )
    pairs = [(e.key, a.key) for e in experts for a in applications]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3))
    waived = draw(st.sampled_from(["", "", "Head of office"]))
    fixed = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=1))
    return Problem(
        tuple(applications),
        tuple(experts),
        fit / 20,
        tuple(
            Conflict(e, a, "same organisation", waived if n == 0 else "") for n, (e, a) in enumerate(chosen)
        ),
        tuple(Pair(e, a) for e, a in fixed),
    )
