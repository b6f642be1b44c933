"""Writing to the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.audit.chain import clean, digest, plain
from kontor.base.bulk import JsonText, insert_values
from kontor.base.models import AuditEvent, AuditHead

BATCH = 2_000


@dataclass(frozen=True)
class SubjectRef:
    """What a row is about, where there is no model instance at hand (any more)."""

    kind: str
    key: str
    label: str = ""


Subject = models.Model | SubjectRef


def ref(subject: Subject) -> SubjectRef:
    """Kind is the model's name in lower case; key its `key`, or its primary key where it has none."""
    if isinstance(subject, SubjectRef):
        return subject
    key = getattr(subject, "key", None) or subject.pk
    return SubjectRef(kind=str(subject._meta.model_name), key=str(key), label=str(subject))


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """{field: [old, new]} of the fields that differ; a field on one side only counts as None on the other."""
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }


def record(
    *, actor: Actor, verb: str, subject: Subject, changes: dict[str, Any], reason: str = ""
) -> AuditEvent:
    """Append one row. Must run inside the transaction that makes the change (RuntimeError otherwise)."""
    (row,) = _append(actor=actor, verb=verb, items=[(subject, changes)], reason=reason)
    return AuditEvent(**row)


def record_many(
    *, actor: Actor, verb: str, items: Iterable[tuple[Subject, dict[str, Any] | JsonText]], reason: str = ""
) -> int:
    """Append one row per (subject, changes), in order and under one lock; how many. `items` may be a
    generator; changes may be given as the text that `changes_text` made of them.
    """
    count = 0
    chunk: list[tuple[Subject, dict[str, Any] | JsonText]] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == BATCH:
            count += len(_append(actor=actor, verb=verb, items=chunk, reason=reason))
            chunk = []
    if chunk:
        count += len(_append(actor=actor, verb=verb, items=chunk, reason=reason))
    return count


def _append(
    *, actor: Actor, verb: str, items: Sequence[tuple[Subject, dict[str, Any] | JsonText]], reason: str
) -> list[dict[str, Any]]:
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record needs the transaction of the change it records")
    head = _lock_head()
    rows = list(_chain(head, actor, verb, items, reason))
    insert_values(AuditEvent, rows)
    AuditHead.objects.filter(pk=head.pk).update(seq=rows[-1]["seq"], hash=rows[-1]["hash"])
    return rows


def _lock_head() -> AuditHead:
    """The chain's end, held until commit. SQLite's transactions are IMMEDIATE and hold the only write
    lock anyway.
    """
    heads = AuditHead.objects.select_for_update()
    head = heads.filter(pk=1).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(pk=1)], ignore_conflicts=True)
        head = heads.get(pk=1)
    return head


def _chain(
    head: AuditHead,
    actor: Actor,
    verb: str,
    items: Sequence[tuple[Subject, dict[str, Any] | JsonText]],
    reason: str,
) -> Iterator[dict[str, Any]]:
    now = timezone.now()
    seq, previous = head.seq, head.hash
    shared = {"actor_key": actor.key, "actor_label": clean(actor.label)[:200], "reason": clean(reason)}
    for subject, changes in items:
        about = ref(subject)
        seq += 1
        row = {
            "seq": seq,
            "at": now,
            **shared,
            "verb": verb,
            "subject_kind": about.kind,
            "subject_key": about.key,
            "subject_label": clean(about.label)[:300],
            "changes": changes if isinstance(changes, JsonText) else plain(changes),
            "previous_hash": previous,
        }
        previous = row["hash"] = digest(row)
        yield row
