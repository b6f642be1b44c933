"""Two rows of learned weights: one for those with a past, one for newcomers and small firms.

What tells partners apart among organisations with many projects, above all the projects, is nothing that a
newcomer has. Weighed by one row, newcomers either drown in the popularity of others or take the weights for
themselves. So each group is ranked among its own kind, by weights learned on its own partners, and both
share the places of the list: newcomers and small firms get theirs in proportion to the partners that they
were in the questions learned from. A small firm with a past can be placed by either row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.learn import FEWEST, RIDGE, Example, Fitted, fit_weights
from kontor.engine.matching.model import Weights

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

    @property
    def holds(self) -> bool:
        """Whether each row did no worse than the usual weights on questions it had not seen."""
        return self.known.holds and (self.small is None or self.small.holds)

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


@dataclass(frozen=True, slots=True)
class Rows:
    """What a search counts with: weights of those with a past (of all where `small` is None), and of
    newcomers and small firms, who have `share` of the places.
    """

    known: Weights = field(default_factory=Weights)
    small: Weights | None = None
    share: float = 0.0


def fit_ranking(
    parts: Sequence[str], asked: Sequence[Asked], *, seed: int = 0, ridge: float = RIDGE
) -> Ranking:
    """Fits both rows, each on its own candidates, and checks each on questions that were left out.

    Where fewer than FEWEST questions have a partner among newcomers and small firms, or among those with a
    past, all candidates are ranked by one row. Raises InvalidInput where fewer than FEWEST questions have a
    partner at all.
    """
    small = [_among(each, each.small) for each in asked]
    if min(useful(small), useful([_among(each, each.known) for each in asked])) < FEWEST:
        return fit_one_row(parts, asked, seed=seed, ridge=ridge)
    partners = sum(int(each.partner.sum()) for each in asked)
    theirs = sum(int(each.partner.sum()) for each in small)
    return Ranking(
        known=fit_weights(parts, [_among(each, each.known) for each in asked], seed=seed, ridge=ridge),
        small=fit_weights(parts, small, seed=seed, ridge=ridge),
        share=round(min(MOST_SHARE, max(LEAST_SHARE, theirs / partners)), 2),
    )


def fit_what_holds(parts: Sequence[str], asked: Sequence[Asked], *, seed: int = 0) -> Ranking:
    """Two rows where both hold on questions that they had not seen, else one. Raises InvalidInput where there
    are too few questions for one.
    """
    ranking = fit_ranking(parts, asked, seed=seed)
    return ranking if ranking.holds or ranking.small is None else fit_one_row(parts, asked, seed=seed)


def fit_one_row(
    parts: Sequence[str], asked: Sequence[Asked], *, seed: int = 0, ridge: float = RIDGE
) -> Ranking:
    """One row for all candidates. Raises InvalidInput where fewer than FEWEST questions have a partner."""
    everybody = [Example(each.values, each.partner) for each in asked]
    return Ranking(fit_weights(parts, everybody, seed=seed, ridge=ridge), None, 0.0)


def useful(examples: Iterable[Example | Asked]) -> int:
    """Questions with both a partner and somebody else."""
    return sum(bool(each.partner.any() and not each.partner.all()) for each in examples)


def interleaved(first: Sequence[int], other: Sequence[int], share: float) -> list[int]:
    """One list of both without repetition, in which each begun share of places is filled from `other`."""
    return list(placed(first, other, share))


def placed(first: Sequence[int], other: Sequence[int], share: float) -> dict[int, bool]:
    """The same list with whether each was taken from `other`."""
    queues = [iter(first), iter(other)]
    order: dict[int, bool] = {}
    due = 0.0
    for _ in range(len({*first, *other})):
        due = round(due + share, 9)
        turn = int(due >= 1)
        due -= turn
        chosen = _next(queues[turn], order)
        if chosen is None:
            turn = 1 - turn
            chosen = _next(queues[turn], order)
        if chosen is not None:
            order[chosen] = bool(turn)
    return order


def _next(queue: Iterator[int], taken: Mapping[int, bool]) -> int | None:
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
