"""Candidates that can be left out because enough others do everything they do.

`j` is dominated by `i` if putting `i` in its place breaks no rule and loses no points, whatever the team.
With as many dominators as a team has places, one of them is always free to take it. Members of
earlier teams, from which a further team must differ, neither dominate nor go. The proof is in
docs/engines/consortia.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kontor.engine.consortia.model import (
    Distinct,
    EachMember,
    EachSide,
    LeadIs,
    Members,
    Share,
    amounts_named,
    values_of,
)
from kontor.engine.consortia.tables import Rows, Tables


def undominated(
    tables: Tables, chosen: Rows, taken: Rows, *, need: int = 0, every_rule: bool = False
) -> Rows:
    """Of the rows `chosen` those that some best team may need, in the same order.

    `need` dominators make a candidate superfluous, by default as many as a team has members. `every_rule`
    also tells apart who keeps the rules on each member: for where these may be given up.
    """
    need = need or tables.problem.largest
    if len(chosen) <= need:
        return chosen
    free = np.ones(len(tables), dtype=np.bool_)
    free[tables.pinned] = False
    free[[tables.row[key] for key in tables.problem.excluded]] = False
    free[tables.ends.ravel()] = False
    outside = np.isin(chosen, taken)
    groups: dict[tuple[object, ...], list[int]] = {}
    for position, signature in enumerate(signatures(tables, chosen, every_rule)):
        if free[chosen[position]] and not outside[position]:
            groups.setdefault(signature, []).append(position)
    keep = np.ones(len(chosen), dtype=np.bool_)
    for members in groups.values():
        if len(members) > need:
            group = np.array(members, dtype=np.intp)
            first = _without_copies(tables, chosen, group, need)
            keep[np.setdiff1d(group, first)] = False
            keep[_surplus(tables, chosen, first, need)] = False
    return chosen[keep]


def _without_copies(tables: Tables, chosen: Rows, members: Rows, need: int) -> Rows:
    """The first `need` of those who are alike in everything: a quick first pass."""
    seen: dict[tuple[bytes, float], int] = {}
    first = []
    for position in members.tolist():
        row = chosen[position]
        like = (tables.levels[row].tobytes(), float(tables.value[row]))
        seen[like] = seen.get(like, 0) + 1
        if seen[like] <= need:
            first.append(position)
    return np.array(first, dtype=np.intp)


def _surplus(tables: Tables, chosen: Rows, members: Rows, need: int) -> Rows:
    """Positions of one group that `need` others of it dominate. Among equals the earlier is the better."""
    rows = chosen[members]
    levels, value = tables.levels[rows], tables.value[rows]
    surplus = []
    for position in range(len(rows)):
        better = (levels >= levels[position]).all(axis=1) & (value >= value[position])
        same = (levels == levels[position]).all(axis=1) & (value == value[position])
        better &= ~same | (np.arange(len(rows)) < position)
        better[position] = False
        if better.sum() >= need:
            surplus.append(members[position])
    return np.array(surplus, dtype=np.intp)


def signatures(tables: Tables, chosen: Rows, every_rule: bool) -> Iterator[tuple[object, ...]]:
    """All that the rules and the new ties can see of a candidate, but for competences and points."""
    problem = tables.problem
    shown: list[list[object]] = [[tables.country[row] for row in chosen]]
    names: set[str] = set()
    for rule in problem.rules:
        if isinstance(rule, Members | LeadIs | Share | Distinct):
            shown.append(tables.mask(rule.who)[chosen].tolist())
        if isinstance(rule, EachSide):
            shown += [tables.mask((side.condition, *rule.who))[chosen].tolist() for side in rule.sides]
        if isinstance(rule, Distinct):
            people = problem.candidates
            shown.append([values_of(people[row], rule.attribute, rule.digits) for row in chosen])
        if every_rule and isinstance(rule, EachMember):
            shown.append(tables.mask(rule.who)[chosen].tolist())
        names.add(amounts_named(rule))
    for name in sorted(names - {""}):
        shown.append([problem.candidates[row].amounts.get(name) for row in chosen])
    yield from zip(*shown, strict=True)
