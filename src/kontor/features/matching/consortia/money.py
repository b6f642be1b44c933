"""What a team costs and asks for, by partner and by country, beside the instrument's rate and ceilings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from kontor.features.matching.wording import country_label

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Share:
    """`label` is a partner or a country code; `percent` of the cost, None where no cost is known."""

    label: str
    country: str
    cost: Decimal | None
    grant: Decimal | None
    percent: Decimal | None
    most_grant: Decimal | None = None

    @property
    def name(self) -> str:
        """The country in the reader's language."""
        return country_label(self.country)

    @property
    def over(self) -> bool:
        """Whether it asks for more than the rate allows."""
        return self.grant is not None and self.most_grant is not None and self.grant > self.most_grant


@dataclass(frozen=True)
class Ceiling:
    """`name`: `project` or `grant`; `left` is below zero where it is passed."""

    name: str
    used: Decimal
    ceiling: Decimal

    @property
    def left(self) -> Decimal:
        return self.ceiling - self.used


@dataclass(frozen=True)
class Split:
    """Sums are of what is known; `unknown` counts partners without a cost."""

    partners: tuple[Share, ...]
    countries: tuple[Share, ...]
    cost: Decimal
    grant: Decimal
    own: Decimal
    unknown: int
    rate: Decimal | None
    ceilings: tuple[Ceiling, ...]
    currency: str

    @property
    def asked_rate(self) -> Decimal | None:
        """Grant in percent of the cost, to two places."""
        return percent(self.grant, self.cost)


@dataclass(frozen=True)
class Line:
    """One partner's money."""

    label: str
    country: str
    cost: Decimal | None
    grant: Decimal | None


def split(
    lines: Sequence[Line],
    *,
    rate: Decimal | None = None,
    project_ceiling: Decimal | None = None,
    grant_ceiling: Decimal | None = None,
    currency: str = "EUR",
) -> Split:
    """Exact to the cent. `rate` in percent, ceilings in the currency."""
    cost, grant = _sum(line.cost for line in lines), _sum(line.grant for line in lines)
    ceilings = [("project", cost, project_ceiling), ("grant", grant, grant_ceiling)]
    countries = sorted({line.country for line in lines})
    return Split(
        partners=tuple(_share(line, cost, rate) for line in lines),
        countries=tuple(_share(_together(lines, country), cost, None) for country in countries),
        cost=cost,
        grant=grant,
        own=cost - grant,
        unknown=sum(line.cost is None for line in lines),
        rate=rate,
        ceilings=tuple(Ceiling(name, used, most) for name, used, most in ceilings if most is not None),
        currency=currency,
    )


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (100 * part / whole).quantize(CENT) if whole else None


def at_rate(cost: Decimal, rate: Decimal) -> Decimal:
    """The most that may be asked for a cost, rounded down to the cent so that the rate is never passed."""
    return (cost * rate / 100).quantize(CENT, rounding=ROUND_DOWN)


def _together(lines: Sequence[Line], country: str) -> Line:
    of_it = [line for line in lines if line.country == country]
    return Line(
        country, country, _known([each.cost for each in of_it]), _known([each.grant for each in of_it])
    )


def _share(line: Line, whole: Decimal, rate: Decimal | None) -> Share:
    most = at_rate(line.cost, rate) if line.cost is not None and rate is not None else None
    part = percent(line.cost, whole) if line.cost is not None else None
    return Share(line.label, line.country, line.cost, line.grant, part, most)


def _known(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None, and not zero, where nothing is."""
    return None if all(each is None for each in amounts) else _sum(amounts)


def _sum(amounts: object) -> Decimal:
    return sum((each for each in amounts if each is not None), Decimal("0.00"))  # type: ignore[attr-defined] # an iterable
