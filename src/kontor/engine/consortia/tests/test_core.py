"""The reductions, forced to matter: cores of one, copies by the dozen, lean models that turn out wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from kontor.engine.consortia.compose import Composer
from kontor.engine.consortia.dominance import undominated
from kontor.engine.consortia.model import (
    Candidate,
    Competence,
    LargestShare,
    Params,
    Problem,
    TeamSize,
    Tie,
    Total,
    Weights,
)
from kontor.engine.consortia.solve import solve
from kontor.engine.consortia.tests.brute import problems, sound_teams
from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit

CLOSE = 2e-5
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(problems())
def test_a_core_that_begins_with_one_ends_at_the_best(problem: Problem) -> None:
    sound = sound_teams(problem)
    best = Composer(problem, 0, NoLimit(), first_core=1).best()
    assert best.proven
    assert best.objective == pytest.approx(max(sound.values(), default=-np.inf), abs=CLOSE)


@SLOW
@given(problems())
def test_leaving_out_the_dominated_changes_no_value(problem: Problem) -> None:
    """Small teams, so that few dominators suffice; further teams from members that earlier ones hold."""
    small = TeamSize(id="small", most=2)
    rules = (*(rule for rule in problem.rules if not isinstance(rule, TeamSize)), small)
    copies = tuple(replace(each, key=f"{each.key}-copy") for each in problem.candidates[:4])
    wide = replace(problem, candidates=(*problem.candidates, *copies), rules=rules)
    sound = sound_teams(wide)
    found = solve(wide, params=Params(teams=2, differ=1, prices=False))
    assert [team.objective for team in found.teams[:1]] == pytest.approx(
        [max(sound.values())] if sound else [], abs=CLOSE
    )
    if len(found.teams) > 1:
        first = frozenset(found.teams[0].keys)
        others = [value for keys, value in sound.items() if keys - first]
        assert found.teams[1].objective == pytest.approx(max(others), abs=CLOSE)


def test_who_is_dominated_by_a_full_team_goes() -> None:
    levels = (3, 3, 2, 1)
    people = tuple(Candidate(f"c{n}", competences={"heat": level}) for n, level in enumerate(levels))
    problem = Problem(
        candidates=people, competences=(Competence("heat"),), rules=(TeamSize(id="size", most=2),)
    )
    composer = Composer(problem, 0, NoLimit())
    nobody = np.zeros(0, dtype=np.intp)
    assert undominated(composer.tables, np.arange(4), nobody).tolist() == [0, 1]
    assert undominated(composer.tables, np.arange(4), np.array([0])).tolist() == [0, 1, 2]


def test_a_tie_saves_from_being_dominated() -> None:
    people = tuple(Candidate(f"c{n}", affinity=1 - n / 10) for n in range(4))
    problem = Problem(
        candidates=people, rules=(TeamSize(id="size", most=1),), ties=(Tie("c2", "c3", affinity=1.0),)
    )
    tables = Composer(problem, 0, NoLimit()).tables
    assert undominated(tables, np.arange(4), np.zeros(0, dtype=np.intp)).tolist() == [0, 2, 3]


def test_new_ties_that_fall_short_are_not_counted() -> None:
    """The lean model takes six new ties for granted; here there can be one."""
    people = (Candidate("a", country="DE"), Candidate("b", country="NL"), Candidate("c", country="NL"))
    problem = Problem(
        candidates=people,
        rules=(TeamSize(id="size", least=2, most=2),),
        ties=(Tie("a", "c", cooperated=True),),
        weights=Weights(new_ties=10, partners=0),
    )
    result = solve(problem)
    assert result.teams[0].keys == ("a", "b")
    assert (result.objective, result.bound) == (10.0, 10.0)


def test_a_cent_decides() -> None:
    """Amounts too large and limits too fine for the tolerance of a solver in fractions."""
    huge = Decimal("99999999999.99")
    people = (
        Candidate("dear", amounts={"cost": huge}, affinity=1.0),
        Candidate("fair", amounts={"cost": huge - Decimal("0.01")}, affinity=0.5),
    )
    limit = Total(id="ceiling", most=huge - Decimal("0.01"))
    assert solve(Problem(candidates=people, rules=(limit,))).teams[0].keys == ("fair",)


def test_single_shares_are_cut_until_they_hold() -> None:
    people = tuple(
        Candidate(f"c{n}", amounts={"cost": Decimal(10 ** (n + 1))}, affinity=n / 5) for n in range(5)
    )
    rules = (LargestShare(id="share", most=Decimal("0.95")), TeamSize(id="size", most=3))
    problem = Problem(candidates=people, rules=rules, weights=Weights(partners=0))
    result = solve(problem)
    assert result.objective == pytest.approx(max(sound_teams(problem).values()), abs=CLOSE)
    assert result.status == Status.OPTIMAL
