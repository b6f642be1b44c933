"""Where those come from who take part: how often a place is in projects like this, and beside which other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEUTRAL = 0.5
"""As often as usual; also where nothing is known."""

PRIOR = 3.0
"""Projects whose weight the usual share has when few were counted."""


@dataclass(frozen=True, slots=True)
class Places:
    """Countries or regions in the projects of the past.

    `of` is the number of each organisation's place, -1 where unknown. Project `project[i]` has `members[i]`
    members from place `place[i]`; places without one are not listed. `usual` is the share of all projects
    with a member from a place, `twice` with two or more.
    """

    names: tuple[str, ...]
    of: NDArray[np.int64]
    project: NDArray[np.int64]
    place: NDArray[np.int64]
    members: NDArray[np.int64]
    usual: NDArray[np.float64]
    twice: NDArray[np.float64]

    @classmethod
    def build(
        cls, places: Sequence[str], project: NDArray[np.int64], member: NDArray[np.int64], projects: int
    ) -> Places:
        """`places` of the organisations, empty where unknown; `project` and `member` as in the past."""
        names = tuple(sorted(set(places) - {""}))
        numbers = {name: number for number, name in enumerate(names)}
        of = np.array([numbers.get(name, -1) for name in places], dtype=np.int64)
        known = of[member] >= 0
        width = max(len(names), 1)
        pairs, members = np.unique(project[known] * width + of[member[known]], return_counts=True)
        place = pairs % width
        total = max(projects, 1)
        return cls(
            names,
            of,
            pairs // width,
            place,
            members,
            np.bincount(place, minlength=len(names)) / total,
            np.bincount(place[members > 1], minlength=len(names)) / total,
        )

    def near(self, near: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log of how much more often than usual each place is in the near projects."""
        here = np.bincount(self.place, near[self.project], minlength=len(self.names))
        share = here / max(float(near.sum()), 1e-12)
        return np.asarray(np.log((share + 0.05) / (self.usual + 0.05)))

    def beside(self, origin: str) -> NDArray[np.float64]:
        """Log of how much more often than usual each place is in projects with somebody from `origin`.

        The origin itself counts where a second member comes from it: that the first does is no news.
        """
        if origin not in self.names:
            return np.zeros(len(self.names))
        home = self.names.index(origin)
        with_origin = np.unique(self.project[self.place == home])
        here = np.isin(self.project, with_origin)
        seen = np.bincount(self.place[here], minlength=len(self.names)).astype(np.float64)
        seen[home] = float((self.members[self.place == home] > 1).sum())
        expected = self.usual.copy()
        expected[home] = self.twice[home]
        share = (seen + PRIOR * expected) / (len(with_origin) + PRIOR)
        return np.asarray(np.log((share + 0.01) / (self.usual + 0.01)))

    def spread(self, lift: NDArray[np.float64]) -> NDArray[np.float64]:
        """A log for each place as a value from 0 to 1 for each organisation, NEUTRAL where it is unknown."""
        values = np.append(1 / (1 + np.exp(-lift / 2)), NEUTRAL)
        return np.asarray(values[self.of])

    def shared(self, askers: Iterable[int]) -> NDArray[np.float64]:
        """1 for organisations from the place of one of these organisations."""
        own = {int(self.of[number]) for number in askers} - {-1}
        return np.isin(self.of, sorted(own)).astype(np.float64)
