"""What a scenario asks: by which rule money is given, and under which conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kontor.engine.portfolio.model import Pot, Rule


@dataclass(frozen=True, slots=True)
class Country:
    """Of the money by country at least and at most these percentages."""

    country: str
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class Settings:
    """Shares are in percent. `exclusive` and `requires` name applications by key; `partial` are
    percentages at which a proposal could go ahead too, all of them or those in `partial_for`. `extra` is
    money added to an envelope of the round for a trial, or taken from it. `adjusted`: calibrated scores
    instead of raw ones.
    """

    rule: Rule = Rule.SKIP
    pot: Pot = Pot.VIRTUAL
    balancing: Decimal = Decimal("0.00")
    min_score: Decimal = Decimal(0)
    new_share: Decimal | None = None
    countries: tuple[Country, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    requires: tuple[tuple[str, str], ...] = ()
    partial: tuple[int, ...] = ()
    partial_for: tuple[str, ...] = ()
    adjusted: bool = False
    extra: Mapping[str, Decimal] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": str(self.rule),
            "pot": str(self.pot),
            "balancing": str(self.balancing),
            "min_score": str(self.min_score),
            "new_share": None if self.new_share is None else str(self.new_share),
            "countries": [[one.country, str(one.least), str(one.most)] for one in self.countries],
            "exclusive": [list(group) for group in self.exclusive],
            "requires": [list(pair) for pair in self.requires],
            "partial": list(self.partial),
            "partial_for": list(self.partial_for),
            "adjusted": self.adjusted,
            "extra": {key: str(amount) for key, amount in sorted(self.extra.items())},
        }


def settings_of(told: Mapping[str, Any]) -> Settings:
    """What `as_json` wrote; what is missing is as usual."""
    new_share = told.get("new_share")
    return Settings(
        rule=Rule(told.get("rule", Rule.SKIP)),
        pot=Pot(told.get("pot", Pot.VIRTUAL)),
        balancing=Decimal(told.get("balancing", "0.00")),
        min_score=Decimal(told.get("min_score", "0")),
        new_share=None if new_share is None else Decimal(new_share),
        countries=tuple(
            Country(country, Decimal(least), Decimal(most))
            for country, least, most in told.get("countries", ())
        ),
        exclusive=tuple(tuple(group) for group in told.get("exclusive", ())),
        requires=tuple((one, other) for one, other in told.get("requires", ())),
        partial=tuple(told.get("partial", ())),
        partial_for=tuple(told.get("partial_for", ())),
        adjusted=bool(told.get("adjusted", False)),
        extra={key: Decimal(amount) for key, amount in told.get("extra", {}).items()},
    )
