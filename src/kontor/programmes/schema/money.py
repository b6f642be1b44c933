"""A programme's money: who pays it, how it is divided, exact to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from kontor.programmes.schema.texts import Texts

CENT = Decimal("0.01")

#: Who can pay a share: `own` is what the partners bring themselves, everything else is public money.
FINANCIER_KINDS = ("eu", "national", "regional", "own")


def divide(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """`amount` divided by `weights`, exact to the cent: the shares add up to it.

    Each share is rounded down; the cents left over go one by one to the shares that lost most by that, the
    earlier one first where two lost the same (largest remainder, Hamilton's method). ValueError where all
    weights are 0 or one is negative.
    """
    total = sum(weights, Decimal(0))
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("Weights must be at least 0 and one of them above it.")
    exact = [amount * weight / total for weight in weights]
    shares = [value.quantize(CENT, rounding=ROUND_DOWN) for value in exact]
    left = int((amount - sum(shares, Decimal(0))) / CENT)
    order = sorted(range(len(shares)), key=lambda at: (shares[at] - exact[at], at))
    for at in order[:left]:
        shares[at] += CENT
    return tuple(shares)


@dataclass(frozen=True, slots=True)
class Financier:
    """Who pays which part of the whole cost.

    `amount` is exact, `rate` is a percentage of the cost with two decimals; either may be unknown. `kind`
    is one of FINANCIER_KINDS, `country` an ISO code where the money belongs to one side.
    """

    key: str
    name: Texts
    kind: str
    amount: Decimal | None = None
    rate: Decimal | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the budget for one purpose, such as projects fixed beforehand or open calls.

    `share` is a percentage of the budget, `amount` the share in money; all parts together are the budget.
    """

    key: str
    name: Texts
    share: Decimal
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Money set aside for whatever is named: a part, a theme, an instrument, a region (NUTS code), or
    several of these.
    """

    key: str
    name: Texts
    amount: Decimal
    part: str = ""
    theme: str = ""
    instrument: str = ""
    region: str = ""
