"""Content texts per language: where a text comes from, and whether its source has moved on since.

The source text of a field usually lives on the object itself or as the row with origin `source`; translations
are rows beside it. A changed source makes every translation of that field stale until somebody renews it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction

from kontor.base.models import Text, TextOrigin


def set_text(
    subject: models.Model, field: str, language: str, text: str, origin: str = TextOrigin.SOURCE
) -> None:
    """Write the text of one field in one language; an empty text removes it.

    Writing a changed source marks all translations of the field stale; writing a translation renews it.
    """
    rows = Text.objects.filter(**_address(subject), field=field)
    with transaction.atomic():
        if not text.strip():
            rows.filter(language=language).delete()
            return
        before = rows.filter(language=language).first()
        changed = before is None or before.text != text
        rows.update_or_create(
            **_address(subject),
            field=field,
            language=language,
            defaults={"text": text, "origin": origin, "stale": False},
        )
        if origin == TextOrigin.SOURCE and changed:
            rows.exclude(language=language).update(stale=True)


def texts_of(subjects: Sequence[models.Model], field: str) -> dict[int, dict[str, Text]]:
    """Texts of one field for many objects of one model, in one query: {object id: {language: Text}}."""
    if not subjects:
        return {}
    found: dict[int, dict[str, Text]] = {int(subject.pk): {} for subject in subjects}
    rows = Text.objects.filter(subject_kind=_kind(subjects[0]), subject_id__in=list(found), field=field)
    for row in rows:
        found[row.subject_id][row.language] = row
    return found


def best_text(subject: models.Model, field: str, languages: Iterable[str]) -> Text | None:
    """The text in the first of `languages` that has one, else the source text, else any, else None."""
    by_language = texts_of([subject], field)[int(subject.pk)]
    return pick(by_language, languages)


def pick(by_language: dict[str, Text], languages: Iterable[str]) -> Text | None:
    """`best_text` on texts already read (from `texts_of`), for lists."""
    for language in languages:
        if language in by_language:
            return by_language[language]
    sources = [text for text in by_language.values() if text.origin == TextOrigin.SOURCE]
    return next(iter(sources or by_language.values()), None)


def mark_stale(subject: models.Model, field: str) -> int:
    """Mark every translation of the field out of date (its source, kept elsewhere, changed); how many."""
    rows = Text.objects.filter(**_address(subject), field=field).exclude(origin=TextOrigin.SOURCE)
    return rows.update(stale=True)


def forget_texts(subjects: Sequence[models.Model]) -> None:
    """Delete every text of objects that are being erased."""
    if subjects:
        ids = [subject.pk for subject in subjects]
        Text.objects.filter(subject_kind=_kind(subjects[0]), subject_id__in=ids).delete()


def _kind(subject: models.Model) -> str:
    return str(subject._meta.model_name)


def _address(subject: models.Model) -> dict[str, Any]:
    return {"subject_kind": _kind(subject), "subject_id": subject.pk}
