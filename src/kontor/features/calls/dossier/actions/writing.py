"""Answers written into a draft that is held already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kontor.base import attachments
from kontor.base.actor import Actor
from kontor.base.models import Attachment
from kontor.features.calls.actions.answers import rewrite_answers
from kontor.features.calls.models import Application


def write_answers(*, application: Application, values: Mapping[str, Any], origin: str, actor: Actor) -> None:
    """None empties the answer. Files of another application get bytes and a row of their own here."""
    form = application.questions
    told = {
        key: _own_files(application, value, actor) if form.field(key).kind == "file" and value else value
        for key, value in values.items()
    }
    rewrite_answers(
        row=application,
        values={key: "" if value is None else value for key, value in told.items()},
        origin=origin,
        actor=actor,
    )


def _own_files(application: Application, files: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """The same files with the keys they have here; one whose bytes are gone is left out."""
    rows = {row.key: row for row in Attachment.objects.filter(key__in=[file["key"] for file in files])}
    kind, found = str(application._meta.model_name), []
    for file in files:
        row = rows.get(file["key"])
        if row is None:
            continue
        if (row.subject_kind, row.subject_id) != (kind, application.pk):
            row = attachments.copy(row, subject=application, actor=actor)
        elif row.removed_at is not None:
            attachments.bring_back(row)
        found.append({"key": row.key, "name": row.name, "size": row.size})
    return found
