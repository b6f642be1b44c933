"""Groups of experts for one application: all that serve it well enough and are worth enough, exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 2_000_000
"""Groups, or beginnings of groups, that are looked at before giving up."""


class TooMany(Exception):
    """More groups than can be looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Groups of `count` experts whose `units` add up to `floor` at least, and the `worth` of each expert."""

    units: NDArray[np.int64]
    worth: NDArray[np.int64]
    count: int
    floor: int

    def within(self, least: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """All that are worth `least` or more, the best first: members of each, and what it is worth.

        Experts stand by worth, and groups grow by experts further down: what a beginning can still become
        is bounded by the next ones' worth, and by the largest units that follow. Raises TooMany.
        """
        order = np.argsort(-self.worth, kind="stable")
        units, worth = self.units[order], self.worth[order]
        sums, tops = np.concatenate(([0], np.cumsum(worth))), _tops(units, self.count)
        members, last = np.zeros((1, 0), np.int64), np.full(1, -1)
        held, value = np.zeros(1, np.int64), np.zeros(1, np.int64)
        for place in range(self.count):
            rest = self.count - place - 1
            reach = sums[rest + 1 :] - sums[: len(sums) - rest - 1]
            ends = np.searchsorted(-reach, value - least, side="right")
            counts = np.maximum(ends - last - 1, 0)
            if int(counts.sum()) > MOST:
                raise TooMany
            one = np.repeat(np.arange(len(last)), counts)
            begins = np.repeat(np.cumsum(counts) - counts, counts)
            following = last[one] + 1 + np.arange(len(one)) - begins
            enough = held[one] + units[following] + tops[rest][following + 1] >= self.floor
            one, last = one[enough], following[enough]
            held, value = held[one] + units[last], value[one] + worth[last]
            members = np.concatenate((members[one], last[:, None]), axis=1)
        best = np.argsort(-value, kind="stable")
        return order[members[best]], value[best]

    def best(self) -> int | None:
        """What the best is worth; None where there is none. Raises TooMany."""
        if len(self.units) < self.count or int(np.sort(self.units)[-self.count :].sum()) < self.floor:
            return None
        top = int(np.sort(self.worth)[-self.count :].sum())
        less = 64
        while True:
            _members, value = self.within(top - less)
            if len(value):
                return int(value[0])
            less *= 4


def _tops(units: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """`found[r][j]`: the sum of the r largest units from place j on; what is not there counts far below 0."""
    found = [np.zeros(len(units) + 1, np.int64)]
    for _ in range(count - 1):
        # The r largest from j on: either j is not among them, or it joins the r - 1 largest after it.
        grown = np.full(len(units) + 1, -(1 << 60), np.int64)
        grown[:-1] = np.maximum.accumulate((units + found[-1][1:])[::-1])[::-1]
        found.append(grown)
    return found
