"""What is called best, dear, impossible or smallest is compared with looking at every team."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from kontor.engine.consortia.compose import Composer
from kontor.engine.consortia.model import Params, Problem
from kontor.engine.consortia.rules import judge
from kontor.engine.consortia.solve import solve
from kontor.engine.consortia.tests.brute import problems, smallest_corrections, sound_teams
from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit

CLOSE = 2e-5
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(problems())
def test_the_best_teams_and_their_prices(problem: Problem) -> None:
    sound = sound_teams(problem)
    result = solve(problem, params=Params(teams=3, differ=2))
    if not sound:
        assert result.status == Status.INFEASIBLE
        return
    assert result.status == Status.OPTIMAL
    earlier: list[frozenset[str]] = []
    for team in result.teams:
        left = {keys: value for keys, value in sound.items() if all(len(keys - old) >= 2 for old in earlier)}
        assert team.objective == pytest.approx(max(left.values()), abs=CLOSE)
        assert team.objective == pytest.approx(left[frozenset(team.keys)], abs=CLOSE)
        assert team.bound == team.objective
        assert all(verdict.kept for verdict in team.verdicts)
        assert team.lead in (*team.keys, "")
        earlier.append(frozenset(team.keys))
    further = [keys for keys in sound if all(len(keys - old) >= 2 for old in earlier)]
    assert len(result.teams) == 3 or not further


@SLOW
@given(problems())
def test_the_price_of_leaving_each_member_out(problem: Problem) -> None:
    result = solve(problem)
    for team in result.teams:
        for member in team.members:
            fixed = tuple(key for key in problem.fixed if key != member.key)
            lead = "" if problem.lead == member.key else problem.lead
            free = Problem(
                **{
                    name: getattr(problem, name)
                    for name in ("candidates", "competences", "rules", "ties", "weights")
                },
                fixed=fixed,
                excluded=problem.excluded,
                lead=lead,
            )
            others = [value for keys, value in sound_teams(free).items() if member.key not in keys]
            assert member.price is not None
            if not others:
                assert member.price.status == Status.INFEASIBLE
            else:
                assert member.price.objective == pytest.approx(max(others), abs=CLOSE)
                assert member.price.lost == pytest.approx(team.objective - max(others), abs=CLOSE)


@SLOW
@given(problems())
def test_every_smallest_set_of_changes_is_found(problem: Problem) -> None:
    result = solve(problem, params=Params(corrections=200))
    if result.status != Status.INFEASIBLE:
        return
    assert {frozenset(each.rules) for each in result.corrections} == smallest_corrections(problem)
    assert result.complete
    weights = [each.weight for each in result.corrections]
    assert weights == sorted(weights)
    for correction in result.corrections:
        given_up = f"lead:{problem.lead}" in correction.rules
        asked = replace(problem, lead="", fixed=problem.pinned) if given_up else problem
        broken = {each.rule for each in judge(asked, correction.team) if not each.kept}
        assert broken <= set(correction.rules)


@SLOW
@given(problems())
def test_no_candidate_of_a_better_team_is_bounded_below_it(problem: Problem) -> None:
    """The bound of each candidate holds for every sound team with it: what reduction rests on."""
    composer = Composer(problem, 0, NoLimit())
    row = composer.tables.row
    for keys, value in sound_teams(problem).items():
        assert value <= composer.relaxed.bound + CLOSE
        assert all(value <= composer.relaxed.upper[row[key]] + CLOSE for key in keys)
