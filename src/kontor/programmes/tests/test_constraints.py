"""The rules and the composer agree on random teams, and what is proposed is what the rules accept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kontor import programmes
from kontor.engine.consortia.model import Candidate, Params, Problem
from kontor.engine.consortia.rules import judge
from kontor.engine.consortia.solve import solve
from kontor.engine.core.stop import NoLimit
from kontor.programmes import Partner, State, Team, assess, shipped
from kontor.programmes.constraints import Constraints, constraints

SHIPPED = shipped()
CASES = [f"{p.key}/{i.key}" for p in SHIPPED.values() for i in p.instruments if i.rules]
PLACES = [("NL", "NL226"), ("NL", "NL327"), ("NL", "NL22"), ("DE", "DEA1B"), ("DE", "DE212"), ("DE", None)]
PLACES += [("SE", "SE224"), ("AT", "AT312"), ("RS", "RS110"), ("GB", "UKH12")]
MAYBE = st.sampled_from([True, False, None])


@st.composite
def partners(draw: st.DrawFn) -> tuple[Partner, ...]:
    """One to five partners with whatever happens to be known of them; the first one leads."""
    return tuple(partner(draw, at) for at in range(draw(st.integers(1, 5))))


def partner(draw: st.DrawFn, at: int) -> Partner:
    country, nuts = draw(st.sampled_from(PLACES))
    cost = Decimal(draw(st.integers(0, 30_000_000))) / 100
    return Partner(
        f"p{at}",
        country=country,
        nuts=nuts,
        kind=draw(st.sampled_from(["firm", "firm", "research", "cluster", "buyer", None])),
        size=draw(st.sampled_from(["small", "medium", "large", None])),
        cost=cost,
        grant=(cost * 6 / 10).quantize(Decimal("0.01")),
        lead=at == 0,
        clusters=draw(st.sampled_from([("c",), (), None])),
        led_before=draw(MAYBE),
        in_difficulty=draw(MAYBE),
    )


def problem(found: Constraints, team: tuple[Partner, ...]) -> Problem:
    candidates = tuple(
        Candidate(
            key=one.key,
            country=one.country or "",
            region=one.nuts or "",
            amounts={"cost": one.cost or Decimal(0), "grant": one.grant or Decimal(0)},
            tags=found.marks[one.key],
        )
        for one in team
    )
    return Problem(candidates=candidates, rules=found.rules, lead=team[0].key)


def kept(found: Constraints, team: tuple[Partner, ...]) -> dict[str, bool]:
    """The engine's verdict by key of the rule; a rule of several constraints is kept where all are."""
    verdicts: dict[str, bool] = {}
    for verdict in judge(problem(found, team), [one.key for one in team]):
        if verdict.rule.startswith("fixed:"):
            continue
        key = verdict.rule.partition(".")[0]
        verdicts[key] = verdicts.get(key, True) and verdict.kept
    return verdicts


@settings(max_examples=200, deadline=None)
@given(case=st.sampled_from(CASES), strict=st.booleans(), team=partners())
def test_rule_and_engine_agree(case: str, strict: bool, team: tuple[Partner, ...]) -> None:
    key, _, name = case.partition("/")
    programme, instrument = SHIPPED[key], SHIPPED[key].instrument(name)
    found = constraints(programme, instrument, team, strict=strict)
    accepted = {State.YES} if strict else {State.YES, State.CLARIFY}
    answers = {a.use.key: a.state in accepted for a in assess(programme, instrument, Team(team)).answers}
    assert kept(found, team) == {key: answer for key, answer in answers.items() if key not in found.left}


@st.composite
def pools(draw: st.DrawFn) -> tuple[Partner, ...]:
    """Three to seven candidates, none of whom leads yet."""
    return tuple(replace(partner(draw, at), lead=False) for at in range(draw(st.integers(3, 7))))


@settings(max_examples=60, deadline=None)
@given(case=st.sampled_from(CASES), strict=st.booleans(), pool=pools())
def test_every_proposed_team_passes_the_rules(case: str, strict: bool, pool: tuple[Partner, ...]) -> None:
    """But for those that the engine leaves: what no choice of partners decides, wishes, unknown amounts."""
    key, _, name = case.partition("/")
    programme, instrument = SHIPPED[key], SHIPPED[key].instrument(name)
    found = constraints(programme, instrument, pool, strict=strict)
    asked = replace(problem(found, pool), lead="")
    result = solve(asked, stop=NoLimit(), seed=0, params=Params(teams=3))
    accepted = {State.YES} if strict else {State.YES, State.CLARIFY}
    by_key = {one.key: one for one in pool}
    for proposed in result.teams:
        team = [replace(by_key[each.key], lead=each.key == proposed.lead) for each in proposed.members]
        answers = assess(programme, instrument, Team(tuple(team))).answers
        assert [a.use.key for a in answers if a.state not in accepted and a.use.key not in found.left] == []


def test_what_the_engine_does_not_decide_is_named() -> None:
    rocket = SHIPPED["rocket-reloaded"]
    known: dict[str, Any] = {"kind": "firm", "size": "small", "cost": Decimal(1), "grant": Decimal(1)}
    team = (Partner("a", country="NL", **known), Partner("b", country="DE", **known))
    found = constraints(rocket, rocket.instrument("innovation-project"), team)
    assert found.left == (
        "mandatory-kets",
        "mandatory-themes",
        "not-previously-lead",
        "new-partner-share",
        "rate",
        "duration",
    )
    unknown = (*team, Partner("c", country="DE"))
    more = constraints(rocket, rocket.instrument("innovation-project"), unknown)
    assert set(more.left) - set(found.left) == {"project-ceiling", "grant-ceiling"}


def test_sentences_are_in_the_language_asked_for() -> None:
    rocket = SHIPPED["rocket"]
    team = (Partner("a", country="NL"),)
    found = constraints(rocket, rocket.instrument("feasibility-study"), team, language="de")
    assert [(rule.id, rule.text) for rule in found.rules] == [
        ("minimum-smes", "Mindestens 2 kleine oder mittlere Unternehmen."),
        ("minimum-countries", "Partner aus mindestens 2 Ländern."),
        ("smes-per-side.de", "Mindestens 1 KMU von jeder Seite: Deutschland und Niederlande."),
        ("smes-per-side.nl", "Mindestens 1 KMU von jeder Seite: Deutschland und Niederlande."),
        ("lead-type", "Nur KMU dürfen leiten."),
    ]


def test_points_of_verdicts_fall_from_the_best_to_the_last() -> None:
    text = programmes.shipped_texts()["scale-up"]
    assert programmes.check(text.encode())[1] == []
    wrong = text.replace('key = "weak"\n', 'key = "weak"\npoints = 70\n')
    (fault,) = programmes.check(wrong.encode())[1]
    assert "worth no less than the better verdict" in str(fault)
    right = programmes.check(wrong.replace("points = 70", "points = 20").encode())[0]
    assert right is not None
    assessment = right.instrument("transnational-service").assessment
    assert assessment is not None
    assert list(assessment.points.values()) == [100, Fraction(200, 3), 20, 0]
