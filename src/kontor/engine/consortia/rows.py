"""The problem as linear rows over a choice of candidates.

A row bounds a sum of candidate columns (0 or 1: in the team) and helper columns. Over all candidates the rows
form a relaxation: rows that would be dense for little (many distinct values, the share of each single member)
are left out. Over a small choice they are the whole problem.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from kontor.engine.consortia.model import (
    LARGEST_TEAM,
    Attribute,
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
)
from kontor.engine.consortia.rules import amount
from kontor.engine.consortia.tables import Floats, Pair, Rows, Tables

INF = float("inf")
MANY_VALUES = 40
MANY_MEMBERS = 400


@dataclass(slots=True)
class Row:
    """`low <= candidates @ x + helpers @ z <= high`. `of` names the rule it belongs to."""

    candidates: Floats
    helpers: dict[int, float]
    low: float
    high: float
    of: str = ""


@dataclass(slots=True)
class Helper:
    """A column beside the candidates: from 0 to `high`, `points` each."""

    points: float
    high: float
    whole: bool = False


@dataclass(slots=True)
class Model:
    """Rows and columns over the candidates `chosen` (rows of the tables)."""

    chosen: Rows
    points: Floats
    rows: list[Row] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)

    def helper(self, points: float, high: float, *, whole: bool = False) -> int:
        self.helpers.append(Helper(points, high, whole))
        return len(self.helpers) - 1

    def add(
        self,
        candidates: Floats,
        low: float = -INF,
        high: float = INF,
        helpers: Mapping[int, float] | None = None,
        of: str = "",
    ) -> None:
        self.rows.append(Row(candidates, dict(helpers or {}), low, high, of))

    def zeros(self) -> Floats:
        return np.zeros(len(self.chosen))


class Builder:
    """Writes models of one problem."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.problem: Problem = tables.problem
        self._units: dict[tuple[str, bool], tuple[Floats, Decimal]] = {}
        self._cents: dict[str, list[int]] = {}
        self._lean = False
        self._most_members = self.problem.largest

    def relaxed(self) -> Model:
        """Over everybody, as a relaxation, and without the points of pairs (`shares.py` adds them)."""
        everybody = np.arange(len(self.tables))
        model = Model(everybody, self.tables.value.copy())
        self._common(model, whole=False)
        return model

    def exact(self, chosen: Rows, *, lean: bool = False) -> Model:
        """Over a choice, in whole numbers, complete but for the single shares of a large choice.

        A lean model leaves out all single shares and takes the new ties for as many as count at most. It
        values no team too low, so a team that it finds best and that keeps its value is the best.
        """
        self._lean = lean
        model = Model(chosen, self.tables.value[chosen].copy())
        self._common(model, whole=True)
        self._pairs(model)
        return model

    def rules_only(self, chosen: Rows) -> Model:
        """Rules and required competences without points; a team may be as large as any rule can allow."""
        self._lean, self._most_members = False, LARGEST_TEAM
        model = Model(chosen, np.zeros(len(chosen)))
        model.add(np.ones(len(chosen)), 1, LARGEST_TEAM)
        self._competences(model)
        for rule in self.problem.rules:
            _WRITERS[type(rule)](self, model, rule, True)
        return model

    def single_share(self, model: Model, rule: LargestShare, member: int) -> Row:
        """Row of `largest_share` for the candidate in row `member` of the tables, in whole numbers."""
        amounts, _unit = self.units(rule.of, whole=True)
        share = Fraction(rule.most)
        row = -share.numerator * amounts[model.chosen]
        row[model.chosen == member] += share.denominator * amounts[member]
        return Row(row, {}, -INF, 0.0, rule.id)

    def units(self, of: str, *, whole: bool) -> tuple[Floats, Decimal]:
        """Amounts as multiples of a unit: whole multiples of the largest that divides them all, or parts of
        the largest amount, which suit the tolerances of a linear solver.
        """
        if (of, whole) not in self._units:
            if of not in self._cents:
                self._cents[of] = [int(amount(each, of) * 100) for each in self.problem.candidates]
            cents = self._cents[of]
            unit = (math.gcd(*cents) if whole else max(cents)) or 1
            numbers = np.array([each // unit if whole else each / unit for each in cents], dtype=float)
            self._units[of, whole] = numbers, Decimal(unit) / 100
        return self._units[of, whole]

    def _common(self, model: Model, *, whole: bool) -> None:
        model.add(np.ones(len(model.chosen)), 1, self.problem.largest)
        self._competences(model)
        for rule in self.problem.rules:
            _WRITERS[type(rule)](self, model, rule, whole)
        if any(isinstance(rule, LeadIs) for rule in self.problem.rules) or self.problem.lead:
            model.add(self.tables.able_to_lead()[model.chosen].astype(float), 1)
        if self.problem.weights.new_ties and self.problem.weights.new_ties_most:
            self._new_ties(model, whole)

    def _competences(self, model: Model) -> None:
        """A level reached by anybody in the team is reached once: `z <= sum of those who have it`."""
        weights = self.problem.weights
        levels = self.tables.levels[model.chosen]
        for column, competence in enumerate(self.problem.competences):
            for level in range(competence.level, 4):
                have = (levels[:, column] >= level).astype(float)
                if level == competence.level and competence.required:
                    model.add(have, 1, of=f"competence:{competence.key}")
                    continue
                points = weights.coverage if level == competence.level else weights.level
                if points * competence.weight and have.any():
                    reached = model.helper(points * competence.weight, 1)
                    model.add(have, 0, helpers={reached: -1})

    def _team_size(self, model: Model, rule: TeamSize, whole: bool) -> None:
        model.add(np.ones(len(model.chosen)), _low(rule.least), _high(rule.most), of=rule.id)

    def _members(self, model: Model, rule: Members, whole: bool) -> None:
        row = self.tables.mask(rule.who)[model.chosen].astype(float)
        model.add(row, _low(rule.least), _high(rule.most), of=rule.id)

    def _each_side(self, model: Model, rule: EachSide, whole: bool) -> None:
        for side in rule.sides:
            row = self.tables.mask((side.condition, *rule.who))[model.chosen].astype(float)
            model.add(row, rule.least, of=rule.id)

    def _distinct(self, model: Model, rule: Distinct, whole: bool) -> None:
        """One helper for each value: 1 if somebody shows it."""
        if rule.attribute == Attribute.KEY:
            self._members(model, Members(id=rule.id, who=rule.who, least=rule.least, most=rule.most), whole)
            return
        values = self.tables.values(rule.attribute, rule.digits, rule.who)
        place = np.full(len(self.tables), -1, dtype=np.intp)
        place[model.chosen] = np.arange(len(model.chosen))
        shown = {value: place[rows][place[rows] >= 0] for value, rows in values.items()}
        shown = {value: rows for value, rows in shown.items() if len(rows)}
        if not whole and len(shown) > MANY_VALUES:
            return
        seen = [self._value_seen(model, rule, rows) for rows in shown.values()]
        model.add(model.zeros(), _low(rule.least), _high(rule.most), dict.fromkeys(seen, 1.0), of=rule.id)

    def _value_seen(self, model: Model, rule: Distinct, rows: Rows) -> int:
        seen = model.helper(0, 1, whole=rule.most is not None)
        row = model.zeros()
        row[rows] = 1
        if rule.least is not None:
            model.add(row, 0, helpers={seen: -1})
        if rule.most is not None:
            model.add(row, high=0, helpers={seen: -float(self._most_members)})
        return seen

    def _total(self, model: Model, rule: Total, whole: bool) -> None:
        amounts, unit = self.units(rule.of, whole=whole)
        low = -INF if rule.least is None else rule.least / unit
        high = INF if rule.most is None else rule.most / unit
        if whole:
            low, high = (low if low == -INF else math.ceil(low)), (high if high == INF else math.floor(high))
        model.add(amounts[model.chosen], float(low), float(high), of=rule.id)

    def _share(self, model: Model, rule: Share, whole: bool) -> None:
        amounts, _unit = self.units(rule.of, whole=whole)
        part = np.where(self.tables.mask(rule.who), amounts, 0.0)
        for bound, low, high in ((rule.least, 0.0, INF), (rule.most, -INF, 0.0)):
            if bound is not None:
                share = Fraction(bound)
                row = share.denominator * part - share.numerator * amounts
                row = row if whole else row / share.denominator
                model.add(row[model.chosen], low, high, of=rule.id)

    def _largest_share(self, model: Model, rule: LargestShare, whole: bool) -> None:
        """Of a large choice, or in a lean model, the rows of single members are added when broken."""
        if whole and not self._lean and len(model.chosen) <= MANY_MEMBERS:
            amounts, _unit = self.units(rule.of, whole=True)
            for member in model.chosen[amounts[model.chosen] > 0]:
                model.rows.append(self.single_share(model, rule, int(member)))

    def _nothing(self, model: Model, rule: Any, whole: bool) -> None:
        """Each member's conditions choose the candidates; the lead's are one row for all of them."""

    def _new_ties(self, model: Model, whole: bool) -> None:
        """Pairs across: half of n² less the countries' n_k², the latter as sums of 1, 3, 5 …

        The steps of a country fill in order by themselves, since later ones cost more; n² needs whole
        helpers, one for each size of the team.
        """
        weights, largest = self.problem.weights, self.problem.largest
        country = self.tables.country[model.chosen]
        present = sorted(set(country[country >= 0].tolist()))
        if len(present) < 2:
            return
        ties = model.helper(weights.new_ties, min(weights.new_ties_most, largest * (largest - 1) // 2))
        if self._lean:
            return
        across: dict[int, float] = {ties: -1.0}
        sizes = {model.helper(0, 1, whole=True): size for size in range(largest + 1)}
        across |= {helper: size * size / 2 for helper, size in sizes.items()}
        model.add(model.zeros(), 1, 1, dict.fromkeys(sizes, 1.0))
        model.add((country >= 0).astype(float), 0, 0, {h: -float(size) for h, size in sizes.items()})
        for number in present:
            steps = {model.helper(0, 1): -(2 * step - 1) / 2 for step in range(1, largest + 1)}
            model.add((country == number).astype(float), 0, 0, dict.fromkeys(steps, -1.0))
            across |= steps
        if whole:
            across |= self._known_ties(model)
        model.add(model.zeros(), 0, helpers=across)

    def _known_ties(self, model: Model) -> dict[int, float]:
        """Pairs that worked together before are no new ties."""
        both = {}
        for pair, i, j in self._inside(model):
            if pair.known:
                row = model.zeros()
                row[[i, j]] = 1
                helper = model.helper(0, 1)
                both[helper] = -1.0
                model.add(row, high=1, helpers={helper: -1})
        return both

    def _pairs(self, model: Model) -> None:
        """`p <= x_i`, `p <= x_j` for gains, `p >= x_i + x_j - 1` for losses; a member has few partners."""
        gains: dict[int, dict[int, float]] = {}
        for pair, i, j in self._inside(model):
            if not pair.points:
                continue
            both = model.helper(pair.points, 1)
            if pair.points < 0:
                row = model.zeros()
                row[[i, j]] = 1
                model.add(row, high=1, helpers={both: -1})
                continue
            for end in (i, j):
                row = model.zeros()
                row[end] = 1
                model.add(row, 0, helpers={both: -1})
                gains.setdefault(end, {})[both] = -1.0
        partners = self.problem.largest - 1
        for end, helpers in gains.items():
            if len(helpers) > partners:
                row = model.zeros()
                row[end] = partners
                model.add(row, 0, helpers=helpers)

    def _inside(self, model: Model) -> list[tuple[Pair, int, int]]:
        place = np.full(len(self.tables), -1, dtype=np.intp)
        place[model.chosen] = np.arange(len(model.chosen))
        ends = place[self.tables.ends]
        return [
            (self.tables.pairs[number], int(ends[number, 0]), int(ends[number, 1]))
            for number in np.flatnonzero((ends >= 0).all(axis=1)).tolist()
        ]


def _low(value: float | None) -> float:
    return -INF if value is None else float(value)


def _high(value: float | None) -> float:
    return INF if value is None else float(value)


_WRITERS: dict[type[Any], Callable[[Builder, Model, Any, bool], None]] = {
    TeamSize: Builder._team_size,
    Members: Builder._members,
    EachSide: Builder._each_side,
    Distinct: Builder._distinct,
    EachMember: Builder._nothing,
    LeadIs: Builder._nothing,
    Total: Builder._total,
    Share: Builder._share,
    LargestShare: Builder._largest_share,
}
