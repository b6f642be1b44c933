"""Named instances, determinism, time, and what the answer says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kontor.engine.consortia.model import Candidate, Competence, Condition, Members, Params, Problem, TeamSize
from kontor.engine.consortia.read import read_problem
from kontor.engine.consortia.rules import judge
from kontor.engine.consortia.solve import solve
from kontor.engine.consortia.tests.brute import smallest_corrections, sound_teams
from kontor.engine.core.result import Status

INSTANCES = Path(__file__).resolve().parents[5] / "instances" / "consortia"


def instance(name: str) -> tuple[Problem, Params]:
    return read_problem(INSTANCES / f"{name}.json")


class Over:
    def left(self) -> float:
        return 0.0


def test_a_single_country_team_is_refused_with_both_rules_named() -> None:
    problem, params = instance("rocket-single-country")
    team = [each.key for each in problem.candidates]
    assert [each.rule for each in judge(problem, team) if not each.kept] == ["cross-border", "sme-each-side"]
    result = solve(problem, params=params)
    assert result.status == Status.INFEASIBLE
    (correction,) = result.corrections
    assert correction.rules == ("cross-border", "sme-each-side")
    assert [(c.field, c.before, c.after) for c in correction.changes] == [
        ("least", "2", "1"),
        ("least", "1", "0"),
    ]
    assert result.complete


def test_one_german_sme_makes_it_possible() -> None:
    problem, params = instance("rocket-german-sme")
    result = solve(problem, params=params)
    assert result.status == Status.OPTIMAL
    assert all("beschicht" in team.keys for team in result.teams)
    assert all(verdict.kept for team in result.teams for verdict in team.verdicts)
    prices = {member.key: member.price for member in result.teams[0].members}
    assert prices["beschicht"] is not None
    assert prices["beschicht"].status == Status.INFEASIBLE


def test_a_study_led_by_a_large_firm_is_refused() -> None:
    problem, params = instance("rocket-large-lead")
    result = solve(problem, params=params)
    assert result.status == Status.INFEASIBLE
    assert [each.rules for each in result.corrections] == [("lead:konzern",), ("sme-leads",)]
    assert {frozenset(each.rules) for each in result.corrections} == smallest_corrections(problem)


def test_firm_rules_are_never_proposed() -> None:
    problem, params = instance("rocket-large-lead")
    firm = replace(problem, rules=tuple(replace(rule, firm=True) for rule in problem.rules))
    assert [each.rules for each in solve(firm, params=params).corrections] == [("lead:konzern",)]


def test_heavier_rules_are_proposed_later() -> None:
    few = (Candidate("a", kind="firm"), Candidate("b", kind="firm"))
    rules = (
        TeamSize(id="three", least=3, weight=5),
        Members(id="research", who=(Condition("kind", ("research",)),), least=1),
    )
    result = solve(Problem(candidates=few, rules=rules, competences=(Competence("heat", level=2),)))
    assert [each.rules for each in result.corrections] == [("competence:heat", "research", "three")]
    assert result.corrections[0].weight == 7.0


def test_levels_are_lowered_to_the_best_there_is() -> None:
    people = (Candidate("a", competences={"heat": 1}), Candidate("b", competences={"heat": 2}))
    result = solve(Problem(candidates=people, competences=(Competence("heat", "Heat", level=3),)))
    (change,) = result.corrections[0].changes
    assert (change.before, change.after) == ("3", "2")
    assert change.reason.text() == "Ask for Heat at level 2 instead of 3."


def test_the_same_seed_gives_the_same_answer() -> None:
    problem, params = instance("quiet-heat-pump")
    assert solve(problem, seed=3, params=params) == solve(problem, seed=3, params=params)


def test_the_seed_draws_between_equals_and_the_objective_stays() -> None:
    people = tuple(Candidate(f"c{n}", affinity=1.0) for n in range(30))
    problem = Problem(candidates=people, rules=(TeamSize(id="one", least=1, most=1),))
    results = [solve(problem, seed=seed, params=Params(prices=False)) for seed in range(6)]
    assert {result.objective for result in results} == {1.0}
    assert len({result.teams[0].keys for result in results}) > 1


def test_further_teams_end_where_none_differs_enough() -> None:
    problem, _params = instance("rocket-german-sme")
    result = solve(problem, params=Params(teams=50, differ=1, prices=False))
    assert result.complete
    values = [team.objective for team in result.teams]
    assert values == sorted(values, reverse=True)
    sound = sound_teams(problem)
    assert all(any(not keys - frozenset(team.keys) for team in result.teams) for keys in sound)


def test_parts_add_up_to_the_objective() -> None:
    problem, params = instance("quiet-heat-pump")
    for team in solve(problem, params=params).teams:
        assert sum(part.points for part in team.parts) == pytest.approx(team.objective)


def test_time_that_is_over_is_an_answer() -> None:
    problem, params = instance("quiet-heat-pump")
    result = solve(problem, stop=Over(), params=params)
    assert (result.status, result.teams, result.out_of_time, result.complete) == (None, (), True, False)


class After:
    """Time for so many looks at the clock."""

    def __init__(self, looks: int) -> None:
        self._looks = looks

    def left(self) -> float:
        self._looks -= 1
        return 60.0 if self._looks >= 0 else 0.0


@pytest.mark.parametrize("looks", [1, 2, 3, 4, 6])
def test_time_that_ends_in_between_leaves_sound_teams_with_bounds(looks: int) -> None:
    problem, params = instance("quiet-heat-pump")
    best = solve(problem, params=params).teams[0].objective
    result = solve(problem, stop=After(looks), params=params)
    assert result.out_of_time
    for team in result.teams[:1]:
        assert team.objective <= best <= team.bound
    assert all(verdict.kept for team in result.teams for verdict in team.verdicts)
