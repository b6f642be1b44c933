"""Fill the gap: who helps, what is gained, what speaks against it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from kontor.engine.consortia.fill import fill
from kontor.engine.consortia.gain import Gain
from kontor.engine.consortia.model import (
    AnyRule,
    Candidate,
    Competence,
    Condition,
    Distinct,
    EachMember,
    LargestShare,
    LeadIs,
    Members,
    Params,
    Problem,
    Share,
    TeamSize,
    Tie,
    Total,
)
from kontor.engine.consortia.score import Score
from kontor.engine.consortia.tables import Tables
from kontor.engine.consortia.tests.brute import problems
from kontor.engine.consortia.tests.test_solve import instance

FIRM = (Condition("kind", ("firm",)),)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_the_gain_is_what_the_objective_gains(problem: Problem) -> None:
    tables = Tables(problem)
    score = Score(tables)
    team = tuple(tables.pinned.tolist())
    gain = Gain(tables, score, team)
    for row in set(range(len(tables))) - set(team):
        expected = score.objective((*team, row)) - score.objective(team)
        assert gain.points[row] == pytest.approx(expected)


def test_a_started_team_is_told_whom_it_lacks() -> None:
    problem, params = instance("quiet-heat-pump-started")
    found = fill(problem, params=params)
    gaps = {gap.rule: [proposal.key for proposal in gap.proposals] for gap in found.gaps}
    assert list(gaps) == [
        "sme-each-side", "lead", "share", "competence:acoustics",
        "competence:housing", "competence:metering", "competence:testing",
    ]  # fmt: skip
    assert gaps["competence:acoustics"] == ["m02", "m08"]
    assert all(len(keys) <= 5 for keys in gaps.values())
    assert not {"m01", "m07"} & {key for keys in gaps.values() for key in keys}


PEOPLE = (
    Candidate("a", "Anna", "NL", kind="research", amounts={"cost": 100}),
    Candidate("b", "Bert", "NL", kind="firm", amounts={"cost": 10}),
    Candidate("c", "Cleo", "DE", kind="research", amounts={"cost": 20}, tags=("in-difficulty",)),
    Candidate("d", "Dora", "DE", kind="firm"),
)
HELPED: list[tuple[AnyRule, set[str]]] = [
    (TeamSize(id="r", least=2), {"b", "c", "d"}),
    (Members(id="r", who=FIRM, least=1), {"b", "d"}),
    (Distinct(id="r", least=2), {"c", "d"}),
    (LeadIs(id="r", who=FIRM), {"b", "d"}),
    (Total(id="r", least=105), {"b", "c"}),
    (Share(id="r", who=FIRM, least="0.5"), {"b", "d"}),
    (LargestShare(id="r", most="0.5"), {"b", "c"}),
    (Total(id="r", most=50), set()),
    (Members(id="r", who=(Condition("kind", ("research",)),), most=0), set()),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "helpers"), HELPED, ids=lambda v: getattr(v, "type", ""))
def test_each_broken_rule_names_who_helps(rule: AnyRule, helpers: set[str]) -> None:
    (gap,) = fill(Problem(candidates=PEOPLE, rules=(rule,), fixed=("a",))).gaps
    assert {proposal.key for proposal in gap.proposals} == helpers


def test_who_would_break_a_rule_comes_last_and_it_is_said() -> None:
    rules = (TeamSize(id="two", text="Two partners", least=2), Total(id="cap", text="At most 115", most=115))
    (gap,) = fill(Problem(candidates=PEOPLE, rules=rules, fixed=("a",))).gaps
    assert gap.proposals[-1].key == "c"
    assert gap.proposals[-1].breaks == ("cap",)
    assert gap.proposals[-1].reasons[-1].text() == "Would break: At most 115."


def test_those_who_may_not_take_part_are_not_proposed() -> None:
    sound = EachMember(id="sound", who=(Condition("tag", ("in-difficulty",), none=True),))
    problem = Problem(
        candidates=PEOPLE, rules=(TeamSize(id="two", least=2), sound), fixed=("a",), excluded=("d",)
    )
    (gap,) = fill(problem).gaps
    assert [proposal.key for proposal in gap.proposals] == ["b"]


def test_reasons_name_level_earlier_work_and_the_border() -> None:
    people = (
        Candidate("a", "Anna", "NL"),
        Candidate("b", "Bert", "DE", competences={"heat": 3}, affinity=0.5),
    )
    problem = Problem(
        candidates=people,
        competences=(Competence("heat", "Heat"),),
        ties=(Tie("a", "b", cooperated=True, affinity=0.5),),
        fixed=("a",),
    )
    (gap,) = fill(problem, params=Params(gaps=1)).gaps
    assert [reason.text() for reason in gap.proposals[0].reasons] == [
        "Has Heat at level 3.",
        "Has worked with Anna.",
        "Suits Anna.",
        "Fits the idea (50 %).",
    ]
