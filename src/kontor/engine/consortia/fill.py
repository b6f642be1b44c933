"""`fill`: who could close each gap of a partly built team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kontor.engine.consortia.gain import Gain
from kontor.engine.consortia.model import (
    Distinct,
    EachSide,
    Filled,
    Gap,
    LargestShare,
    LeadIs,
    Members,
    Params,
    Problem,
    Proposal,
    Share,
    TeamSize,
    Total,
    Verdict,
)
from kontor.engine.consortia.propose import reasons_for
from kontor.engine.consortia.rules import added, competence_verdict, judge_people
from kontor.engine.consortia.score import Score
from kontor.engine.consortia.tables import Flags, Tables

LOOKED_AT = 60
"""Of the most promising for a gap so many are asked which rules they would break."""


def fill(problem: Problem, *, params: Params | None = None) -> Filled:
    """The team are the fixed members. Every broken rule and missing competence gets its best candidates.

    Best is whoever adds most to the objective, each other gap that it closes counted like a covered
    competence, and breaks no rule that is kept now.
    """
    return _Filling(problem, params or Params()).filled()


class _Filling:
    def __init__(self, problem: Problem, params: Params) -> None:
        self._problem, self._params = problem, params
        self._tables = Tables(problem)
        self._score = Score(self._tables)
        self._rows = tuple(sorted(self._tables.pinned.tolist()))
        self._people = [problem.candidates[row] for row in self._rows]
        self._verdicts = judge_people(problem, self._people)
        self._open = self._tables.allowed.copy()
        self._open[list(self._rows)] = False
        self._gain = Gain(self._tables, self._score, self._rows)

    def filled(self) -> Filled:
        gaps = [*(each for each in self._verdicts if not each.kept), *self._welcome()]
        helping = {gap.rule: self._open & self._helps(gap.rule) for gap in gaps}
        closed = sum(
            (flags * self._worth(name) for name, flags in helping.items()), np.zeros(len(self._tables))
        )
        promise = self._gain.points + closed
        return Filled(
            verdicts=self._verdicts,
            gaps=tuple(self._gap(gap, helping, promise) for gap in gaps),
            objective=round(self._score.objective(self._rows), 5),
            parts=self._score.parts(self._rows),
        )

    def _welcome(self) -> list[Verdict]:
        """Optional competences that nobody in the team has."""
        optional = [each for each in self._problem.competences if not each.required]
        found = [competence_verdict(each, self._people) for each in optional]
        return [verdict for verdict in found if not verdict.kept]

    def _worth(self, name: str) -> float:
        """Optional competences have their points in the gain; whatever is required counts like one."""
        optional = {f"competence:{each.key}" for each in self._problem.competences if not each.required}
        return 0.0 if name in optional else self._problem.weights.coverage

    def _gap(self, gap: Verdict, helping: dict[str, Flags], promise: np.ndarray[Any, Any]) -> Gap:
        rows = np.flatnonzero(helping[gap.rule])
        best = rows[np.argsort(-promise[rows], kind="stable")[:LOOKED_AT]]
        proposals = [self._proposal(int(row), helping) for row in best]
        proposals.sort(key=lambda each: len(each.breaks))
        return Gap(gap.rule, gap.text, gap.reason, tuple(proposals[: self._params.gaps]))

    def _proposal(self, row: int, helping: dict[str, Flags]) -> Proposal:
        closes = tuple(name for name, flags in helping.items() if flags[row])
        after = judge_people(self._problem, [*self._people, self._problem.candidates[row]])
        kept = {each.rule for each in self._verdicts if each.kept}
        breaks = tuple(each.rule for each in after if not each.kept and each.rule in kept)
        return Proposal(
            key=self._tables.keys[row],
            gain=round(float(self._gain.points[row]), 5),
            closes=closes,
            breaks=breaks,
            reasons=reasons_for(self._tables, self._score, self._rows, row, closes, breaks),
        )

    def _helps(self, name: str) -> Flags:
        """Who brings a broken rule nearer to being kept by joining."""
        kind, _, key = name.partition(":")
        if kind == "competence" and key:
            column = next(n for n, each in enumerate(self._problem.competences) if each.key == key)
            skilled: Flags = self._tables.levels[:, column] >= self._problem.competences[column].level
            return skilled
        rule = next((rule for rule in self._problem.rules if rule.id == name), None)
        helper = _HELPERS.get(type(rule))
        if rule is None or helper is None:
            return np.zeros(len(self._tables), dtype=np.bool_)
        return helper(rule, self._tables, self._rows)


def _size(rule: TeamSize, tables: Tables, rows: Sequence[int]) -> Flags:
    return np.full(len(tables), len(rows) < (rule.least or 0))


def _members(rule: Members, tables: Tables, rows: Sequence[int]) -> Flags:
    mask = tables.mask(rule.who)
    return mask & bool(mask[list(rows)].sum() < (rule.least or 0))


def _each_side(rule: EachSide, tables: Tables, rows: Sequence[int]) -> Flags:
    found = np.zeros(len(tables), dtype=np.bool_)
    for side in rule.sides:
        mask = tables.mask((side.condition, *rule.who))
        if mask[list(rows)].sum() < rule.least:
            found |= mask
    return found


def _distinct(rule: Distinct, tables: Tables, rows: Sequence[int]) -> Flags:
    found = np.zeros(len(tables), dtype=np.bool_)
    values = tables.values(rule.attribute, rule.digits, rule.who)
    inside = set(rows)
    seen = {value for value, holders in values.items() if inside & set(holders.tolist())}
    if len(seen) < (rule.least or 0):
        for value, holders in values.items():
            found[holders] |= value not in seen
    return found


def _lead(rule: LeadIs, tables: Tables, rows: Sequence[int]) -> Flags:
    """Only where no lead is named: a named one cannot be helped by somebody who joins."""
    return tables.able_to_lead() & (not tables.problem.lead)


def _total(rule: Total, tables: Tables, rows: Sequence[int]) -> Flags:
    team = [tables.problem.candidates[row] for row in rows]
    short = rule.least is not None and added(rule.of, team) < rule.least
    return _has(tables, rule.of) & short


def _share(rule: Share, tables: Tables, rows: Sequence[int]) -> Flags:
    """More of those who are too few, or more of the others."""
    team = [tables.problem.candidates[row] for row in rows]
    mask = tables.mask(rule.who)
    part = added(rule.of, [each for each, row in zip(team, rows, strict=True) if mask[row]])
    few = rule.least is not None and part < rule.least * added(rule.of, team)
    return (mask if few else ~mask) & _has(tables, rule.of)


def _largest_share(rule: LargestShare, tables: Tables, rows: Sequence[int]) -> Flags:
    return _has(tables, rule.of)


def _has(tables: Tables, of: str) -> Flags:
    return np.array([added(of, [each]) > 0 for each in tables.problem.candidates], dtype=np.bool_)


_HELPERS: dict[type[Any], Callable[[Any, Tables, Sequence[int]], Flags]] = {
    TeamSize: _size,
    Members: _members,
    EachSide: _each_side,
    Distinct: _distinct,
    LeadIs: _lead,
    Total: _total,
    Share: _share,
    LargestShare: _largest_share,
}
