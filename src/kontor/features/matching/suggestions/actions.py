"""Use cases of the suggestions: have them computed, write what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef, record
from kontor.base.jobs import enqueue
from kontor.base.models import Job
from kontor.engine.matching.suggest import Suggested
from kontor.features.matching.models import Suggestion
from kontor.features.organisations.models import Organisation

SUGGEST = "matching.suggest"
BATCH = 500


@transaction.atomic
def run_suggestions(*, actor: Actor) -> Job:
    """Have everybody's suggestions computed now; a run that waits or works already is returned."""
    day = timezone.localdate().isoformat()
    record(actor=actor, verb="run", subject=SubjectRef("suggestions", day, day), changes={})
    return enqueue(SUGGEST, {"day": day}, actor=actor, dedup_key="now")


@transaction.atomic
def replace_suggestions(batch: Sequence[Suggested], *, made_at: dt.datetime) -> int:
    """Write the lists of these organisations in place of their old ones. Returns how many rows there are.

    No line in the log of changes: nobody decided anything, and the next run says the same again.
    """
    keys = {each.organisation for each in batch} | {
        told.partner for each in batch for told in each.suggestions
    }
    numbers = dict(Organisation.objects.filter(key__in=sorted(keys)).values_list("key", "pk"))
    owners = [numbers[each.organisation] for each in batch if each.organisation in numbers]
    Suggestion.objects.filter(organisation__in=owners).delete()
    rows = [
        Suggestion(
            organisation_id=numbers[each.organisation],
            partner_id=numbers[told.partner],
            rank=told.rank,
            score=told.score,
            direction=told.direction,
            reasons=list(told.reasons),
            newcomer=told.newcomer,
            made_at=made_at,
        )
        for each in batch
        if each.organisation in numbers
        for told in each.suggestions
        if told.partner in numbers
    ]
    Suggestion.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


@transaction.atomic
def drop_older_than(made_at: dt.datetime) -> int:
    """Drop what an earlier run suggested to organisations that this one did not meet."""
    count, _ = Suggestion.objects.filter(made_at__lt=made_at).delete()
    return count
