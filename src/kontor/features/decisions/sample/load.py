"""Sample decisions from their file to rows, by the actions that people use."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.attachments import forget_attachments
from kontor.base.events import SampleLoaded, SampleRemoved
from kontor.features.accounts.actions import add_person, grant_role
from kontor.features.accounts.models import User
from kontor.features.accounts.queries import keepers_of
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.calls.models import Call
from kontor.features.decisions import actions
from kontor.features.decisions.models import Decision, Publication, Round, Scenario
from kontor.features.decisions.settings import settings_of
from kontor.features.organisations.models import Organisation

FILE = Path(__file__).with_name("rounds.toml")
ACTOR, SECOND = Actor.system("sample"), Actor.system("sample, second person")
Told = dict[str, Any]


@cache
def read_rounds() -> list[Told]:
    """What the file tells, as it stands there."""
    told: list[Told] = tomllib.loads(FILE.read_text(encoding="utf-8"))["round"]
    return told


@transaction.atomic
def load_decisions(event: SampleLoaded) -> None:
    """Write the rounds that are missing; what is there stays as people changed it."""
    calls = {row.key: row for row in Call.objects.filter(is_sample=True, decision_round=None)}
    for told in read_rounds():
        call = calls.get(told["call"])
        if call is not None:
            _write(call, told)


def _write(call: Call, told: Told) -> None:
    for one in told.get("owner", ()):
        _owner(one)
    round = actions.open_round(call=call, is_sample=True, actor=ACTOR)
    round.key = told["key"]
    round.save(update_fields=["key"])
    values: Told = {name: told[name] for name in ("place", "present", "notes") if name in told}
    if values:
        values["met_on"] = timezone.localdate() - dt.timedelta(days=told["days_ago"])
        round = actions.change_round(round=round, values=values, revision=None, actor=ACTOR)
    scenarios = {one["name"]: _scenario(round, one) for one in told.get("scenario", ())}
    if "adopt" in told:
        scenario = scenarios[told["adopt"]]
        round = actions.adopt_scenario(scenario=scenario, reason=told["reason"], actor=ACTOR)
        actions.decide_as_adopted(round=round, actor=ACTOR)
        held = Decision.objects.live().filter(round=round)
        actions.confirm_decisions(round=round, decisions=held, actor=SECOND)
        actions.prepare_letters(round=round, actor=ACTOR)


def _owner(told: Told) -> None:
    """Somebody at the lead whom the letter reaches; organisations with people of their own keep these."""
    scope = Scope(ScopeKind.ORGANISATION, told["organisation"])
    known = User.objects.filter(email=told["email"]).exists() or keepers_of(scope).exists()
    if known or not Organisation.objects.filter(key=told["organisation"]).exists():
        return
    values = {name: told[name] for name in ("email", "name", "language")}
    grant_role(
        user=add_person(**values, is_sample=True, actor=ACTOR), role=Role.OWNER, scope=scope, actor=ACTOR
    )


def _scenario(round: Round, told: Told) -> Scenario:
    settings = settings_of({name: value for name, value in told.items() if name not in ("name", "names")})
    return actions.compute_scenario(
        round=round, name=told["name"], names=told["names"], settings=settings, actor=ACTOR
    )


def forget_sample_files(event: SampleRemoved) -> None:
    """Rows go with their call; files do not."""
    ids = list(Publication.objects.filter(round__call__is_sample=True).values_list("pk", flat=True))
    forget_attachments("publication", ids)
