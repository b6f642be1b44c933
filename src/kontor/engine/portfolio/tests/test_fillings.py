"""Envelopes filled one by one: all nearly best fillings, and the same optimum as without taking apart."""

from __future__ import annotations

from itertools import product
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.stop import NoLimit
from kontor.engine.portfolio import whole
from kontor.engine.portfolio.best import draft
from kontor.engine.portfolio.fillings import Envelope, Fillings, fill
from kontor.engine.portfolio.model import Problem, Rule
from kontor.engine.portfolio.numbers import fill_by_number
from kontor.engine.portfolio.tests.brute import choices, problems, worth


@st.composite
def envelopes(draw: st.DrawFn) -> tuple[Envelope, list[int]]:
    """Up to seven columns, two of which may be ways of one proposal; worth less than nothing now and then."""
    count = draw(st.integers(1, 7))
    weight = np.array(draw(st.lists(st.integers(1, 40), min_size=count, max_size=count)), np.int64)
    unit = np.arange(count)
    if count > 2 and draw(st.booleans()):
        unit = np.array([0, 0, *range(1, count - 1)])
    value = draw(st.lists(st.integers(-20, 60), min_size=count, max_size=count))
    return Envelope(weight, draw(st.integers(0, 120)), unit.astype(np.int64)), value


def every(envelope: Envelope, value: list[int]) -> dict[tuple[bool, ...], int]:
    found = {}
    for taken in product((False, True), repeat=len(value)):
        held = np.array(taken)
        alone = len(set(envelope.unit[held])) == held.sum()
        if alone and envelope.weight[held].sum() <= envelope.room:
            found[taken] = int(np.array(value)[held].sum())
    return found


def listed(found: Fillings) -> dict[tuple[bool, ...], int]:
    result = {}
    for taking, loss in zip(found.taken, found.loss, strict=True):
        x = found.base.copy()
        x[found.near] = taking
        result[tuple(x.tolist())] = found.most - int(loss)
    return result


@settings(max_examples=60, deadline=None)
@given(envelopes(), st.integers(0, 30), st.integers(0, 50))
def test_all_fillings_near_the_best_are_found(
    drawn: tuple[Envelope, list[int]], spread: int, guess: int
) -> None:
    envelope, value = drawn
    known = every(envelope, value)
    near = {x: each for x, each in known.items() if each >= max(known.values()) - spread}
    for found in (
        fill(envelope, np.array(value, np.int64), spread, guess),
        fill_by_number(envelope, np.array(value, np.int64), spread),
    ):
        assert found.value == max(known.values())
        got = listed(found)
        assert {x: got.get(x) for x in near} == near
        assert all(known[x] == each for x, each in got.items())
        best = tuple(found.best().tolist())
        for column, cost in enumerate(found.flipping().tolist()):
            other = [each for x, each in known.items() if x[column] != best[column]]
            assert not other or found.value - max(other) >= min(cost, found.limit + 1 - found.least)


@settings(max_examples=60, deadline=None)
@given(problems(Rule.BEST))
def test_taken_apart_the_optimum_is_the_same(problem: Problem) -> None:
    programme = draft(problem).programme
    known = [worth(problem, each) * 1_000_000 for each in choices(problem)]
    with patch.object(whole, "FEW", 0):
        found = whole.maximise(programme, seed=0, stop=NoLimit())
    assert (found.x is None) == (not known)
    if found.x is not None:
        assert found.value == found.bound == max(known)
        assert sum(v * each for v, each in zip(programme.values, found.x, strict=True)) == found.value
