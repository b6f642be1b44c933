"""Rules of a portfolio: one function each, in one list. A rule tells in which places a choice breaks it.

A choice maps funded proposals to the percentage they get. The solvers do not use these functions: they check
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.portfolio.model import Broken, Pot, Problem, cents

Choice = Mapping[str, int]
Subject = tuple[str, ...]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """`places`: whom it binds, with the values of its sentence; `broken`: where a choice breaks it."""

    name: str
    template: str
    places: Callable[[Problem], Iterator[tuple[Subject, Values]]]
    broken: Callable[[Problem, Choice], Iterator[Subject]]
    level: str = "hard"

    def named(self, problem: Problem, subject: Subject) -> Broken:
        values = dict(self.places(problem))[subject]
        return Broken(self.name, subject, Reason(f"portfolio.{self.name}", self.template, values))


def spent(problem: Problem, choice: Choice) -> dict[str, int]:
    """Cents drawn from each envelope."""
    total = {each.key: 0 for each in problem.envelopes}
    for key, percent in choice.items():
        for envelope, amount in problem.by_key[key].cents(percent).items():
            total[envelope] += amount
    return total


def money_places(problem: Problem) -> Iterator[tuple[Subject, Values]]:
    if problem.pot == Pot.REAL:
        total = sum((each.amount for each in problem.envelopes), Decimal(0))
        yield (), {"envelope": "*", "amount": total}
    else:
        for each in problem.envelopes:
            yield (each.key,), {"envelope": each.key, "amount": each.amount}


def money_broken(problem: Problem, choice: Choice) -> Iterator[Subject]:
    drawn = spent(problem, choice)
    over = {each.key: drawn[each.key] - cents(each.amount) for each in problem.envelopes}
    if problem.pot == Pot.REAL:
        if sum(over.values()) > 0:
            yield ()
        return
    short = sum(max(0, each) for each in over.values())
    if short > cents(problem.balancing):
        yield from ((key,) for key, each in over.items() if each > 0)


def score_places(problem: Problem) -> Iterator[tuple[Subject, Values]]:
    for each in problem.proposals:
        if each.score < problem.min_score:
            yield (each.key,), {"proposal": each.key, "score": each.score, "least": problem.min_score}


def score_broken(problem: Problem, choice: Choice) -> Iterator[Subject]:
    yield from ((key,) for key in choice if problem.by_key[key].score < problem.min_score)


def exclusive_places(problem: Problem) -> Iterator[tuple[Subject, Values]]:
    for group in problem.exclusive:
        yield group, {"proposals": group}


def exclusive_broken(problem: Problem, choice: Choice) -> Iterator[Subject]:
    yield from (group for group in problem.exclusive if sum(key in choice for key in set(group)) > 1)


def requires_places(problem: Problem) -> Iterator[tuple[Subject, Values]]:
    for each in problem.proposals:
        for other in each.requires:
            yield (each.key, other), {"proposal": each.key, "other": other}


def requires_broken(problem: Problem, choice: Choice) -> Iterator[Subject]:
    for key in choice:
        yield from ((key, other) for other in problem.by_key[key].requires if other not in choice)


def partners_places(problem: Problem) -> Iterator[tuple[Subject, Values]]:
    if problem.new_share is not None:
        yield (), {"share": _percent(problem.new_share)}


def partners_broken(problem: Problem, choice: Choice) -> Iterator[Subject]:
    if problem.new_share is None or not choice:
        return
    partners = sum(problem.by_key[key].partners for key in choice)
    new = sum(problem.by_key[key].new for key in choice)
    if not new > Fraction(problem.new_share) * partners:
        yield ()


def country_places(problem: Problem) -> Iterator[tuple[Subject, Values]]:
    for each in problem.countries:
        values = {"least": _percent(each.least), "most": _percent(each.most)}
        yield (each.country,), {"country": each.country, **values}


def country_cents(problem: Problem, key: str, percent: int, country: str) -> int:
    """Cents of a proposal that go to a country, at a percentage."""
    return (cents(problem.by_key[key].countries.get(country, Decimal(0))) * percent + 50) // 100


def all_countries_cents(problem: Problem, key: str, percent: int) -> int:
    """Cents of a proposal over all countries. Not its draws: one euro may draw on a theme and a region."""
    return sum(country_cents(problem, key, percent, each) for each in problem.by_key[key].countries)


def country_broken(problem: Problem, choice: Choice) -> Iterator[Subject]:
    total = sum(all_countries_cents(problem, key, percent) for key, percent in choice.items())
    for each in problem.countries:
        mine = sum(country_cents(problem, key, percent, each.country) for key, percent in choice.items())
        if not Fraction(each.least) * total <= mine <= Fraction(each.most) * total:
            yield (each.country,)


def _percent(share: Decimal) -> str:
    return f"{(100 * share).normalize():f}"


def fixed_places(problem: Problem) -> Iterator[tuple[Subject, Values]]:
    for key in problem.fixed:
        yield (key,), {"proposal": key}


def fixed_broken(problem: Problem, choice: Choice) -> Iterator[Subject]:
    yield from ((key,) for key in problem.fixed if choice.get(key) != 100)


RULES = (
    Rule("money", gettext_noop("Envelope “%(envelope)s” holds %(amount)s."), money_places, money_broken),
    Rule(
        "min_score",
        gettext_noop("%(proposal)s has %(score)s points, below the %(least)s that are needed."),
        score_places,
        score_broken,
    ),
    Rule(
        "exclusive",
        gettext_noop("Of these at most one is funded: %(proposals)s."),
        exclusive_places,
        exclusive_broken,
    ),
    Rule(
        "requires",
        gettext_noop("%(proposal)s makes no sense without %(other)s."),
        requires_places,
        requires_broken,
    ),
    Rule(
        "new_share",
        gettext_noop("More than %(share)s %% of the partners funded are new."),
        partners_places,
        partners_broken,
    ),
    Rule(
        "country",
        gettext_noop("Of the money %(country)s gets %(least)s to %(most)s %%."),
        country_places,
        country_broken,
    ),
    Rule("fixed", gettext_noop("%(proposal)s is granted already."), fixed_places, fixed_broken),
)
BY_NAME = {rule.name: rule for rule in RULES}


def broken_rules(problem: Problem, choice: Choice) -> list[Broken]:
    """Every place in which this choice breaks a rule."""
    return [rule.named(problem, at) for rule in RULES for at in rule.broken(problem, choice)]
