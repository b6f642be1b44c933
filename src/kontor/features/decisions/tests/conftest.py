"""Two rounds: a ROCKET call with four proposals under one pot of money, and the synchronised call P1 to
P5.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from kontor.base.actor import Actor
from kontor.features.accounts.models import User
from kontor.features.calls.models import Application, ApplicationPartner, Call
from kontor.features.decisions import actions
from kontor.features.decisions.actions.deciding import Verdict
from kontor.features.decisions.models import Decision, Round, Scenario
from kontor.features.decisions.settings import Settings
from kontor.features.juries.tests.conftest import application, call_of, published
from kontor.features.organisations.tests.factories import organisation

K = Decimal(1000)
REGIONS = (
    ("bw", "Baden-Württemberg", 300, "DE1", "DE"),
    ("ooe", "Upper Austria", 200, "AT31", "AT"),
    ("si", "Slovenia", 100, "SI", "SI"),
    ("fc", "Franche-Comté", 100, "FRC2", "FR"),
)
RANKED: tuple[tuple[str, int, dict[str, int]], ...] = (
    ("P1", 88, {"bw": 120, "si": 60}),
    ("P2", 84, {"ooe": 90, "si": 60}),
    ("P3", 80, {"bw": 100, "fc": 80}),
    ("P4", 77, {"bw": 60, "ooe": 70}),
    ("P5", 71, {"si": 40, "fc": 20}),
)
SECRET = "The jury doubts the market"


def actor(user: User) -> Actor:
    return Actor.of_user(user)


def money(application: Application, *grants: tuple[Any, int, str]) -> None:
    """Sets what each partner asks, in thousand EUR, and the region that pays."""
    rows = {row.organisation_id: row for row in application.partners.current()}
    for who, amount, region in grants:
        row = rows[who.pk]
        row.grant, row.cost, row.region = amount * K, 2 * amount * K, region
        row.save()


def people(user_with: Callable[..., User], programme: str, lead: Any, rival: Any) -> dict[str, User]:
    return {
        "manager": user_with("programme_manager", programme, name="Mona Manager"),
        "second": user_with("programme_manager", programme, name="Sven Second"),
        "stranger": user_with("programme_manager", "other"),
        "controller": user_with("controller"),
        "administrator": user_with("administrator"),
        "applicant": user_with("owner", lead.key, name="Olga Owner"),
        "rival": user_with("owner", rival.key, name="Rita Rival"),
        "juror": user_with("juror", programme),
        "nobody": user_with(),
    }


def rocket_call() -> Call:
    return call_of(published("rocket"))


@pytest.fixture
def rocket(user_with: Callable[..., User]) -> SimpleNamespace:
    """R-1 to R-4 ask for 200, 100, 150 and 100 thousand and have 90, 80, 70 and 50 points; 350 thousand
    are set aside, 60 points are needed. R-4 is led by a Dutch firm whose language is Dutch.
    """
    call = rocket_call()
    firms = [organisation(f"Firm {n} BV", "NL", size="small") for n in range(1, 5)]
    partner = organisation("Partner GmbH", "DE", size="small")
    rows = []
    for number, (firm, asked) in enumerate(zip(firms, (200, 100, 150, 100), strict=True), 1):
        row = application(
            call, firm, partner, title=f"Project {number}", number=f"R-{number}",
            language="nl" if number == 4 else "de", themes=["health"],
        )  # fmt: skip
        money(row, (firm, asked // 2, ""), (partner, asked // 2, ""))
        ApplicationPartner.objects.filter(application=row, organisation=firm).update(new=number % 2 == 1)
        rows.append(row)
    known = people(user_with, "rocket", firms[0], firms[1])
    by = actor(known["manager"])
    round = actions.open_round(call=call, ceiling=350 * K, actor=by)
    for row, score in zip(rows, (90, 80, 70, 50), strict=True):
        actions.score_by_hand(
            round=round, application=row, score=Decimal(score), source="Meeting of 3 March", actor=by
        )
    return SimpleNamespace(call=call, round=round, rows=rows, firms=firms, partner=partner, by=by, **known)


@pytest.fixture
def alps(user_with: Callable[..., User]) -> SimpleNamespace:
    """The worked example of S3-4AlpClusters, in thousand EUR."""
    call = call_of(published("s3-4alpclusters"), key="alps-test", instrument="synchronised-call")
    call.mode = "virtual-pot"
    call.regions = [
        {"key": key, "name": {"en": name}, "budget": f"{budget * 1000}.00", "nuts": [nuts]}
        for key, name, budget, nuts, _country in REGIONS
    ]
    call.save()
    homes = {key: country for key, _name, _budget, _nuts, country in REGIONS}
    rows, leads = [], []
    for number, _score, asked in RANKED:
        members = {
            region: organisation(f"{number} {region}", homes[region], size="small") for region in asked
        }
        lead, *others = members.values()
        row = application(call, lead, *others, title=f"Project {number}", number=number, language="en")
        money(row, *((members[region], amount, region) for region, amount in asked.items()))
        rows.append(row)
        leads.append(lead)
    known = people(user_with, "s3-4alpclusters", leads[0], leads[1])
    by = actor(known["manager"])
    round = actions.open_round(call=call, four_eyes=False, actor=by)
    for row, (_number, score, _asked) in zip(rows, RANKED, strict=True):
        actions.score_by_hand(
            round=round, application=row, score=Decimal(score), source="Joint expert meeting", actor=by
        )
    return SimpleNamespace(call=call, round=round, rows=rows, by=by, **known)


def computed(place: SimpleNamespace, name: str = "Ranking", **settings: Any) -> Scenario:
    return actions.compute_scenario(
        round=place.round, name=name, settings=Settings(**settings), actor=place.by
    )


def adopted(place: SimpleNamespace, name: str = "Ranking", **settings: Any) -> Round:
    scenario = computed(place, name, **settings)
    place.round = actions.adopt_scenario(scenario=scenario, reason="The committee agreed.", actor=place.by)
    return place.round


def decided(place: SimpleNamespace, number: int, kind: str, **more: Any) -> Decision:
    """Decides on R-`number` for the manager."""
    verdict = Verdict(kind, more.pop("reason", SECRET), **more)
    return actions.decide(
        round=place.round, application=place.rows[number - 1], verdict=verdict, actor=place.by
    )


def funded(scenario: Scenario) -> list[str]:
    names = {row.key: row.number for row in Application.objects.filter(call=scenario.round.call)}
    return [names[one["application"]] for one in scenario.result["granted"]]
