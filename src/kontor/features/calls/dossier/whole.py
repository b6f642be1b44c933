"""The whole dossier of an application for one reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kontor.base.audit.read import verb_text
from kontor.base.models import Attachment, AuditEvent
from kontor.features.calls.dossier.reading import (
    Content,
    Partner,
    ShownSection,
    content_for,
    ground_for,
    partners_for,
    sections_shown,
)
from kontor.features.calls.models import Amendment, AmendmentState, Application, Signature, Submission
from kontor.programmes.word.answers import boxes_of
from kontor.programmes.word.model import Box

#: What of the log concerns everybody who may read what was handed in; the rest is the applicants' affair.
SHARED = frozenset(
    {
        *("application.submitted", "application.moved", "application.withdrawn", "application.invited"),
        *("application.withdrawal_undone", "application.taken_back"),
        *("amendment.asked", "amendment.answered", "amendment.withdrawn", "amendment.deadline"),
    }
)
_MOST = 500


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history; `text` in the reader's language."""

    at: dt.datetime
    text: str
    who: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an amendment: as it was, and as it is."""

    label: str
    before: tuple[Box, ...]
    after: tuple[Box, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class ShownAmendment:
    """`changes` are empty for a reader who may not see a draft of the answer yet."""

    amendment: Amendment
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    application: Application
    language: str
    content: Content
    sections: list[ShownSection]
    partners: list[Partner]
    signatures: list[Signature]
    amendments: list[ShownAmendment]
    submissions: list[Submission]
    history: list[Happened]
    files: list[Attachment]


def whole_of(user: Any, application: Application, language: str) -> Whole:
    """Everything this reader may read, in the reader's language; a fixed number of queries."""
    content = content_for(user, application)
    ground = ground_for(application, content, language)
    form = application.questions
    signatures = application.signatures.select_related("partner__organisation")
    return Whole(
        application=application,
        language=language,
        content=content,
        sections=sections_shown(form, content, ground),
        partners=partners_for(application, content),
        signatures=list(signatures if content.live else signatures.standing()),
        amendments=amendments_for(application, content, language),
        submissions=list(application.submissions.order_by("id")),
        history=history_for(application, content),
        files=files_for(application, content),
    )


def amendments_for(application: Application, content: Content, language: str) -> list[ShownAmendment]:
    """The first asked first; what is written and not yet handed in is for the applicants alone."""
    return [shown_amendment(row, content, language) for row in application.amendments.order_by("id")]


def shown_amendment(row: Amendment, content: Content, language: str) -> ShownAmendment:
    form = row.application.questions
    ground = ground_for(row.application, content, language)
    visible = content.live or row.state == AmendmentState.ANSWERED
    changes = []
    for key in row.fields:
        field = form.field(key)
        before = row.before.get(key)
        after = row.after.get(key, before) if visible else before
        changes.append(
            Change(
                field.label.best(language),
                boxes_of(form, field, before, ground),
                boxes_of(form, field, after, ground),
                after != before,
            )
        )
    return ShownAmendment(row, tuple(changes))


def history_for(application: Application, content: Content) -> list[Happened]:
    """The log's rows about it, latest first: all for its own people, the shared ones for others."""
    rows = AuditEvent.objects.filter(subject_kind="application", subject_key=application.key)
    if not content.live:
        rows = rows.filter(verb__in=SHARED)
    return [
        Happened(row.at, verb_text(row.verb), row.actor_label, row.reason)
        for row in rows.order_by("-seq")[:_MOST]
    ]


def files_for(application: Application, content: Content) -> list[Attachment]:
    """The files that the answers name, as far as they belong to this application."""
    form = application.questions
    keys = [
        file["key"]
        for field in form.fields()
        if field.kind == "file"
        for file in content.answers.get(field.key) or []
    ]
    rows = Attachment.objects.filter(key__in=keys, subject_kind="application", subject_id=application.pk)
    return sorted(rows, key=lambda row: keys.index(row.key))


def as_of_text(whole: Whole) -> str:
    if not whole.content.live:
        return _("as handed in")
    return _("as it is being written") if whole.application.is_draft else _("as it stands now")
