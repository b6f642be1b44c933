"""Rules about where the partners are."""

from __future__ import annotations

from functools import partial

from kontor.programmes.rules.answer import Change, Finding, Seat, Sentence, clarify, no, nobody, yes
from kontor.programmes.rules.facts import Partner, Team, country_of
from kontor.programmes.rules.people import add, hand_over, of_types, tally, types_lacking
from kontor.programmes.rules.rule import Case, Parameter, Rule, Type, terms
from kontor.programmes.schema import PROGRAMME_AREA, Side


def minimum_countries(team: Team, case: Case) -> Finding:
    """Counts the countries named by the rule, or all."""
    minimum, wanted = case.count("minimum"), case.words("countries")
    known = sorted({p.land for p in team.partners if p.land and (not wanted or p.land in wanted)})
    unknown = [partner for partner in team.partners if partner.land is None]
    most = min(len(known) + len(unknown), len(wanted)) if wanted else len(known) + len(unknown)
    values = {"count": len(known), "countries": terms("country", tuple(known))}
    if len(known) >= minimum:
        return yes("minimum-countries", **values)
    if most >= minimum:
        return clarify([(partner, "country") for partner in unknown])
    if not team.partners:
        return nobody(_another_country(case, known, minimum - most))
    return no("minimum-countries", _another_country(case, known, minimum - most), **values)


def _another_country(case: Case, known: list[str], short: int) -> Change:
    listed = case.words("countries") or tuple(c for side in case.programme.sides for c in side.countries)
    others = tuple(dict.fromkeys(code for code in listed if code not in known))
    key = "change.add-from" if others else "change.add-other-country"
    return add(short, Seat(countries=others), key, countries=terms("country", others))


def smes_per_side(team: Team, case: Case) -> Finding:
    """Each side named by the rule, or each of the programme, needs so many SMEs; inside an area, if one
    is named.
    """
    minimum, sides = case.count("minimum"), sides_of(case)
    found = {side.key: tally(team.partners, partial(sme_on, side=side, case=case)) for side in sides}
    short = [side for side in sides if found[side.key].most < minimum]
    if short:
        changes = [_sme_from(minimum - found[side.key].most, side, case) for side in short]
        return no("smes-per-side", *changes, sides=tuple(side.name for side in short))
    unsure = [side for side in sides if len(found[side.key].sure) < minimum]
    if unsure:
        return clarify(
            [lack for side in unsure for p in found[side.key].open for lack in _lacking(p, side, case)]
        )
    return yes("smes-per-side", sides=tuple(side.name for side in sides))


def sides_of(case: Case) -> list[Side]:
    """The sides a rule means: those it names, else all of the programme."""
    wanted = case.words("sides")
    return [side for side in case.programme.sides if not wanted or side.key in wanted]


def sme_on(partner: Partner, side: Side, case: Case) -> bool | None:
    """Whether a partner is an SME on that side, inside the area if the rule names one."""
    area = case.word("area")
    fits = (
        partner.is_type("sme"),
        side.holds(partner.land, partner.nuts),
        inside_area(partner, area, case) if area else True,
    )
    if False in fits:
        return False
    return None if None in fits else True


def _lacking(partner: Partner, side: Side, case: Case) -> list[tuple[Partner | None, str]]:
    area = case.word("area")
    lacking = types_lacking([partner]) if partner.is_type("sme") is None else []
    if partner.land is None:
        lacking.append((partner, "country"))
    elif side.holds(partner.land, partner.nuts) is None or (
        area and inside_area(partner, area, case) is None
    ):
        lacking.append((partner, "nuts"))
    return lacking


def _sme_from(count: int, side: Side, case: Case) -> Change:
    regions = tuple(
        code for code in case.programme.regions(case.word("area")) if side.holds(country_of(code), code)
    )
    seat = Seat(("sme",), side.countries, side.nuts or regions)
    return add(count, seat, "change.add-smes-from", place=side.name)


def programme_area(partner: Partner, case: Case) -> Finding:
    """Only partners of the named types must lie in the area; all, where none is named."""
    concerned = of_types(partner, case.words("types"))
    inside = case.programme.within(case.word("area"), partner.region, partner.nuts_version)
    if concerned is False:
        return Finding(
            yes("programme-area").state, Sentence("programme-area.exempt", {"partner": partner.label})
        )
    if inside:
        return yes("programme-area", partner=partner.label)
    if inside is None or concerned is None:
        place = [(partner, "nuts")] if inside is None else []
        return clarify([*place, *(types_lacking([partner]) if concerned is None else [])])
    seat = Seat(types=case.words("types"), nuts=case.programme.regions(case.word("area")))
    change = Change(Sentence("change.replace-inside", {"partner": partner.label}), seat, 1)
    return no("programme-area", change, partner=partner.label)


def lead_region(team: Team, case: Case) -> Finding:
    area = case.word("area")
    if team.lead is None:
        return clarify([(None, "lead")])
    inside = inside_area(team.lead, area, case)
    if inside:
        return yes("lead-region", lead=team.lead.label)
    if inside is None:
        return clarify([(team.lead, "nuts")])
    able = tally(team.partners, lambda partner: inside_area(partner, area, case)).sure
    hire = add(1, Seat(nuts=case.programme.regions(area), lead=True), "change.add-lead-inside")
    return no("lead-region", *hand_over(able), hire, lead=team.lead.label)


def inside_area(partner: Partner, area: str, case: Case) -> bool | None:
    """Whether a partner lies in a named area."""
    return case.programme.within(area, partner.region, partner.nuts_version)


RULES = (
    Rule(
        "minimum-countries",
        (Parameter("minimum", Type.COUNT), Parameter("countries", Type.COUNTRIES, ())),
        "Regulation (EU) 2021/1059, article 23",
        team=minimum_countries,
    ),
    Rule(
        "smes-per-side",
        (
            Parameter("minimum", Type.COUNT),
            Parameter("sides", Type.SIDES, ()),
            Parameter("area", Type.AREA, ""),
        ),
        "Conditions of cross-border programmes",
        team=smes_per_side,
    ),
    Rule(
        "programme-area",
        (Parameter("area", Type.AREA, PROGRAMME_AREA), Parameter("types", Type.TYPES, ())),
        "Conditions of cross-border programmes",
        partner=programme_area,
    ),
    Rule(
        "lead-region",
        (Parameter("area", Type.AREA),),
        "Conditions of cross-border programmes",
        team=lead_region,
    ),
)
