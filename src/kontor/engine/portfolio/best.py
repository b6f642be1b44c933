"""The choice with the largest total value under all rules, proven, and every exact tie."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ortools.sat.python import cp_model

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.model import Pot, Problem, Tie, cents
from kontor.engine.portfolio.programme import Programme, Row, components
from kontor.engine.portfolio.rules import RULES, all_countries_cents, country_cents
from kontor.engine.portfolio.sat import solve_exactly
from kontor.engine.portfolio.whole import Found, maximise

Place = tuple[str, tuple[str, ...]]
PERCENT = 100
ALTERNATIVES = 10
"""So many other optimal choices are told at most."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The programme, and the proposal and percentage that each of its first columns stands for."""

    programme: Programme
    columns: tuple[tuple[str, int], ...]

    def choice(self, x: Sequence[int]) -> dict[str, int]:
        return {key: percent for (key, percent), taken in zip(self.columns, x, strict=False) if taken}


def places_of(problem: Problem) -> list[Place]:
    return [(rule.name, subject) for rule in RULES for subject, _ in rule.places(problem)]


def draft(
    problem: Problem,
    kept: Collection[Place] | None = None,
    must: Collection[str] = (),
    barred: Collection[str] = (),
) -> Draft:
    """The rules in `kept` (all without it) as rows. `must` are in, whatever they get; `barred` are out."""
    kept = frozenset(places_of(problem) if kept is None else kept)
    columns = [
        (each.key, percent)
        for each in problem.proposals
        if each.score >= problem.min_score or ("min_score", (each.key,)) not in kept
        for percent in (PERCENT, *each.partial)
    ]
    made = Draft(Programme((), (), ()), tuple(columns))
    of: dict[str, list[int]] = {}
    for number, (key, _) in enumerate(columns):
        of.setdefault(key, []).append(number)
    rows = [*_single(of), *_money(problem, columns, kept), *_logic(problem, columns, of, kept)]
    rows += _shares(problem, columns, kept)
    rows += [Row(dict.fromkeys(of.get(key, []), 1), 1, None) for key in must]
    values = [problem.by_key[key].worth * percent for key, percent in columns]
    upper = [0 if key in barred else 1 for key, _ in columns]
    if problem.pot == Pot.BALANCING:
        values += [0] * len(problem.envelopes)
        upper += [cents(problem.balancing)] * len(problem.envelopes)
    return replace(made, programme=Programme(tuple(values), tuple(upper), tuple(rows)))


def _single(of: dict[str, list[int]]) -> list[Row]:
    return [Row(dict.fromkeys(numbers, 1), None, 1) for numbers in of.values() if len(numbers) > 1]


def _money(problem: Problem, columns: list[tuple[str, int]], kept: frozenset[Place]) -> list[Row]:
    drawn: dict[str, dict[int, int]] = {each.key: {} for each in problem.envelopes}
    for number, (key, percent) in enumerate(columns):
        for envelope, amount in problem.by_key[key].cents(percent).items():
            drawn[envelope][number] = amount
    if problem.pot == Pot.REAL:
        total: dict[int, int] = {}
        for part in drawn.values():
            for number, amount in part.items():
                total[number] = total.get(number, 0) + amount
        limit = sum(cents(each.amount) for each in problem.envelopes)
        return [Row(total, None, limit)] if ("money", ()) in kept else []
    rows, helps = [], {}
    for place, each in enumerate(problem.envelopes):
        entries = drawn[each.key]
        if problem.pot == Pot.BALANCING:
            helps[len(columns) + place] = 1
            entries = {**entries, len(columns) + place: -1}
        if ("money", (each.key,)) in kept:
            rows.append(Row(entries, None, cents(each.amount)))
    return [*rows, Row(helps, None, cents(problem.balancing))] if helps else rows


def _logic(
    problem: Problem, columns: list[tuple[str, int]], of: dict[str, list[int]], kept: frozenset[Place]
) -> list[Row]:
    rows = []
    for group in problem.exclusive:
        if ("exclusive", group) in kept:
            numbers = [number for key in dict.fromkeys(group) for number in of.get(key, [])]
            rows.append(Row(dict.fromkeys(numbers, 1), None, 1))
    for number, (key, _percent) in enumerate(columns):
        rows += [
            Row({number: 1, **dict.fromkeys(of.get(other, []), -1)}, None, 0)
            for other in problem.by_key[key].requires
            if ("requires", (key, other)) in kept
        ]
    for key in problem.fixed:
        if ("fixed", (key,)) in kept:
            whole = [number for number in of.get(key, []) if columns[number][1] == PERCENT]
            rows.append(Row(dict.fromkeys(whole, 1), 1, None))
    return rows


