"""A programme solved envelope by envelope: prices, all nearly best fillings, and a choice that agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.decomposed import Filled, Improving, filled, first_prices, take_apart
from kontor.engine.portfolio.fillings import TooMany
from kontor.engine.portfolio.programme import Programme
from kontor.engine.portfolio.together import choose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROUNDS = (((2,), 30), ((2, 4), 50), ((2, 4, 8, 16, 32, 64), 50))
"""Of better prices; after each a solution is looked for so far below the bound, which shows how far there is
to go.
"""
CLOSE = 4
"""A distance from the bound, in units of value, within which lists are short."""
DEPTHS = (4, 9, 15, 17, 20, 26, 36, 50, 70, 100)
"""Floors that are tried one after the other, in units of value below the bound."""
SHORT, LONG = 3_000, 1_000_000
"""Fillings of all envelopes together, in lists from which a first or the best solution is chosen."""


@dataclass(frozen=True, slots=True)
class Share:
    """Half the time that is left: the rest is for what is done when this comes to nothing."""

    stop: Stop

    def left(self) -> float:
        return self.stop.left() / 2


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

    Where envelopes share nothing but columns, all fillings that a solution at most so much below the bound
    can have are listed and chosen from, then those of lesser ones, until there is one. Else first the best
    solution of short lists; then all fillings that a better one could have. What remains open, when the lists
    grow too long or the time is over, is said by the bound.
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
        if not parts.sides:
            now = _improved(improving, sum(rounds for _, rounds in ROUNDS[:2]), stop, aim)
            best = _downwards(now, seed, stop)
            if best.x is not None and best.value == best.bound:
                return best
        for steps, rounds in ROUNDS:
            now = _improved(improving, rounds, stop, aim)
            best = replace(_first(now, best, steps, seed, stop), bound=min(now.whole, best.bound))
            best = replace(best, relaxed=now.whole + 1, worth=now.worth())
            aim = now.bound / now.scale - best.value if best.x is not None else aim
            if aim < CLOSE:
                break
        if best.x is not None and best.value < best.bound:
            best = _better(now, best, seed, stop)
    except OutOfTime:
        pass
    return best


def _improved(improving: Improving, rounds: int, stop: Stop, aim: float) -> Filled:
    """The best prices yet, also where further ones make too many fillings alike."""
    try:
        return improving.run(rounds, stop, aim)
    except TooMany:
        return improving.best


def _downwards(now: Filled, seed: int, stop: Stop) -> Bounded:
    """Floors further and further below the bound, until a solution reaches one: the best of those is the best
    of all.
    """
    best = Bounded(now.whole, now.whole + 1, now.worth())
    for depth in DEPTHS:
        floor = now.whole + 1 - depth
        found, complete = _listed(now, floor, LONG)
        if not complete:
            break
        chosen = choose(found, floor, seed=seed, stop=Share(stop))
        if chosen.x is not None:
            best = replace(best, x=chosen.x, value=chosen.value)
        if not chosen.settled:
            break
        best = replace(best, bound=floor - 1 if best.x is None else best.value)
        if best.x is not None:
            break
    return best


def _first(now: Filled, best: Bounded, steps: Sequence[int], seed: int, stop: Stop) -> Bounded:
    """With a solution from lists that grow until there is one; later from a short one at better prices."""
    for step in steps if best.x is None else steps[:1]:
        found, _complete = _listed(now, now.whole - step, SHORT)
        chosen = choose(found, None, seed=seed, stop=Share(stop), quick=True)
        if chosen.x is not None:
            better = best.x is None or chosen.value > best.value
            return replace(best, x=chosen.x, value=chosen.value) if better else best
    return best


def _better(now: Filled, best: Bounded, seed: int, stop: Stop) -> Bounded:
    """Looks for anything worth more among all fillings that it could have."""
    while best.value < best.bound:
        floor = best.value + 1
        found, complete = _listed(now, floor, LONG)
        if not complete:
            return best
        chosen = choose(found, floor, seed=seed, stop=Share(stop))
        if chosen.x is not None and chosen.value > best.value:
            best = replace(best, x=chosen.x, value=chosen.value)
        if not chosen.settled:
            return best
        best = replace(best, bound=best.value)
    return best


def _listed(now: Filled, floor: int, count: int) -> tuple[Filled, bool]:
    """Fillings that a solution worth `floor` can have, `count` at most; and whether these are all."""
    guesses = [each.least for each in now.fillings]
    spread = max(0, now.bound - floor * now.scale)
    most = count // len(now.fillings)
    found, complete = now, spread == 0
    for part in (1, 4, 16, 64):
        try:
            found = filled(now.parts, now.prices, guesses, spread // part)
        except TooMany:
            continue
        complete = part == 1
        break
    short = tuple(each.shortened(spread, most + 1) for each in found.fillings)
    complete &= all(len(each.loss) <= most for each in short)
    return replace(found, fillings=tuple(each.shortened(spread, most) for each in short)), complete
