"""Better solutions near one: most columns stay as they are, some that nearly pay their way are chosen anew.

Each time a few rows are drawn, and of the columns in them those that cost the bound least are set free, with
some chance for others; the small programme is solved by HiGHS (Shaw's large neighbourhood search, CP 1998,
on the core of Balas and Zemel 1980).
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.highs import load, quiet
from kontor.engine.portfolio.programme import Programme, Row, keeps

ROWS, COLUMNS = 8, 80
"""Rows that are drawn, and columns that are set free."""
LONG = 20
"""Rows of more columns than this are drawn, where there are any."""
NODES, ROUNDS = 100, 60
"""Of each small programme's tree; and so many without anything better end the search."""
FEASIBLE = 2


class Nearby:
    """`x`: the best solution yet, `value` what it is worth."""

    def __init__(self, programme: Programme, x: Sequence[int], worth: Sequence[float]) -> None:
        self.programme, self.x = programme, list(x)
        self.value = _value(programme, x)
        upper = np.array(programme.upper)
        self._size, self._movable = np.where(upper > 1, 0.0, np.abs(worth)), upper > 0
        many = [number for number, row in enumerate(programme.rows) if len(row.coefs) > LONG]
        self._long = many or list(range(len(programme.rows)))
        self._in_rows: list[list[tuple[int, int]]] = [[] for _ in x]
        for number, row in enumerate(programme.rows):
            for column, coef in row.coefs.items():
                self._in_rows[column].append((number, coef))

    def run(self, bound: int, *, seed: int, stop: Stop) -> None:
        """Until nothing better is found for long, the bound is reached or the time is over."""
        drawn, idle = np.random.default_rng(seed), 0
        while self.value < bound and idle < ROUNDS:
            try:
                idle = 0 if self._improved(self._free(drawn), quiet(seed, stop)) else idle + 1
            except OutOfTime:
                return

    def _free(self, drawn: np.random.Generator) -> list[int]:
        chosen = drawn.choice(self._long, min(ROWS, len(self._long)), replace=False)
        rows = (self.programme.rows[number].coefs for number in chosen)
        columns = sorted({column for row in rows for column in row if self._movable[column]})
        chance = np.sqrt(drawn.random(len(columns)))
        order = np.argsort(self._size[columns] * chance, kind="stable")[:COLUMNS]
        return [columns[place] for place in order]

    def _improved(self, free: list[int], highs: highspy.Highs) -> bool:
        """Whether anything better was found, all else left as it is."""
        part = self._part(free)
        now = sum(self.programme.values[column] * self.x[column] for column in free)
        highs.setOptionValue("mip_max_nodes", NODES)
        highs.setOptionValue("objective_bound", -float(now))
        load(highs, part, whole=True)
        highs.run()
        if highs.getInfo().primal_solution_status != FEASIBLE:
            return False
        found = [round(each) for each in highs.getSolution().col_value]
        if _value(part, found) <= now or not keeps(part, found):
            return False
        for column, each in zip(free, found, strict=True):
            self.x[column] = each
        self.value += _value(part, found) - now
        return True

    def _part(self, free: list[int]) -> Programme:
        """The free columns, under what the others leave of each row."""
        coefs: dict[int, dict[int, int]] = {}
        for place, column in enumerate(free):
            for number, coef in self._in_rows[column]:
                coefs.setdefault(number, {})[place] = coef
        rows, inside = [], set(free)
        for number, mine in sorted(coefs.items()):
            row = self.programme.rows[number]
            held = sum(coef * self.x[c] for c, coef in row.coefs.items() if self.x[c] and c not in inside)
            low, high = (None if end is None else end - held for end in (row.low, row.high))
            rows.append(Row(mine, low, high))
        values = tuple(self.programme.values[column] for column in free)
        return Programme(values, tuple(self.programme.upper[column] for column in free), tuple(rows))


def _value(programme: Programme, x: Sequence[int]) -> int:
    return sum(value * each for value, each in zip(programme.values, x, strict=True))