def _shares(problem: Problem, columns: list[tuple[str, int]], kept: frozenset[Place]) -> list[Row]:
    rows = []
    if problem.new_share is not None and ("new_share", ()) in kept:
        share, entries = Fraction(problem.new_share), {}
        for number, (key, _) in enumerate(columns):
            each = problem.by_key[key]
            excess = each.new * share.denominator - each.partners * share.numerator
            # More than the share, not just as much: whatever is chosen adds up to 1 or more.
            entries[number] = (len(columns) + 1) * excess - 1
        rows.append(Row(entries, 0, None))
    for limit in problem.countries:
        if ("country", (limit.country,)) not in kept:
            continue
        for share, sign in ((Fraction(limit.least), 1), (Fraction(limit.most), -1)):
            entries = {}
            for number, (key, percent) in enumerate(columns):
                mine = country_cents(problem, key, percent, limit.country)
                total = all_countries_cents(problem, key, percent)
                entries[number] = sign * (mine * share.denominator - total * share.numerator)
            rows.append(Row(entries, 0, None))
    return rows


def best_choice(
    problem: Problem, *, seed: int, stop: Stop, must: Collection[str] = ()
) -> tuple[Draft, Found]:
    """The most valuable choice. `found.x` is None where there is none."""
    made = draft(problem, must=must)
    return made, maximise(made.programme, seed=seed, stop=stop)


def possible(
    problem: Problem,
    kept: Collection[Place],
    *,
    seed: int,
    stop: Stop,
    must: Collection[str] = (),
    barred: Collection[str] = (),
) -> bool:
    """Whether any choice keeps these rules, with and without some proposals."""
    made = draft(problem, kept, must, barred).programme
    nothing = replace(made, values=(0,) * len(made.values))
    return bool(solve_exactly(nothing, seed=seed, stop=stop)[0] != cp_model.INFEASIBLE)


def ties_of(made: Draft, found: Found, *, seed: int, stop: Stop) -> tuple[tuple[Tie, ...], bool]:
    """Other choices of the same value, each differing from the first where none before did; and whether all
    that differ anywhere were found. Parts that share no row differ by themselves.
    """
    if found.x is None or found.value != found.bound:
        return (), False
    ties: list[Tie] = []
    for columns, part in components(made.programme):
        if not all(column in found.settled for column in columns):
            try:
                for x in _others(columns, part, found, len(made.columns), seed, stop):
                    first, other = made.choice(found.x), made.choice(x)
                    ties.append(Tie(_minus(first, other), _minus(other, first)))
                    if len(ties) == ALTERNATIVES:
                        return tuple(ties), False
            except OutOfTime:
                return tuple(ties), False
    return tuple(ties), True


def _others(
    columns: list[int], part: Programme, found: Found, count: int, seed: int, stop: Stop
) -> Iterator[tuple[int, ...]]:
    """Solutions of the same value that differ in this part, each where none before did, among the first
    `count` columns: the others are money. Raises OutOfTime.
    """
    assert found.x is not None, "ties belong to a solution"
    mine = [found.x[column] for column in columns]
    value = sum(v * each for v, each in zip(part.values, mine, strict=True))
    settled = {place for place, column in enumerate(columns) if column in found.settled}
    fixed = tuple(Row({place: 1}, 1, None) for place in sorted(settled) if mine[place])
    rows = (*part.rows, *fixed, Row(dict(enumerate(part.values)), value, None))
    upper = tuple(0 if n in settled and not mine[n] else top for n, top in enumerate(part.upper))
    while True:
        fresh = [n for n, column in enumerate(columns) if column < count and n not in settled]
        values = [0] * len(upper)
        for place in fresh:
            values[place] = -1 if mine[place] else 1
        status, x, differing, _bound = solve_exactly(
            Programme(tuple(values), upper, rows), seed=seed, stop=stop
        )
        if x is None or differing <= -sum(mine[place] for place in fresh):
            if status != cp_model.OPTIMAL:
                raise OutOfTime
            return
        settled |= {place for place in fresh if x[place] != mine[place]}
        whole = list(found.x)
        for column, each in zip(columns, x, strict=True):
            whole[column] = each
        yield tuple(whole)


def _minus(first: dict[str, Any], second: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(key for key, percent in first.items() if second.get(key) != percent))
