"""Scores and calibration of a jury as JSON and as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from kontor.cli.contract import Answer, Clock, Json
from kontor.engine.core.explanation import Reason
from kontor.engine.core.result import Status
from kontor.engine.juries.calibration import Calibration, calibrate
from kontor.engine.juries.scoring import Overall, Score
from kontor.engine.juries.sheets import Judged, judge, read_ratings, read_scores

DIGITS = 6


def score_answer(file: Path, clock: Clock) -> Answer:
    found = judge(read_scores(file))
    clock.check()
    due = [each.application for each in found if each.third is not None]
    return Answer(
        status=Status.OPTIMAL,
        objective=None,
        bound=None,
        solution={"applications": [_judged(each) for each in found]},
        explanation={"third_assessor": due},
        text="\n".join(_line(each) for each in found),
    )


def _judged(judged: Judged) -> Json:
    return {
        "application": judged.application,
        "rank": judged.rank,
        **_result(judged.common),
        "third_assessor": None if judged.third is None else _reasons([judged.third])[0],
        "jurors": [{"juror": key, **_result(each)} for key, each in judged.jurors.items()],
    }


def _result(result: Score | Overall) -> Json:
    shares = {key: round(float(100 * share), DIGITS) for key, share in result.shares.items()}
    value: Json = {"total": round(float(result.total), DIGITS), "shares": shares}
    if isinstance(result, Overall):
        value["verdict"] = result.verdict.name.lower()
    return {**value, "passed": result.passed, "failures": _reasons(result.failures)}


def _reasons(reasons: Sequence[Reason]) -> list[Json]:
    return [{"code": each.code, "text": each.text()} for each in reasons]


def _line(judged: Judged) -> str:
    common = judged.common
    shown = f"{float(common.total):.2f}"
    if isinstance(common, Overall):
        shown += f" ({common.verdict.name.lower()})"
    parts = [f"{judged.rank}. {judged.application}: {shown}, {'passed' if common.passed else 'not passed'}."]
    parts += [each.text() for each in common.failures]
    parts += [judged.third.text()] if judged.third else []
    return " ".join(parts)


def calibrate_answer(file: Path, clock: Clock) -> Answer:
    ratings, minimum = read_ratings(file)
    found = calibrate(ratings, minimum=minimum)
    clock.check()
    return Answer(
        status=Status.OPTIMAL,
        objective=None,
        bound=None,
        solution={
            "jurors": [_rounded(asdict(each)) for each in found.jurors],
            "applications": [_rounded(asdict(each)) for each in found.applications],
            "between": round(found.between, DIGITS),
            "noise": round(found.noise, DIGITS),
        },
        explanation={"moved": [each.application for each in found.moved], "counts": "raw"},
        text=_calibration_text(found),
    )


def _rounded(record: Json) -> Json:
    return {key: round(each, DIGITS) if isinstance(each, float) else each for key, each in record.items()}


def _calibration_text(found: Calibration) -> str:
    lines = [
        f"{each.juror}: {each.effect:+.2f} ± {each.error:.2f} ({each.count} assessments"
        f"{'' if each.used else ', too few to adjust'})"
        for each in found.jurors
    ]
    lines.append("")
    lines += [
        f"{each.raw_rank}. {each.application}: {each.raw:.2f}; adjusted {each.adjusted:.2f}, "
        f"rank {each.adjusted_rank}"
        for each in found.applications
    ]
    return "\n".join([*lines, "The raw ranking counts unless somebody decides else."])
