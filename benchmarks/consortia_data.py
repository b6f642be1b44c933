"""Invented consortium problems for the benchmarks, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from kontor.engine.consortia.model import (
    Candidate,
    Competence,
    Condition,
    Distinct,
    EachMember,
    EachSide,
    LargestShare,
    LeadIs,
    Problem,
    Side,
    TeamSize,
    Tie,
    Total,
    Weights,
)

COUNTRIES = ("DE", "NL", "BE", "FR", "AT", "IT", "ES", "PL", "DK", "SE", "FI", "CZ", "SI", "PT", "IE", "RO")
SIZES = ("micro", "small", "medium", "large")
SME = (Condition("kind", ("firm",)), Condition("size", ("micro", "small", "medium")))


def rules() -> tuple[object, ...]:
    """As an instrument of Interreg writes them."""
    return (
        TeamSize(id="size", text="3 to 10 partners", least=3, most=10),
        Distinct(id="countries", text="At least 3 countries", least=3),
        EachSide(
            id="sme-each-side",
            text="An SME on each side of the border",
            who=SME,
            sides=(Side("DE", ("DE",)), Side("NL", ("NL",))),
        ),
        LeadIs(id="lead", text="An SME leads that has not led before", who=(*SME, _without("was-lead"))),
        EachMember(id="healthy", text="Not in difficulty", who=(_without("in-difficulty"),)),
        Total(id="ceiling", text="At most 1,200,000 in total", of="cost", most=Decimal(1_200_000)),
        LargestShare(id="share", text="Nobody above 40 %", of="cost", most=Decimal("0.4")),
    )


def _without(tag: str) -> Condition:
    return Condition("tag", (tag,), none=True)


def candidate(number: int, competences: int, draw: random.Random) -> Candidate:
    country = draw.choice(COUNTRIES)
    firm = draw.random() < 0.75
    skills = draw.sample(range(competences), min(competences, draw.randint(1, 6)))
    tags = [
        tag
        for tag, chance in (("was-lead", 0.1), ("in-difficulty", 0.05), ("new", 0.5))
        if draw.random() < chance
    ]
    return Candidate(
        key=f"c{number:05}",
        country=country,
        region=f"{country}{draw.randint(1, 9)}{draw.randint(1, 5)}",
        kind="firm" if firm else draw.choice(("research", "public", "cluster")),
        size=draw.choices(SIZES, (5, 3, 2, 1))[0] if firm else "",
        competences={f"k{skill:02}": draw.choices((1, 2, 3), (4, 4, 2))[0] for skill in skills},
        amounts={"cost": Decimal(draw.randint(40, 400) * 1000)},
        affinity=round(draw.betavariate(2, 4), 3),
        capacity=round(draw.random(), 2),
        tags=tuple(tags),
    )


def usual(count: int = 20_000, competences: int = 30, seed: int = 1, ties: int | None = None) -> Problem:
    """The default problem: 6 competences required at level 2, the others welcome, usual weights."""
    draw = random.Random(seed)
    return Problem(
        title=f"{count} candidates, {competences} competences, seed {seed}",
        candidates=tuple(candidate(number, competences, draw) for number in range(count)),
        competences=tuple(
            Competence(f"k{number:02}", required=number < 6, level=2, weight=draw.choice((0.5, 1, 1, 2)))
            for number in range(competences)
        ),
        rules=rules(),  # type: ignore[arg-type]
        ties=cooperations(count, count if ties is None else ties, draw),
        weights=Weights(),
    )


def cooperations(count: int, ties: int, draw: random.Random) -> tuple[Tie, ...]:
    """Who has worked together before."""
    pairs = {tuple(sorted(draw.sample(range(count), 2))) for _ in range(ties)}
    return tuple(Tie(f"c{a:05}", f"c{b:05}", cooperated=True) for a, b in sorted(pairs))


def synergy(count: int = 2_000, ties: int = 10_000, seed: int = 1, points: float = 3.0) -> Problem:
    """Pairs that gain from each other: ties at random, worth up to `points`."""
    problem = usual(count, seed=seed, ties=0)
    draw = random.Random(seed + 1)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < ties:
        a, b = sorted(draw.sample(range(count), 2))
        pairs.add((a, b))
    made = tuple(Tie(f"c{a:05}", f"c{b:05}", affinity=draw.randint(1, 10) / 10) for a, b in sorted(pairs))
    return replace(problem, ties=made, weights=replace(problem.weights, pairs=points))
