"""The objective of a concrete team, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from kontor.engine.consortia.model import Part
from kontor.engine.consortia.tables import Pair, Tables


class Score:
    """Scores teams given as rows. The order of the rows does not matter."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._pairs = {(pair.i, pair.j): pair for pair in tables.pairs}

    def objective(self, rows: Sequence[int]) -> float:
        return float(sum(part.points for part in self.parts(rows)))

    def parts(self, rows: Sequence[int]) -> tuple[Part, ...]:
        """Coverage, level, affinity, capacity, new ties, pairs, number of partners, each with its weight."""
        weights = self._tables.problem.weights
        chosen = sorted(int(row) for row in rows)
        people = [self._tables.problem.candidates[row] for row in chosen]
        covered, above = self._competences(chosen)
        return (
            _part("coverage", covered, weights.coverage),
            _part("level", above, weights.level),
            _part("affinity", sum(each.affinity for each in people), weights.affinity),
            _part("capacity", sum(each.capacity for each in people), weights.capacity),
            _part("new_ties", min(len(self.new_ties(chosen)), weights.new_ties_most), weights.new_ties),
            _part("pairs", self._affinities(chosen), weights.pairs),
            _part("partners", len(chosen), -weights.partners),
        )

    def new_ties(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Pairs from two known countries that have not worked together."""
        country = self._tables.country
        worked = self._worked
        return [
            (i, j)
            for i, j in combinations(sorted(rows), 2)
            if min(country[i], country[j]) >= 0 and country[i] != country[j] and not worked(i, j)
        ]

    def pairs(self, rows: Sequence[int]) -> list[Pair]:
        """The ties with points inside the team."""
        found = (self._pairs.get(pair) for pair in combinations(sorted(rows), 2))
        return [pair for pair in found if pair and pair.points]

    def _worked(self, i: int, j: int) -> bool:
        pair = self._pairs.get((i, j))
        return pair is not None and pair.known

    def _affinities(self, rows: Sequence[int]) -> float:
        weight = self._tables.problem.weights.pairs
        return sum(pair.points for pair in self.pairs(rows)) / weight if weight else 0.0

    def _competences(self, rows: Sequence[int]) -> tuple[float, float]:
        """Optional competences covered, and levels above the one asked for, both weighed."""
        competences = self._tables.problem.competences
        levels = self._tables.levels[list(rows)]
        best = levels.max(axis=0) if len(levels) else np.zeros(len(competences), dtype=np.int8)
        covered = above = 0.0
        for competence, level in zip(competences, best.tolist(), strict=True):
            covered += competence.weight * (not competence.required and level >= competence.level)
            above += competence.weight * max(0, level - competence.level)
        return covered, above


def _part(name: str, value: float, weight: float) -> Part:
    return Part(name, float(value), weight, float(value * weight))
