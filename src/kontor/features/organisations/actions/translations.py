"""Texts of organisations and statements in other languages: written by a person or a machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, texts
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.models import Text, TextOrigin
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.actions.conflicts import joined_with_theirs
from kontor.features.organisations.languages import CODES
from kontor.features.organisations.models import Organisation, Statement

TRANSLATED = ("name", "summary")
TRANSLATED_OF_STATEMENTS = ("title", "text")
_LONGEST = {"name": 300, "title": 200}


def translation_snapshot(subject: Organisation | Statement, language: str) -> dict[str, str]:
    """Its texts in one language as plain values: what an edit starts from; "" where there is none."""
    fields = TRANSLATED if isinstance(subject, Organisation) else TRANSLATED_OF_STATEMENTS
    return dict.fromkeys(fields, "") | {field: row.text for field, row in _rows(subject, language).items()}


def translate_organisation(
    *,
    organisation: Organisation,
    language: str,
    values: Mapping[str, str],
    origin: str,
    actor: Actor,
    base: Mapping[str, str] | None = None,
) -> None:
    """Name and summary in another language; an empty text removes it. `origin` is human or machine.

    `base` is the snapshot the edit began with: what somebody else wrote meanwhile is joined with it. Raises
    EditConflict where both changed one text, and KontorError with the field as path.
    """
    _check(organisation, TRANSLATED, language, values, origin)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        changes = _set(organisation, language, values, origin, base)
        if changes:
            audit.record(actor=actor, verb="organisation.translated", subject=organisation, changes=changes)
            announce([organisation], "translation")


def set_translation(
    *, organisation: Organisation, field: str, language: str, text: str, origin: str, actor: Actor
) -> None:
    """One text of an organisation in another language, whatever stands there."""
    translate_organisation(
        organisation=organisation, language=language, values={field: text}, origin=origin, actor=actor
    )


def translate_statement(
    *,
    statement: Statement,
    language: str,
    values: Mapping[str, str],
    origin: str,
    actor: Actor,
    base: Mapping[str, str] | None = None,
) -> None:
    """Title and text in another language, otherwise as `translate_organisation`."""
    _check(statement, TRANSLATED_OF_STATEMENTS, language, values, origin)
    with transaction.atomic():
        Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        changes = _set(statement, language, values, origin, base)
        if changes:
            audit.record(actor=actor, verb="statement.translated", subject=statement, changes=changes)
            announce([statement.organisation], "statement")


def _rows(subject: Organisation | Statement, language: str) -> dict[str, Text]:
    kind = subject._meta.model_name
    rows = Text.objects.filter(subject_kind=kind, subject_id=subject.pk, language=language)
    return {row.field: row for row in rows}


def _check(
    subject: Organisation | Statement,
    fields: tuple[str, ...],
    language: str,
    values: Mapping[str, str],
    origin: str,
) -> None:
    for field, text in values.items():
        if field not in fields or language == subject.language:
            raise KontorError(
                _("This text cannot be translated."),
                code="not_translatable",
                path=field,
                remedy=_("Choose another language than that of the original."),
            )
        limit = _LONGEST.get(field)
        if limit and len(text) > limit:
            message = _("This is longer than %(limit)s characters.") % {"limit": limit}
            raise KontorError(message, code="too_long", path=field, remedy=_("Shorten it."))
    if language not in CODES:
        raise KontorError(_("The language is missing."), code="bad_language", path="language")
    if origin not in (TextOrigin.HUMAN, TextOrigin.MACHINE):
        raise KontorError(_("This is none of the choices."), code="bad_choice", path="origin")


def _set(
    subject: Organisation | Statement,
    language: str,
    values: Mapping[str, str],
    origin: str,
    base: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Writes them; what changed, for the log. Saving a text that stands there already says that it is up to
    date.
    """
    rows = _rows(subject, language)
    before = translation_snapshot(subject, language)
    wanted = joined_with_theirs(base, dict(before), {field: text.strip() for field, text in values.items()})
    changes: dict[str, Any] = {}
    for field, text in wanted.items():
        row = rows.get(field)
        if row is None and not text:
            continue
        if row is not None and (row.text, row.origin, row.stale) == (text, origin, False):
            continue
        texts.set_text(subject, field, language, text, origin)
        changes[field] = [before[field] or None, text or None]
    return {**changes, "language": [None, language], "origin": [None, origin]} if changes else {}
