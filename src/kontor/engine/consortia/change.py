"""What a broken rule has to become for a given team, in fields and in a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from kontor.engine.consortia.model import (
    Candidate,
    Change,
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
    all_hold,
    values_of,
)
from kontor.engine.consortia.rules import added, amount, money, percent
from kontor.engine.core.explanation import Reason, gettext_noop

Team = Sequence[Candidate]
Step = tuple[str, str, str | None]
"""Field, value before, value after (None: the rule is not asked at all)."""

LOWER = gettext_noop("Lower “%(rule)s” from %(before)s to %(after)s.")
RAISE = gettext_noop("Raise “%(rule)s” from %(before)s to %(after)s.")
EXEMPT = gettext_noop("Do not ask “%(rule)s” of %(names)s.")
NO_LEAD = gettext_noop("Do not ask “%(rule)s” of the lead.")
EASIER = gettext_noop("Ask for %(rule)s at level %(after)s instead of %(before)s.")
WITHOUT = gettext_noop("Do without %(rule)s.")
RELEASE = gettext_noop("Do not insist on %(names)s as a member.")
ADMIT = gettext_noop("Admit %(names)s, who is excluded.")
OTHER_LEAD = gettext_noop("Let another than %(names)s lead.")


def changes_of(problem: Problem, name: str, team: Team) -> tuple[Change, ...]:
    """`name` as in a verdict, or `lead:KEY`."""
    kind, _, key = name.partition(":")
    if kind == "competence" and key:
        return (_competence(problem, key, team),)
    if key:
        return (_member(problem, kind, key),)
    rule = next(rule for rule in problem.rules if rule.id == name)
    label = rule.text or rule.id
    if isinstance(rule, EachMember):
        names = tuple(each.label for each in team if not all_hold(rule.who, each))
        return (
            Change(name, label, "who", "", None, Reason("exempt", EXEMPT, {"rule": label, "names": names})),
        )
    if isinstance(rule, LeadIs):
        return (Change(name, label, "who", "", None, Reason("lead", NO_LEAD, {"rule": label})),)
    return tuple(_bound(name, label, step) for step in _STEPS[type(rule)](rule, team))


def _bound(name: str, label: str, step: Step) -> Change:
    field, before, after = step
    template = LOWER if field == "least" else RAISE
    reason = Reason(field, template, {"rule": label, "before": before, "after": after or "0"})
    return Change(name, label, field, before, after, reason)


def _competence(problem: Problem, key: str, team: Team) -> Change:
    competence = next(each for each in problem.competences if each.key == key)
    best = max((each.competences.get(key, 0) for each in team), default=0)
    before, after = str(competence.level), str(best) if best else None
    params = {"rule": competence.label, "before": before, "after": after}
    reason = Reason("competence", EASIER if best else WITHOUT, params)
    return Change(f"competence:{key}", competence.label, "level", before, after, reason)


def _member(problem: Problem, kind: str, key: str) -> Change:
    label = next(each.label for each in problem.candidates if each.key == key)
    template = {"fixed": RELEASE, "excluded": ADMIT, "lead": OTHER_LEAD}[kind]
    return Change(f"{kind}:{key}", label, kind, key, None, Reason(kind, template, {"names": (label,)}))


def _within(have: Any, least: Any, most: Any, write: Callable[[Any], str] = str) -> list[Step]:
    if least is not None and have < least:
        return [("least", write(least), write(have))]
    if most is not None and have > most:
        return [("most", write(most), write(have))]
    return []


def _size(rule: TeamSize, team: Team) -> list[Step]:
    return _within(len(team), rule.least, rule.most)


def _members(rule: Members, team: Team) -> list[Step]:
    return _within(sum(all_hold(rule.who, each) for each in team), rule.least, rule.most)


def _each_side(rule: EachSide, team: Team) -> list[Step]:
    counts = [
        sum(side.condition.holds(each) and all_hold(rule.who, each) for each in team) for side in rule.sides
    ]
    return _within(min(counts), rule.least, None)


def _distinct(rule: Distinct, team: Team) -> list[Step]:
    chosen = [each for each in team if all_hold(rule.who, each)]
    found = {value for each in chosen for value in values_of(each, rule.attribute, rule.digits)}
    return _within(len(found), rule.least, rule.most)


def _total(rule: Total, team: Team) -> list[Step]:
    return _within(added(rule.of, team), rule.least, rule.most, money)


def _share(rule: Share, team: Team) -> list[Step]:
    whole = added(rule.of, team)
    part = added(rule.of, [each for each in team if all_hold(rule.who, each)])
    if not whole:
        return []
    have = part / whole
    if rule.least is not None and have < rule.least:
        return [("least", percent(rule.least), percent(_cut(have, math.floor)))]
    return [("most", percent(rule.most or Decimal(1)), percent(_cut(have, math.ceil)))]


def _largest_share(rule: LargestShare, team: Team) -> list[Step]:
    whole = added(rule.of, team)
    part = max((amount(each, rule.of) for each in team), default=Decimal(0))
    have = part / whole if whole else Decimal(1)
    return [("most", percent(rule.most), percent(_cut(have, math.ceil)))]


def _cut(share: Decimal, to_whole: Callable[[Decimal], int]) -> Decimal:
    """To a hundredth of a percent, on the side that still holds."""
    return Decimal(to_whole(share * 10_000)) / 10_000


_STEPS: dict[type[Any], Callable[[Any, Team], list[Step]]] = {
    TeamSize: _size,
    Members: _members,
    EachSide: _each_side,
    Distinct: _distinct,
    Total: _total,
    Share: _share,
    LargestShare: _largest_share,
}
