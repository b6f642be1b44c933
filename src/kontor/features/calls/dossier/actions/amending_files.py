"""Files in the answer to an amendment."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language

from kontor.base import attachments
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.calls.dossier.actions.amending import save_amendment
from kontor.features.calls.models import Amendment
from kontor.programmes.forms import check_field


@transaction.atomic
def attach_to_amendment(
    *, amendment: Amendment, field: str, upload: UploadedFile[Any], actor: Actor
) -> Amendment:
    """Add a file to the draft of an answer. KontorError where its type, size or number is not allowed, and
    where the field was not asked about.
    """
    asked = {one.key: one for one in amendment.application.questions.fields()}.get(field)
    if asked is None or asked.kind != "file" or field not in amendment.fields:
        raise KontorError(code="field-not-asked", path=f"values.{field}", status=422)
    files = list(amendment.after.get(field, amendment.before.get(field)) or [])
    spoken = (get_language() or actor.language)[:2]
    new = {"key": "", "name": upload.name or "", "size": upload.size or 0}
    for fault in check_field(asked, [*files, new]):
        if fault.code != "few":
            raise KontorError(
                fault.text(spoken),
                code=f"attachment-{fault.code}",
                path=f"values.{field}",
                remedy=fault.rule(spoken),
                status=422,
            )
    kept = attachments.attach(subject=amendment.application, upload=upload, actor=actor)
    value = [*files, {"key": kept.key, "name": kept.name, "size": kept.size}]
    return save_amendment(
        amendment=amendment,
        values={field: value},
        note=amendment.note,
        revision=amendment.revision,
        actor=actor,
    )
