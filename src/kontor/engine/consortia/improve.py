"""A better team by exchanging members: quick, without a proof, for where pairs matter.

Everybody's gain beside the rest of the team is known at once (`gain.py`), so an exchange costs one look at
all candidates. Where none helps any more, two members are drawn out and the search goes on from there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np

from kontor.engine.consortia.choose import TOLERANCE
from kontor.engine.consortia.gain import Gain
from kontor.engine.consortia.rules import judge_people
from kontor.engine.consortia.score import Score
from kontor.engine.consortia.tables import Flags, Tables
from kontor.engine.core.stop import Stop

TRIED = 25
KICKS = 20
Rows = tuple[int, ...]


class Exchange:
    """Looks for better teams out of the candidates `usable`; fixed members stay."""

    def __init__(self, tables: Tables, score: Score, usable: Flags, stop: Stop, seed: int) -> None:
        self._tables, self._score, self._usable, self._stop = tables, score, usable, stop
        self._draw = random.Random(seed)  # noqa: S311 - draws moves of a search, no secrets
        self._pinned = frozenset(tables.pinned.tolist())

    def better(self, rows: Sequence[int]) -> Rows:
        """The best team found from a sound one, at least as good."""
        best = current = self._climbed(tuple(rows))
        for _kick in range(KICKS):
            if self._stop.left() <= 0:
                break
            current = self._climbed(self._kicked(best))
            if self._score.objective(current) > self._score.objective(best) + TOLERANCE:
                best = current
        return best

    def _climbed(self, rows: Rows) -> Rows:
        while self._stop.left() > 0:
            better = next(self._improvements(rows), None)
            if better is None:
                break
            rows = better
        return rows

    def _improvements(self, rows: Rows) -> Iterator[Rows]:
        """Sound teams that are worth more: one member exchanged, one more, one less."""
        worth = self._score.objective(rows)
        for member in (*(row for row in rows if row not in self._pinned), None):
            rest = tuple(row for row in rows if row != member)
            base = self._score.objective(rest)
            if member is not None and base > worth + TOLERANCE and self._sound(rest):
                yield rest
            for row in self._promising(rest, worth - base):
                if row != member and self._sound((*rest, row)):
                    yield tuple(sorted((*rest, row)))
                    break

    def _promising(self, rest: Rows, more_than: float) -> list[int]:
        if len(rest) >= self._tables.problem.largest:
            return []
        points = np.where(self._usable, Gain(self._tables, self._score, rest).points, -np.inf)
        points[list(rest)] = -np.inf
        best = np.argsort(-points, kind="stable")[:TRIED]
        return [int(row) for row in best if points[row] > more_than + TOLERANCE]

    def _kicked(self, rows: Rows) -> Rows:
        """Two members exchanged for others that suit the rest, if that leaves a sound team."""
        free = [row for row in rows if row not in self._pinned]
        out = set(self._draw.sample(free, min(2, len(free))))
        team = tuple(row for row in rows if row not in out)
        for _ in out:
            suited = [row for row in self._promising(team, -np.inf) if row not in out]
            if suited:
                team = (*team, self._draw.choice(suited))
        return tuple(sorted(team)) if self._sound(team) else rows

    def _sound(self, rows: Rows) -> bool:
        if not 1 <= len(rows) <= self._tables.problem.largest:
            return False
        team = [self._tables.problem.candidates[row] for row in sorted(rows)]
        return all(each.kept for each in judge_people(self._tables.problem, team))
