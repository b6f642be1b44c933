"""Invented calls: money to the cent, scores in half points, a third of the money asked for is there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kontor.engine.portfolio.model import CountryShare, Envelope, Problem, Proposal, Rule

COUNTRIES = ("BE", "DE", "NL")


@dataclass(frozen=True)
class Size:
    """`draws[n]`: share of proposals that draw on n + 1 envelopes. `alike`: scores follow the money.
    `new_share`, `countries`: shares that the choice keeps. `pairs`: so many exclusions and dependencies each.
    `partial`: share of proposals that could go ahead with less.
    """

    name: str
    count: int
    envelopes: int
    draws: tuple[float, ...] = (1.0,)
    alike: bool = False
    new_share: bool = False
    countries: bool = False
    pairs: int = 0
    partial: float = 0.0


SIZES = (
    Size("2,000, one envelope each", 2000, 30),
    Size("5,000, one envelope each", 5000, 30),
    Size("5,000, one each, scores follow the money", 5000, 30, alike=True),
    Size("5,000, one each, new partners and countries", 5000, 30, new_share=True, countries=True),
    Size("5,000, one each, 200 exclusions and dependencies", 5000, 30, pairs=200),
    Size("5,000, one each, a third could be partial", 5000, 30, partial=0.33),
    Size("5,000, one each, all of these", 5000, 30, (1.0,), True, True, True, 200, 0.33),
    Size("500, half draw on two", 500, 30, (0.5, 0.5)),
    Size("2,000, 10 envelopes, half draw on two", 2000, 10, (0.5, 0.5)),
    Size("5,000, 30 envelopes, 10 in 100 draw on two", 5000, 30, (0.9, 0.1)),
    Size("5,000, 30 envelopes, half draw on two", 5000, 30, (0.5, 0.5)),
    Size("5,000, 30 envelopes, one, two or three each", 5000, 30, (0.34, 0.33, 0.33)),
)


def invented(size: Size, seed: int = 0) -> Problem:
    rng = random.Random(f"{size.count}/{seed}" if seed else size.count)
    kinds = [f"envelope{n}" for n in range(size.envelopes)]
    proposals = [_proposal(rng, size, kinds, number) for number in range(size.count)]
    asked = dict.fromkeys(kinds, Decimal(0))
    for each in proposals:
        for key, amount in each.draws.items():
            asked[key] += amount
    return Problem(
        tuple(Envelope(key, Decimal(int(amount * 100) // 3) / 100) for key, amount in asked.items()),
        tuple(proposals),
        Rule.BEST,
        min_score=Decimal(60),
        new_share=Decimal("0.4") if size.new_share else None,
        countries=_shares() if size.countries else (),
        exclusive=_exclusive(rng, size),
    )


def _proposal(rng: random.Random, size: Size, kinds: Sequence[str], number: int) -> Proposal:
    amount = rng.randint(2_000_000, 30_000_000)
    many = 1
    if len(size.draws) > 1:
        many = rng.choices(range(1, len(size.draws) + 1), size.draws)[0]
    money = Decimal(amount) / 100
    half_points = rng.randint(100, 198)
    if size.alike:
        half_points = min(198, 124 + amount // 500_000 + rng.randint(-5, 5))
    partners = rng.randint(3, 8)
    country = rng.choices(COUNTRIES, (1, 3, 2))[0]
    needs = number > 2 and rng.random() * size.count < size.pairs
    return Proposal(
        f"p{number:04}",
        Decimal(half_points) / 2,
        dict.fromkeys(rng.sample(kinds, many), money),
        partial=(80, 60) if rng.random() < size.partial else (),
        partners=partners,
        new=_new(rng, partners),
        countries={country: money} if size.countries else {},
        requires=(f"p{number - 1:04}",) if needs else (),
    )


def _new(rng: random.Random, partners: int) -> int:
    return sum(rng.random() < 0.4 for _ in range(partners))


def _shares() -> tuple[CountryShare, ...]:
    return (
        CountryShare("BE", Decimal("0.2"), Decimal("0.4")),
        CountryShare("DE", Decimal("0.3"), Decimal("0.45")),
    )


def _exclusive(rng: random.Random, size: Size) -> tuple[tuple[str, ...], ...]:
    keys = range(size.count)
    pairs = (rng.sample(keys, 2) for _ in range(size.pairs))
    return tuple(tuple(f"p{number:04}" for number in pair) for pair in pairs)
