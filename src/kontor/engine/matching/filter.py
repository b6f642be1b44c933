"""Who meets the conditions, who breaks which, and what to drop when nobody is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Conditions, Exclusion, Query, Relaxation
from kontor.engine.matching.rules import Rule, considered, rules_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_RELAXATIONS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """`rows`: for each segment which rows meet all conditions.

    `broken`: for each considered row a bit per rule.
    """

    rows: tuple[NDArray[np.bool_], ...]
    broken: NDArray[np.uint16]
    rules: tuple[Rule, ...]

    @property
    def considered(self) -> int:
        return len(self.broken)

    @property
    def count(self) -> int:
        return sum(int(np.count_nonzero(rows)) for rows in self.rows)

    def exclusions(self, conditions: Conditions) -> tuple[Exclusion, ...]:
        """For each condition how many break it, and how many nothing else."""
        found = []
        for number, rule in enumerate(self.rules):
            bit = np.uint16(1 << number)
            count = int(((self.broken & bit) > 0).sum())
            found.append(
                Exclusion(rule.name, rule.reason(conditions), count, int((self.broken == bit).sum()))
            )
        return tuple(found)

    def relaxations(self) -> tuple[Relaxation, ...]:
        """The smallest sets of conditions whose dropping brings somebody back, those that bring back most
        first.

        Whoever breaks a set P comes back when all of P is dropped, and so does whoever breaks only some of
        P.
        """
        patterns, counts = np.unique(self.broken[self.broken > 0], return_counts=True)
        if not patterns.size:
            return ()
        sizes = np.bitwise_count(patterns)
        smallest = [int(pattern) for pattern in patterns[sizes == sizes.min()]]
        options = [
            Relaxation(
                tuple(rule.name for number, rule in enumerate(self.rules) if pattern >> number & 1),
                int(counts[(patterns & ~np.uint16(pattern)) == 0].sum()),
            )
            for pattern in smallest
        ]
        return tuple(
            sorted(options, key=lambda option: (-option.count, option.conditions))[:MOST_RELAXATIONS]
        )


def keep(index: Index, query: Query) -> Kept:
    """Applies the conditions to every row."""
    rules = rules_of(query.conditions)
    rows, broken = [], []
    for segment, alive in zip(index.segments, index.alive, strict=True):
        possible = considered(segment, alive, query)
        if not rules:
            rows.append(possible)
            broken.append(np.zeros(np.count_nonzero(possible), dtype=np.uint16))
            continue
        bits = np.zeros(len(possible), dtype=np.uint16)
        for number, rule in enumerate(rules):
            bits |= rule.broken(segment, query) * np.uint16(1 << number)
        rows.append(possible & (bits == 0))
        broken.append(bits if possible.all() else bits[possible])
    if len(broken) == 1:
        return Kept(tuple(rows), broken[0], rules)
    joined = np.concatenate(broken) if broken else np.zeros(0, dtype=np.uint16)
    return Kept(tuple(rows), joined, rules)


def rules_broken_by(index: Index, query: Query, key: str) -> list[Rule]:
    """The conditions that one organisation breaks."""
    place = index.place(key)
    segment = index.segments[place.segment]
    row = int(segment.entry_starts[place.entry])
    return [rule for rule in rules_of(query.conditions) if rule.broken(segment, query)[row]]
