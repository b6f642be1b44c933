"""Why nothing is possible: rules that cannot be kept together, the crowd behind it, and what would help."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from kontor.engine.core.conflict import smallest_conflict
from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.juries.arrays import Place, arrays_of
from kontor.engine.juries.elastic import Change, fewest_changes
from kontor.engine.juries.flow import best_flow
from kontor.engine.juries.model import Blocked, Named, Params, Problem, Remedy
from kontor.engine.juries.rules import BY_NAME, RULES
from kontor.engine.juries.sides import Served
from kontor.engine.juries.stages import Stages

SMALL = 60_000
"""Up to so many pairs the fewest changes are worked out."""
TOGETHER = 3
"""So many rules at most are loosened at a time."""
PLACES = 3_000
"""Up to so many places the smallest set is looked for; beyond, the crowd alone is told."""


def blocked_by(problem: Problem, params: Params, *, seed: int, stop: Stop) -> Blocked:
    """Explains an infeasible problem. The longer parts are left out when the time is over."""
    places = [(rule.name, subject) for rule in RULES for subject, _ in rule.places(problem)]
    every = frozenset(places)

    def possible(kept: Sequence[Place]) -> bool:
        return is_possible(problem, params, every - frozenset(kept), seed=seed, stop=stop)

    crowd = crowded(problem, params)
    kept = _near(problem, places, crowd) if crowd and not possible(_near(problem, places, crowd)) else places
    rules: list[Place] = []
    remedies: tuple[Remedy, ...] = ()
    try:
        if len(kept) <= PLACES:
            rules = smallest_conflict(kept, possible)
        if problem.fit.size <= SMALL:
            remedies = remedies_for(problem, seed=seed, stop=stop)
    except OutOfTime:
        pass
    named = tuple(_named(problem, rule, subject) for rule, subject in sorted(rules))
    if not crowd:
        return Blocked(named, remedies=remedies)
    return Blocked(named, *crowd, remedies=remedies)


def is_possible(problem: Problem, params: Params, off: frozenset[Place], *, seed: int, stop: Stop) -> bool:
    """Whether an assignment exists that keeps the rules not in `off`."""
    arrays = arrays_of(problem, params, off=off)
    if (arrays.forced & ~arrays.allowed).any():
        return False
    stages = Stages(arrays, Served(np.ones_like(arrays.need_lo), 1), seed, stop)
    return stages.best_sum(arrays.units) is not None


def crowded(problem: Problem, params: Params) -> tuple[tuple[str, ...], tuple[str, ...], int, int] | None:
    """Applications, the experts who may take them, reviews needed, reviews these can give (Hall's condition).

    None where capacity is not what lacks. Found from a flow that fills as much as it can: what can be
    reached from an application that stays short is the crowd.
    """
    loose = ("reviews_max", "load_min", "field", "fixed")
    arrays = arrays_of(problem, params, without=(*loose, "reviews"))
    needed = np.array([each.reviews for each in problem.applications])
    capped = arrays_of(problem, params, without=loose)
    capped.need_lo[:] = 0
    capped.need_hi[:] = needed
    flow = best_flow(capped, np.ones_like(capped.units))
    assert flow is not None, "without lower bounds the empty assignment is possible"
    reached = flow.chosen.sum(axis=1) < needed
    if not reached.any():
        return None
    while True:
        experts = (arrays.allowed & ~flow.chosen)[reached].any(axis=0)
        further = reached | flow.chosen[:, experts].any(axis=1)
        if (further == reached).all():
            break
        reached = further
    able = arrays.allowed[reached]
    capacity = int(np.minimum(able.sum(axis=0), arrays.load_hi).sum())
    names = tuple(a.key for a, is_in in zip(problem.applications, reached, strict=True) if is_in)
    who = tuple(e.key for e, can in zip(problem.experts, able.any(axis=0), strict=True) if can)
    return names, who, int(needed[reached].sum()), capacity


def _near(
    problem: Problem, places: Sequence[Place], crowd: tuple[tuple[str, ...], ...] | tuple[object, ...]
) -> list[Place]:
    """The places that bind the crowd; an application's key stands first but in rules that name a pair."""
    inside = set(crowd[0]) if isinstance(crowd[0], tuple) else set()
    about = {"reviews": 0, "language": 0, "conflict": 1}
    near = []
    for rule, subject in places:
        if rule in {"load_max", "availability"} or (rule in about and subject[about[rule]] in inside):
            near.append((rule, subject))
    return near


def remedies_for(problem: Problem, *, seed: int, stop: Stop) -> tuple[Remedy, ...]:
    """For every smallest set of rules whose loosening helps: the fewest changes and one such choice."""
    names = [rule.name for rule in RULES if any(True for _ in rule.places(problem))]
    found: list[Remedy] = []
    for size in range(1, TOGETHER + 1):
        for group in combinations(names, size):
            if any(set(remedy.rules) <= set(group) for remedy in found):
                continue
            changed = fewest_changes(problem, frozenset(group), seed=seed, stop=stop)
            if changed is not None:
                changes, proven = changed
                named = tuple(_change(problem, each) for each in changes)
                found.append(Remedy(group, sum(each.amount for each in changes), named, proven))
    return tuple(found)


def _named(problem: Problem, rule: str, subject: tuple[str, ...]) -> Named:
    values = dict(BY_NAME[rule].places(problem))[subject]
    return Named(rule, subject, BY_NAME[rule].reason(values))


def _change(problem: Problem, change: Change) -> Named:
    """A language is loosened for a pair, so the sentence names the expert too."""
    if change.rule == "language":
        application, _expert = change.subject
        values = dict(BY_NAME["language"].places(problem))[application,]
        return Named(change.rule, change.subject, BY_NAME["language"].remedy(values))
    values = dict(BY_NAME[change.rule].places(problem))[change.subject]
    return Named(change.rule, change.subject, BY_NAME[change.rule].remedy(values))
