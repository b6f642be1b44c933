"""Two rows of learned weights: one for those with a past, one for newcomers and small firms.

What tells partners apart among organisations with many projects, above all the projects, is nothing that a
newcomer has. Weighed by one row, newcomers either drown in the popularity of others or take the weights for
themselves. So each group is ranked among its own kind, by weights learned on its own partners, and both
share the places of the list: newcomers and small firms get theirs in proportion to the partners that they
were in the questions learned from. A small firm with a past can be placed by either row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.learn import FEWEST, RIDGE, Example, Fitted, fit_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
LEAST_SHARE = 0.1
"""Newcomers and small firms have at least one place in ten."""

MOST_SHARE = 0.5
"""And at most every second one: beyond it the list would say little of those who are known."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the past: `values` candidates by parts, from 0 to 1; who became a partner; who had a
    past; who is new or small. Each candidate is known, small, or both.
    """

    values: NDArray[np.float64]
    partner: NDArray[np.bool_]
    known: NDArray[np.bool_]
    small: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`share` of the places goes to the best by `small`; None where too few of them became partners."""

    known: Fitted
    small: Fitted | None
    share: float

    def order(
        self,
        values: NDArray[np.float64],
        known: NDArray[np.bool_],
        small: NDArray[np.bool_],
        lots: Sequence[int],
    ) -> list[int]:
        """All candidates, best first; equal ones in the order of their `lots`.

        The first candidates of each group stand in the order of its row.
        """
        groups = known if self.small else known | small
        first = _ranked(self.known, values, groups, lots)
        if self.small is None:
            return first
        return interleaved(first, _ranked(self.small, values, small, lots), self.share)

    def table(self) -> str:
        """Markdown of both rows, for somebody who has to answer for it."""
        if self.small is None:
            return self.known.table()
        return "\n\n".join(
            [
                "Organisations with a past:",
                self.known.table(),
                f"Newcomers and small firms, {self.share:.0%} of the places:",
                self.small.table(),
            ]
        )

    def as_json(self) -> dict[str, Any]:
        small = self.small.as_json() if self.small else None
        return {"format": FORMAT, "share": self.share, "known": self.known.as_json(), "small": small}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Ranking:
        """Raises InvalidInput where another version wrote it."""
        if content.get("format") != FORMAT:
            raise InvalidInput("format", "The ranking was fitted by another version.", "Fit it again.")
        small = Fitted.from_json(content["small"]) if content["small"] else None
        return cls(Fitted.from_json(content["known"]), small, float(content["share"]))


def fit_ranking(
    parts: Sequence[str], asked: Sequence[Asked], *, seed: int = 0, ridge: float = RIDGE
) -> Ranking:
    """Fits both rows, each on its own candidates, and checks each on questions that were left out.

    Where fewer than FEWEST questions have a partner among newcomers and small firms, all candidates are
    ranked by one row. Raises InvalidInput where fewer than FEWEST questions have a partner at all.
    """
    small = [_among(each, each.small) for each in asked]
    useful = sum(bool(each.partner.any() and not each.partner.all()) for each in small)
    if useful < FEWEST:
        everybody = [Example(each.values, each.partner) for each in asked]
        return Ranking(fit_weights(parts, everybody, seed=seed, ridge=ridge), None, 0.0)
    partners = sum(int(each.partner.sum()) for each in asked)
    theirs = sum(int(each.partner.sum()) for each in small)
    return Ranking(
        known=fit_weights(parts, [_among(each, each.known) for each in asked], seed=seed, ridge=ridge),
        small=fit_weights(parts, small, seed=seed, ridge=ridge),
        share=round(min(MOST_SHARE, max(LEAST_SHARE, theirs / partners)), 2),
    )


def interleaved(first: Sequence[int], other: Sequence[int], share: float) -> list[int]:
    """One list of both without repetition, in which each begun share of places is filled from `other`."""
    queues = [iter(first), iter(other)]
    order: dict[int, None] = {}
    due = 0.0
    for _ in range(len({*first, *other})):
        due = round(due + share, 9)
        turn = int(due >= 1)
        due -= turn
        chosen = _next(queues[turn], order)
        chosen = _next(queues[1 - turn], order) if chosen is None else chosen
        if chosen is not None:
            order[chosen] = None
    return list(order)


def _next(queue: Iterator[int], taken: Mapping[int, None]) -> int | None:
    return next((number for number in queue if number not in taken), None)


def _among(asked: Asked, group: NDArray[np.bool_]) -> Example:
    return Example(asked.values[group], asked.partner[group])


def _ranked(
    fitted: Fitted, values: NDArray[np.float64], group: NDArray[np.bool_], lots: Sequence[int]
) -> list[int]:
    weights = fitted.weights
    row = np.array([getattr(weights, each.part) for each in fitted.rows])
    totals = np.round(values @ (row / row.sum()), 9)
    return sorted(np.flatnonzero(group).tolist(), key=lambda number: (-totals[number], lots[number]))
