"""Pairs that gain: shares that are never too small, exchanges that never harm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from kontor.engine.consortia.compose import Composer
from kontor.engine.consortia.improve import Exchange
from kontor.engine.consortia.linear import relax
from kontor.engine.consortia.model import Candidate, Competence, Condition, EachMember, Problem, TeamSize, Tie
from kontor.engine.consortia.rows import Builder
from kontor.engine.consortia.score import Score
from kontor.engine.consortia.shares import shared
from kontor.engine.consortia.solve import solve
from kontor.engine.consortia.tables import Tables
from kontor.engine.consortia.tests.brute import every_team, problems, sound_teams
from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(problems())
def test_shares_of_a_team_are_no_less_than_its_pairs(problem: Problem) -> None:
    tables = Tables(problem)
    if not any(pair.points > 0 for pair in tables.pairs):
        return
    model = Builder(tables).relaxed()
    shares = shared(tables, model, relax(model, tables.allowed, tables.pinned).upper)
    for rows in every_team(problem):
        if tables.allowed[list(rows)].all():
            gained = sum(max(0.0, pair.points) for pair in Score(tables).pairs(rows))
            assert shares[list(rows)].sum() >= gained - 1e-6


@settings(SLOW, max_examples=8)
@given(problems())
def test_exchanges_leave_a_sound_team_that_is_no_worse(problem: Problem) -> None:
    sound = sound_teams(problem)
    tables = Tables(problem)
    score = Score(tables)
    for keys, value in list(sound.items())[:1]:
        start = tuple(sorted(tables.row[key] for key in keys))
        found = Exchange(tables, score, tables.allowed, NoLimit(), 0).better(start)
        reached = frozenset(tables.keys[row] for row in found)
        assert reached in sound
        assert sound[reached] >= value - 1e-9


def test_a_pair_far_from_the_core_is_found() -> None:
    """Alone each of the two is the worst of all; together they are the best."""
    people = tuple(Candidate(f"c{n:03}", affinity=(n % 50) / 50) for n in range(400))
    problem = Problem(
        candidates=people,
        rules=(TeamSize(id="two", least=2, most=2),),
        ties=(Tie("c000", "c050", affinity=1.0), Tie("c100", "c101", affinity=-1.0)),
    )
    problem = Problem(
        candidates=problem.candidates,
        rules=problem.rules,
        ties=problem.ties,
        weights=type(problem.weights)(pairs=20),
    )
    result = solve(problem)
    assert result.status == Status.OPTIMAL
    assert result.teams[0].keys == ("c000", "c050")
    assert result.objective == 12.0


def test_pairs_with_those_who_may_not_take_part_are_worth_nothing() -> None:
    people = (Candidate("a", tags=("out",)), Candidate("b"), Candidate("c", competences={"heat": 1}))
    problem = Problem(
        candidates=people,
        competences=(Competence("heat"),),
        rules=(EachMember(id="in", who=(Condition("tag", ("out",), none=True),)),),
        ties=(Tie("a", "b", affinity=1.0),),
    )
    composer = Composer(problem, 0, NoLimit())
    assert composer.relaxed.bound == pytest.approx(-4.0)
    assert composer.best().rows == (2,)
    assert np.isneginf(composer.relaxed.upper[0])
