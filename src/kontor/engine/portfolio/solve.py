"""The entry points: a decision, the reserve list moving up, and scenarios side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kontor.engine.core.conflict import smallest_conflict
from kontor.engine.core.errors import InvalidInput, OutOfTime
from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit, Stop
from kontor.engine.portfolio.best import PERCENT, Place, best_choice, places_of, possible, ties_of
from kontor.engine.portfolio.explain import priced, unfunded_by_rank, unfunded_by_value
from kontor.engine.portfolio.model import (
    POINT,
    Envelope,
    Granted,
    Pot,
    Problem,
    Result,
    Rule,
    Tie,
    Unfunded,
    euros,
)
from kontor.engine.portfolio.ranking import Purse, Walk, broken_shares, ranked, walk, walk_with_shares
from kontor.engine.portfolio.rules import BY_NAME

NOLIMIT = NoLimit()


def solve(problem: Problem, *, stop: Stop = NOLIMIT, seed: int = 0, explained: int = 10) -> Result:
    """Who is funded under the problem's rule, and why the others are not.

    `explained`: with `Rule.BEST` for so many of the reserve list the exact price of funding them is worked
    out. Ties are drawn by lot with the seed and told. Raises OutOfTime when the time was over before anything
    was found.
    """
    _refuse_mixture(problem)
    places = places_of(problem)
    if (problem.fixed or problem.countries) and not possible(problem, places, seed=seed, stop=stop):
        return _blocked(problem, places, seed, stop)
    if problem.rule == Rule.BEST:
        return _best(problem, seed, stop, explained)
    steps = walk(problem, seed)
    broken = broken_shares(problem, steps.choice)
    if broken and problem.rule == Rule.STRICT:
        named = tuple(BY_NAME[rule].named(problem, at) for rule, at in broken)
        return Result(Status.INFEASIBLE, blocked=named)
    if broken:
        steps = walk_with_shares(problem, seed, stop)
    return _ranked_result(problem, steps, seed)


def promote(
    problem: Problem,
    result: Result,
    *,
    withdrawn: Collection[str] = (),
    extra: Mapping[str, Decimal] | None = None,
    stop: Stop = NOLIMIT,
    seed: int = 0,
) -> Result:
    """The reserve list moves up: what is granted stays, money of the withdrawn and `extra` is given anew."""
    for key in withdrawn:
        if key not in problem.by_key:
            raise InvalidInput("withdrawn", f"There is no proposal “{key}”.", "Use a key of proposals.")
    granted = {each.key: each for each in result.granted if each.key not in withdrawn}
    proposals = [
        replace(each, draws=dict(granted[each.key].draws), partial=()) if each.key in granted else each
        for each in problem.proposals
        if each.key not in withdrawn
    ]
    gone = set(withdrawn)
    left = replace(
        problem,
        envelopes=tuple(_richer(each, extra or {}) for each in problem.envelopes),
        proposals=tuple(each for each in proposals if not gone & set(each.requires)),
        exclusive=tuple(tuple(key for key in group if key not in gone) for group in problem.exclusive),
        fixed=tuple(granted),
    )
    return solve(left, stop=stop, seed=seed)


def decided(problem: Problem, percents: Mapping[str, int]) -> Result:
    """An earlier decision as a result to promote from: who was granted how much of what they asked for."""
    order = [each.key for each in problem.proposals]
    value = _value(problem, percents)
    granted = _granted(replace(problem, fixed=()), percents, order)
    return Result(Status.FEASIBLE, granted=granted, value=value, bound=value)


def compare(
    scenarios: Sequence[tuple[str, Problem]], *, stop: Stop = NOLIMIT, seed: int = 0
) -> dict[str, Result]:
    """Several decisions side by side."""
    return {name: solve(problem, stop=stop, seed=seed) for name, problem in scenarios}


def _richer(envelope: Envelope, extra: Mapping[str, Decimal]) -> Envelope:
    return replace(envelope, amount=envelope.amount + extra.get(envelope.key, Decimal(0)))


def _refuse_mixture(problem: Problem) -> None:
    shares = problem.new_share is not None or problem.countries
    if problem.rule == Rule.SKIP and shares and any(each.partial for each in problem.proposals):
        message = "A ranking cannot weigh partial funding against shares."
        raise InvalidInput("rule", message, "Use the best total value, or leave one of them out.")


def _blocked(problem: Problem, places: list[Place], seed: int, stop: Stop) -> Result:
    def holds(kept: Sequence[Place]) -> bool:
        return possible(problem, kept, seed=seed, stop=stop)

    found = smallest_conflict(places, holds)
    return Result(Status.INFEASIBLE, blocked=tuple(BY_NAME[rule].named(problem, at) for rule, at in found))


def _ranked_result(problem: Problem, steps: Walk, seed: int) -> Result:
    order = [each.key for each in steps.order]
    value = _value(problem, steps.choice)
    return Result(
        Status.OPTIMAL,
        granted=_granted(problem, steps.choice, order),
        unfunded=tuple(unfunded_by_rank(problem, steps, seed)),
        value=value,
        bound=value,
        left=_left(problem, steps.choice),
        ties=_equal_scores(problem, steps),
    )


def _equal_scores(problem: Problem, steps: Walk) -> tuple[Tie, ...]:
    """Equal in the ranking, and yet one is funded and another is not for lack of money."""
    groups: dict[tuple[Decimal, bool], tuple[list[str], list[str]]] = {}
    for each in steps.order:
        if each.key in steps.passed or each.key in problem.fixed:
            continue
        chosen, others = groups.setdefault((each.score, each.led_before), ([], []))
        (chosen if each.key in steps.choice else others).append(each.key)
    return tuple(
        Tie(tuple(sorted(chosen)), tuple(sorted(others)))
        for (score, _), (chosen, others) in groups.items()
        if chosen and others and score >= problem.min_score
    )


def _best(problem: Problem, seed: int, stop: Stop, explained: int) -> Result:
    made, found = best_choice(problem, seed=seed, stop=stop)
    if found.x is None:
        return _blocked(problem, places_of(problem), seed, stop)
    choice = made.choice(found.x)
    order = ranked(problem, seed)
    entries = unfunded_by_value(problem, choice, order)
    proven = found.value == found.bound
    ties, complete = ties_of(made, found, seed=seed, stop=stop)
    if proven:
        entries = _priced(problem, entries, found.value, seed, stop, explained)
    return Result(
        Status.OPTIMAL if proven else Status.FEASIBLE,
        granted=_granted(problem, choice, [each.key for each in order]),
        unfunded=tuple(entries),
        value=Decimal(found.value) / (PERCENT * POINT),
        bound=Decimal(found.bound) / (PERCENT * POINT),
        left=_left(problem, choice),
        ties=ties,
        ties_complete=complete,
    )


def _priced(
    problem: Problem, entries: list[Unfunded], value: int, seed: int, stop: Stop, explained: int
) -> list[Unfunded]:
    """What funding each of the first on the reserve list would cost the total, by solving with it."""
    found = list(entries)
    waiting = [n for n, each in enumerate(entries) if each.reserve is not None][:explained]
    for number in waiting:
        try:
            made, forced = best_choice(problem, seed=seed, stop=stop, must=(entries[number].key,))
        except OutOfTime:
            break
        if forced.x is not None and forced.value == forced.bound:
            percent = made.choice(forced.x)[entries[number].key]
            found[number] = priced(problem, entries[number], value - forced.value, percent)
    return found


def _value(problem: Problem, choice: Mapping[str, int]) -> Decimal:
    total = sum(problem.by_key[key].worth * percent for key, percent in choice.items())
    return Decimal(total) / (PERCENT * POINT)


def _granted(problem: Problem, choice: Mapping[str, int], order: list[str]) -> tuple[Granted, ...]:
    """Running totals down the list, as the decision board shows them; those granted already come first."""
    purse, found = Purse.of(problem), []
    for key in (*problem.fixed, *(key for key in order if key in choice and key not in problem.fixed)):
        draws = problem.by_key[key].cents(choice[key])
        helped = purse.pay(draws)
        given = {envelope: euros(amount) for envelope, amount in draws.items()}
        found.append(Granted(key, choice[key], given, euros(helped), _shown(purse)))
    return tuple(found)


def _left(problem: Problem, choice: Mapping[str, int]) -> dict[str, Decimal]:
    """Money left in each envelope, and in the balancing pot where there is one."""
    purse = Purse.of(problem)
    for key, percent in choice.items():
        purse.pay(problem.by_key[key].cents(percent))
    left = _shown(purse)
    return {**left, "balancing": euros(purse.balancing)} if problem.balancing else left


def _shown(purse: Purse) -> dict[str, Decimal]:
    if purse.pot == Pot.REAL:
        return {"*": euros(sum(purse.left.values()))}
    return {envelope: euros(amount) for envelope, amount in purse.left.items()}
