"""Scores: weighted criteria with thresholds, verdicts with knock-out, who stands before whom, and when a
third assessor is due.

Exact: marks are decimals or fractions, sums are fractions, rounding is left to whoever shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.explanation import Reason, gettext_noop

Mark = Decimal | Fraction | int

BELOW_PART = gettext_noop("“%(criterion)s” has %(share)s %%, below its threshold of %(threshold)s %%.")
BELOW_TOTAL = gettext_noop("The total is %(total)s of 100, below the threshold of %(threshold)s.")
KNOCKED_OUT = gettext_noop("“%(criterion)s” is insufficient, which excludes.")
TOO_WEAK = gettext_noop("The verdict is “%(verdict)s”; “%(least)s” is needed.")
APART = gettext_noop("Two assessors are %(points)s points apart; from %(limit)s on a third one assesses.")
DIVIDED = gettext_noop("One assessor passes the application and another does not.")


@dataclass(frozen=True, slots=True)
class Criterion:
    """`weight` of any size, `most`: the best mark (marks begin at 0), `threshold`: least share of it."""

    key: str
    weight: Decimal
    most: Decimal = Decimal(5)
    threshold: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.weight <= 0:
            raise InvalidInput(
                "weight", f"{self.weight} is not above 0.", "Give it a weight, or leave it out."
            )
        if self.most <= 0:
            raise InvalidInput("most", f"{self.most} is not above 0.", "Give the best mark, as 5.")
        if not 0 <= self.threshold <= 1:
            raise InvalidInput("threshold", f"{self.threshold} is out of range.", "Use a share from 0 to 1.")


@dataclass(frozen=True, slots=True)
class Scheme:
    """Criteria and the least total, 0 to 100."""

    criteria: tuple[Criterion, ...]
    threshold: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        keys = [each.key for each in self.criteria]
        if not keys or len(set(keys)) != len(keys):
            raise InvalidInput("criteria", "There is none, or one stands twice.", "Name each criterion once.")
        if not 0 <= self.threshold <= 100:
            raise InvalidInput("threshold", f"{self.threshold} is out of range.", "Use 0 to 100.")


@dataclass(frozen=True, slots=True)
class Score:
    """`total` of 100, `shares` of the best mark by criterion, `failures`: thresholds that are missed."""

    total: Fraction
    shares: Mapping[str, Fraction]
    failures: tuple[Reason, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


def even_points(levels: int) -> tuple[Fraction, ...]:
    """What each of so many levels is worth of 100, the best first: in even steps from 100 to 0."""
    last = max(levels - 1, 1)
    return tuple(Fraction(100 * (last - at), last) for at in range(levels))


def order(*, passed: bool, total: Fraction | None) -> tuple[bool, Fraction]:
    """Compares applications, higher is better: who passes stands before who does not, then the total. The
    one rule for points and for verdicts.
    """
    return passed, Fraction(0) if total is None else total


def ranking(orders: Mapping[str, tuple[bool, Fraction]]) -> list[tuple[int, str]]:
    """Rank and name, the best first. Equals share the better rank and stand in the order of their names."""
    names = sorted(sorted(orders), key=lambda name: orders[name], reverse=True)
    return [(1 + sum(other > orders[name] for other in orders.values()), name) for name in names]


def score(scheme: Scheme, marks: Mapping[str, Mark]) -> Score:
    """One assessment, or the mean marks of several. Raises InvalidInput for a missing or impossible mark."""
    known = {each.key for each in scheme.criteria}
    for key in marks:
        if key not in known:
            raise InvalidInput(
                f"marks.{key}", "There is no such criterion.", f"Use: {', '.join(sorted(known))}."
            )
    shares = {each.key: _share(each, marks) for each in scheme.criteria}
    weights = sum((Fraction(each.weight) for each in scheme.criteria), Fraction())
    weighted = sum((Fraction(each.weight) * shares[each.key] for each in scheme.criteria), Fraction())
    total = 100 * weighted / weights
    failures = [
        Reason(
            "score.part",
            BELOW_PART,
            {
                "criterion": each.key,
                "share": _shown(100 * shares[each.key]),
                "threshold": _shown(100 * Fraction(each.threshold)),
            },
        )
        for each in scheme.criteria
        if shares[each.key] < Fraction(each.threshold)
    ]
    if total < Fraction(scheme.threshold):
        values = {"total": _shown(total), "threshold": _shown(Fraction(scheme.threshold))}
        failures.append(Reason("score.total", BELOW_TOTAL, values))
    return Score(total, shares, tuple(failures))


def _share(criterion: Criterion, marks: Mapping[str, Mark]) -> Fraction:
    path = f"marks.{criterion.key}"
    if criterion.key not in marks:
        raise InvalidInput(path, "The mark is missing.", "Give every criterion a mark.")
    mark = Fraction(marks[criterion.key])
    if not 0 <= mark <= Fraction(criterion.most):
        raise InvalidInput(path, f"{marks[criterion.key]} is out of range.", f"Use 0 to {criterion.most}.")
    return mark / Fraction(criterion.most)


def mean_marks(assessments: Sequence[Mapping[str, Mark]]) -> dict[str, Fraction]:
    """The mean of each criterion over the assessors, exact."""
    if not assessments:
        raise InvalidInput("assessments", "There is none.", "Wait for the first assessment.")
    keys = list(assessments[0])
    for number, marks in enumerate(assessments):
        if set(marks) != set(keys):
            raise InvalidInput(f"assessments[{number}]", "Its criteria differ.", "Use one scheme for all.")
    count = len(assessments)
    return {key: sum((Fraction(marks[key]) for marks in assessments), Fraction()) / count for key in keys}


def third_assessor(scores: Sequence[Score | Overall], limit: Decimal | None) -> Reason | None:
    """Why a third assessor is due: totals `limit` points apart or more (None: however far), or one passes and
    one does not.
    """
    if len(scores) < 2:
        return None
    totals = [each.total for each in scores]
    apart = max(totals) - min(totals)
    if limit is not None and apart >= Fraction(limit):
        return Reason("score.apart", APART, {"points": _shown(apart), "limit": _shown(Fraction(limit))})
    if len({each.passed for each in scores}) > 1:
        return Reason("score.divided", DIVIDED)
    return None


class Verdict(IntEnum):
    INSUFFICIENT = 0
    MODERATE = 1
    GOOD = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Criteria judged in four levels. `knock_out`: a level of `fails` in one of them excludes. `least`: to
    pass. `points`: what each level is worth of 100, in even steps where nothing is said; `weights` by
    criterion, 1 where nothing is said.
    """

    criteria: tuple[str, ...]
    knock_out: frozenset[str] = frozenset()
    least: Verdict = Verdict.MODERATE
    fails: frozenset[Verdict] = frozenset({Verdict.INSUFFICIENT})
    points: Mapping[Verdict, Mark] = field(default_factory=dict)
    weights: Mapping[str, Mark] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(self.knock_out - set(self.criteria))
        if unknown:
            raise InvalidInput("knock_out", f"“{unknown[0]}” is no criterion.", "Name a criterion.")
        for key, weight in self.weights.items():
            if key not in self.criteria:
                raise InvalidInput(f"weights.{key}", "There is no such criterion.", "Name a criterion.")
            if weight <= 0:
                raise InvalidInput(
                    f"weights.{key}", f"{weight} is not above 0.", "Give it a weight, or leave it out."
                )
        for level, points in self.points.items():
            if not 0 <= points <= 100:
                raise InvalidInput(
                    f"points.{level.name.lower()}", f"{points} is out of range.", "Use 0 to 100."
                )

    def worth(self, level: Verdict) -> Fraction:
        """What a level is worth of 100."""
        usual = dict(zip(sorted(Verdict, reverse=True), even_points(len(Verdict)), strict=True))
        return Fraction(self.points.get(level, usual[level]))


