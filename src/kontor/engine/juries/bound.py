"""A bound that needs no trust in a solver: any multipliers give one, evaluated here in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.juries.arrays import Arrays
from kontor.engine.juries.sides import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS = 30
ROOM = 2.0**61


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Prices of rows: `need[a]`, `load[e]` of any sign, `side[k]` at most 0 (in units of the objective)."""

    need: NDArray[np.float64]
    load: NDArray[np.float64]
    side: NDArray[np.float64]


def reduced(
    arrays: Arrays, values: NDArray[np.int64] | None, sides: Sequence[Side], prices: Multipliers
) -> NDArray[np.float64]:
    """Reduced worth of every pair: what taking it would add to the bound, forbidden pairs minus infinity."""
    worth = -prices.need[:, None] - prices.load[None, :]
    if values is not None:
        worth += values
    for side, price in zip(sides, prices.side, strict=True):
        if price:
            worth[slice(None) if side.row is None else side.row] -= price * side.coefs
    worth[~arrays.allowed] = -np.inf
    return worth


def certified(
    arrays: Arrays,
    values: NDArray[np.int64] | None,
    sides: Sequence[Side],
    prices: Multipliers,
    *,
    level_worth: int = 0,
    level: tuple[int, int] = (0, 0),
) -> int:
    """An upper bound on the sum of `values` (and `level_worth` times the level) over whole assignments.

    `level`: its least and its most.

    Lagrangian relaxation of all rows: prices are rounded to multiples of 2^-30 and the bound is then worked
    out without rounding, so it holds whatever tolerance the prices were found with.
    """
    scale = _scale(arrays, values, sides, prices)
    need, load = _fixed(prices.need, scale), _fixed(prices.load, scale)
    worth = -need[:, None] - load[None, :]
    if values is not None:
        worth += values * scale
    total = int(np.maximum(need * arrays.need_lo, need * arrays.need_hi).sum())
    total += int(np.maximum(load * arrays.load_lo, load * arrays.load_hi).sum())
    raised = level_worth * scale
    for side, price in zip(sides, np.minimum(_fixed(prices.side, scale), 0), strict=True):
        if price:
            worth[slice(None) if side.row is None else side.row] -= price * side.coefs
            total += int(price) * side.lower
            raised += int(price) * side.share
    total += int(np.maximum(worth[arrays.allowed & ~arrays.forced], 0).sum())
    total += int(worth[arrays.forced].sum())
    total += max(raised * level[0], raised * level[1])
    return total // scale


def _fixed(prices: NDArray[np.float64], scale: int) -> NDArray[np.int64]:
    whole: NDArray[np.int64] = np.rint(prices * scale).astype(np.int64)
    return whole


def _scale(
    arrays: Arrays, values: NDArray[np.int64] | None, sides: Sequence[Side], prices: Multipliers
) -> int:
    """2^30, or less where the sums would leave 64 bits."""
    largest = float(np.abs(values).max(initial=0)) if values is not None else 0.0
    largest += float(np.abs(prices.need).max(initial=0) + np.abs(prices.load).max(initial=0))
    priced = [
        float(abs(p)) * float(np.abs(s.coefs).max(initial=0)) for s, p in zip(sides, prices.side, strict=True)
    ]
    largest += max(priced, default=0.0) + sum(p for s, p in zip(sides, priced, strict=True) if s.row is None)
    spots = float(arrays.units.size + arrays.need_hi.sum() + arrays.load_hi.sum() + 1)
    return 1 << max(0, min(BITS, int(math.log2(ROOM / max(1.0, largest * spots)))))
