"""Rules about money: ceilings, rate, and how it is spread over the partners."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from kontor.programmes.rules.answer import Change, Finding, Sentence, clarify, no, yes
from kontor.programmes.rules.facts import Team
from kontor.programmes.rules.rule import Case, Parameter, Rule, Type
from kontor.programmes.rules.wording import Percent
from kontor.programmes.schema import CENT


def project_ceiling(team: Team, case: Case) -> Finding:
    return _at_most(team, case, "project-ceiling", "cost")


def grant_ceiling(team: Team, case: Case) -> Finding:
    return _at_most(team, case, "grant-ceiling", "grant")


def _at_most(team: Team, case: Case, rule: str, name: str) -> Finding:
    """What is known may break a ceiling before everything is known, since amounts only add up."""
    ceiling = case.number("ceiling")
    total, lacking = team.known(name)
    if total > ceiling:
        lower = Change(Sentence(f"change.lower-{name}", {"by": case.money(total - ceiling)}))
        return no(rule, lower, total=case.money(total), ceiling=case.money(ceiling))
    if lacking or not (team.partners or getattr(team, name) is not None):
        return clarify([(partner, name) for partner in lacking] or [(None, name)])
    return yes(rule, total=case.money(total))


def rate(team: Team, case: Case) -> Finding:
    """The grant is at most this percentage of the cost, rounded down to the cent."""
    (cost, no_cost), (grant, no_grant) = team.known("cost"), team.known("grant")
    lacking = [*((p, "cost") for p in no_cost), *((p, "grant") for p in no_grant)]
    if not team.partners:
        lacking += [(None, name) for name in ("cost", "grant") if getattr(team, name) is None]  # type: ignore[misc] # None stands for the team
    if lacking:
        return clarify(lacking)
    allowed = (cost * case.number("rate") / 100).quantize(CENT, rounding=ROUND_DOWN)
    values = {"grant": case.money(grant), "allowed": case.money(allowed), "cost": case.money(cost)}
    if grant <= allowed:
        return yes("rate", **values)
    return no("rate", Change(Sentence("change.lower-grant", {"by": case.money(grant - allowed)})), **values)


def maximum_share(team: Team, case: Case) -> Finding:
    """No partner bears more than this percentage of the cost; of nothing, nobody bears too much."""
    most = case.number("percent")
    total, lacking = team.known("cost")
    known = [(partner, partner.cost) for partner in team.partners if partner.cost is not None]
    unshared = [(partner, "cost") for partner in team.partners if partner.cost is None]
    if lacking or not known:
        return clarify(unshared or [(None, "cost")])
    partner, cost = max(known, key=lambda pair: pair[1])
    values = {"partner": partner.label, "share": Percent(cost * 100 / total if total else Decimal(0))}
    if cost * 100 > most * total:
        over = cost - _bearable(total - cost, most)
        change = Change(Sentence("change.lower-share", {"partner": partner.label, "by": case.money(over)}))
        return no("maximum-share", change, **values)
    return clarify(unshared) if unshared else yes("maximum-share", **values)


def _bearable(others: Decimal, percent: Decimal) -> Decimal:
    """The most a partner may bear beside the others' cost."""
    if percent == 100:
        return others
    return (others * percent / (100 - percent)).quantize(CENT, rounding=ROUND_DOWN)


def duration(team: Team, case: Case) -> Finding:
    least, most = case.count("minimum"), case.count("maximum")
    if team.months is None:
        return clarify([(None, "months")])
    if least <= team.months <= most:
        return yes("duration", months=team.months)
    key, by = ("longer", least - team.months) if team.months < least else ("shorter", team.months - most)
    return no("duration", Change(Sentence(f"change.{key}", {"by": by})), months=team.months)


RULES = (
    Rule(
        "project-ceiling", (Parameter("ceiling", Type.AMOUNT),), "Conditions of calls", team=project_ceiling
    ),
    Rule("grant-ceiling", (Parameter("ceiling", Type.AMOUNT),), "Conditions of calls", team=grant_ceiling),
    Rule("rate", (Parameter("rate", Type.PERCENT),), "Conditions of calls", team=rate),
    Rule(
        "maximum-share",
        (Parameter("percent", Type.PERCENT),),
        "Regulation (EU) 651/2014, article 25(6)(b)",
        team=maximum_share,
    ),
    Rule(
        "duration",
        (Parameter("minimum", Type.COUNT, 0), Parameter("maximum", Type.COUNT)),
        "Conditions of calls",
        team=duration,
    ),
)
