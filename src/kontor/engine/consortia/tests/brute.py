"""The whole answer by looking at every team: what the solver is checked against on small problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import strategies as st

from kontor.engine.consortia.model import (
    AnyRule,
    Candidate,
    Competence,
    Condition,
    Distinct,
    EachMember,
    EachSide,
    LargestShare,
    LeadIs,
    Members,
    Problem,
    Share,
    Side,
    TeamSize,
    Tie,
    Total,
    Weights,
)
from kontor.engine.consortia.rules import judge
from kontor.engine.consortia.score import Score
from kontor.engine.consortia.tables import Tables


def every_team(problem: Problem) -> Iterator[tuple[int, ...]]:
    rows = range(len(problem.candidates))
    for size in range(1, len(problem.candidates) + 1):
        yield from combinations(rows, size)


def sound_teams(problem: Problem) -> dict[frozenset[str], float]:
    """Teams that keep every rule, with their objective."""
    score = Score(Tables(problem))
    found = {}
    for rows in every_team(problem):
        keys = [problem.candidates[row].key for row in rows]
        if len(keys) <= problem.largest and all(each.kept for each in judge(problem, keys)):
            found[frozenset(keys)] = score.objective(rows)
    return found


def smallest_corrections(problem: Problem) -> set[frozenset[str]]:
    """Of the sets of rules that the teams break those that contain no other; firm rules are always kept."""
    firm = {rule.id for rule in problem.rules if rule.firm}
    broken = set()
    for rows in every_team(problem):
        keys = [problem.candidates[row].key for row in rows]
        broken.add(_broken(problem, keys))
        if problem.lead and any(isinstance(rule, LeadIs) for rule in problem.rules):
            other = replace(problem, lead="", fixed=problem.pinned)
            broken.add(_broken(other, keys) | {f"lead:{problem.lead}"})
            if problem.lead not in keys:
                broken.discard(_broken(problem, keys))
    sound = {each for each in broken if not each & firm}
    return {each for each in sound if not any(other < each for other in sound)}


def _broken(problem: Problem, keys: Sequence[str]) -> frozenset[str]:
    return frozenset(each.rule for each in judge(problem, keys) if not each.kept)


COUNTRIES = ("DE", "NL", "BE", "")
KINDS = ("firm", "research")
TAGS = ("new", "was-lead")
CONDITIONS = (
    Condition("kind", ("firm",)),
    Condition("tag", ("new",)),
    Condition("tag", ("was-lead",), none=True),
    Condition("place", ("NL", "DE1")),
    Condition("country", ("DE",)),
)


@st.composite
def candidates(draw: st.DrawFn, number: int) -> Candidate:
    country = draw(st.sampled_from(COUNTRIES))
    return Candidate(
        key=f"c{number}",
        country=country,
        region=draw(st.sampled_from((f"{country}1", f"{country}2"))) if country else "",
        kind=draw(st.sampled_from(KINDS)),
        competences={key: draw(st.integers(0, 3)) for key in ("heat", "sound", "light")},
        amounts={"cost": draw(st.integers(0, 6)) * 1000},
        affinity=draw(st.integers(0, 10)) / 10,
        capacity=draw(st.integers(0, 4)) / 4,
        tags=tuple(draw(st.lists(st.sampled_from(TAGS), unique=True))),
    )


def _rules(draw: st.DrawFn) -> tuple[AnyRule, ...]:
    who = st.sampled_from(CONDITIONS).map(lambda each: (each,))
    small = st.integers(1, 3)
    size = draw(small)
    possible = (
        TeamSize(id="size", least=size, most=size + draw(st.integers(0, 3))),
        Members(id="least", who=draw(who), least=draw(small)),
        Members(id="most", who=draw(who), most=draw(small)),
        EachSide(id="sides", sides=(Side("NL", ("NL",)), Side("DE", ("DE",))), who=draw(who)),
        Distinct(id="countries", least=draw(small)),
        Distinct(id="regions", attribute="region", who=draw(who), most=draw(small)),
        EachMember(id="each", who=draw(who)),
        LeadIs(id="lead", who=draw(who)),
        LeadIs(id="lead-too", who=draw(who)),
        Total(id="ceiling", most=draw(st.integers(0, 12)) * 1000),
        Total(id="floor", least=draw(st.integers(0, 12)) * 1000),
        Share(id="share", who=draw(who), least=draw(st.sampled_from(("0.4", "0.5", "0.34")))),
        Share(id="share-of-cost", of="cost", who=draw(who), most=draw(st.sampled_from(("0.4", "0.5")))),
        LargestShare(id="largest", most=draw(st.sampled_from(("0.4", "0.5", "0.6")))),
    )
    chosen = draw(st.lists(st.sampled_from(possible), unique_by=lambda each: each.id, max_size=4))
    return tuple(replace(each, weight=draw(st.sampled_from((1, 2)))) for each in chosen)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Four to seven candidates, three competences, up to four rules, some ties."""
    count = draw(st.integers(4, 7))
    pairs = st.lists(st.sampled_from(list(combinations(range(count), 2))), unique=True, max_size=4)
    keys = [f"c{number}" for number in range(count)]
    named = draw(st.lists(st.sampled_from(keys), unique=True, max_size=2))
    return Problem(
        candidates=tuple(draw(candidates(number)) for number in range(count)),
        competences=tuple(
            Competence(key, required=draw(st.booleans()), level=draw(st.integers(1, 3)))
            for key in ("heat", "sound", "light")
        ),
        rules=_rules(draw),
        ties=tuple(
            Tie(f"c{a}", f"c{b}", draw(st.booleans()), draw(st.integers(-4, 4)) / 4) for a, b in draw(pairs)
        ),
        fixed=tuple(named[:1]),
        excluded=tuple(named[1:]),
        lead=draw(st.sampled_from(("", "", *named[:1]))),
        weights=Weights(
            new_ties=draw(st.sampled_from((0, 1, 3))), new_ties_most=draw(st.sampled_from((2, 6)))
        ),
    )
