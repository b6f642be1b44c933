"""What the objective gains when one more joins a team, for all candidates at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kontor.engine.consortia.score import Score
from kontor.engine.consortia.tables import Floats, Tables


class Gain:
    """`points` of each candidate; members of the team itself are left at what a second copy would add."""

    def __init__(self, tables: Tables, score: Score, rows: Sequence[int]) -> None:
        self._tables, self._rows = tables, list(rows)
        self.points: Floats = tables.value + self._competences() + self._pairs() + self._new_ties(score)

    def _competences(self) -> Floats:
        tables, weights = self._tables, self._tables.problem.weights
        best = tables.levels[self._rows].max(axis=0, initial=0)
        points = np.zeros(len(tables))
        for column, competence in enumerate(tables.problem.competences):
            for level in range(max(competence.level, int(best[column]) + 1), 4):
                first = level == competence.level
                worth = (weights.coverage if not competence.required else 0.0) if first else weights.level
                points += worth * competence.weight * (tables.levels[:, column] >= level)
        return points

    def _pairs(self) -> Floats:
        points = np.zeros(len(self._tables))
        inside = set(self._rows)
        for pair in self._tables.pairs:
            if pair.i in inside:
                points[pair.j] += pair.points
            if pair.j in inside:
                points[pair.i] += pair.points
        return points

    def _new_ties(self, score: Score) -> Floats:
        weights, country = self._tables.problem.weights, self._tables.country
        have = len(score.new_ties(self._rows))
        new = np.zeros(len(self._tables))
        for row in self._rows:
            if country[row] >= 0:
                new += (country >= 0) & (country != country[row])
        inside = set(self._rows)
        for pair in self._tables.pairs:
            if pair.known:
                new[pair.j] -= pair.i in inside
                new[pair.i] -= pair.j in inside
        most = weights.new_ties_most
        gained: Floats = weights.new_ties * (np.minimum(have + new, most) - min(have, most))
        return gained
