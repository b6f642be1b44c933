"""Rules about how many partners of which kind a team has, and who leads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from kontor.programmes.rules.answer import Change, Finding, Seat, Sentence, clarify, no, yes
from kontor.programmes.rules.facts import Partner, Team
from kontor.programmes.rules.rule import Case, Parameter, Rule, Type, terms
from kontor.programmes.rules.wording import Percent


@dataclass(frozen=True, slots=True)
class Tally:
    """How many partners certainly fit, which may, and what is lacking to know."""

    sure: tuple[Partner, ...]
    open: tuple[Partner, ...]

    @property
    def most(self) -> int:
        return len(self.sure) + len(self.open)


def tally(partners: Iterable[Partner], fits: Callable[[Partner], bool | None]) -> Tally:
    judged = [(partner, fits(partner)) for partner in partners]
    return Tally(
        tuple(partner for partner, fit in judged if fit),
        tuple(partner for partner, fit in judged if fit is None),
    )


def of_types(partner: Partner, types: tuple[str, ...]) -> bool | None:
    """Whether a partner is of one of these types; every partner is, where none is named."""
    fits = [partner.is_type(name) for name in types]
    if any(fits) or not types:
        return True
    return None if None in fits else False


def types_lacking(partners: Iterable[Partner]) -> list[tuple[Partner | None, str]]:
    return [(partner, name) for partner in partners for name in partner.type_unknown()]


def add(count: int, seat: Seat, key: str = "change.add-partners", **values: object) -> Change:
    """Add so many partners for such a seat."""
    return Change(Sentence(key, {"count": count, **values}), seat, count)


def minimum_partners(team: Team, case: Case) -> Finding:
    minimum, count = case.count("minimum"), len(team.partners)
    if count >= minimum:
        return yes("minimum-partners", count=count)
    return no("minimum-partners", add(minimum - count, Seat()), count=count)


def maximum_partners(team: Team, case: Case) -> Finding:
    over = len(team.partners) - case.count("maximum")
    if over <= 0:
        return yes("maximum-partners", count=len(team.partners))
    leave = Change(Sentence("change.remove-partners", {"count": over}))
    return no("maximum-partners", leave, count=len(team.partners))


def minimum_smes(team: Team, case: Case) -> Finding:
    return _at_least(team, "minimum-smes", case.count("minimum"), ("sme",), "change.add-smes")


def required_kinds(team: Team, case: Case) -> Finding:
    types = case.words("types")
    return _at_least(team, "required-kinds", case.count("minimum"), types, "change.add-types")


def _at_least(team: Team, rule: str, minimum: int, types: tuple[str, ...], change: str) -> Finding:
    found = tally(team.partners, lambda partner: of_types(partner, types))
    count = len(found.sure)
    if count >= minimum:
        return yes(rule, count=count)
    if found.most >= minimum:
        return clarify(types_lacking(found.open))
    short = minimum - found.most
    return no(rule, add(short, Seat(types), change, types=terms("type", types)), count=found.most)


def lead_type(team: Team, case: Case) -> Finding:
    types = case.words("types")
    lead = team.lead
    if lead is None:
        return clarify([(None, "lead")])
    fits = of_types(lead, types)
    if fits:
        return yes("lead-type", lead=lead.label)
    if fits is None:
        return clarify(types_lacking([lead]))
    able = tally(team.partners, lambda partner: of_types(partner, types)).sure
    hire = add(1, Seat(types, lead=True), "change.add-lead", types=terms("type", types))
    return no("lead-type", *hand_over(able), hire, lead=lead.label, types=terms("type", types))


def not_previously_lead(team: Team, case: Case) -> Finding:
    lead = team.lead
    if lead is None:
        return clarify([(None, "lead")])
    if lead.led_before is None:
        return clarify([(lead, "led_before")])
    if not lead.led_before:
        return yes("not-previously-lead", lead=lead.label)
    fresh = [partner for partner in team.partners if partner.led_before is False]
    hire = add(1, Seat(lead=True), "change.add-new-lead")
    return no("not-previously-lead", *hand_over(fresh), hire, lead=lead.label)


def hand_over(able: Iterable[Partner]) -> list[Change]:
    """Let one of the others lead, at most three named."""
    return [Change(Sentence("change.lead", {"partner": partner.label})) for partner in list(able)[:3]]


def new_partner_share(team: Team, case: Case) -> Finding:
    """Counts the portfolio with this team in it; the share must exceed the limit."""
    if team.portfolio is None:
        return clarify([(None, "portfolio")])
    if not team.partners:
        return clarify([(None, "partners")])
    above = case.number("above")
    found = tally(team.partners, lambda partner: partner.new)
    total = team.portfolio.partners + len(team.partners)
    low, high = team.portfolio.new + len(found.sure), team.portfolio.new + found.most
    if low * 100 > above * total:
        return yes("new-partner-share", share=Percent(low * 100 / Decimal(total)), new=low, total=total)
    if high * 100 > above * total:
        return clarify([(partner, "new") for partner in found.open])
    needed = int((above * total - high * 100) // (100 - above)) + 1
    change = add(needed, Seat(), "change.add-new")
    return no("new-partner-share", change, share=Percent(high * 100 / Decimal(total)), new=high, total=total)


RULES = (
    Rule(
        "minimum-partners",
        (Parameter("minimum", Type.COUNT),),
        "Conditions of transnational calls",
        team=minimum_partners,
    ),
    Rule(
        "maximum-partners",
        (Parameter("maximum", Type.COUNT),),
        "Conditions of cross-border programmes",
        team=maximum_partners,
    ),
    Rule(
        "minimum-smes", (Parameter("minimum", Type.COUNT),), "Conditions of calls for SMEs", team=minimum_smes
    ),
    Rule(
        "required-kinds",
        (Parameter("types", Type.TYPES), Parameter("minimum", Type.COUNT, 1)),
        "Conditions of calls with knowledge transfer",
        team=required_kinds,
    ),
    Rule("lead-type", (Parameter("types", Type.TYPES),), "Conditions of calls for SMEs", team=lead_type),
    Rule("not-previously-lead", (), "Conditions of follow-up programmes", team=not_previously_lead),
    Rule(
        "new-partner-share",
        (Parameter("above", Type.PERCENT),),
        "Conditions of follow-up programmes",
        team=new_partner_share,
    ),
)
