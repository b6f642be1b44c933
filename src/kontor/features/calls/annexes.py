"""The regional annexes of a synchronised call: which of them pays for whom, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import ROUND_DOWN, Decimal
from typing import Any

from kontor.features.calls.models import ApplicationPartner, Call, PartnerRole
from kontor.programmes import Texts
from kontor.programmes.rules import Answer, State
from kontor.programmes.rules.answer import Finding, Sentence
from kontor.programmes.rules.wording import Money, Percent, Term
from kontor.programmes.schema import RuleUse

CENT = Decimal("0.01")


def region_of(partner: ApplicationPartner, call: Call) -> str:
    """The key of the region that pays for the partner: the one it named, else the one in whose area its
    organisation lies; empty where there is none.
    """
    if partner.region:
        return partner.region
    nuts = partner.organisation.nuts3 or ""
    fits = (one["key"] for one in call.regions for area in one.get("nuts", ()) if nuts.startswith(area))
    return next(fits, "") if nuts else ""


def closes_for(call: Call, step: int, partners: Iterable[ApplicationPartner]) -> dt.datetime:
    """When the step closes for a team: one application goes to every region that pays in it, so the earliest
    of their deadlines counts. Partners come with their organisations.
    """
    if step == 2 or not call.regions:
        return call.closes_in(step)
    paying = (one for one in partners if one.role != PartnerRole.ASSOCIATED)
    regions = {region_of(one, call) for one in paying} - {""}
    return min((call.closes_in(step, region) for region in regions), default=call.closes_at)


def annex_answers(call: Call, partners: Iterable[ApplicationPartner]) -> Iterator[Answer]:
    """What each region's own terms say of the partners it pays: of which kind they are, which part of the
    cost it pays, and how much to one of them. Partners come with their organisations.
    """
    paying = [one for one in partners if one.role != PartnerRole.ASSOCIATED]
    for region in call.regions:
        mine = [one for one in paying if region_of(one, call) == region["key"]]
        name = Texts(region["name"])
        if mine and region.get("kinds"):
            kinds = tuple(Term("type", kind) for kind in region["kinds"])
            yield _answer("annex-kinds", region, {"region": name, "kinds": kinds}, _kinds(mine, region, name))
        asking = [one for one in mine if one.grant]
        if asking and region.get("rate"):
            rate = Decimal(region["rate"])
            told = {"region": name, "rate": Percent(rate)}
            yield _answer("annex-rate", region, told, _rates(call, asking, rate, name))
        if asking and region.get("ceiling"):
            ceiling = Decimal(region["ceiling"])
            told = {"region": name, "ceiling": _money(call, ceiling)}
            yield _answer("annex-ceiling", region, told, _ceilings(call, asking, ceiling, name))


def _answer(
    rule: str, region: dict[str, Any], told: dict[str, object], findings: Iterable[Finding]
) -> Answer:
    use = RuleUse(rule, f"{rule}:{region['key']}")
    return Answer(use, Sentence(f"{rule}.text", told), tuple(findings))


def _found(rule: str, partner: ApplicationPartner, kept: bool, **told: object) -> Finding:
    values = {"partner": partner.organisation.name, **told}
    state, word = (State.YES, "kept") if kept else (State.NO, "broken")
    return Finding(state, Sentence(f"{rule}.{word}", values), partner=partner.key)


def _kinds(mine: Iterable[ApplicationPartner], region: dict[str, Any], name: Texts) -> Iterator[Finding]:
    for one in mine:
        kind = one.organisation.kind
        yield _found("annex-kinds", one, kind in region["kinds"], kind=Term("type", kind), region=name)


def _rates(call: Call, asking: Iterable[ApplicationPartner], rate: Decimal, name: Texts) -> Iterator[Finding]:
    for one in asking:
        grant, cost = one.grant or Decimal(0), one.cost or Decimal(0)
        allowed = (cost * rate / 100).quantize(CENT, ROUND_DOWN)
        told = {"grant": _money(call, grant), "cost": _money(call, cost), "allowed": _money(call, allowed)}
        yield _found("annex-rate", one, grant * 100 <= rate * cost, region=name, **told)


def _ceilings(
    call: Call, asking: Iterable[ApplicationPartner], ceiling: Decimal, name: Texts
) -> Iterator[Finding]:
    for one in asking:
        grant = one.grant or Decimal(0)
        yield _found("annex-ceiling", one, grant <= ceiling, grant=_money(call, grant), region=name)


def _money(call: Call, amount: Decimal) -> Money:
    return Money(amount, call.definition_of_programme.currency)
