"""Criteria add up, and indicators agree with each other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kontor.programmes.faults.fault import Check, Fault, one_of, unknown
from kontor.programmes.lines import Path
from kontor.programmes.messages import message as _
from kontor.programmes.schema import Anchor, Assessment, Programme


def criteria_add_up(programme: Programme) -> Iterator[Fault]:
    """Points need weights that make 100; verdicts need words, of which one fails where a criterion knocks
    out.
    """
    for at, instrument in enumerate(programme.instruments):
        if instrument.assessment:
            yield from _assessed(instrument.assessment, ("instrument", at, "assessment"))


def _assessed(assessment: Assessment, path: Path) -> Iterator[Fault]:
    if not assessment.criteria:
        yield path, _("has no criterion."), _("Add a [[{table}]].", table="instrument.assessment.criterion")
    if assessment.lowest >= assessment.highest:
        yield (*path, "highest"), _("is not above the lowest."), _("Raise it.")
    weights = [criterion.weight for criterion in assessment.criteria if criterion.weight is not None]
    total = sum(weights, Decimal(0))
    last: Path = (*path, "criterion", len(assessment.criteria) - 1)
    if assessment.method == "points" and assessment.criteria and total != 100:
        message = _("takes all weights together to {total}.", total=total)
        yield last, message, _("Make the weights add up to 100.")
    if assessment.method == "verdicts":
        yield from _verdicts(assessment, path)
        yield from _points_fall(assessment, path)
    yield from _anchors(assessment, path)


def _verdicts(assessment: Assessment, path: Path) -> Iterator[Fault]:
    if len(assessment.verdicts) < 2:
        remedy = _("Add [[{table}]], the best first.", table="instrument.assessment.verdict")
        yield path, _("needs at least two verdicts."), remedy
    elif all(verdict.passes for verdict in assessment.verdicts) and any(
        criterion.knock_out for criterion in assessment.criteria
    ):
        message = _("has a criterion that knocks out, but no verdict fails.")
        yield path, message, _("Set passes = false for one.")


def _points_fall(assessment: Assessment, path: Path) -> Iterator[Fault]:
    """What verdicts are worth, from the best to the last."""
    points = list(assessment.points.values())
    for at in range(1, len(points)):
        if points[at] >= points[at - 1]:
            yield (
                (*path, "verdict", at),
                _("is worth no less than the better verdict before it."),
                _("Give points that fall from the best to the last, or none to any of them."),
            )


def _anchors(assessment: Assessment, path: Path) -> Iterator[Fault]:
    steps = [str(step) for step in range(assessment.lowest, assessment.highest + 1)]
    known = [verdict.key for verdict in assessment.verdicts] if assessment.method == "verdicts" else steps
    places: list[tuple[Path, tuple[Anchor, ...]]] = [(path, assessment.anchors)]
    for number, criterion in enumerate(assessment.criteria):
        places.append(((*path, "criterion", number), criterion.anchors))
    for place, anchors in places:
        for at, anchor in enumerate(anchors):
            if anchor.value not in known:
                wrong: Path = (*place, "anchor", at, "value")
                yield wrong, _("is {value}.", value=repr(anchor.value)), one_of(known)


def indicators_name_what_exists(programme: Programme) -> Iterator[Fault]:
    known = [indicator.key for indicator in programme.indicators]
    for at, indicator in enumerate(programme.indicators):
        others = [key for key in known if key != indicator.key]
        yield from unknown(("indicator", at, "subset_of"), indicator.subset_of, others, "indicator")
        for key in indicator.sum_of:
            yield from unknown(("indicator", at, "sum_of"), key, others, "indicator")


def indicators_agree(programme: Programme) -> Iterator[Fault]:
    """Wherever one source gives a whole and its parts: the parts add up, and no subset exceeds it."""
    by_key = {indicator.key: indicator for indicator in programme.indicators}
    for at, indicator in enumerate(programme.indicators):
        for number, reading in enumerate(indicator.readings):
            path: Path = ("indicator", at, "reading", number, "amount")
            parts = [by_key[key].reading(reading.source) for key in indicator.sum_of if key in by_key]
            amounts = [part.amount for part in parts if part is not None]
            total = sum(amounts, Decimal(0))
            if amounts and len(amounts) == len(indicator.sum_of) and total != reading.amount:
                message = _("is {amount}, but its parts make {total}.", amount=reading.amount, total=total)
                yield path, message, _("Correct one of them.")
            whole = by_key.get(indicator.subset_of)
            said = whole.reading(reading.source) if whole else None
            if said is not None and reading.amount > said.amount:
                message = _(
                    "is {amount}, more than the {most} of '{of}'.",
                    amount=reading.amount,
                    most=said.amount,
                    of=indicator.subset_of,
                )
                yield path, message, _("A subset has at most as many.")


CHECKS: tuple[Check, ...] = (criteria_add_up, indicators_name_what_exists, indicators_agree)
