"""Candidates as arrays: one row each, in the order of the problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kontor.engine.consortia.model import (
    Attribute,
    Candidate,
    Condition,
    EachMember,
    LeadIs,
    Problem,
    values_of,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Pair:
    """A tie between the candidates in rows `i` < `j`. `known`: they crossed the border together before."""

    i: int
    j: int
    points: float
    known: bool


class Tables:
    """What the solver reads of a problem. Built once, shared by every question about it.

    `levels`: (candidates, competences), 0 to 3. `value`: points that a member brings whoever else is there.
    `country`: number of the country, -1 where it is not known. `allowed`: no rule on each member and no
    exclusion keeps it out.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.keys = [each.key for each in problem.candidates]
        self.row = {key: row for row, key in enumerate(self.keys)}
        self.levels = _levels(problem)
        self.value = _value(problem)
        self.countries, self.country = _countries(problem)
        self._groups: dict[Attribute, tuple[list[Candidate], Rows]] = {}
        self._masks: dict[Condition, Flags] = {}
        self._values: dict[tuple[Attribute, int, tuple[Condition, ...]], dict[str, Rows]] = {}
        self.pinned = np.array([self.row[key] for key in problem.pinned], dtype=np.intp)
        self.allowed = self._allowed()
        self.pairs = self._pairs()
        self.ends = np.array([(pair.i, pair.j) for pair in self.pairs], dtype=np.intp).reshape(-1, 2)

    def __len__(self) -> int:
        return len(self.keys)

    def mask(self, who: Sequence[Condition]) -> Flags:
        """Who meets every condition."""
        found = np.ones(len(self), dtype=np.bool_)
        for condition in who:
            if condition not in self._masks:
                self._masks[condition] = self._mask(condition)
            found &= self._masks[condition]
        return found

    def values(self, attribute: Attribute, digits: int, who: Sequence[Condition]) -> dict[str, Rows]:
        """Which rows, of those that meet `who`, show which value. Empty values do not count."""
        asked = (attribute, digits, tuple(who))
        if asked not in self._values:
            self._values[asked] = self._shown_by(*asked)
        return self._values[asked]

    def _shown_by(self, attribute: Attribute, digits: int, who: Sequence[Condition]) -> dict[str, Rows]:
        examples, number = self._alike(attribute)
        groups: dict[str, list[int]] = {}
        for group, example in enumerate(examples):
            for value in set(values_of(example, attribute, digits)):
                groups.setdefault(value, []).append(group)
        met = self.mask(who)
        found = {value: np.flatnonzero(met & np.isin(number, groups[value])) for value in sorted(groups)}
        return {value: rows for value, rows in found.items() if len(rows)}

    def able_to_lead(self) -> Flags:
        rules = [rule for rule in self.problem.rules if isinstance(rule, LeadIs)]
        able = self.mask([condition for rule in rules for condition in rule.who])
        if self.problem.lead:
            able &= np.arange(len(self)) == self.row[self.problem.lead]
        return able

    def _allowed(self) -> Flags:
        rules = [rule for rule in self.problem.rules if isinstance(rule, EachMember)]
        allowed = self.mask([condition for rule in rules for condition in rule.who])
        allowed[[self.row[key] for key in self.problem.excluded]] = False
        return allowed

    def _mask(self, condition: Condition) -> Flags:
        """Candidates share few values, so each value is looked at once."""
        examples, number = self._alike(condition.attribute)
        found: Flags = np.array([condition.holds(each) for each in examples], dtype=np.bool_)[number]
        return found

    def _alike(self, attribute: Attribute) -> tuple[list[Candidate], Rows]:
        """One candidate for each value that is shown, and the number of everybody's value."""
        if attribute not in self._groups:
            shown = list(map(_SHOWN.get(attribute) or attrgetter(attribute.value), self.problem.candidates))
            known: dict[Any, int] = {}
            number = np.array([known.setdefault(value, len(known)) for value in shown], dtype=np.intp)
            _values, first = np.unique(number, return_index=True)
            examples = [self.problem.candidates[row] for row in first.tolist()]
            self._groups[attribute] = examples, number
        return self._groups[attribute]

    def _pairs(self) -> tuple[Pair, ...]:
        """Ties that count: with points, or known across the border."""
        made = []
        weights = self.problem.weights
        for tie in self.problem.ties:
            i, j = sorted((self.row[tie.a], self.row[tie.b]))
            across = self.country[i] != self.country[j] and min(self.country[i], self.country[j]) >= 0
            known = bool(tie.cooperated and across)
            points = weights.pairs * tie.affinity
            if points or known:
                made.append(Pair(i, j, points, known))
        return tuple(sorted(made, key=lambda pair: (pair.i, pair.j)))


_SHOWN: dict[Attribute, Callable[[Candidate], Any]] = {
    Attribute.PLACE: attrgetter("country", "region"),
    Attribute.COMPETENCE: lambda each: frozenset(key for key, level in each.competences.items() if level),
    Attribute.TAG: attrgetter("tags"),
}
"""What a condition on the attribute looks at, where that is not the field of its name."""


def _levels(problem: Problem) -> NDArray[np.int8]:
    column = {each.key: number for number, each in enumerate(problem.competences)}
    levels = np.zeros((len(problem.candidates), len(column)), dtype=np.int8)
    for row, each in enumerate(problem.candidates):
        for key, level in each.competences.items():
            if key in column:
                levels[row, column[key]] = level
    return levels


def _value(problem: Problem) -> Floats:
    weights = problem.weights
    affinity = np.array([each.affinity for each in problem.candidates])
    capacity = np.array([each.capacity for each in problem.candidates])
    value: Floats = weights.affinity * affinity + weights.capacity * capacity - weights.partners
    return value


def _countries(problem: Problem) -> tuple[list[str], Rows]:
    known = sorted({each.country for each in problem.candidates} - {""})
    number = {country: position for position, country in enumerate(known)} | {"": -1}
    return known, np.array([number[each.country] for each in problem.candidates], dtype=np.intp)
