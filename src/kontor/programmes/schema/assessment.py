"""How proposals are judged: criteria, scales, thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kontor.engine.juries.scoring import even_points
from kontor.programmes.schema.texts import Texts

#: `points` on a numeric scale with weights, or `verdicts` in words of which the failing ones knock out.
METHODS = ("points", "verdicts")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One word of a scale in words, the best first. A verdict that does not pass fails a knock-out
    criterion. `points`: what it is worth of 100; None: evenly between the others.
    """

    key: str
    name: Texts
    passes: bool
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one step of the scale means for one criterion: `value` is a number or the key of a verdict."""

    value: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Criterion:
    """`weight` in percent of all criteria; `group` is free, such as `strategic`; `knock_out` ends the
    assessment.
    """

    key: str
    name: Texts
    question: Texts
    weight: Decimal | None
    group: str = ""
    knock_out: bool = False
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """How assessors judge. `threshold` and `each` are percentages of the best possible result, in total
    and per criterion; `assessors` is the least number per proposal; two totals further apart than `apart`
    percentage points call for a third assessor. `pitch` and `questions` are minutes, 0 without a
    presentation.
    """

    method: str
    lowest: int
    highest: int
    verdicts: tuple[Verdict, ...] = ()
    threshold: Decimal | None = None
    each: Decimal | None = None
    assessors: int = 1
    apart: Decimal | None = None
    pitch: int = 0
    questions: int = 0
    criteria: tuple[Criterion, ...] = ()
    anchors: tuple[Anchor, ...] = ()

    @property
    def points(self) -> dict[str, Fraction]:
        """What each verdict is worth of 100, exact. Where the file says nothing: from 100 for the best in
        even steps to 0 for the last.
        """
        return {
            one.key: usual if one.points is None else Fraction(one.points)
            for one, usual in zip(self.verdicts, even_points(len(self.verdicts)), strict=True)
        }

    def anchors_of(self, criterion: Criterion) -> tuple[Anchor, ...]:
        """The criterion's own anchors, else those of the whole scale."""
        return criterion.anchors or self.anchors
