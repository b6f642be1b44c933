"""Comments and files of the shared space, from the idea to the end."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import attachments, audit
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.base.models import Attachment
from kontor.features.matching.consortia.actions.stepping import locked
from kontor.features.matching.introductions.actions.locking import checked_words
from kontor.features.matching.models import Comment, Consortium
from kontor.features.organisations.models import Organisation

LONGEST_COMMENT = 5_000
MOST_FILES = 200


def add_comment(
    *, consortium: Consortium, text: str, actor: Actor, organisation: Organisation | None = None
) -> Comment:
    """`organisation`: for whom it is said. KontorError for an empty text."""
    words = checked_words(text, "text", LONGEST_COMMENT)
    if not words:
        raise KontorError(
            _("There is nothing to say."),
            code="comment-empty",
            path="text",
            remedy=_("Write something first."),
            status=422,
        )
    with transaction.atomic():
        stored = _touched(consortium)
        comment = Comment.objects.create(
            key=new_key(),
            consortium=stored,
            organisation=organisation,
            text=words,
            language=actor.language,
            actor_key=actor.key,
            actor_label=actor.label[:200],
        )
        changes = {"comment": [None, comment.key]}
        audit.record(actor=actor, verb="consortium.commented", subject=stored, changes=changes)
    return comment


def remove_comment(*, comment: Comment, actor: Actor) -> None:
    _set_removed(comment, removed=True, actor=actor)


def bring_comment_back(*, comment: Comment, actor: Actor) -> None:
    _set_removed(comment, removed=False, actor=actor)


def attach_file(*, consortium: Consortium, upload: UploadedFile[Any], actor: Actor) -> Attachment:
    """KontorError `attachment-…` where the file is too large, empty or of a type that is not taken."""
    with transaction.atomic():
        stored = _touched(consortium)
        if Attachment.objects.of(stored).count() >= MOST_FILES:
            raise KontorError(
                _("A consortium keeps at most %(most)s files.") % {"most": MOST_FILES},
                code="attachments-many",
                path="file",
                remedy=_("Remove one first."),
                status=409,
            )
        attached = attachments.attach(subject=stored, upload=upload, actor=actor)
        changes = {"file": [None, attached.name], "sha256": [None, attached.sha256]}
        audit.record(actor=actor, verb="consortium.file_added", subject=stored, changes=changes)
    return attached


def remove_file(*, consortium: Consortium, attachment: Attachment, actor: Actor) -> None:
    with transaction.atomic():
        stored = _touched(consortium)
        attachments.remove(attachment)
        changes = {"file": [attachment.name, None]}
        audit.record(actor=actor, verb="consortium.file_removed", subject=stored, changes=changes)


def bring_file_back(*, consortium: Consortium, attachment: Attachment, actor: Actor) -> None:
    with transaction.atomic():
        stored = _touched(consortium)
        attachments.bring_back(attachment)
        changes = {"file": [None, attachment.name]}
        audit.record(actor=actor, verb="consortium.file_restored", subject=stored, changes=changes)


def _set_removed(comment: Comment, *, removed: bool, actor: Actor) -> None:
    with transaction.atomic():
        stored = _touched(comment.consortium)
        comment.removed_at = timezone.now() if removed else None
        comment.save(update_fields=["removed_at"])
        verb = "consortium.comment_removed" if removed else "consortium.comment_restored"
        changes: dict[str, list[object]] = {
            "comment": [comment.key, None] if removed else [None, comment.key]
        }
        audit.record(actor=actor, verb=verb, subject=stored, changes=changes)


def _touched(consortium: Consortium) -> Consortium:
    """Held and with a new revision, so that open pages show what was added."""
    stored = locked(consortium)
    stored.revision += 1
    stored.save(update_fields=["revision", "changed_at"])
    return stored
