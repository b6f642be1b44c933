"""Fillings by how many columns they take: where value follows money, that is what decides.

Columns of much the same value and dear where they are large: one more never fits, and the relaxation, which
takes a part of one, is far off. With the number of columns fixed and priced it is close again (Martello and
Toth, Upper bounds and algorithms for hard 0-1 knapsack problems, Operations Research 1997).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.portfolio.fillings import (
    BEGIN,
    Envelope,
    Fillings,
    Prices,
    TooMany,
    critical_price,
    fill,
    within,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

HALVINGS = 64


def fill_any(envelope: Envelope, worth: NDArray[np.int64], spread: int, guess: int) -> Fillings:
    """As `fill`; by number of columns where too many choices are alike otherwise. Raises TooMany."""
    try:
        return fill(envelope, worth, spread, guess)
    except TooMany:
        return fill_by_number(envelope, worth, spread)


def fill_by_number(envelope: Envelope, worth: NDArray[np.int64], spread: int) -> Fillings:
    """As `fill`, but `most` is the best of all numbers and every column is `near`. Raises TooMany."""
    tried = _tops(envelope, worth, spread)
    best = max(found.value for _, found in tried if len(found.loss))
    most = max(found.most for _, found in tried)
    least = best - spread
    rows, values = [], []
    for prices, found in tried:
        limit = found.most - least
        if limit < 0:
            continue
        every = found if limit <= found.limit else within(envelope, worth, prices, limit)
        taken = np.tile(every.base, (len(every.loss), 1))
        taken[:, every.near] = every.taken
        value = every.most - every.loss
        rows.append(taken[value >= least])
        values.append(value[value >= least])
    near, nothing = np.arange(len(worth)), np.zeros(len(worth), np.int64)
    loss = most - np.concatenate(values)
    base = np.zeros(len(worth), np.bool_)
    return Fillings(most, most - least, base, near, np.concatenate(rows), loss, nothing)


def _tops(envelope: Envelope, worth: NDArray[np.int64], spread: int) -> list[tuple[Prices, Fillings]]:
    """For every number that may have a filling within the spread of the best, its best ones.

    What the relaxation makes of a number is concave in it, so both ways end at the first that is too low.
    """
    lightest = np.cumsum(np.sort(envelope.weight[envelope.best_of_units(-envelope.weight)]))
    fitting = int(np.searchsorted(lightest, envelope.room, side="right"))
    surplus = worth - critical_price(envelope, worth) * envelope.weight
    middle = min(fitting, int((surplus[envelope.best_of_units(surplus)] > 0).sum()))
    tried: list[tuple[Prices, Fillings]] = []
    best = 0
    for numbers in (range(middle, fitting + 1), range(middle - 1, -1, -1)):
        for number in numbers:
            prices, most = _priced(envelope, worth, number)
            if most < best - spread:
                break
            found = _best_of(envelope, worth, prices, most - best + spread)
            tried.append((prices, found))
            if len(found.loss):
                best = max(best, found.value)
    return tried


def _best_of(envelope: Envelope, worth: NDArray[np.int64], prices: Prices, worst: int) -> Fillings:
    """The best of a number; none where all lose more than `worst`."""
    sizes = np.sort(np.abs(worth - prices.cent * envelope.weight - prices.column))
    limit = min(worst, int(sizes[min(BEGIN, len(sizes) - 1)]))
    while True:
        found = within(envelope, worth, prices, max(0, limit))
        if len(found.loss) or limit >= worst:
            return found
        limit = min(worst, limit + limit // 2 + 1)


def _priced(envelope: Envelope, worth: NDArray[np.int64], number: int) -> tuple[Prices, int]:
    """The price per cent with which the best `number` columns just fit, by halving, and the bound there."""
    steepest = 1 + int((np.abs(worth) // envelope.weight).max(initial=0))
    low, high = 0, min(steepest, (1 << 59) // (1 + envelope.room + int(envelope.weight.sum())))
    for _ in range(HALVINGS):
        if high - low <= 1:
            break
        middle = (low + high) // 2
        surplus = worth - middle * envelope.weight
        heads = envelope.best_of_units(surplus)
        top = heads[np.argsort(-surplus[heads], kind="stable")[:number]]
        if int(envelope.weight[top].sum()) > envelope.room:
            low = middle
        else:
            high = middle
    surplus = worth - high * envelope.weight
    best = np.sort(surplus[envelope.best_of_units(surplus)])[::-1]
    column = int(best[max(0, number - 1)])
    most = high * envelope.room + int(np.maximum(best - column, 0).sum()) + column * number
    return Prices(high, column, number), most
