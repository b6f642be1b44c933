"""Rows besides the envelopes' (shares, exclusions, dependencies), as sums over fillings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.portfolio.decomposed import Parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

PENALTY = 8
"""What a unit of a scaled row costs that is not kept, in units of the largest value."""


@dataclass(frozen=True, slots=True)
class Side:
    """`coefs`: of all columns, divided by `size`, the largest. `end`: the row's bound, above where `sign` is
    1 and below where it is -1. `mine[k]`: of the columns of envelope k, 0 where another counts them.
    """

    coefs: NDArray[np.float64]
    size: float
    end: float
    sign: float
    penalty: float
    mine: tuple[NDArray[np.float64], ...]

    def held(self, number: int, taken: NDArray[np.bool_]) -> NDArray[np.float64]:
        """What fillings of an envelope (all its columns) add to the row."""
        found: NDArray[np.float64] = taken @ self.mine[number]
        return found

    def allowed(self, price: float) -> float:
        """The nearest price of the sign that such a row may have."""
        return self.sign * max(0.0, self.sign * price)


def sides_of(parts: Parts) -> tuple[Side, ...]:
    """One for each bound of a row."""
    found = []
    for number in parts.sides:
        row = parts.programme.rows[number]
        assert (row.low is None) != (row.high is None), "side rows have one bound"
        coefs = np.zeros(len(parts.programme.values))
        coefs[np.fromiter(row.coefs, np.int64, len(row.coefs))] = list(row.coefs.values())
        size = max(1.0, float(np.abs(coefs).max(initial=0)))
        coefs /= size
        mine = tuple(
            np.where(parts.first[columns] == place, coefs[columns], 0.0)
            for place, columns in enumerate(parts.columns)
        )
        end, sign = (row.low, -1.0) if row.high is None else (row.high, 1.0)
        assert end is not None, "a row has a bound"
        penalty = PENALTY * float(max(parts.programme.values, default=1))
        found.append(Side(coefs, size, float(end), sign, penalty, mine))
    return tuple(found)
