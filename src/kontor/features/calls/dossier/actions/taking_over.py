"""Answers from elsewhere: what a Word file, another application or the directory says, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import attachments, audit
from kontor.base.actor import Actor
from kontor.base.attachments.rules import LARGEST
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.dossier.actions.writing import write_answers
from kontor.features.calls.dossier.facts import answers_of, form_name
from kontor.features.calls.dossier.paper import Take, lines_of, read_back
from kontor.features.calls.models import Application, Transfer, TransferKind
from kontor.features.calls.models.answer import VersionOrigin
from kontor.programmes.word import WordError, WordFile, read_word

_WORDS = {
    "not-word": (_("This is no Word file (.docx)."), _("Choose the file that was downloaded here.")),
    "protected": (
        _("This file is locked with a password, or of a Word older than 2007."),
        _("Save it without a password as .docx and choose that file."),
    ),
    "damaged": (
        _("This file is damaged and cannot be read."),
        _("Open it in a word processor, save it again as .docx and choose that file."),
    ),
    "too-large": (
        _("This file is far larger than an application can be."),
        _("Take pictures and pasted content out, save it again and choose that file."),
    ),
    "foreign": (
        _("This file was not downloaded from this application."),
        _("Download the application as a Word file, write your text into it and upload that file."),
    ),
}


def receive_word(*, application: Application, upload: UploadedFile[Any], actor: Actor) -> Transfer:
    """Keep a returned file and what it says until somebody chooses field by field; nothing is written yet.

    KontorError `word-…` for a file that is no Word file, locked, damaged, too large, or of another
    application.
    """
    if (upload.size or 0) > LARGEST:
        raise _refused("too-large")
    upload.seek(0)
    content = upload.read()
    with transaction.atomic():
        row = _draft(application)
        file = checked_word(row, content)
        identity = file.identity
        found = read_back(row, file)
        transfer = Transfer.objects.create(
            key=new_key(),
            application=row,
            kind=TransferKind.WORD,
            source=(upload.name or "")[:300],
            base_revision=identity.revision,
            language=identity.language,
            values=found.values,
            unread=[{"code": one.code, "field": one.field, "text": one.text[:10_000]} for one in found.unread]
            + ([{"code": "comments", "field": "", "text": str(found.comments)}] if found.comments else []),
            **_by(actor),
        )
        attachments.attach(subject=transfer, upload=upload, actor=actor)
        audit.record(
            actor=actor,
            verb="application.file_returned",
            subject=row,
            changes={"file": [None, transfer.source], "fields": [None, sorted(found.values)]},
        )
    return transfer


def checked_word(application: Application, content: bytes) -> WordFile:
    """A Word file of this application; KontorError `word-…` for every other."""
    try:
        file = read_word(content)
    except WordError as error:
        raise _refused(error.code) from error
    form, identity = application.questions, file.identity
    known = {form_name(form, step) for step in range(1, application.step + 1)}
    own = identity.subject == application.key and identity.revision <= application.revision
    if not own or identity.form not in known:
        raise _refused("foreign")
    return file


@transaction.atomic
def settle_word(*, transfer: Transfer, takes: Mapping[str, str], revision: int, actor: Actor) -> Transfer:
    """Write what was chosen for each field: `takes` are {field: file, joined or here}. `revision` is the
    application's when the choice was shown: Conflict where a field of the file changed since.
    """
    application = _draft(transfer.application)
    row = Transfer.objects.select_for_update().get(pk=transfer.pk)
    row.application = application
    if row.settled_at is not None:
        raise KontorError(
            _("This file is settled already."),
            code="word-settled",
            path="transfer",
            remedy=_("Upload it again to choose anew."),
            status=409,
        )
    lines = {line.field.key: line for line in lines_of(row)}
    late = application.answers.filter(revision__gt=revision, field__in=list(lines))
    if late.exists():
        raise Conflict(
            _("Somebody changed one of these fields while you were choosing."),
            path="revision",
            remedy=_("Look at both versions again, then choose."),
        )
    values = {}
    for key, line in lines.items():
        take = _take(takes.get(key, Take.HERE), line.options, key)
        if take is not Take.HERE:
            values[key] = line.value(take)
    row.settled_at = timezone.now()
    return _write(application, row, values, VersionOrigin.FILE, actor)


@transaction.atomic
def take_over(
    *,
    application: Application,
    kind: str,
    source: str,
    values: Mapping[str, Any],
    revision: int,
    language: str = "",
    actor: Actor,
) -> Transfer:
    """Write answers from another application or the directory. `revision` is the application's when they were
    shown: Conflict where one of the fields changed since.
    """
    row = _draft(application)
    if row.answers.filter(revision__gt=revision, field__in=list(values)).exists():
        raise Conflict(
            _("Somebody changed one of these fields while you were choosing."),
            path="revision",
            remedy=_("Look at both versions again, then choose."),
        )
    transfer = Transfer(
        key=new_key(),
        application=row,
        kind=kind,
        source=source[:300],
        language=language,
        settled_at=timezone.now(),
        **_by(actor),
    )
    return _write(row, transfer, dict(values), VersionOrigin.COPIED, actor)


@transaction.atomic
def take_transfer_back(*, transfer: Transfer, actor: Actor) -> Transfer:
    """The fields stand as before. Conflict where somebody has written in one of them since: that stays."""
    application = _draft(transfer.application)
    row = Transfer.objects.select_for_update().get(pk=transfer.pk)
    if row.undone_at is not None or not row.taken:
        return row
    here = answers_of(application)
    form = application.questions
    written = [key for key, told in row.taken.items() if here.get(key) != told["after"]]
    if written:
        titles = ", ".join(form.field(key).label.best(actor.language) for key in written)
        raise Conflict(
            _("Somebody has written here since: %(fields)s.") % {"fields": titles},
            code="written-since",
            path="transfer",
            remedy=_("Bring single fields back in their history instead."),
        )
    values = {key: told["before"] for key, told in row.taken.items()}
    write_answers(application=application, values=values, origin=VersionOrigin.RESTORED, actor=actor)
    row.undone_at = timezone.now()
    row.save(update_fields=["undone_at"])
    changes = {"fields": [sorted(values), None], "source": [row.source, None]}
    audit.record(actor=actor, verb="application.take_over_undone", subject=application, changes=changes)
    return row


def _write(
    application: Application, transfer: Transfer, values: dict[str, Any], origin: str, actor: Actor
) -> Transfer:
    before = answers_of(application)
    write_answers(application=application, values=values, origin=origin, actor=actor)
    after = answers_of(application)
    transfer.taken = {key: {"before": before.get(key), "after": after.get(key)} for key in values}
    transfer.save()
    changes = {"fields": [None, sorted(values)], "source": [None, transfer.source]}
    audit.record(actor=actor, verb="application.taken_over", subject=application, changes=changes)
    return transfer


def _take(wanted: str, options: tuple[Take, ...], field: str) -> Take:
    if wanted not in options:
        raise KontorError(
            _("“%(choice)s” cannot be chosen here.") % {"choice": wanted},
            code="take-unknown",
            path=f"takes.{field}",
            remedy=_("Choose one of: %(options)s.") % {"options": ", ".join(options)},
            status=422,
        )
    return Take(wanted)


def _draft(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "call__programme", "call__version"
    )
    row = rows.get(pk=application.pk)
    if not row.is_draft:
        raise KontorError(
            _("This application is handed in: its answers stand."),
            code="not-a-draft",
            path="application",
            remedy=_("Changes are made where the programme asks for them."),
            status=409,
        )
    return row


def _by(actor: Actor) -> dict[str, Any]:
    return {"at": timezone.now(), "actor_key": actor.key, "actor_label": actor.label[:200]}


def _refused(code: str) -> KontorError:
    text, remedy = _WORDS[code]
    return KontorError(text, code=f"word-{code}", path="file", remedy=remedy, status=422)
