"""Files that answer a field."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.attachments import attach
from kontor.base.attachments.store import remove
from kontor.base.errors import KontorError
from kontor.base.models import Attachment
from kontor.features.calls.actions.answers import Written, save_answers, writable
from kontor.features.calls.actions.locking import locked_draft
from kontor.features.calls.models import Answer, Application
from kontor.programmes.forms import check_field


@transaction.atomic
def attach_file(
    *, application: Application, field: str, upload: UploadedFile[Any], actor: Actor
) -> Attachment:
    """Add a file to the answer of a field. KontorError where its type, size or number is not allowed."""
    row = locked_draft(application)
    asked = writable(row.questions, row.step, field)
    if asked.kind != "file":
        raise KontorError(
            _("“{field}” takes no files.").format(field=field), code="no-file-field", path=field, status=422
        )
    files = _files(row, field)
    spoken = (get_language() or actor.language)[:2]
    new = {"key": "", "name": upload.name or "", "size": upload.size or 0}
    for fault in check_field(asked, [*files, new]):
        if fault.code != "few":
            raise KontorError(
                fault.text(spoken),
                code=f"attachment-{fault.code}",
                path=field,
                remedy=fault.rule(spoken),
                status=422,
            )
    kept = attach(subject=row, upload=upload, actor=actor)
    value = [*files, {"key": kept.key, "name": kept.name, "size": kept.size}]
    save_answers(application=application, written={field: Written(value, base=row.revision)}, actor=actor)
    return kept


@transaction.atomic
def remove_file(*, application: Application, field: str, key: str, actor: Actor) -> None:
    """Take a file out of an answer; its bytes stay for the versions that name it."""
    row = locked_draft(application)
    writable(row.questions, row.step, field)
    files = _files(row, field)
    left = [one for one in files if one["key"] != key]
    if len(left) == len(files):
        return
    save_answers(application=application, written={field: Written(left, base=row.revision)}, actor=actor)
    for attachment in Attachment.objects.of(row).filter(key=key):
        remove(attachment)


def _files(row: Application, field: str) -> list[dict[str, Any]]:
    found = Answer.objects.filter(application=row, field=field).first()
    return list(found.value) if found else []
