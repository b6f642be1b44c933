"""The best prices, from a programme over the fillings seen so far, in a box around the best prices yet.

Of each envelope one filling is taken, or shares of several that add up to one, so that envelopes agree on
what they share and side rows are kept at the least loss (Dantzig and Wolfe, Decomposition principle for
linear programs, Operations Research 1960). Its prices are asked for new fillings, until those seen are
enough. Disagreeing costs so much and no more: prices stay that near to the best yet, in a box that grows
where they get better and shrinks where not (Marsten, Hogan and Blankenship, The boxstep method, Operations
Research 1975). HiGHS only guides: bounds are worked out in whole numbers by `filled`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import highspy
import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.decomposed import Filled, Parts, Prices, filled
from kontor.engine.portfolio.fillings import Fillings, TooMany
from kontor.engine.portfolio.highs import quiet
from kontor.engine.portfolio.sides import Side, sides_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS, STALLED = 40, 7
"""At most; and so many without a better bound end them."""
BOX, LEAST, MOST = 4.0, 0.05, 64.0
"""How far prices of columns may move at first, at least and at most, in units of value."""
SPREAD, COUNT, FAR = 3.0, 60, 40.0
"""Of each envelope the best so many fillings that lose at most `SPREAD` more than the best are seen; those
that lose more than `FAR` are left out of the programme, in units of value.
"""
CLOSE = 0.02
"""The bound and the programme's value so near to each other are the same, in units of value."""


def converged(found: Filled, *, seed: int, stop: Stop) -> Filled:
    """The same programme at the best prices, or as good as the time allows."""
    pool, best, box, spread, stalled = Pool.of(found.parts), found, BOX, SPREAD, 0
    if not pool.sides and not len(pool.shared):
        return found
    try:
        pool.add(_with_spread(found, found.prices, spread))
        for _ in range(ROUNDS):
            step = pool.step(best, box, quiet(seed, stop))
            try:
                now = _with_spread(best, step.prices, spread)
            except TooMany:
                # Prices at which too much is alike: a shorter way, and fewer fillings.
                box, spread, stalled = max(box / 2, LEAST), spread / 2, stalled + 1
                if stalled == STALLED:
                    break
                continue
            pool.add(now)
            gained = (best.bound - now.bound) / best.scale
            stalled = 0 if gained > CLOSE else stalled + 1
            if gained > 0:
                box, best = min(2 * box, MOST) if gained > step.loss / 3 else box, now
            else:
                box = max(box / 2, LEAST)
            if stalled == STALLED or (step.agreed and step.loss - max(0.0, gained) < CLOSE):
                break
    except (OutOfTime, TooMany):
        pass
    return best


def _with_spread(best: Filled, prices: Prices, spread: float) -> Filled:
    guesses = [each.least for each in best.fillings]
    return filled(best.parts, prices, guesses, int(spread * best.scale))


@dataclass(frozen=True, slots=True)
class Step:
    """`loss`: how far the bound can come down at most, in units of value, where `agreed`: where no box was in
    the way.
    """

    prices: Prices
    loss: float
    agreed: bool


