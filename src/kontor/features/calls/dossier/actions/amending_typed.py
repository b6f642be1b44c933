"""Saving the draft of an answer while it is typed: field by field, and nobody's text is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.calls.actions.answers import Outcome, Saved, Written
from kontor.features.calls.dossier.actions.amending import LONGEST, touch, waiting_amendment
from kontor.features.calls.models import Amendment
from kontor.programmes.forms import tidy

#: What the script calls the note beside the fields; no key of a form begins so.
NOTE = "@note"


@transaction.atomic
def save_typed_amendment(
    *, amendment: Amendment, written: Mapping[str, Written], actor: Actor
) -> dict[str, Saved]:
    """Keep what was typed in single fields of a draft. A text that meets another one, saved since its base,
    is not written: it is answered as parked, with what stands there, and its writer decides.

    KontorError past the deadline, for a field that was not asked about (422), and for another shape (422).
    """
    row = waiting_amendment(amendment, actor)
    found = {key: _kept(row, key, one) for key, one in written.items()}
    saved = [key for key, one in found.items() if one.outcome == Outcome.SAVED]
    if saved:
        for key in saved:
            if key == NOTE:
                row.note = found[key].value
            else:
                row.after = {**row.after, key: found[key].value}
        row.revisions = {**row.revisions, **dict.fromkeys(saved, row.revision + 1)}
        touch(row, actor)
    amendment.revision = row.revision
    return found


def _kept(row: Amendment, key: str, one: Written) -> Saved:
    value, now = _tidied(row, key, one.value), _now(row, key)
    last = int(row.revisions.get(key, 0))
    if value == now:
        return Saved(now, row.revision, Outcome.SAME)
    if last > one.base:
        return Saved(now, last, Outcome.PARKED, row.changed_by)
    return Saved(value, row.revision + 1, Outcome.SAVED)


def _now(row: Amendment, key: str) -> Any:
    return row.note if key == NOTE else row.after.get(key, row.before.get(key))


def _tidied(row: Amendment, key: str, value: Any) -> Any:
    if key == NOTE and isinstance(value, str):
        return value.strip()[:LONGEST]
    field = row.application.questions.field(key) if key in row.fields else None
    if field is None or field.kind in ("file", "partners"):
        raise KontorError(
            _("Only the fields that are asked about can be changed."),
            code="field-not-asked",
            path=f"answers.{key}",
            remedy=_("Leave the others as they were handed in."),
            status=422,
        )
    try:
        return tidy(field, value)
    except TypeError as wrong:
        raise KontorError(
            _("The answer to “{field}” has another shape.").format(field=key),
            code="answer-shape",
            path=f"answers.{key}",
            remedy=_("docs/formats/form.md shows the shape of each kind of field."),
            status=422,
        ) from wrong
