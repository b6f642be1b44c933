"""The entry points: an assignment from nothing, and one that changes an earlier one as little as possible."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit, Stop
from kontor.engine.juries.arrays import Arrays, arrays_of, shuffled
from kontor.engine.juries.blocked import blocked_by
from kontor.engine.juries.flow import Flow, start_at
from kontor.engine.juries.levels import fair
from kontor.engine.juries.model import SCALE, Aim, Assigned, Measure, Pair, Params, Problem, Result, Value
from kontor.engine.juries.sides import Served, Side
from kontor.engine.juries.stages import Reached, Stages

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOLIMIT = NoLimit()


def solve(problem: Problem, *, stop: Stop = NOLIMIT, seed: int = 0, params: Params | None = None) -> Result:
    """The assignment that serves the worst-served application best, and among those has the largest total.

    With `Aim.TOTAL` the total alone counts. Equal assignments are chosen from by lot with the seed. When
    nothing is possible the result says which rules block. Raises OutOfTime when the time was over before
    anything was found.
    """
    params = params or Params()
    mixed = shuffled(problem, seed)
    arrays = arrays_of(mixed, params)
    reached = None if _contradictory(arrays) else _aimed(_stages(arrays, params, seed, stop), params)
    if reached is None:
        return Result(Status.INFEASIBLE, blocked=blocked_by(problem, params, seed=seed, stop=stop))
    return _result(problem, mixed, params, reached, None)


def repair(problem: Problem, *, stop: Stop = NOLIMIT, seed: int = 0, params: Params | None = None) -> Result:
    """The fewest changes that turn `problem.previous` into an assignment keeping all rules, then as `solve`.

    A dropped pair is one change and an added pair is one: replacing somebody makes two.
    """
    if not problem.previous:
        raise InvalidInput("previous", "There is no earlier assignment.", "Give its pairs, or assign anew.")
    params = params or Params()
    mixed = shuffled(problem, seed)
    arrays = arrays_of(mixed, params)
    kept = _kept(mixed)
    gone = len(set(problem.previous)) - int(kept.sum())
    keeping = np.where(kept, 1, -1).astype(np.int64)
    stages = _stages(arrays, params, seed, stop)
    fewest = None if _contradictory(arrays) else stages.best_sum(keeping)
    if fewest is None or fewest.chosen is None:
        return Result(Status.INFEASIBLE, blocked=blocked_by(problem, params, seed=seed, stop=stop))
    limited = _stages(arrays, params, seed, stop, (Side(None, keeping, fewest.value),))
    reached = _aimed(limited, params, start_at(arrays, fewest.chosen))
    assert reached is not None, "the assignment with the fewest changes keeps the limit on changes"
    before = gone + int(kept.sum())
    changes = Value(before - int(keeping[reached.chosen].sum()), before - max(fewest.bound, fewest.value))
    return _result(problem, mixed, params, reached, changes)


def _stages(arrays: Arrays, params: Params, seed: int, stop: Stop, extra: tuple[Side, ...] = ()) -> Stages:
    share = np.maximum(arrays.need_lo, 1) if params.measure == Measure.MEAN else np.ones_like(arrays.need_lo)
    scale = math.lcm(*(int(each) for each in np.unique(share))) if len(share) else 1
    return Stages(arrays, Served(share, scale), seed, stop, extra)


def _aimed(stages: Stages, params: Params, start: Flow | None = None) -> Reached | None:
    return fair(stages, start) if params.aim == Aim.FAIR else stages.total(start)


def _contradictory(arrays: Arrays) -> bool:
    return bool((arrays.forced & ~arrays.allowed).any())


def _kept(problem: Problem) -> NDArray[np.bool_]:
    """Pairs of before whose expert and application still exist."""
    kept = np.zeros(problem.fit.shape, np.bool_)
    for pair in problem.previous:
        a, e = problem.application_at.get(pair.application), problem.expert_at.get(pair.expert)
        if a is not None and e is not None:
            kept[a, e] = True
    return kept


def _result(
    problem: Problem, mixed: Problem, params: Params, reached: Reached, changes: Value | None
) -> Result:
    stages = _stages(arrays_of(mixed, params), params, 0, NOLIMIT)
    proven = reached.total == reached.total_bound and (changes is None or changes.reached == changes.bound)
    if params.aim == Aim.FAIR:
        proven &= reached.level == reached.level_bound
    unit = stages.served.scale * SCALE
    return Result(
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        assigned=_assigned(problem, mixed, stages.arrays, reached.chosen),
        total=Value(reached.total / SCALE, reached.total_bound / SCALE),
        worst=Value(reached.level / unit, reached.level_bound / unit),
        worst_served=_worst_served(mixed, stages, reached),
        changes=changes,
    )


def _assigned(
    problem: Problem, mixed: Problem, arrays: Arrays, chosen: NDArray[np.bool_]
) -> tuple[Assigned, ...]:
    fixed, before = set(problem.fixed), set(problem.previous)
    found: dict[str, list[Assigned]] = {each.key: [] for each in problem.applications}
    for a, e in np.argwhere(chosen):
        pair = Pair(mixed.experts[e].key, mixed.applications[a].key)
        fit = int(arrays.units[a, e]) / SCALE
        found[pair.application].append(
            Assigned(pair.application, pair.expert, fit, fixed=pair in fixed, kept=pair in before)
        )
    return tuple(
        each for group in found.values() for each in sorted(group, key=lambda one: (-one.fit, one.expert))
    )


def _worst_served(mixed: Problem, stages: Stages, reached: Reached) -> str:
    served = stages.served.scale * (stages.arrays.units * reached.chosen).sum(axis=1) / stages.served.share
    return min(
        ((value, each.key) for value, each in zip(served, mixed.applications, strict=True)), default=(0, "")
    )[1]
