"""A run's rows for the log: spooled while it writes, recorded at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import orjson

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.base.bulk import JsonText
from kontor.features.organisations.imports import files
from kontor.features.organisations.imports.plan import BATCH
from kontor.features.organisations.imports.write import Noted


def spool(log: IO[bytes], note: Noted) -> None:
    verb, about, changes = note
    files.write_line(log, [verb, about.kind, about.key, about.label])
    # JSON has no line breaks of its own, and JSON within JSON would be turned into text twice.
    log.write(audit.changes_text(changes).encode() + b"\n")


def record_all(actor: Actor, log_path: Path, reason: str) -> None:
    """Runs of equal verbs go to the log together, in the order of the rows."""
    verb = ""
    items: list[tuple[SubjectRef, JsonText]] = []
    for each_verb, kind, key, label, changes in _spooled(log_path):
        if items and (each_verb != verb or len(items) >= BATCH):
            audit.record_many(actor=actor, verb=verb, items=items, reason=reason)
            items = []
        verb = each_verb
        items.append((SubjectRef(kind, key, label), changes))
    if items:
        audit.record_many(actor=actor, verb=verb, items=items, reason=reason)


def _spooled(log_path: Path) -> Iterator[tuple[str, str, str, str, JsonText]]:
    with log_path.open("rb") as log:
        for about in log:
            verb, kind, key, label = orjson.loads(about)
            yield verb, kind, key, label, JsonText(next(log)[:-1].decode())
