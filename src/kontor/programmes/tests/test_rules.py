"""Every rule three times: kept, broken with what would mend it, and not yet to be answered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kontor.programmes import Partner, Portfolio, State, Team
from kontor.programmes.rules import REGISTRY, RULES
from kontor.programmes.tests.teams import ask, institute, large, sme, team

D = Decimal
Kept = tuple[str, dict[str, Any], Team]
NL, DE = sme("a", name="Aa", nuts="NL221"), sme("b", "DE", name="Be", nuts="DEA1B")

KEPT: list[Kept] = [
    ("minimum-partners", {"minimum": 2}, team(NL, DE)),
    ("maximum-partners", {"maximum": 2}, team(NL, DE)),
    ("minimum-smes", {"minimum": 1}, team(NL, large("l"))),
    ("required-kinds", {"types": ("research", "public")}, team(NL, institute("i"))),
    ("lead-type", {"types": ("sme",)}, team(sme("a", lead=True))),
    ("not-previously-lead", {}, team(sme("a", lead=True, led_before=False))),
    ("new-partner-share", {"above": D(40)}, team(sme("a", new=True), portfolio=Portfolio(4, 2))),
    ("minimum-countries", {"minimum": 2}, team(NL, DE)),
    ("minimum-countries", {"minimum": 1, "countries": ("DE",)}, team(NL, DE)),
    ("smes-per-side", {"minimum": 1}, team(NL, DE)),
    ("smes-per-side", {"minimum": 1, "area": "programme"}, team(NL, DE)),
    ("smes-per-side", {"minimum": 1, "sides": ("nl",)}, team(NL)),
    ("programme-area", {}, team(NL, DE)),
    ("programme-area", {"types": ("sme",)}, team(NL, institute("i", "FR"))),
    ("lead-region", {"area": "north"}, team(sme("a", nuts="NL221", lead=True))),
    ("project-ceiling", {"ceiling": D(100)}, team(sme("a", cost=D(60)), sme("b", cost=D(40)))),
    ("grant-ceiling", {"ceiling": D("165000")}, team(grant=D("165000.00"))),
    ("rate", {"rate": D(60)}, team(cost=D("275000"), grant=D("165000"))),
    ("maximum-share", {"percent": D(70)}, team(sme("a", cost=D(70)), sme("b", cost=D(30)))),
    ("duration", {"minimum": 6, "maximum": 12}, team(months=12)),
    ("mandatory-themes", {"themes": ("heat",)}, team(themes=("grid", "heat"))),
    ("mandatory-kets", {"kets": ("photonics",)}, team(kets=("photonics",))),
    ("cluster-membership", {"clusters": ("c",)}, team(sme("a", clusters=("b", "c")))),
    ("cluster-membership", {"types": ("sme",)}, team(large("l", clusters=()))),
    ("excluded-organisations", {"organisations": ("NL 1.2",)}, team(sme("a", identifiers=("NL13",)))),
    ("not-in-difficulty", {}, team(sme("a", in_difficulty=False), institute("i"))),
]

#: Rule, parameters, team, what would change it.
BROKEN: list[tuple[str, dict[str, Any], Team, list[str]]] = [
    ("minimum-partners", {"minimum": 3}, team(NL), ["Add 2 partners."]),
    ("maximum-partners", {"maximum": 1}, team(NL, DE), ["Go on with one partner fewer."]),
    ("minimum-smes", {"minimum": 2}, team(NL, large("l")), ["Add one SME."]),
    (
        "required-kinds",
        {"types": ("research", "public")},
        team(NL),
        ["Add one partner of this kind: research institute or public body."],
    ),
    (
        "lead-type",
        {"types": ("sme",)},
        team(large("l", lead=True), NL),
        ["Let Aa lead.", "Add a partner of this kind and let it lead: SME."],
    ),
    (
        "not-previously-lead",
        {},
        team(sme("a", lead=True, led_before=True), sme("b", name="Be", led_before=False), sme("c")),
        ["Let Be lead.", "Add a partner that has not led before and let it lead."],
    ),
    (
        "new-partner-share",
        {"above": D(40)},
        team(sme("a", new=True), sme("b", new=False), portfolio=Portfolio(3, 1)),
        ["Add one partner that is new to the programme."],
    ),
    (
        "minimum-countries",
        {"minimum": 2},
        team(NL, sme("c")),
        ["Add one partner from another country: Germany."],
    ),
    (
        "minimum-countries",
        {"minimum": 2, "countries": ("DE", "FR")},
        team(NL, DE),
        ["Add one partner from another country: France."],
    ),
    ("smes-per-side", {"minimum": 1}, team(NL, large("l", "DE")), ["Add one SME from Germany."]),
    (
        "smes-per-side",
        {"minimum": 1, "area": "programme"},
        team(NL, sme("m", "DE", nuts="DE212")),
        ["Add one SME from Germany."],
    ),
    (
        "programme-area",
        {},
        team(NL, sme("m", "DE", name="Em", nuts="DE212")),
        ["Find a partner inside the area in place of Em, or take part through a branch there."],
    ),
    (
        "lead-region",
        {"area": "north"},
        team(sme("b", "DE", lead=True), NL),
        ["Let Aa lead.", "Add a partner from this area and let it lead."],
    ),
    (
        "project-ceiling",
        {"ceiling": D(100)},
        team(sme("a", cost=D("100.5"))),
        ["Lower the cost by 0.50 EUR."],
    ),
    ("grant-ceiling", {"ceiling": D(100)}, team(grant=D(1100)), ["Ask for 1,000 EUR less."]),
    ("rate", {"rate": D(60)}, team(cost=D("0.99"), grant=D("0.60")), ["Ask for 0.01 EUR less."]),
    (
        "maximum-share",
        {"percent": D(70)},
        team(sme("a", name="Aa", cost=D(80)), sme("b", cost=D(21))),
        ["Move at least 31 EUR of the cost of Aa to others, or raise theirs."],
    ),
    ("duration", {"minimum": 6, "maximum": 12}, team(months=13), ["Plan one month less."]),
    ("duration", {"minimum": 6, "maximum": 12}, team(months=3), ["Plan 3 months more."]),
    (
        "mandatory-themes",
        {"themes": ("heat", "grid")},
        team(themes=()),
        ["Show how the project serves one of these: Heat or Grids."],
    ),
    (
        "mandatory-kets",
        {"kets": ("photonics",)},
        team(kets=("nanotechnology",)),
        ["Show where the project uses one of these: Photonics."],
    ),
    (
        "cluster-membership",
        {"clusters": ("c",)},
        team(sme("a", name="Aa", clusters=("b",))),
        ["Aa can join a cluster.", "Find another partner in place of Aa."],
    ),
    (
        "excluded-organisations",
        {"organisations": ("NL 1.2",)},
        team(sme("a", name="Aa", identifiers=("nl-12",))),
        ["Find another partner in place of Aa."],
    ),
    (
        "not-in-difficulty",
        {},
        team(sme("a", name="Aa", in_difficulty=True)),
        ["Find another partner in place of Aa."],
    ),
]

#: Rule, parameters, team, the missing data as partner and field.
UNKNOWN: list[tuple[str, dict[str, Any], Team, list[tuple[str, str]]]] = [
    ("minimum-smes", {"minimum": 1}, team(Partner("x", kind="firm")), [("x", "size")]),
    ("required-kinds", {"types": ("research",)}, team(Partner("x")), [("x", "kind"), ("x", "size")]),
    ("lead-type", {"types": ("sme",)}, team(NL), [("", "lead")]),
    ("lead-type", {"types": ("sme",)}, team(Partner("x", kind="firm", lead=True)), [("x", "size")]),
    ("not-previously-lead", {}, team(sme("a", lead=True)), [("a", "led_before")]),
    ("new-partner-share", {"above": D(40)}, team(sme("a")), [("", "portfolio")]),
    ("new-partner-share", {"above": D(40)}, team(sme("a"), portfolio=Portfolio(1, 0)), [("a", "new")]),
    ("minimum-countries", {"minimum": 2}, team(NL, Partner("x")), [("x", "country")]),
    ("smes-per-side", {"minimum": 1}, team(NL, sme("x", None)), [("x", "country")]),
    ("smes-per-side", {"minimum": 1, "area": "programme"}, team(NL, sme("x", "DE")), [("x", "nuts")]),
    ("programme-area", {}, team(Partner("x", country="DE")), [("x", "nuts")]),
    ("lead-region", {"area": "north"}, team(sme("x", nuts="NL22", lead=True)), [("x", "nuts")]),
    ("project-ceiling", {"ceiling": D(100)}, team(sme("a", cost=D(60)), sme("x")), [("x", "cost")]),
    ("grant-ceiling", {"ceiling": D(100)}, team(), [("", "grant")]),
    ("rate", {"rate": D(60)}, team(sme("a", grant=D(1))), [("a", "cost")]),
    ("maximum-share", {"percent": D(70)}, team(sme("a", cost=D(1)), sme("x")), [("x", "cost")]),
    ("duration", {"maximum": 12}, team(), [("", "months")]),
    ("mandatory-themes", {"themes": ("heat",)}, team(), [("", "themes")]),
    ("mandatory-kets", {"kets": ("photonics",)}, team(), [("", "kets")]),
    ("cluster-membership", {}, team(sme("a")), [("a", "clusters")]),
    ("excluded-organisations", {"organisations": ("1",)}, team(sme("a")), [("a", "identifiers")]),
    ("not-in-difficulty", {}, team(sme("a")), [("a", "in_difficulty")]),
]
#: Rules that everything is known about as soon as there is a team.
ALWAYS_KNOWN = {"minimum-partners", "maximum-partners"}


@pytest.mark.parametrize(("rule", "values", "about"), KEPT, ids=[case[0] for case in KEPT])
def test_kept(rule: str, values: dict[str, Any], about: Team) -> None:
    answer = ask(rule, about, **values)
    assert answer.state == State.YES
    assert [change for finding in answer.findings for change in finding.changes] == []


@pytest.mark.parametrize(("rule", "values", "about", "changes"), BROKEN, ids=[case[0] for case in BROKEN])
def test_broken(rule: str, values: dict[str, Any], about: Team, changes: list[str]) -> None:
    answer = ask(rule, about, **values)
    assert answer.state == State.NO
    told = [change.sentence.text("en") for finding in answer.findings for change in finding.changes]
    assert told == changes


@pytest.mark.parametrize(("rule", "values", "about", "missing"), UNKNOWN, ids=[case[0] for case in UNKNOWN])
def test_unknown(rule: str, values: dict[str, Any], about: Team, missing: list[tuple[str, str]]) -> None:
    answer = ask(rule, about, **values)
    assert answer.state == State.CLARIFY
    assert [(m.partner, m.field) for finding in answer.findings for m in finding.missing] == missing


def test_every_rule_is_tested_three_times() -> None:
    names = {rule.name for rule in RULES}
    assert {case[0] for case in KEPT} == names
    assert {case[0] for case in BROKEN} == names
    assert {case[0] for case in UNKNOWN} == names - ALWAYS_KNOWN
    assert len(REGISTRY) == len(RULES)


def test_what_is_known_may_break_a_rule_before_all_is_known() -> None:
    about = team(sme("a", cost=D(101)), sme("x"))
    assert ask("project-ceiling", about, ceiling=D(100)).state == State.NO
    assert ask("minimum-smes", team(large("l"), Partner("x")), minimum=2).state == State.NO


def test_nobody_bears_too_much_of_nothing() -> None:
    assert ask("maximum-share", team(sme("a", cost=D(0))), percent=D(70)).state == State.YES


def test_negotiable_technology_is_to_be_clarified() -> None:
    answer = ask(
        "mandatory-kets",
        team(kets=("industrial-biotechnology",)),
        kets=("photonics",),
        negotiable=("industrial-biotechnology",),
    )
    assert answer.state == State.CLARIFY
    assert "Industrial biotechnology can be agreed" in answer.findings[0].reason.text("en")


def test_mending_what_a_rule_asks_for_mends_it() -> None:
    """The seat a rule asks for, once filled, turns its answer to yes."""
    before = ask("smes-per-side", team(NL), minimum=2)
    partners = [NL]
    for change in before.findings[0].changes:
        assert change.seat is not None
        country = change.seat.countries[0]
        partners += [sme(f"{country}{n}", country) for n in range(change.seats)]
    assert ask("smes-per-side", team(*partners), minimum=2).state == State.YES


def test_needed_number_of_new_partners_is_the_least_that_suffices() -> None:
    for partners, new in ((0, 0), (10, 1), (7, 2), (100, 40)):
        about = team(sme("a", new=False), portfolio=Portfolio(partners, new))
        change = ask("new-partner-share", about, above=D(40)).findings[0].changes[0]
        fresh = [sme(f"n{n}", new=True) for n in range(change.seats)]
        enough = team(*about.partners, *fresh, portfolio=about.portfolio)
        fewer = team(*about.partners, *fresh[1:], portfolio=about.portfolio)
        assert ask("new-partner-share", enough, above=D(40)).state == State.YES
        assert ask("new-partner-share", fewer, above=D(40)).state == State.NO
