"""Which files of an application a person may download."""

from __future__ import annotations

from typing import Any

from kontor.base.models import Attachment
from kontor.features.calls.dossier.reading import is_own
from kontor.features.calls.models import Application


def readable_file(user: Any, application: Application, file_key: str) -> Attachment | None:
    """Any of them for the application's people, those handed in for others; None for every other."""
    row = Attachment.objects.filter(
        key=file_key, subject_kind="application", subject_id=application.pk
    ).first()
    if row is None or is_own(user, application):
        return row
    form = application.questions
    handed_in = {
        each["key"]
        for submission in application.submissions.all()
        for field in form.fields()
        if field.kind == "file"
        for each in submission.snapshot["answers"].get(field.key) or []
    }
    return row if file_key in handed_in else None
