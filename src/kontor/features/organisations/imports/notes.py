"""A run's rows for the log: spooled while it writes, recorded at its end."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.base.bulk import JsonText
from kontor.features.organisations.imports import files
from kontor.features.organisations.imports.plan import BATCH
from kontor.features.organisations.imports.write import Noted


def spool(log: IO[bytes], note: Noted) -> None:
    verb, about, changes = note
    files.write_line(log, [verb, about.kind, about.key, about.label, audit.changes_text(changes)])


def record_all(actor: Actor, log_path: Path, reason: str) -> None:
    """Runs of equal verbs go to the log together, in the order of the rows."""
    verb = ""
    items: list[tuple[SubjectRef, JsonText]] = []
    for line in files.read_lines(log_path):
        each_verb, kind, key, label, changes = line
        if items and (each_verb != verb or len(items) >= BATCH):
            audit.record_many(actor=actor, verb=verb, items=items, reason=reason)
            items = []
        verb = each_verb
        items.append((SubjectRef(kind, key, label), JsonText(changes)))
    if items:
        audit.record_many(actor=actor, verb=verb, items=items, reason=reason)
