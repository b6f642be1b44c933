"""Assessments of many jurors: totals or verdicts by application, and where a third assessor is due.

Reads the formats `kontor-scores/1` and `kontor-ratings/1`: see docs/formats/scores.md and ratings.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from kontor.engine.core.errors import InvalidInput, inside
from kontor.engine.core.explanation import Reason
from kontor.engine.core.records import Schema, file_schema, list_of, listed, read_object, record, schema_of
from kontor.engine.juries.calibration import Rating
from kontor.engine.juries.scoring import (
    Criterion,
    Overall,
    Scheme,
    Score,
    Verdict,
    Verdicts,
    common_levels,
    mean_marks,
    order,
    overall,
    ranking,
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
    points: Mapping[str, Decimal] = field(default_factory=dict)
    weights: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a juror thinks of an application: `marks` by criterion, or `levels`."""

    application: str
    juror: str
    marks: Mapping[str, Decimal] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Either `scheme` or `verdicts`. `apart`: points between totals that call for a third assessor, None for
    however many.
    """

    assessments: tuple[Assessment, ...]
    scheme: Scheme | None
    verdicts: Verdicts | None
    apart: Decimal | None


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
    by_key = {each.application: each for each in found}
    orders = {each.application: order(passed=each.common.passed, total=each.common.total) for each in found}
    return tuple(replace(by_key[key], rank=rank) for rank, key in ranking(orders))


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
        common: Score | Overall = score(sheet.scheme, mean_marks([each.marks for each in both]))
    else:
        assert sheet.verdicts is not None, "a sheet has a scheme or verdicts"
        levels = common_levels([{k: v.verdict for k, v in each.levels.items()} for each in both])
        common = overall(sheet.verdicts, levels)
    return Judged(key, jurors, common, 0, third_assessor(list(jurors.values()), sheet.apart))


def _one(sheet: Sheet, each: Assessment) -> Score | Overall:
    if sheet.scheme is not None:
        if each.levels:
            raise InvalidInput("levels", "This sheet is marked in points.", "Give “marks”.")
        return score(sheet.scheme, each.marks)
    if each.marks:
        raise InvalidInput("marks", "This sheet is judged in levels.", "Give “levels”.")
    assert sheet.verdicts is not None, "a sheet has a scheme or verdicts"
    return overall(sheet.verdicts, {key: level.verdict for key, level in each.levels.items()})


def _level(key: str) -> Level:
    try:
        return Level(key)
    except ValueError as error:
        known = ", ".join(each.value for each in Level)
        raise InvalidInput(f"points.{key}", "There is no such level.", f"Use: {known}.") from error


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
    settings = record(_Points, {k: content[k] for k in ("threshold", "apart") if k in content}, "")
    if "verdicts" in content:
        given = record(Levels, content["verdicts"], "verdicts")
        with inside("verdicts"):
            verdicts = Verdicts(
                given.criteria,
                frozenset(given.knock_out),
                given.least.verdict,
                points={_level(key).verdict: points for key, points in given.points.items()},
                weights=given.weights,
            )
        return Sheet(assessments, None, verdicts, settings.apart if "apart" in content else None)
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
