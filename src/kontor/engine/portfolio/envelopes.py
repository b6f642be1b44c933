"""A programme solved envelope by envelope: prices, all nearly best fillings, and a choice that agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.boxed import converged
from kontor.engine.portfolio.decomposed import Filled, Improving, filled, first_prices, take_apart
from kontor.engine.portfolio.fillings import TooMany
from kontor.engine.portfolio.programme import Programme
from kontor.engine.portfolio.together import choose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROUNDS = 10
"""Of better prices, before a programme over the fillings takes over."""
STEPS = (4, 16)
"""So far below the bound a first solution is looked for in short lists, in units of value."""
DEPTHS = (3, 6, 9, 12, 15, 18, 22, 28, 36, 50, 70, 100)
"""Floors that are tried one after the other, in units of value below the bound."""
MOST = 0.8
"""Of the time that is left, for the best of complete lists: little else proves anything."""
FEWER = (4, 16, 64)
"""Parts of a spread that an envelope with too many fillings is content with."""
SHORT, LONG = 3_000, 1_000_000
"""Fillings of all envelopes together, in lists from which a first or the best solution is chosen."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the time that is left: the rest is for what is done when this comes to nothing."""

    stop: Stop
    part: float = 0.5

    def left(self) -> float:
        return self.stop.left() * self.part


@dataclass(frozen=True, slots=True)
class Bounded:
    """No solution is worth more than `bound`; `x` is worth `value`. `worth` as in `Found`, against `relaxed`:
    the bound of the prices, rounded up.
    """

    bound: int
    relaxed: int
    worth: NDArray[np.float64]
    x: tuple[int, ...] | None = None
    value: int = 0


def by_envelopes(
    programme: Programme, duals: Sequence[float], relaxed: int, *, seed: int, stop: Stop
) -> Bounded | None:
    """None where the programme has no envelopes, or too many fillings are alike.

    All fillings that a solution at most so much below the bound can have are listed and chosen from, then
    those of lesser ones, until the best solution yet is one of them. What remains open, when the lists grow
    too long or the time is over, is said by the bound.
    """
    parts = take_apart(programme)
    if parts is None:
        return None
    try:
        improving = Improving(parts, first_prices(parts, duals))
    except TooMany:
        return None
    aim = max(1.0, (relaxed - improving.best.whole) / 4)
    best = Bounded(improving.best.whole, improving.best.whole + 1, improving.best.worth())
    try:
        now = converged(_improved(improving, ROUNDS, stop, aim), seed=seed, stop=stop)
        best = Bounded(now.whole, now.whole + 1, now.worth())
        best = _downwards(now, best, seed, stop)
        if best.x is None and now.parts.sides:
            best = _first(now, best, seed, stop)
    except OutOfTime:
        pass
    return best


def _improved(improving: Improving, rounds: int, stop: Stop, aim: float) -> Filled:
    """The best prices yet, also where further ones make too many fillings alike."""
    try:
        return improving.run(rounds, stop, aim)
    except TooMany:
        return improving.best


def _downwards(now: Filled, best: Bounded, seed: int, stop: Stop) -> Bounded:
    """Floors further and further below the bound, until the best solution yet reaches one: it is the best of
    all.
    """
    for depth in DEPTHS:
        floor = now.whole + 1 - depth
        if best.x is not None:
            floor = max(floor, best.value + 1)
        found, complete = _listed(now, floor, LONG)
        if not complete:
            break
        part = Share(stop, MOST)
        chosen = choose(found, floor, seed=seed, stop=part, better=best.x is not None)
        if chosen.x is not None and (best.x is None or chosen.value > best.value):
            best = replace(best, x=chosen.x, value=chosen.value)
        if not chosen.settled:
            break
        best = replace(best, bound=floor - 1 if best.x is None else max(floor - 1, best.value))
        if best.x is not None and best.value == best.bound:
            break
    return best


def _first(now: Filled, best: Bounded, seed: int, stop: Stop) -> Bounded:
    """With a solution from short lists that grow until there is one."""
    for step in STEPS:
        found, _complete = _listed(now, now.whole - step, SHORT)
        chosen = choose(found, None, seed=seed, stop=Share(stop), quick=True)
        if chosen.x is not None:
            return replace(best, x=chosen.x, value=chosen.value)
    return best


def _listed(now: Filled, floor: int, count: int) -> tuple[Filled, bool]:
    """Fillings that a solution worth `floor` can have, `count` at most; and whether these are all."""
    guesses = [each.least for each in now.fillings]
    spread = max(0, now.bound - floor * now.scale)
    most = count // len(now.fillings)
    try:
        found = filled(now.parts, now.prices, guesses, spread, fewer=FEWER)
    except TooMany:
        return now, spread == 0
    complete = all(each.limit >= each.least + spread for each in found.fillings)
    short = tuple(each.shortened(spread, most + 1) for each in found.fillings)
    complete &= all(len(each.loss) <= most for each in short)
    return replace(found, fillings=tuple(each.shortened(spread, most) for each in short)), complete
