"""`solve`: the best team, further ones, what each member brings, or what to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kontor.engine.consortia.compose import Composer, Outcome
from kontor.engine.consortia.corrections import corrections
from kontor.engine.consortia.explain import Brings
from kontor.engine.consortia.model import Member, Params, Price, Problem, Result, Team
from kontor.engine.consortia.rows import INF
from kontor.engine.consortia.rules import judge_people, leads
from kontor.engine.consortia.tables import Rows
from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit, Stop

__all__ = ["solve"]


def solve(
    problem: Problem, *, stop: Stop | None = None, seed: int = 0, params: Params | None = None
) -> Result:
    """The best teams, best first, each with its bound; or the smallest sets of rules to change.

    `status` is None where the time was over before a team or a proof was found. The same problem, seed and
    params give the same answer, unless the time ends a search.
    """
    stop, params = stop or NoLimit(), params or Params()
    composer = Composer(problem, seed, stop)
    first = composer.best()
    if not first.rows:
        return _without_team(composer, first, stop, params, seed)
    outcomes, complete = _apart(composer, first, stop, params)
    teams = [_team(composer, outcome) for outcome in outcomes]
    if params.prices:
        teams = [
            _with_prices(composer, team, outcome, stop, seed)
            for team, outcome in zip(teams[:1], outcomes, strict=False)
        ] + teams[1:]
    late = stop.left() <= 0
    return Result(
        teams[0].status, tuple(teams), complete=complete, out_of_time=late, figures=_figures(composer)
    )


def _without_team(composer: Composer, first: Outcome, stop: Stop, params: Params, seed: int) -> Result:
    if not first.proven:
        return Result(None, complete=False, out_of_time=True, figures=_figures(composer))
    found, complete = corrections(composer.tables.problem, params.corrections, stop, seed)
    late = stop.left() <= 0
    return Result(
        Status.INFEASIBLE, (), found, complete=complete, out_of_time=late, figures=_figures(composer)
    )


def _figures(composer: Composer) -> dict[str, int]:
    return {
        "candidates": len(composer.tables),
        "allowed": int(composer.tables.allowed.sum()),
        "core": composer.largest_core,
    }


def _apart(composer: Composer, first: Outcome, stop: Stop, params: Params) -> tuple[list[Outcome], bool]:
    """The best team, and again and again the best that differs enough from all before."""
    found = [first]
    while len(found) < params.teams and stop.left() > 0:
        earlier: list[Rows] = [np.array(each.rows, dtype=np.intp) for each in found]
        outcome = composer.best(apart=earlier, differ=params.differ)
        if not outcome.rows:
            return found, outcome.proven
        found.append(outcome)
    return found, len(found) == params.teams


def _team(composer: Composer, outcome: Outcome) -> Team:
    tables = composer.tables
    people = composer.people(outcome.rows)
    brings = Brings(composer, outcome.rows)
    return Team(
        status=_status(outcome),
        lead=_lead(composer, outcome.rows),
        members=tuple(
            Member(tables.keys[row], brings.reasons(row), round(brings.points(row), 6))
            for row in outcome.rows
        ),
        parts=composer.score.parts(outcome.rows),
        objective=_rounded(outcome.objective),
        bound=_rounded(outcome.objective if outcome.proven else outcome.bound),
        verdicts=judge_people(tables.problem, people),
    )


def _lead(composer: Composer, rows: Sequence[int]) -> str:
    """The named lead, else who of those able to lead is worth most by itself."""
    problem = composer.tables.problem
    if problem.lead:
        return problem.lead
    able = {each.key for each in leads(problem, composer.people(rows))}
    worth = [(-composer.tables.value[row], composer.tables.keys[row]) for row in rows]
    return next((key for _value, key in sorted(worth) if key in able), "")


def _status(outcome: Outcome) -> Status:
    return Status.OPTIMAL if outcome.proven else Status.FEASIBLE


def _with_prices(composer: Composer, team: Team, outcome: Outcome, stop: Stop, seed: int) -> Team:
    members = [
        replace(member, price=_price(composer, team, row, stop, seed)) if stop.left() > 0 else member
        for member, row in zip(team.members, outcome.rows, strict=True)
    ]
    return replace(team, members=tuple(members))


def _price(composer: Composer, team: Team, row: int, stop: Stop, seed: int) -> Price | None:
    """The best team without one member. A fixed one is let go for this question."""
    key = composer.tables.keys[row]
    if key in composer.tables.problem.pinned:
        composer = Composer(_released(composer.tables.problem, key), seed, stop)
    other = composer.best(without=(row,))
    if not other.rows:
        return Price(Status.INFEASIBLE, (), None, None, None) if other.proven else None
    keys = tuple(composer.tables.keys[each] for each in other.rows)
    bound = other.objective if other.proven else other.bound
    lost = team.objective - other.objective
    return Price(_status(other), keys, _rounded(other.objective), _rounded(bound), _rounded(lost))


def _released(problem: Problem, key: str) -> Problem:
    fixed = tuple(each for each in problem.fixed if each != key)
    return replace(problem, fixed=fixed, lead="" if problem.lead == key else problem.lead)


def _rounded(value: float) -> float:
    """To what the solver can tell apart; never -0.0."""
    return round(value, 5) + 0.0 if -INF < value < INF else value
