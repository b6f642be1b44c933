"""What juries, or experts outside the site, found of each application."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from kontor.features.decisions.models import Round
from kontor.features.juries.queries import Result, results

POINT = Decimal("0.0001")


@dataclass(frozen=True)
class Standing:
    """`raw` and `adjusted` are totals of 100, None while not everything is in; where a jury judges in words
    they are the points that its verdicts are worth. `below`: criteria that miss their threshold. `source`
    names where a score from outside comes from.
    """

    raw: Decimal | None = None
    adjusted: Decimal | None = None
    per_criterion: dict[str, Decimal] = field(default_factory=dict)
    passes: bool = True
    below: tuple[str, ...] = ()
    verdict: str = ""
    comments: dict[str, list[str]] = field(default_factory=dict)
    source: str = ""

    def score(self, *, adjusted: bool = False) -> Decimal | None:
        """What ranks, with four decimals."""
        total = self.adjusted if adjusted and self.adjusted is not None else self.raw
        return None if total is None else max(Decimal(0), total).quantize(POINT)


NOTHING = Standing()


def standings(of: Round) -> dict[str, Standing]:
    """By application key. A score from outside counts where no jury of the site gave one."""
    found = {one.application_key: _standing(one) for one in results(of.call)}
    for row in of.hand_scores.select_related("application"):
        if found.get(row.application.key, NOTHING).score() is None:
            passes = row.score >= of.threshold
            found[row.application.key] = Standing(raw=row.score, passes=passes, source=row.source)
    return found


def _standing(one: Result) -> Standing:
    return Standing(
        raw=one.total,
        adjusted=one.adjusted,
        per_criterion=dict(one.per_criterion),
        passes=one.passes,
        below=tuple(one.below),
        verdict=one.verdict,
        comments={language: list(dict.fromkeys(texts)) for language, texts in one.comments.items()},
    )
