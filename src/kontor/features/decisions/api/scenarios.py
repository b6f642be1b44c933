"""Computing, comparing and adopting scenarios."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, paginate
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.cli.contract import Clock
from kontor.features.decisions import actions
from kontor.features.decisions.api.shown import (
    RoundOut,
    ScenarioOut,
    decided,
    read,
    round_told,
    router,
    scenario_told,
)
from kontor.features.decisions.models import Decision, Round
from kontor.features.decisions.queries import board_of, scenario_in
from kontor.features.decisions.rules import may_decide, may_read_round
from kontor.features.decisions.settings import settings_of

Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
Money = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]
SECONDS = 20.0


class CountryIn(Schema):
    country: str = Field(min_length=2, max_length=2)
    least: Percent = Decimal(0)
    most: Percent = Decimal(100)


class ScenarioIn(Schema):
    """Applications are named by key; shares are percentages."""

    name: str = Field(max_length=120)
    names: dict[Literal["en", "de", "nl"], Annotated[str, Field(max_length=120)]] = Field(
        {}, description="the name in further languages"
    )
    rule: Literal["skip", "strict", "best"] = "skip"
    pot: Literal["virtual", "balancing", "real"] = "virtual"
    balancing: Annotated[Money, Field(ge=0)] = Decimal("0.00")
    min_score: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] | None = Field(
        None, description="the programme's threshold, if nothing is said"
    )
    new_share: Annotated[Decimal, Field(ge=0, lt=100, decimal_places=2)] | None = None
    countries: list[CountryIn] = []
    exclusive: list[list[str]] = []
    requires: list[tuple[str, str]] = Field([], description="pairs: the first needs the second")
    partial: list[Annotated[int, Field(gt=0, lt=100)]] = []
    partial_for: list[str] = []
    adjusted: bool = False
    extra: dict[str, Money] = Field({}, description="money on trial by envelope of the round")


class ScenarioAdoptIn(Schema):
    reason: str = Field(max_length=1000)


@router.get("/rounds/{key}/scenarios/", response=Page[ScenarioOut])
@policy(may_read_round)
def scenarios(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """Those kept, the oldest first."""
    answer = paginate(read(request, key).scenarios.all(), page)
    return {**answer, "items": [scenario_told(row) for row in answer["items"]]}


@router.post("/rounds/{key}/scenarios/", response={201: ScenarioOut})
@policy(may_decide)
def compute(request: HttpRequest, key: str, body: ScenarioIn) -> Status[dict[str, Any]]:
    """Solve within 20 seconds and keep the answer."""
    round = decided(request, key)
    _check_keys(round, body)
    told = body.dict(exclude={"name", "names", "countries"})
    if body.min_score is None:
        told["min_score"] = round.threshold
    told["countries"] = [(one.country.upper(), one.least, one.most) for one in body.countries]
    made = actions.compute_scenario(
        round=round,
        name=body.name,
        names={str(code): name for code, name in body.names.items()},
        settings=settings_of(told),
        stop=Clock(SECONDS),
        actor=actor_of(request),
    )
    return Status(201, scenario_told(made))


def _check_keys(round: Round, body: ScenarioIn) -> None:
    """Names of proposals and envelopes that the round does not have are refused, not passed over."""
    known = set(round.call.applications.values_list("key", flat=True))
    named = {
        "exclusive": [key for group in body.exclusive for key in group],
        "requires": [key for pair in body.requires for key in pair],
        "partial_for": body.partial_for,
    }
    for path, keys in named.items():
        for key in keys:
            if key not in known:
                raise _unknown(f"body.{path}", key)
    envelopes = set(round.envelopes.values_list("key", flat=True))
    for key in body.extra:
        if key not in envelopes:
            raise _unknown("body.extra", key)


def _unknown(path: str, key: str) -> KontorError:
    return KontorError(
        _("“{key}” is unknown here.").format(key=key),
        code="unknown-key",
        path=path,
        remedy=_("Take keys from the board."),
    )


@router.get("/rounds/{key}/scenarios/{scenario}/portfolio/", response=dict[str, Any])
@policy(may_read_round)
def portfolio(request: HttpRequest, key: str, scenario: str) -> dict[str, Any]:
    """The whole question in the format kontor-portfolio/1."""
    problem: dict[str, Any] = scenario_in(read(request, key), scenario).problem
    return problem


@router.post("/rounds/{key}/scenarios/{scenario}/adopt/", response=RoundOut)
@policy(may_decide)
def adopt(request: HttpRequest, key: str, scenario: str, body: ScenarioAdoptIn) -> dict[str, Any]:
    """Let the board follow it."""
    round = decided(request, key)
    row = actions.adopt_scenario(
        scenario=scenario_in(round, scenario), reason=body.reason, actor=actor_of(request)
    )
    held = Decision.objects.live().filter(round=row)
    return round_told(row, len(board_of(row).rows), held.count(), held.granting().count())


@router.delete("/rounds/{key}/scenarios/{scenario}/", response={204: None})
@policy(may_decide)
def discard(request: HttpRequest, key: str, scenario: str) -> Status[None]:
    """Throw it away; the adopted one stays."""
    round = decided(request, key)
    actions.discard_scenario(scenario=scenario_in(round, scenario), actor=actor_of(request))
    return Status(204, None)