@dataclass(slots=True)
class Pool:
    """`taken[k]`: fillings of envelope k that were seen, a line each. `shared`: (envelope, place, envelope,
    place) of every column that two draw on, one envelope after the other.
    """

    parts: Parts
    sides: tuple[Side, ...]
    shared: NDArray[np.int64]
    taken: list[NDArray[np.bool_]]
    seen: list[set[bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, parts: Parts) -> Pool:
        taken = [np.zeros((0, len(columns)), np.bool_) for columns in parts.columns]
        return cls(parts, sides_of(parts), _shared(parts), taken, [set() for _ in taken])

    def add(self, found: Filled) -> None:
        for number, each in enumerate(found.fillings):
            x = _best_ones(each)
            packed = np.packbits(x, axis=1)
            new = [n for n, line in enumerate(packed) if line.tobytes() not in self.seen[number]]
            self.seen[number].update(packed[n].tobytes() for n in new)
            self.taken[number] = np.concatenate((self.taken[number], x[new]))

    def step(self, best: Filled, box: float, highs: highspy.Highs) -> Step:
        """Raises OutOfTime."""
        losses, lines = [], []
        for taken, each, worth in zip(self.taken, best.fillings, best.worth_in, strict=True):
            loss = (each.value - taken @ worth) / best.scale
            near = np.flatnonzero(loss <= FAR)
            losses.append(loss[near])
            lines.append(taken[near])
        model = Model(losses)
        ties = [tie for tie in self.shared.tolist() if _differs(lines, tie)]
        for one, mine, other, theirs in ties:
            model.tie((one, lines[one][:, mine]), (other, lines[other][:, theirs]), box)
        for side, price in zip(self.sides, best.prices.side, strict=True):
            model.side(side, [side.held(n, each) for n, each in enumerate(lines)], float(price))
        value, duals, unmet = model.solved(highs)
        return Step(self._moved(best, ties, duals[len(lines) :]), value, unmet < 1e-6)

    def _moved(self, best: Filled, ties: list[list[int]], duals: NDArray[np.float64]) -> Prices:
        part = [each / best.scale for each in best.worth_in]
        for (one, mine, other, theirs), price in zip(ties, duals, strict=False):
            part[one][mine] += price
            part[other][theirs] -= price
        prices = best.prices.side.copy()
        change = np.zeros(len(self.parts.programme.values))
        for number, (side, price) in enumerate(zip(self.sides, duals[len(ties) :], strict=True)):
            prices[number] = side.allowed(prices[number] - price / side.size)
            change += (best.prices.side[number] - prices[number]) * side.size * side.coefs
        for number, columns in enumerate(self.parts.columns):
            part[number] += np.where(self.parts.first[columns] == number, change[columns], 0)
        return Prices(part, prices)


def _best_ones(found: Fillings) -> NDArray[np.bool_]:
    order = np.argsort(found.loss, kind="stable")[:COUNT]
    x = np.tile(found.base, (len(order), 1))
    x[:, found.near] = found.taken[order]
    return x


def _shared(parts: Parts) -> NDArray[np.int64]:
    last: dict[int, tuple[int, int]] = {}
    found = []
    for number, columns in enumerate(parts.columns):
        for place in np.flatnonzero(parts.count[columns] > 1).tolist():
            column = int(columns[place])
            if column in last:
                found.append((*last[column], number, place))
            last[column] = number, place
    return np.array(found, np.int64).reshape(-1, 4)


def _differs(lines: list[NDArray[np.bool_]], tie: list[int]) -> bool:
    """Whether not all fillings of both envelopes have the column, or all lack it."""
    one, mine, other, theirs = tie
    first, second = lines[one][:, mine], lines[other][:, theirs]
    return not (first.all() and second.all()) and bool(first.any() or second.any())


class Model:
    """Shares of fillings, one row for each envelope, then one for each tie, then one for each side."""

    def __init__(self, losses: list[NDArray[np.float64]]) -> None:
        self._starts = np.cumsum([0, *(len(each) for each in losses)])
        self._costs, self._count = [*losses], int(self._starts[-1])
        self._rows = [(np.arange(a, b), np.ones(b - a), 1.0) for a, b in pairwise(self._starts)]
        self._unmet: list[int] = []

    def _slack(self, *costs: float) -> NDArray[np.int64]:
        """Columns outside the fillings; the last two of a tie and the last of a side stand for what is not
        kept.
        """
        self._costs.append(np.array(costs))
        places = np.arange(self._count, self._count + len(costs))
        self._count += len(costs)
        return places

    def tie(
        self, one: tuple[int, NDArray[np.bool_]], other: tuple[int, NDArray[np.bool_]], box: float
    ) -> None:
        """As much of a column in one envelope as in the other; a difference costs `box`."""
        mine, theirs = (self._starts[number] + np.flatnonzero(held) for number, held in (one, other))
        slack = self._slack(box, box)
        self._unmet += slack.tolist()
        values = np.concatenate((np.ones(len(mine)), -np.ones(len(theirs)), [1.0, -1.0]))
        self._rows.append((np.concatenate((mine, theirs, slack)), values, 0.0))

    def side(self, side: Side, held: list[NDArray[np.float64]], price: float) -> None:
        total = np.concatenate(held)
        places = np.flatnonzero(total)
        slack = self._slack(abs(price) * side.size, side.penalty)
        self._unmet.append(int(slack[1]))
        values = np.concatenate((total[places], [side.sign, -side.sign]))
        self._rows.append((np.concatenate((places, slack)), values, side.end / side.size))

    def solved(self, highs: highspy.Highs) -> tuple[float, NDArray[np.float64], float]:
        """Loss, prices of the rows, and how much is not kept. Raises OutOfTime."""
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._count, len(self._rows)
        model.col_cost_ = np.concatenate(self._costs)
        model.col_lower_, model.col_upper_ = np.zeros(self._count), np.full(self._count, np.inf)
        model.row_lower_ = model.row_upper_ = np.array([end for _, _, end in self._rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lengths = (len(index) for index, _, _ in self._rows)
        model.a_matrix_.start_ = np.cumsum([0, *lengths]).astype(np.int32)
        model.a_matrix_.index_ = np.concatenate([index for index, _, _ in self._rows]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate([value for _, value, _ in self._rows])
        highs.passModel(model)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise OutOfTime
        solution = highs.getSolution()
        unmet = float(np.array(solution.col_value)[self._unmet].sum()) if self._unmet else 0.0
        return highs.getInfo().objective_function_value, np.array(solution.row_dual), unmet
