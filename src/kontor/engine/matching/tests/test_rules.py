"""Every rule twice: silent when kept, excluding when broken."""

from __future__ import annotations

from typing import Any

import pytest

from kontor.engine.matching.model import Code, Conditions, Profile, Query, Statement
from kontor.engine.matching.rules import RULES
from kontor.engine.matching.tests.doubles import ask, index_of, keys, offer

CASES = {
    "countries": (Conditions(countries=("NL",)), {"country": "NL"}, {"country": "DE"}),
    "countries_excluded": (Conditions(countries_excluded=("DE",)), {"country": "NL"}, {"country": "DE"}),
    "across_from": (Conditions(across_from="NL"), {"country": "DE"}, {"country": "NL"}),
    "sizes": (Conditions(sizes=("small",)), {"size": "small"}, {"size": "large"}),
    "sme_only": (Conditions(sme_only=True), {"size": "micro"}, {"size": "unknown"}),
    "kinds": (Conditions(kinds=("research",)), {"kind": "research"}, {"kind": "firm"}),
    "codes": (
        Conditions(codes=(Code("nace", "28"),)),
        {"codes": (Code("nace", "28.25"),)},
        {"codes": (Code("nace", "27.20"),)},
    ),
    "trl": (Conditions(trl_min=6, trl_max=8), {"statement_trl": 7}, {"statement_trl": 4}),
    "area": (Conditions(area=("DEA",)), {"nuts3": "DEA1B"}, {"nuts3": "DE600"}),
    "languages": (Conditions(languages=("nl",)), {"languages": ("nl", "en")}, {"languages": ("de",)}),
    "excluded": (Conditions(excluded=("no",)), {}, {}),
    "among": (Conditions(among=("yes",)), {}, {}),
}


def test_every_rule_has_a_case() -> None:
    assert set(CASES) == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", CASES)
def test_rule_is_silent_when_kept(name: str) -> None:
    conditions, kept, _ = CASES[name]
    result = ask(
        index_of([offer("yes", **kept)]), Query(text="heat pumps", language="en", conditions=conditions)
    )
    assert keys(result) == ["yes"]
    assert [(e.condition, e.count) for e in result.exclusions] == [(name, 0)]


@pytest.mark.parametrize("name", CASES)
def test_rule_excludes_when_broken(name: str) -> None:
    conditions, kept, broken = CASES[name]
    index = index_of([offer("yes", **kept), offer("no", **broken)])
    result = ask(index, Query(text="heat pumps", language="en", conditions=conditions))
    assert keys(result) == ["yes"]
    assert [(e.condition, e.count, e.alone) for e in result.exclusions] == [(name, 1, 1)]
    assert result.exclusions[0].reason.text()


def test_unknown_country_does_not_count_as_across_the_border() -> None:
    index = index_of([offer("nowhere", country="")])
    result = ask(index, Query(text="heat pumps", conditions=Conditions(across_from="NL")))
    assert result.status == "infeasible"


def test_unknown_trl_is_kept_unless_required() -> None:
    index = index_of([offer("silent")])
    assert keys(ask(index, Query(text="heat pumps", conditions=Conditions(trl_min=5)))) == ["silent"]
    required = Conditions(trl_min=5, trl_required=True)
    assert ask(index, Query(text="heat pumps", conditions=required)).status == "infeasible"


def test_trl_of_a_statement_that_the_asker_may_not_see_does_not_count() -> None:
    secret = Statement("s-2", "offer", "Secret electrolyser", "en", trl=9, audience="members")
    profile = offer("mixed", statement_trl=3)
    index = index_of([type(profile)(key="mixed", name="M", statements=(*profile.statements, secret))])
    conditions = Conditions(trl_min=8)
    assert ask(index, Query(text="heat pumps", conditions=conditions)).status == "infeasible"
    members = Query(text="heat pumps", conditions=conditions, audiences=("public", "members"))
    assert keys(ask(index, members)) == ["mixed"]


def test_infeasible_names_the_smallest_sets_to_drop() -> None:
    index = index_of(
        [
            offer("a", country="DE", size="large"),
            offer("b", country="DE", size="small"),
            offer("c", country="NL", size="large", kind="research"),
            offer("d", country="NL", size="large", kind="research"),
        ]
    )
    conditions = Conditions(countries=("FR",), sme_only=True, kinds=("firm",))
    result = ask(index, Query(text="heat pumps", conditions=conditions))
    assert result.status == "infeasible"
    assert [(r.conditions, r.count) for r in result.relaxations] == [(("countries",), 1)]
    assert {e.condition: (e.count, e.alone) for e in result.exclusions} == {
        "countries": (4, 1),
        "sme_only": (3, 0),
        "kinds": (2, 0),
    }


def two_faces() -> Profile:
    """An organisation with one offer under its name and one behind a teaser."""
    shy = Statement("shy-1", "offer", "secret", "en", audience="teaser", teaser="We build heat pumps.")
    return Profile("both", "Both", country="AT", statements=(*offer("both").statements, shy))


@pytest.mark.parametrize(
    ("hiding", "left"),
    [
        ({}, {(False, "both"), (True, "both"), (False, "other")}),
        ({"conditions": Conditions(excluded=("both",))}, {(True, "both"), (False, "other")}),
        ({"conditions": Conditions(excluded=("shy-1",))}, {(False, "both"), (False, "other")}),
        ({"conditions": Conditions(among=("both",))}, {(False, "both")}),
        ({"conditions": Conditions(among=("shy-1",))}, {(True, "both")}),
        ({"team": ("both",)}, {(True, "both"), (False, "other")}),
        ({"organisation": "both"}, {(False, "other")}),
        ({"hidden": ("both",)}, {(False, "other")}),
    ],
)
def test_what_a_searcher_writes_never_takes_a_teaser_away_with_its_owner(
    hiding: dict[str, Any], left: set[tuple[bool, str]]
) -> None:
    query = Query(text="heat pumps", language="en", audiences=("public", "teaser"), **hiding)
    result = ask(index_of([two_faces(), offer("other")]), query)
    assert {(match.anonymous, match.key) for match in result.matches} == left


def test_what_is_hidden_is_not_counted() -> None:
    query = Query(
        text="heat pumps", language="en", hidden=("both",), conditions=Conditions(excluded=("both",))
    )
    result = ask(index_of([two_faces(), offer("other")]), query)
    assert result.considered == 1
    assert [(e.condition, e.count) for e in result.exclusions] == [("excluded", 0)]
