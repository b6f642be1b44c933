"""Regional annexes of a synchronised call, as programs write them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema

from kontor.features.calls.announcing.api.moments import Moment

Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Code = Annotated[str, Field(pattern="^[A-Z]{2}[A-Z0-9]{0,3}$")]
FIGURES = ("budget", "rate", "ceiling")


class RegionIn(Schema):
    key: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    name: dict[str, Annotated[str, Field(min_length=1, max_length=120)]] = Field(
        min_length=1, description="by language"
    )
    envelope: str = Field("", max_length=130, description="key of the programme's envelope that pays")
    nuts: list[Code] = Field([], max_length=100)
    budget: Amount | None = None
    rate: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)] | None = Field(
        None, description="percent"
    )
    ceiling: Amount | None = Field(None, description="for one partner")
    kinds: list[Annotated[str, Field(max_length=20)]] = Field([], max_length=10, description="none: all")
    closes_at: Moment | None = Field(None, description="only where it differs from the call's")


def regions_held(regions: Iterable[RegionIn]) -> list[dict[str, Any]]:
    """As the call holds them: amounts as exact texts, "" where nothing is said."""
    found = []
    for one in regions:
        told = one.dict()
        for name in FIGURES:
            told[name] = "" if told[name] is None else f"{told[name]:f}"
        told["closes_at"] = one.closes_at.isoformat() if one.closes_at else None
        found.append(told)
    return found
