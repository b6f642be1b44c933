"""Writing down which pairs may be duplicates."""

from __future__ import annotations

from django.db import transaction

from kontor.base.jobs import JobContext
from kontor.features.organisations import duplicates
from kontor.features.organisations.likeness import all_records
from kontor.features.organisations.models import DuplicatePair, Organisation

_BATCH = 1000


def note_duplicates(job: JobContext | None = None) -> int:
    """Compare everybody with everybody and write the open pairs anew; what people decided stays. How many."""
    records = all_records()
    if job is not None:
        job.progress(0, len(records))
    found = duplicates.find(records)
    ids = dict(Organisation.objects.alive().values_list("key", "pk"))
    with transaction.atomic():
        decided = set(DuplicatePair.objects.exclude(state="open").values_list("first_id", "second_id"))
        DuplicatePair.objects.filter(state="open").delete()
        rows = [row for pair in found if (row := _row(pair, ids, decided))]
        DuplicatePair.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def _row(pair: duplicates.Pair, ids: dict[str, int], decided: set[tuple[int, int]]) -> DuplicatePair | None:
    if pair.first not in ids or pair.second not in ids:
        return None
    first, second = sorted((ids[pair.first], ids[pair.second]))
    if (first, second) in decided:
        return None
    return DuplicatePair(first_id=first, second_id=second, score=pair.score, reasons=list(pair.reasons))
