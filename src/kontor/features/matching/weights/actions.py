"""Use cases of learned weights: have them learned, keep a fit, use a version, go back to the usual ones."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef, record
from kontor.base.errors import KontorError
from kontor.base.jobs import enqueue
from kontor.base.models import Job
from kontor.engine.matching.ranking import Ranking, Rows
from kontor.features.matching.models import LearnedWeights

LEARN = "matching.learn"


@transaction.atomic
def learn_weights(*, actor: Actor, seed: int = 0) -> Job:
    """Have weights learned from what is known today; a run that waits or works already is returned."""
    record(actor=actor, verb="weights.asked", subject=SubjectRef("learnedweights", "new", ""), changes={})
    return enqueue(LEARN, {"seed": seed}, actor=actor, dedup_key="now")


@transaction.atomic
def keep_weights(
    *, ranking: Ranking, rows: Rows, bias: dict[str, Any], outcomes: int, actor: Actor
) -> LearnedWeights:
    """Keep a fit as the next version. It is not in use before somebody says so."""
    fitted = ranking.known
    locked = LearnedWeights.objects.select_for_update().order_by("pk")
    list(locked.values_list("pk", flat=True))
    last = LearnedWeights.objects.aggregate(last=Max("number"))["last"] or 0
    made = LearnedWeights.objects.create(
        number=last + 1,
        fitted=fitted.as_json(),
        weights=asdict(rows.known),
        small_fitted=ranking.small.as_json() if ranking.small else None,
        small_weights=asdict(rows.small) if rows.small else None,
        share=rows.share,
        bias=bias,
        outcomes=outcomes,
        questions=fitted.questions,
        seed=fitted.seed,
        holds=ranking.holds,
        made_at=timezone.now(),
        made_by=actor.label[:200],
    )
    gain = [round(each, 4) for each in fitted.gain]
    changes = {
        "questions": [None, fitted.questions],
        "gain": [None, gain],
        "holds": [None, ranking.holds],
        "share": [None, rows.share],
    }
    record(actor=actor, verb="weights.learned", subject=made, changes=changes)
    return made


@transaction.atomic
def use_weights(*, number: int, actor: Actor) -> LearnedWeights:
    """Use a version in every search from now on; the one before stays and can be used again.

    Raises KontorError where there is no such version, or where it did worse than the usual weights on
    questions it had not seen.
    """
    rows = {row.number: row for row in LearnedWeights.objects.select_for_update().order_by("pk")}
    chosen = rows.get(number)
    if chosen is None:
        raise KontorError(_("There is no such version."), code="weights-unknown", path="number", status=404)
    if not chosen.holds:
        raise KontorError(
            _("These weights did worse than the usual ones on questions they had not seen."),
            code="weights-worse",
            path="number",
            remedy=_("Learn again when more introductions have been answered."),
            status=409,
        )
    before = next((row for row in rows.values() if row.active), None)
    if before == chosen:
        return chosen
    _set(before, active=False)
    _set(chosen, active=True)
    changes = {"version": [before.number if before else None, chosen.number]}
    record(actor=actor, verb="weights.used", subject=chosen, changes=changes)
    return chosen


@transaction.atomic
def use_usual_weights(*, actor: Actor) -> None:
    """Go back to the usual weights; the versions stay."""
    before = LearnedWeights.objects.select_for_update().filter(active=True).first()
    if before is not None:
        _set(before, active=False)
        record(actor=actor, verb="weights.left", subject=before, changes={"version": [before.number, None]})


def _set(row: LearnedWeights | None, *, active: bool) -> None:
    if row is not None:
        row.active = active
        row.save(update_fields=["active"])
