"""Each kind of rule on a concrete team: is it kept, and a reason that a person can read.

One function per kind, one list. These functions define what a rule means; the solver's rows are tested to
agree with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from kontor.engine.consortia.model import (
    MEMBERS,
    AnyRule,
    Candidate,
    Competence,
    Distinct,
    EachMember,
    EachSide,
    LargestShare,
    LeadIs,
    Members,
    Problem,
    Share,
    TeamSize,
    Total,
    Verdict,
    all_hold,
    values_of,
)
from kontor.engine.core.explanation import Reason, gettext_noop

Team = Sequence[Candidate]
Answer = tuple[bool, Reason]

SIZE = gettext_noop("Members: %(have)s; asked for: %(wanted)s.")
COUNT = gettext_noop("Members that meet this: %(have)s; asked for: %(wanted)s.")
SIDES = gettext_noop("Members on each side: %(have)s; asked for: %(wanted)s.")
VALUES = gettext_noop("Different ones: %(have)s (%(values)s); asked for: %(wanted)s.")
ALL = gettext_noop("Every member meets this.")
NOT_ALL = gettext_noop("Not met by %(names)s.")
LEAD = gettext_noop("%(names)s can lead.")
NO_LEAD = gettext_noop("No member can lead.")
LEAD_NOT = gettext_noop("%(names)s leads and does not meet this.")
SUM = gettext_noop("In total: %(have)s; asked for: %(wanted)s.")
PART = gettext_noop("Share: %(have)s; asked for: %(wanted)s.")
LARGEST = gettext_noop("Largest share: %(have)s, %(names)s; asked for: %(wanted)s.")
SKILLED = gettext_noop("%(names)s: level %(have)s; asked for: %(wanted)s.")
UNSKILLED = gettext_noop("Nobody has it at level %(wanted)s; the best level is %(have)s.")
PRESENT = gettext_noop("%(names)s is in the team.")
ABSENT = gettext_noop("%(names)s is not in the team.")


def team_size(rule: TeamSize, team: Team, lead: Candidate | None) -> Answer:
    have = len(team)
    return between(have, rule.least, rule.most), Reason(
        "team_size", SIZE, {"have": have, "wanted": bounds(rule.least, rule.most)}
    )


def members(rule: Members, team: Team, lead: Candidate | None) -> Answer:
    have = sum(all_hold(rule.who, each) for each in team)
    params = {"have": have, "wanted": bounds(rule.least, rule.most)}
    return between(have, rule.least, rule.most), Reason("members", COUNT, params)


def each_side(rule: EachSide, team: Team, lead: Candidate | None) -> Answer:
    counts = {
        side.name: sum(side.condition.holds(each) and all_hold(rule.who, each) for each in team)
        for side in rule.sides
    }
    have = ", ".join(f"{name} {count}" for name, count in counts.items())
    kept = all(count >= rule.least for count in counts.values())
    return kept, Reason("each_side", SIDES, {"have": have, "wanted": bounds(rule.least, None)})


def distinct(rule: Distinct, team: Team, lead: Candidate | None) -> Answer:
    chosen = [each for each in team if all_hold(rule.who, each)]
    found = sorted({value for each in chosen for value in values_of(each, rule.attribute, rule.digits)})
    params = {"have": len(found), "values": tuple(found), "wanted": bounds(rule.least, rule.most)}
    return between(len(found), rule.least, rule.most), Reason("distinct", VALUES, params)


def each_member(rule: EachMember, team: Team, lead: Candidate | None) -> Answer:
    names = tuple(each.label for each in team if not all_hold(rule.who, each))
    if names:
        return False, Reason("each_member", NOT_ALL, {"names": names})
    return True, Reason("each_member", ALL)


def lead_is(rule: LeadIs, team: Team, lead: Candidate | None) -> Answer:
    """With a named lead it is asked of that one, else of the members: somebody must be able to lead."""
    able = tuple(each.label for each in ([lead] if lead else team) if all_hold(rule.who, each))
    if able:
        return True, Reason("lead", LEAD, {"names": able})
    if lead:
        return False, Reason("lead", LEAD_NOT, {"names": (lead.label,)})
    return False, Reason("lead", NO_LEAD)


def total(rule: Total, team: Team, lead: Candidate | None) -> Answer:
    have = added(rule.of, team)
    params = {"have": money(have), "wanted": bounds(rule.least, rule.most, money)}
    return between(have, rule.least, rule.most), Reason("total", SUM, params)


def share(rule: Share, team: Team, lead: Candidate | None) -> Answer:
    """Compared without division, so that a third is a third."""
    whole = added(rule.of, team)
    part = added(rule.of, [each for each in team if all_hold(rule.who, each)])
    kept = (rule.least is None or part >= rule.least * whole) and (
        rule.most is None or part <= rule.most * whole
    )
    params = {"have": percent(part, whole), "wanted": bounds(rule.least, rule.most, percent)}
    return kept, Reason("share", PART, params)


def largest_share(rule: LargestShare, team: Team, lead: Candidate | None) -> Answer:
    whole = added(rule.of, team)
    top = max(team, key=lambda each: amount(each, rule.of), default=None)
    part = amount(top, rule.of) if top else Decimal(0)
    params = {
        "have": percent(part, whole),
        "names": (top.label,) if top else (),
        "wanted": bounds(None, rule.most, percent),
    }
    return part <= rule.most * whole, Reason("largest_share", LARGEST, params)


CHECKS: dict[type[Any], Callable[[Any, Team, Candidate | None], Answer]] = {
    TeamSize: team_size,
    Members: members,
    EachSide: each_side,
    Distinct: distinct,
    EachMember: each_member,
    LeadIs: lead_is,
    Total: total,
    Share: share,
    LargestShare: largest_share,
}


def judge(problem: Problem, keys: Sequence[str]) -> tuple[Verdict, ...]:
    """Every rule, every required competence and every fixed or excluded member on the team of `keys`."""
    wanted = set(keys)
    return judge_people(problem, [each for each in problem.candidates if each.key in wanted])


def judge_people(problem: Problem, team: Team) -> tuple[Verdict, ...]:
    """The same on the candidates themselves."""
    lead = next((each for each in team if each.key == problem.lead), None)
    return (
        *(_verdict(rule, team, lead) for rule in problem.rules),
        *_able_to_lead(problem, team, lead),
        *(competence_verdict(each, team) for each in problem.competences if each.required),
        *_named(problem, team),
    )


def _verdict(rule: AnyRule, team: Team, lead: Candidate | None) -> Verdict:
    kept, reason = CHECKS[type(rule)](rule, team, lead)
    return Verdict(rule.id, rule.text, kept, reason)


def _able_to_lead(problem: Problem, team: Team, lead: Candidate | None) -> tuple[Verdict, ...]:
    """Where each of several conditions on the lead is met by somebody, but all of them by nobody."""
    rules = [rule for rule in problem.rules if isinstance(rule, LeadIs)]
    if lead or len(rules) < 2 or leads(problem, team):
        return ()
    if not all(lead_is(rule, team, None)[0] for rule in rules):
        return ()
    return (Verdict(rules[-1].id, rules[-1].text, False, Reason("lead", NO_LEAD)),)


def leads(problem: Problem, team: Team) -> list[Candidate]:
    """Who in the team meets every condition on the lead."""
    rules = [rule for rule in problem.rules if isinstance(rule, LeadIs)]
    return [each for each in team if all(all_hold(rule.who, each) for rule in rules)]


def competence_verdict(competence: Competence, team: Team) -> Verdict:
    best = max((each.competences.get(competence.key, 0) for each in team), default=0)
    names = tuple(each.label for each in team if each.competences.get(competence.key, 0) == best)
    kept = best >= competence.level
    params = {"names": names, "have": best, "wanted": competence.level}
    template = SKILLED if kept else UNSKILLED
    return Verdict(
        f"competence:{competence.key}", competence.label, kept, Reason("competence", template, params)
    )


def _named(problem: Problem, team: Team) -> list[Verdict]:
    labels = {each.key: each.label for each in team}
    found = []
    for kind, keys, inside in (("fixed", problem.pinned, True), ("excluded", problem.excluded, False)):
        for key in keys:
            present = key in labels
            name = labels[key] if present else _label(problem, key)
            reason = Reason(kind, PRESENT if present else ABSENT, {"names": (name,)})
            found.append(Verdict(f"{kind}:{key}", name, present == inside, reason))
    return found


def _label(problem: Problem, key: str) -> str:
    return next(each.label for each in problem.candidates if each.key == key)


def amount(candidate: Candidate, of: str) -> Decimal:
    """The named amount, 0 where it is not known; 1 where members are counted."""
    return Decimal(1) if of == MEMBERS else candidate.amounts.get(of, Decimal(0))


def added(of: str, team: Team) -> Decimal:
    return sum((amount(each, of) for each in team), Decimal(0))


def between(have: Any, least: Any, most: Any) -> bool:
    return (least is None or have >= least) and (most is None or have <= most)


def bounds(least: Any, most: Any, write: Callable[[Any], str] = str) -> str:
    """`2 to 5`, `≥ 2`, `≤ 5`, `2`: signs, so that no word needs translating."""
    if least is not None and most is not None:
        return write(least) if least == most else f"{write(least)} – {write(most)}"
    return f"≥ {write(least)}" if most is None else f"≤ {write(most)}"


def money(value: Decimal) -> str:
    return f"{value:.2f}"


def percent(part: Decimal, whole: Decimal = Decimal(1)) -> str:
    return f"{float(100 * part / whole):.4g} %" if whole else "0 %"
