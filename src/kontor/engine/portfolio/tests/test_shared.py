"""Envelopes that share proposals: a floor is reached by the best solution, or by none where it lies above."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.stop import NoLimit
from kontor.engine.portfolio import envelopes, pairwise, whole
from kontor.engine.portfolio.agreeing import agreeing
from kontor.engine.portfolio.decomposed import Improving, filled, first_prices, take_apart
from kontor.engine.portfolio.joined import join
from kontor.engine.portfolio.pairwise import narrow
from kontor.engine.portfolio.programme import Programme, Row
from kontor.engine.portfolio.together import choose

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Over:
    def left(self) -> float:
        return 0.0


@st.composite
def shared(draw: st.DrawFn) -> Programme:
    """Nine proposals over four envelopes, each on one, two or three of them."""
    rows: list[dict[int, int]] = [{} for _ in range(4)]
    for column in range(9):
        money = draw(st.integers(2, 60))
        for number in draw(st.lists(st.integers(0, 3), unique=True, min_size=1, max_size=3)):
            rows[number][column] = money
    values = draw(st.lists(st.integers(1, 40), min_size=9, max_size=9))
    limits = [sum(row.values()) * draw(st.integers(2, 6)) // 10 for row in rows]
    return Programme(
        tuple(values), (1,) * 9, tuple(Row(row, None, limit) for row, limit in zip(rows, limits, strict=True))
    )


@st.composite
def linked(draw: st.DrawFn) -> Programme:
    """The same with up to three exclusions and dependencies, in any envelopes."""
    made, rows = draw(shared()), []
    for _ in range(draw(st.integers(1, 3))):
        first, *others = draw(st.lists(st.integers(0, 8), unique=True, min_size=2, max_size=3))
        needs = draw(st.booleans())
        rows.append(Row({first: 1, **dict.fromkeys(others, -1 if needs else 1)}, None, 0 if needs else 1))
    return replace(made, rows=(*made.rows, *rows))


def kept_by(programme: Programme) -> NDArray[np.int64]:
    """Every solution, one per line."""
    x = (np.arange(1 << 9)[:, None] >> np.arange(9)) & 1
    kept = np.ones(len(x), np.bool_)
    for row in programme.rows:
        coefs = np.array([row.coefs.get(column, 0) for column in range(9)])
        kept &= (x @ coefs <= (np.inf if row.high is None else row.high)) & (x @ coefs >= _low(row))
    return x[kept]


def _low(row: Row) -> float:
    return -np.inf if row.low is None else row.low


def best_of(programme: Programme) -> int:
    return int((kept_by(programme) @ np.array(programme.values)).max())


@settings(max_examples=60, deadline=None)
@given(shared(), st.integers(0, 12), st.sampled_from([0, pairwise.FEW]))
def test_a_floor_is_reached_by_the_best_solution_or_by_none(
    programme: Programme, depth: int, few: int
) -> None:
    parts = take_apart(programme)
    if parts is None:
        return
    improving = Improving(parts, first_prices(parts, [0.5] * len(programme.rows)))
    now, best = improving.run(5, NoLimit(), 4.0), best_of(programme)
    floor = now.whole + 1 - depth
    found = filled(parts, now.prices, [0] * len(parts.envelopes), max(0, now.bound - floor * now.scale))
    with patch.object(pairwise, "FEW", few):
        chosen = choose(found, floor, seed=0, stop=NoLimit())
    assert now.whole >= best
    assert chosen.settled
    assert (chosen.x is not None) == (best >= floor)
    if chosen.x is not None:
        assert chosen.value == best == sum(v * x for v, x in zip(programme.values, chosen.x, strict=True))
        assert all(sum(c * chosen.x[j] for j, c in r.coefs.items()) <= (r.high or 0) for r in programme.rows)
        assert parts.sides or not choose(found, floor, seed=0, stop=Over()).settled
    lists = agreeing(found)
    if lists is not None and best >= floor:
        assert narrow(lists, now.bound - best * now.scale)
        assert lists.least <= now.bound - best * now.scale


@settings(max_examples=40, deadline=None)
@given(shared())
def test_shared_money_gives_the_optimum_of_all_choices(programme: Programme) -> None:
    with patch.object(whole, "FEW", 0):
        found = whole.maximise(programme, seed=0, stop=NoLimit())
        again = whole.maximise(programme, seed=0, stop=NoLimit())
    assert found.value == found.bound == best_of(programme)
    assert found == again


@settings(max_examples=30, deadline=None)
@given(shared())
def test_where_no_floor_is_reached_another_way_is_gone(programme: Programme) -> None:
    with patch.object(whole, "FEW", 0), patch.object(envelopes, "DEPTHS", (1,)):
        found = whole.maximise(programme, seed=0, stop=NoLimit())
    assert found.value == found.bound == best_of(programme)


@settings(max_examples=80, deadline=None)
@given(linked())
def test_what_hangs_together_is_joined_and_parted_again(programme: Programme) -> None:
    every = kept_by(programme)
    joined = join(programme)
    if joined is not None:
        made = {joined.undone(x, 9) for x in _solutions(joined.programme)}
        assert made == {tuple(x.tolist()) for x in every}
    with patch.object(whole, "FEW", 0):
        found = whole.maximise(programme, seed=0, stop=NoLimit())
    value = every @ np.array(programme.values)
    best = every[value == value.max()]
    assert found.value == found.bound == value.max()
    assert found.x is not None
    assert found.x in {tuple(x.tolist()) for x in best}
    for column in found.settled:
        assert (best[:, column] == found.x[column]).all()


def _solutions(programme: Programme) -> list[tuple[int, ...]]:
    """Column by column, as long as rows without lower bounds and negative amounts are kept."""
    found: list[tuple[int, ...]] = [()]
    for column in range(len(programme.values)):
        grown = [(*x, each) for x in found for each in range(programme.upper[column] + 1)]
        found = [x for x in grown if all(_holds(row, x) for row in programme.rows)]
    return found


def _holds(row: Row, x: tuple[int, ...]) -> bool:
    rest = sum(min(0, coef) for column, coef in row.coefs.items() if column >= len(x))
    held = sum(coef * x[column] for column, coef in row.coefs.items() if column < len(x))
    return row.high is None or held + rest <= row.high
