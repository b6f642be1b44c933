"""The fields that an amendment asks about, as the applicant's form shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kontor.features.calls.dossier.facts import ground_of
from kontor.features.calls.models import Amendment, Application, ApplicationPartner
from kontor.features.calls.writing.fields import FieldView
from kontor.programmes.word.answers import boxes_of
from kontor.programmes.word.model import Box


@dataclass(frozen=True)
class AskedField:
    """A field to answer: its control, what was handed in, and what another person saved meanwhile."""

    view: FieldView
    before: tuple[Box, ...]
    theirs: tuple[Box, ...]


def asked_fields(
    application: Application,
    row: Amendment,
    values: Mapping[str, Any],
    language: str,
    *,
    theirs: bool = False,
) -> list[AskedField]:
    """`values` are what the controls hold: the draft, or what was just typed."""
    form = application.questions
    ground = ground_of(application, language)
    partners = partners_in(application)
    found = []
    for key in row.fields:
        field = form.field(key)
        before = row.before.get(key)
        stored = row.after.get(key, before)
        typed = values.get(key, stored)
        view = FieldView(field, typed, row.revision, "", True, (), (), partners, False)
        differs = theirs and stored != typed
        boxes = boxes_of(form, field, before, ground)
        found.append(AskedField(view, boxes, boxes_of(form, field, stored, ground) if differs else ()))
    return found


def partners_in(application: Application) -> list[ApplicationPartner]:
    return list(application.partners.current().select_related("organisation"))
