"""Attachments on disk and as rows."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.attachments.rules import check_upload, clean_name
from kontor.base.keys import new_key
from kontor.base.models import Attachment

_BEGINNING = 16


def attach(*, subject: models.Model, upload: UploadedFile[Any], actor: Actor) -> Attachment:
    """Keep the file and its row; KontorError `attachment-…` for what may not be attached.

    The bytes are written first: a transaction that fails afterwards leaves them behind unseen, never a row
    without its file.
    """
    name = clean_name(upload.name or "")
    upload.seek(0)
    media_type = check_upload(name, upload.size or 0, upload.read(_BEGINNING))
    key = new_key(26)
    digest = _write(place_of(key), upload)
    return Attachment.objects.create(
        key=key,
        subject_kind=str(subject._meta.model_name),
        subject_id=subject.pk,
        name=name,
        media_type=media_type,
        size=upload.size or 0,
        sha256=digest,
        actor_key=actor.key,
        actor_label=actor.label[:200],
    )


def copy(attachment: Attachment, *, subject: models.Model, actor: Actor) -> Attachment:
    """The same file for another thing, with bytes and a row of its own."""
    key = new_key(26)
    place = place_of(key)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(place_of(attachment.key), place)
    return Attachment.objects.create(
        key=key,
        subject_kind=str(subject._meta.model_name),
        subject_id=subject.pk,
        name=attachment.name,
        media_type=attachment.media_type,
        size=attachment.size,
        sha256=attachment.sha256,
        actor_key=actor.key,
        actor_label=actor.label[:200],
    )


def remove(attachment: Attachment) -> None:
    """Take it out of sight; the bytes stay for `bring_back`."""
    attachment.removed_at = timezone.now()
    attachment.save(update_fields=["removed_at"])


def bring_back(attachment: Attachment) -> None:
    attachment.removed_at = None
    attachment.save(update_fields=["removed_at"])


def forget_attachments(subject_kind: str, subject_ids: list[int]) -> None:
    """Delete rows and, once that is committed, bytes of things that are deleted."""
    rows = Attachment.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    places = [place_of(key) for key in rows.values_list("key", flat=True)]
    rows.delete()

    def unlink() -> None:
        for place in places:
            place.unlink(missing_ok=True)

    transaction.on_commit(unlink)


def answer_with(attachment: Attachment) -> FileResponse:
    """The file as a download: never shown inside the page, never guessed at by the browser."""
    answer = FileResponse(
        place_of(attachment.key).open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def place_of(key: str) -> Path:
    """Where the bytes of an attachment lie."""
    return Path(settings.MEDIA_ROOT) / "attachments" / key[:2] / key


def _write(place: Path, upload: UploadedFile[Any]) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with place.open("wb") as out:
        for chunk in upload.chunks():
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()
