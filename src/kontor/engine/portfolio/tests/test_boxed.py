"""Prices from a programme over fillings, shares over fillings, and better solutions near one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.stop import NoLimit
from kontor.engine.portfolio import together, whole
from kontor.engine.portfolio.boxed import converged
from kontor.engine.portfolio.decomposed import Improving, first_prices, take_apart
from kontor.engine.portfolio.nearby import Nearby
from kontor.engine.portfolio.programme import Programme, Row, keeps
from kontor.engine.portfolio.sides import sides_of
from kontor.engine.portfolio.tests.test_shared import Over, kept_by, linked

if TYPE_CHECKING:
    from kontor.engine.portfolio.decomposed import Parts


@st.composite
def sharing(draw: st.DrawFn) -> Programme:
    """Exclusions and dependencies, and a share that the choice keeps: of some at least so much more than of
    others.
    """
    made = draw(linked())
    coefs = draw(st.lists(st.integers(-30, 30), min_size=9, max_size=9))
    share = Row({column: coef for column, coef in enumerate(coefs) if coef}, draw(st.integers(-40, 0)), None)
    return replace(made, rows=(*made.rows, share))


def improving(parts: Parts) -> Improving:
    return Improving(parts, first_prices(parts, [0.5] * len(parts.programme.rows)))


@settings(max_examples=60, deadline=None)
@given(sharing())
def test_prices_bound_every_solution(programme: Programme) -> None:
    parts = take_apart(programme)
    if parts is None:
        return
    first = improving(parts).best
    found = converged(first, seed=0, stop=NoLimit())
    assert found.bound <= first.bound
    assert found.whole >= max((int(x @ np.array(programme.values)) for x in kept_by(programme)), default=0)
    assert converged(first, seed=0, stop=Over()).bound == first.bound
    for side, number in zip(sides_of(parts), parts.sides, strict=True):
        row = parts.programme.rows[number]
        for x in kept_by(programme)[:5]:
            held = [side.held(n, x[None, columns])[0] for n, columns in enumerate(parts.columns)]
            assert sum(held) * side.size == pytest.approx(sum(c * x[j] for j, c in row.coefs.items()))


def test_prices_are_better_than_those_of_many_small_steps() -> None:
    drawn = np.random.default_rng(5)
    rows: list[dict[int, int]] = [{} for _ in range(6)]
    for column in range(300):
        for number in drawn.choice(6, 1 + column % 2, replace=False):
            rows[number][column] = int(drawn.integers(2_000, 30_000))
    envelopes = [Row(row, None, sum(row.values()) // 3) for row in rows]
    share = Row({column: int(drawn.integers(-50, 40)) for column in range(300)}, 0, None)
    values = tuple(int(each) for each in drawn.integers(120, 198, 300))
    programme = Programme(values, (1,) * 300, (*envelopes, share))
    parts, relaxed = take_apart(programme), whole.relax(programme, 0, NoLimit())
    assert parts is not None
    assert relaxed is not None
    first = Improving(parts, first_prices(parts, relaxed.duals))
    few = first.run(10, NoLimit(), 10.0)
    found, many = converged(few, seed=0, stop=NoLimit()), first.run(100, NoLimit(), 10.0)
    assert found.bound < many.bound < few.bound


@settings(max_examples=60, deadline=None)
@given(sharing(), st.booleans())
def test_with_shares_the_optimum_is_the_best_of_all(programme: Programme, doubted: bool) -> None:
    """`doubted`: as if HiGHS had broken a row by a cent."""
    every = kept_by(programme)
    with (
        patch.object(whole, "FEW", 0),
        patch.object(together, "keeps", lambda made, x: not doubted and keeps(made, x)),
    ):
        found = whole.maximise(programme, seed=0, stop=NoLimit())
    best = int((every @ np.array(programme.values)).max())
    assert found.value == found.bound == best
    assert found.x is not None
    assert keeps(programme, found.x)


@settings(max_examples=40, deadline=None)
@given(sharing(), st.integers(0, 3))
def test_near_a_solution_the_best_is_found_where_all_is_near(programme: Programme, seed: int) -> None:
    every = kept_by(programme)
    values = every @ np.array(programme.values)
    start = every[int(values.argmin())].tolist()
    search = Nearby(programme, start, [1.0] * 9)
    search.run(int(values.max()), seed=seed, stop=NoLimit())
    assert search.value == values.max()
    assert keeps(programme, search.x)
    late = Nearby(programme, start, [1.0] * 9)
    late.run(int(values.max()), seed=seed, stop=Over())
    assert late.x == start
