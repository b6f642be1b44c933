"""From a programme's assessment to scores: points with weights, or verdicts with knock-out; all exact.

A mark travels as text: a number on the scale, or the key of a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.errors import KontorError
from kontor.engine.core.explanation import Reason
from kontor.engine.juries import scoring
from kontor.engine.juries.scoring import Score, Verdict
from kontor.programmes.schema import Assessment, Criterion

Marks = Mapping[str, str]
# Half and quarter points may be given; finer ones say nothing that an assessor could tell apart.
FINEST = Decimal("0.25")


@dataclass(frozen=True)
class Step:
    """One step of a scale as a page offers it."""

    value: str
    label: str
    text: str = ""


@dataclass(frozen=True)
class Judged:
    """A score with its verdict (a key; empty for points). The total compares applications in either case."""

    score: Score
    verdict: str = ""

    @property
    def total(self) -> Fraction:
        return self.score.total

    @property
    def passed(self) -> bool:
        return self.score.passed


@dataclass(frozen=True)
class Scale:
    """How a panel's instrument judges. `lowest` to `highest` are the marks; with verdicts the best is
    first.
    """

    assessment: Assessment

    @property
    def in_words(self) -> bool:
        return self.assessment.method == "verdicts"

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.assessment.criteria

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(each.key for each in self.criteria)

    @property
    def _levels(self) -> dict[str, Verdict]:
        """Verdicts of the programme as levels of the engine: the best is strong, the last insufficient."""
        names = [each.key for each in self.assessment.verdicts]
        levels = [*sorted(Verdict, reverse=True)[: max(len(names) - 1, 0)], Verdict.INSUFFICIENT]
        return dict(zip(names, levels, strict=False))

    def level_names(self, language: str) -> dict[str, str]:
        """The programme's words for the engine's levels."""
        told = {each.key: each.name.best(language) for each in self.assessment.verdicts}
        return {level.name.lower(): told[key] for key, level in self._levels.items()}

    def worth(self, language: str) -> list[tuple[str, Decimal]]:
        """Verdicts in words with their points, the best first; empty for points."""
        if not self.in_words:
            return []
        points = self.assessment.points
        told = ((each.name.best(language), rounded(points[each.key])) for each in self.assessment.verdicts)
        return [(name, worth or Decimal(0)) for name, worth in told]

    def mark(self, criterion: str, text: str) -> str:
        """The mark as it is stored. KontorError where it is none of the scale."""
        if criterion not in self.keys:
            raise _wrong(criterion, _("There is no criterion “{key}”.").format(key=criterion))
        if self.in_words:
            if text not in self._levels:
                raise _wrong(criterion, _("“{mark}” is no verdict.").format(mark=text))
            return text
        try:
            value = Decimal(str(text).replace(",", "."))
        except InvalidOperation:
            raise _wrong(criterion, _("“{mark}” is no number.").format(mark=text)) from None
        low, high = self.assessment.lowest, self.assessment.highest
        if not (value.is_finite() and low <= value <= high and value % FINEST == 0):
            words = _("Give {low} to {high}, in steps of a quarter.").format(low=low, high=high)
            raise _wrong(criterion, words)
        return f"{value.normalize():f}"

    def steps(self, criterion: Criterion, language: str) -> list[Step]:
        """What can be given for a criterion, the lowest first, with its anchor in words."""
        anchors = {each.value: each.text.best(language) for each in self.assessment.anchors_of(criterion)}
        if self.in_words:
            told = reversed(self.assessment.verdicts)
            return [Step(each.key, each.name.best(language), anchors.get(each.key, "")) for each in told]
        values = range(self.assessment.lowest, self.assessment.highest + 1)
        return [Step(str(value), str(value), anchors.get(str(value), "")) for value in values]

    def shown(self, mark: str, language: str) -> str:
        """A mark in words."""
        if self.in_words:
            return next((v.name.best(language) for v in self.assessment.verdicts if v.key == mark), mark)
        return mark

    def judge(self, marks: Marks) -> Judged:
        """One sheet. KontorError where a mark is missing."""
        return self.joint([marks])

    def joint(self, sheets: Sequence[Marks]) -> Judged:
        """Several sheets as one: mean marks, or the lower median of the verdicts per criterion, whose points
        make the total.
        """
        if self.in_words:
            return self._worded([_complete(self.keys, sheet) for sheet in sheets])
        return self.blend([(sheets, Fraction(1))])

    def blend(self, parts: Iterable[tuple[Sequence[Marks], Fraction]]) -> Judged:
        """Sheets of several occasions, each with its weight; the weights add up to 1. Points only."""
        marks = dict.fromkeys(self.keys, Fraction(0))
        for sheets, weight in parts:
            numbers = [self._numbers(sheet) for sheet in sheets]
            for key, mean in scoring.mean_marks(numbers).items():
                marks[key] += weight * mean
        return Judged(scoring.score(self._scheme(), marks))

    def third(self, sheets: Sequence[Marks]) -> Reason | None:
        """Why a third assessor is due, None where two sheets agree well enough."""
        scores = [self.judge(sheet).score for sheet in sheets]
        return scoring.third_assessor(scores, self.assessment.apart)

    def _numbers(self, marks: Marks) -> dict[str, Fraction]:
        low = self.assessment.lowest
        return {key: Fraction(mark) - low for key, mark in _complete(self.keys, marks).items()}

    def _scheme(self) -> scoring.Scheme:
        span = Decimal(self.assessment.highest - self.assessment.lowest)
        each = (self.assessment.each or Decimal(0)) / 100
        return scoring.Scheme(
            tuple(scoring.Criterion(c.key, c.weight or Decimal(1), span, each) for c in self.criteria),
            self.assessment.threshold or Decimal(0),
        )

    def _worded(self, sheets: Sequence[Marks]) -> Judged:
        levels = self._levels
        held = scoring.common_levels([{key: levels[sheet[key]] for key in self.keys} for sheet in sheets])
        passing = [levels[each.key] for each in self.assessment.verdicts if each.passes]
        failing = frozenset(levels[each.key] for each in self.assessment.verdicts if not each.passes)
        scheme = scoring.Verdicts(
            self.keys,
            frozenset(each.key for each in self.criteria if each.knock_out),
            min(passing, default=Verdict.STRONG),
            failing,
            points={levels[key]: points for key, points in self.assessment.points.items()},
            weights={each.key: each.weight or Decimal(1) for each in self.criteria},
        )
        found = scoring.overall(scheme, held)
        names = {level: key for key, level in levels.items()}
        return Judged(Score(found.total, found.shares, found.failures), names[found.verdict])


def scale_of(panel: Any) -> Scale:
    """KontorError where the call's instrument says nothing about how to assess."""
    instrument = panel.call.instrument_of_programme
    if instrument.assessment is None or not instrument.assessment.criteria:
        raise KontorError(
            _("The instrument of this call has no criteria."),
            code="no-assessment",
            path="call",
            remedy=_("State in the programme's file how proposals are judged, and publish it."),
        )
    return Scale(instrument.assessment)


def rounded(value: Fraction | None) -> Decimal | None:
    """Two decimals, half to even, for pages and programs; comparisons use the exact value."""
    if value is None:
        return None
    return round(Decimal(value.numerator) / Decimal(value.denominator), 2)


def _complete(keys: Iterable[str], marks: Marks) -> Marks:
    for key in keys:
        if not marks.get(key):
            raise _wrong(key, _("A mark is missing."))
    return marks


def _wrong(criterion: str, message: object) -> KontorError:
    return KontorError(
        message,
        code="mark-invalid",
        path=f"mark:{criterion}",
        remedy=gettext_lazy("Choose one of the steps of the scale."),
    )
