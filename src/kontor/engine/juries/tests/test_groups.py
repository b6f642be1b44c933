"""Groups of experts for those who hold the level down: the same optimum as by trying all."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import NoLimit
from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.grouped import largest_at
from kontor.engine.juries.groups import Asked
from kontor.engine.juries.sides import Served

SIZE = (3, 5)


class Over:
    def left(self) -> float:
        return 0.0


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(0, 45), st.integers(-20, 60))
def test_groups_are_all_that_serve_well_enough(
    data: st.DataObject, count: int, floor: int, least: int
) -> None:
    pairs = data.draw(st.lists(st.tuples(st.integers(0, 20), st.integers(-30, 30)), min_size=1, max_size=7))
    units, worth = (np.array(each, np.int64) for each in zip(*pairs, strict=True))
    known = {
        group: int(worth[list(group)].sum())
        for group in combinations(range(len(units)), count)
        if units[list(group)].sum() >= floor
    }
    asked = Asked(units, worth, count, floor)
    assert asked.best() == max(known.values(), default=None)
    if count <= len(units):
        members, values = asked.within(least)
        found = {tuple(sorted(m.tolist())): int(v) for m, v in zip(members, values, strict=True)}
        assert found == {group: each for group, each in known.items() if each >= least}


@st.composite
def arrays(draw: st.DrawFn) -> Arrays:
    """Three applications and five experts: conflicts, a fixed pair, least loads now and then."""
    cells = st.lists(st.integers(0, 40), min_size=15, max_size=15)
    units = np.array(draw(cells), np.int64).reshape(SIZE)
    allowed = np.array(draw(cells)).reshape(SIZE) > draw(st.sampled_from([-1, 8]))
    forced = np.zeros(SIZE, np.bool_)
    if draw(st.booleans()):
        forced[draw(st.integers(0, 2)), draw(st.integers(0, 4))] = True
    need = np.array(draw(st.lists(st.integers(1, 3), min_size=3, max_size=3)), np.int64)
    load_lo = np.array(draw(st.lists(st.integers(0, 1), min_size=5, max_size=5)), np.int64)
    load_hi = np.array(draw(st.lists(st.integers(1, 3), min_size=5, max_size=5)), np.int64)
    nothing = np.zeros((0, 2), np.int64), np.zeros((0, 5), np.bool_)
    return Arrays(units, allowed | forced, forced, need, need, load_lo, load_hi, *nothing)


def best_at(made: Arrays, level: int) -> int | None:
    options = []
    for a in range(SIZE[0]):
        groups = (list(each) for each in combinations(range(SIZE[1]), int(made.need_hi[a])))
        options.append(
            [
                (group, int(made.units[a, group].sum()))
                for group in groups
                if made.allowed[a, group].all()
                and made.forced[a].sum() == made.forced[a, group].sum()
                and made.units[a, group].sum() >= level
            ]
        )
    best = None
    for chosen in product(*options):
        load = np.bincount(np.concatenate([group for group, _ in chosen]), minlength=SIZE[1])
        if (load >= made.load_lo).all() and (load <= made.load_hi).all():
            best = max(best or 0, sum(value for _, value in chosen))
    return best


@settings(max_examples=80, deadline=None)
@given(arrays(), st.integers(0, 60), st.lists(st.integers(0, 2), unique=True))
def test_the_total_at_a_level_is_the_best_of_all(made: Arrays, level: int, held: list[int]) -> None:
    served, known = Served(np.ones(3, np.int64), 1), best_at(made, level)
    found = largest_at(made, served, level, held, np.zeros(5), seed=0, stop=NoLimit())
    assert (found is None) == (known is None)
    if found is not None and found.chosen is not None:
        assert found.value == found.bound == known == int(made.units[found.chosen].sum())
        assert served.level(made, found.chosen) >= level
        with pytest.raises(OutOfTime):
            largest_at(made, served, level, held, np.zeros(5), seed=0, stop=Over())
