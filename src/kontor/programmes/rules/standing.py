"""Rules about what the project is about and about each partner's standing."""

from __future__ import annotations

from kontor.programmes.rules.answer import Change, Finding, Seat, Sentence, clarify, no, yes
from kontor.programmes.rules.facts import Partner, Team
from kontor.programmes.rules.people import of_types, types_lacking
from kontor.programmes.rules.rule import Case, Parameter, Rule, Type, terms
from kontor.programmes.rules.wording import Term


def mandatory_themes(team: Team, case: Case) -> Finding:
    names = {theme.key: theme.name for theme in case.programme.themes}
    shown: dict[str, object] = {key: names.get(key, key) for key in case.words("themes")}
    return _touches(team.themes, "themes", "mandatory-themes", shown)


def mandatory_kets(team: Team, case: Case) -> Finding:
    """Technologies the programme is ready to talk about are to be clarified, not refused."""
    shown: dict[str, object] = {code: Term("ket", code) for code in case.words("kets")}
    chosen, negotiable = team.kets or (), case.words("negotiable")
    if not set(chosen) & set(shown) and (asked := [code for code in chosen if code in negotiable]):
        reason = Sentence("mandatory-kets.negotiable", {"kets": terms("ket", tuple(asked))})
        return Finding(clarify([]).state, reason, (Change(Sentence("change.ask-programme")),))
    return _touches(team.kets, "kets", "mandatory-kets", shown)


def _touches(chosen: tuple[str, ...] | None, field: str, rule: str, wanted: dict[str, object]) -> Finding:
    if chosen is None:
        return clarify([(None, field)])
    met = tuple(wanted[key] for key in chosen if key in wanted)
    if met:
        return yes(rule, found=met)
    choose = Change(Sentence(f"change.choose-{field}", {"wanted": tuple(wanted.values())}))
    return no(rule, choose)


def cluster_membership(partner: Partner, case: Case) -> Finding:
    """Membership in one of the named clusters, or in any; of partners of the named types, or of all."""
    concerned = of_types(partner, case.words("types"))
    if concerned is False:
        exempt = Sentence("cluster-membership.exempt", {"partner": partner.label})
        return Finding(yes("cluster-membership").state, exempt)
    wanted = case.words("clusters")
    held = [name for name in partner.clusters or () if not wanted or name in wanted]
    if held:
        return yes("cluster-membership", partner=partner.label, clusters=tuple(held))
    if partner.clusters is None:
        return clarify([(partner, "clusters")])
    if concerned is None:
        return clarify(types_lacking([partner]))
    join = Change(Sentence("change.join-cluster", {"partner": partner.label}))
    return no(
        "cluster-membership",
        join,
        _instead(partner, Seat(case.words("types"), clusters=wanted)),
        partner=partner.label,
    )


def excluded_organisations(partner: Partner, case: Case) -> Finding:
    """Compares register and VAT numbers without spaces, dots, hyphens and case."""
    refused = {_bare(number) for number in case.words("organisations")}
    if partner.identifiers is None:
        return clarify([(partner, "identifiers")])
    if any(_bare(number) in refused for number in partner.identifiers):
        return no("excluded-organisations", _instead(partner, Seat()), partner=partner.label)
    return yes("excluded-organisations", partner=partner.label)


def not_in_difficulty(partner: Partner, case: Case) -> Finding:
    if partner.kind not in (None, "firm", "buyer"):
        return yes("not-in-difficulty", partner=partner.label)
    if partner.in_difficulty is None:
        return clarify([(partner, "in_difficulty")])
    if partner.in_difficulty:
        return no("not-in-difficulty", _instead(partner, Seat()), partner=partner.label)
    return yes("not-in-difficulty", partner=partner.label)


def _instead(partner: Partner, seat: Seat) -> Change:
    return Change(Sentence("change.replace", {"partner": partner.label}), seat, 1)


def _bare(number: str) -> str:
    return "".join(letter for letter in number.upper() if letter.isalnum())


RULES = (
    Rule(
        "mandatory-themes",
        (Parameter("themes", Type.THEMES),),
        "Conditions of thematic calls",
        team=mandatory_themes,
    ),
    Rule(
        "mandatory-kets",
        (Parameter("kets", Type.KETS), Parameter("negotiable", Type.KETS, ())),
        "Conditions of thematic calls",
        team=mandatory_kets,
    ),
    Rule(
        "cluster-membership",
        (Parameter("clusters", Type.NAMES, ()), Parameter("types", Type.TYPES, ())),
        "Conditions of cluster services",
        partner=cluster_membership,
    ),
    Rule(
        "excluded-organisations",
        (Parameter("organisations", Type.NAMES),),
        "Regulation (EU, Euratom) 2018/1046, article 136",
        partner=excluded_organisations,
    ),
    Rule(
        "not-in-difficulty",
        (),
        "Regulation (EU) 651/2014, article 2(18)",
        partner=not_in_difficulty,
    ),
)