@dataclass(frozen=True, slots=True)
class Overall:
    """`verdict`: the lower median of the levels. `total` of 100: the weighted mean of what the levels are
    worth, `shares` of it by criterion; it compares applications.
    """

    verdict: Verdict
    total: Fraction
    shares: Mapping[str, Fraction]
    failures: tuple[Reason, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


def overall(scheme: Verdicts, levels: Mapping[str, Verdict]) -> Overall:
    """The verdict over all criteria. Raises InvalidInput where one is missing or unknown."""
    for key in (*scheme.criteria, *levels):
        if key not in levels or key not in scheme.criteria:
            raise InvalidInput(f"levels.{key}", "It is missing or unknown.", "Give each criterion one level.")
    held = sorted(levels[key] for key in scheme.criteria)
    verdict = held[(len(held) - 1) // 2]
    failures = [
        Reason("verdict.knocked_out", KNOCKED_OUT, {"criterion": key})
        for key in scheme.criteria
        if key in scheme.knock_out and levels[key] in scheme.fails
    ]
    if verdict < scheme.least:
        names = {"verdict": verdict.name.lower(), "least": scheme.least.name.lower()}
        failures.append(Reason("verdict.weak", TOO_WEAK, names))
    shares = {key: scheme.worth(levels[key]) / 100 for key in scheme.criteria}
    weights = {key: Fraction(scheme.weights.get(key, 1)) for key in scheme.criteria}
    weighted = sum((weights[key] * share for key, share in shares.items()), Fraction())
    total = 100 * weighted / sum(weights.values(), Fraction())
    return Overall(verdict, total, shares, tuple(failures))


def common_levels(assessments: Sequence[Mapping[str, Verdict]]) -> dict[str, Verdict]:
    """The lower median of each criterion over the assessors. Raises InvalidInput where criteria differ."""
    if not assessments:
        raise InvalidInput("assessments", "There is none.", "Wait for the first assessment.")
    keys = list(assessments[0])
    for number, levels in enumerate(assessments):
        if set(levels) != set(keys):
            raise InvalidInput(f"assessments[{number}]", "Its criteria differ.", "Use one scheme for all.")
    middle = (len(assessments) - 1) // 2
    return {key: sorted(levels[key] for levels in assessments)[middle] for key in keys}


def _shown(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").removesuffix(".")
