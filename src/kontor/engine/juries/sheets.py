"""Assessments of many jurors: totals or verdicts by application, and where a third assessor is due.

Reads the formats `kontor-scores/1` and `kontor-ratings/1`: see docs/formats/scores.md and ratings.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

from kontor.engine.core.errors import InvalidInput, inside
from kontor.engine.core.explanation import Reason
from kontor.engine.core.records import Schema, file_schema, list_of, listed, read_object, record, schema_of
from kontor.engine.juries.calibration import Rating
from kontor.engine.juries.scoring import (
    DIVIDED,
    Criterion,
    Overall,
    Scheme,
    Score,
    Verdict,
    Verdicts,
    common_levels,
    mean_marks,
    overall,
    score,
    third_assessor,
)

SCORES, RATINGS = "kontor-scores/1", "kontor-ratings/1"
APART = Decimal(20)


class Level(StrEnum):
    """A verdict as files write it."""

    INSUFFICIENT = "insufficient"
    MODERATE = "moderate"
    GOOD = "good"
    STRONG = "strong"

    @property
    def verdict(self) -> Verdict:
        return Verdict[self.name]


@dataclass(frozen=True, slots=True)
class Levels:
    """How verdicts are judged; see `scoring.Verdicts`."""

    criteria: tuple[str, ...]
    knock_out: tuple[str, ...] = ()
    least: Level = Level.MODERATE


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a juror thinks of an application: `marks` by criterion, or `levels`."""

    application: str
    juror: str
    marks: Mapping[str, Decimal] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Either `scheme`, with `apart` (points between totals that call for a third assessor), or `verdicts`."""

    assessments: tuple[Assessment, ...]
    scheme: Scheme | None
    verdicts: Verdicts | None
    apart: Decimal


@dataclass(frozen=True, slots=True)
class Judged:
    """An application: its jurors' own results, the common one, its rank, and why a third assessor is due."""

    application: str
    jurors: Mapping[str, Score | Overall]
    common: Score | Overall
    rank: int
    third: Reason | None


def judge(sheet: Sheet) -> tuple[Judged, ...]:
    """Every application, first those that pass, the best first; equals share the better rank.

    Raises InvalidInput.
    """
    groups: dict[str, list[tuple[int, Assessment]]] = {}
    for number, one in enumerate(sheet.assessments):
        groups.setdefault(one.application, []).append((number, one))
    found = [_judged(sheet, key, group) for key, group in groups.items()]
    orders = {each.application: _order(each.common) for each in found}
    ranked = []
    for each in found:
        rank = 1 + sum(order > orders[each.application] for order in orders.values())
        ranked.append(Judged(each.application, each.jurors, each.common, rank, each.third))
    return tuple(sorted(ranked, key=lambda judged: (judged.rank, judged.application)))


def _judged(sheet: Sheet, key: str, group: list[tuple[int, Assessment]]) -> Judged:
    jurors: dict[str, Score | Overall] = {}
    for number, each in group:
        with inside(f"assessments[{number}]"):
            if each.juror in jurors:
                message = f"{each.juror} assessed {key} twice."
                raise InvalidInput("juror", message, "Keep the last assessment.")
            jurors[each.juror] = _one(sheet, each)
    both = [each for _, each in group]
    if sheet.scheme is not None:
        scores = [each for each in jurors.values() if isinstance(each, Score)]
        common: Score | Overall = score(sheet.scheme, mean_marks([each.marks for each in both]))
        return Judged(key, jurors, common, 0, third_assessor(scores, sheet.apart))
    assert sheet.verdicts is not None, "a sheet has a scheme or verdicts"
    levels = common_levels([{k: v.verdict for k, v in each.levels.items()} for each in both])
    divided = len({each.passed for each in jurors.values()}) > 1
    return Judged(
        key,
        jurors,
        overall(sheet.verdicts, levels),
        0,
        Reason("score.divided", DIVIDED) if divided else None,
    )


def _one(sheet: Sheet, each: Assessment) -> Score | Overall:
    if sheet.scheme is not None:
        if each.levels:
            raise InvalidInput("levels", "This sheet is marked in points.", "Give “marks”.")
        return score(sheet.scheme, each.marks)
    if each.marks:
        raise InvalidInput("marks", "This sheet is judged in levels.", "Give “levels”.")
    assert sheet.verdicts is not None, "a sheet has a scheme or verdicts"
    return overall(sheet.verdicts, {key: level.verdict for key, level in each.levels.items()})


def _order(common: Score | Overall) -> tuple[Fraction | int, ...]:
    """Who passes stands before who does not."""
    value = (common.total,) if isinstance(common, Score) else common.order
    return (int(common.passed), *value)


def read_scores(path: Path) -> Sheet:
    """Raises InvalidInput with the place and the remedy."""
    content = read_object(
        path, SCORES, ["title", "criteria", "threshold", "apart", "verdicts", "assessments"]
    )
    assessments = listed(Assessment, content, "assessments")
    if not assessments:
        raise InvalidInput("assessments", "There is none.", "Write [ … ] with one object each.")
    if ("criteria" in content) == ("verdicts" in content):
        message = "A sheet has either “criteria” with weights or “verdicts”."
        raise InvalidInput("criteria", message, "Give one of them.")
    if "verdicts" in content:
        given = record(Levels, content["verdicts"], "verdicts")
        with inside("verdicts"):
            verdicts = Verdicts(given.criteria, frozenset(given.knock_out), given.least.verdict)
        return Sheet(assessments, None, verdicts, APART)
    settings = record(_Points, {k: content[k] for k in ("threshold", "apart") if k in content}, "")
    scheme = Scheme(listed(Criterion, content, "criteria"), settings.threshold)
    return Sheet(assessments, scheme, None, settings.apart)


@dataclass(frozen=True, slots=True)
class _Points:
    threshold: Decimal = Decimal(0)
    apart: Decimal = APART

    def __post_init__(self) -> None:
        if not 0 < self.apart <= 100:
            raise InvalidInput("apart", f"{self.apart} is out of range.", "Use more than 0, up to 100.")


@dataclass(frozen=True, slots=True)
class _Minimum:
    minimum: int = 5


def read_ratings(path: Path) -> tuple[tuple[Rating, ...], int]:
    """Ratings and how many a juror needs. Raises InvalidInput with the place and the remedy."""
    content = read_object(path, RATINGS, ["title", "minimum", "ratings"])
    ratings = listed(Rating, content, "ratings")
    if not ratings:
        raise InvalidInput("ratings", "There is none.", "Write [ … ] with one object each.")
    return ratings, record(_Minimum, {k: content[k] for k in ("minimum",) if k in content}, "").minimum


def scores_schema() -> Schema:
    """Draft 2020-12."""
    fields: dict[str, Any] = {
        "title": {"type": "string"},
        "criteria": list_of(Criterion),
        **schema_of(_Points)["properties"],
        "verdicts": schema_of(Levels),
        "assessments": list_of(Assessment),
    }
    return file_schema("Scores", SCORES, fields, ("assessments",))


def ratings_schema() -> Schema:
    """Draft 2020-12."""
    fields: dict[str, Any] = {
        "title": {"type": "string"},
        **schema_of(_Minimum)["properties"],
        "ratings": list_of(Rating),
    }
    return file_schema("Ratings", RATINGS, fields, ("ratings",))
