"""Saving answers, joining what several people write, and bringing earlier versions back.

A saved answer is not a row of the audit log: every version stands in `AnswerVersion` with its writer, and the
log's one row about the handing in holds the hash of them all (docs/decisions/0007-answers-as-versions.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.features.calls.actions.filling import fill
from kontor.features.calls.actions.locking import locked_draft
from kontor.features.calls.dossier.actions.signing import void_touched
from kontor.features.calls.models import Answer, AnswerVersion, Application
from kontor.features.calls.models.answer import VersionOrigin
from kontor.programmes.forms import Field, Form, join, tidy


class Outcome(StrEnum):
    """What became of a text: stored as it was written, joined with another's, kept beside it, or the same."""

    SAVED = "saved"
    MERGED = "merged"
    PARKED = "parked"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote in a field; `base` is the revision of the answer they began with, 0 where there was
    none yet.
    """

    value: Any
    base: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer as it stands now, and how the written text got into it. `by` wrote what it met; `sent` is
    the revision of the text as it was sent, where it was joined: whoever types on begins from there.
    """

    value: Any
    revision: int
    outcome: Outcome
    by: str = ""
    parked: int | None = None
    sent: int | None = None


def save_answers(
    *,
    application: Application,
    written: Mapping[str, Written],
    origin: str = VersionOrigin.WRITTEN,
    actor: Actor,
) -> dict[str, Saved]:
    """Store answers of one draft; each is joined with what others stored meanwhile, and nothing is lost.

    KontorError names a field that the step does not ask (404), a value of another shape (422), and an
    application that is no draft any more (409).
    """
    with transaction.atomic():
        row = locked_draft(application)
        saving = _Saving(row, row.questions, actor, origin)
        found = {key: saving.save(key, one) for key, one in written.items()}
        saving.finish()
    application.revision, application.title = row.revision, row.title
    return found


class _Saving:
    """One person's answers in one transaction, under one new revision."""

    def __init__(self, row: Application, form: Form, actor: Actor, origin: str) -> None:
        self.row, self.form, self.actor, self.origin = row, form, actor, origin
        self.at = timezone.now()
        self.revision = row.revision + 1
        self.changed = False
        self.fields: set[str] = set()
        self.stored = {one.field: one for one in row.answers.all()}

    def save(self, key: str, one: Written) -> Saved:
        field = writable(self.form, self.row.step, key)
        value = tidied_answer(field, one.value)
        before = self.stored.get(key)
        if before is None:
            if not value:
                return Saved(value, 0, Outcome.SAME)
            return self._store(field, value, one.language, Outcome.SAVED)
        if before.value == value:
            return Saved(value, before.revision, Outcome.SAME)
        if before.revision <= one.base:
            return self._store(field, value, one.language, Outcome.SAVED)
        return self._meet(field, before, value, one)

    def finish(self) -> None:
        if self.changed:
            self.row.revision = self.revision
            self.row.changed_by = self.actor.label[:200]
            self.row.save()
        if self.fields and self.row.is_draft:
            void_touched(application=self.row, fields=self.fields, actor=self.actor)

    def _meet(self, field: Field, before: Answer, value: Any, one: Written) -> Saved:
        """Somebody stored another text since: join both, or keep this one beside it."""
        later = list(self._versions(field.key).filter(revision__gt=one.base))
        if any(each.actor_key == self.actor.key and each.value == value for each in later):
            # sent twice, as pages do when an answer to the first got lost
            return Saved(before.value, before.revision, Outcome.SAME, before.changed_by)
        first = self._versions(field.key).filter(revision__lte=one.base).first() if one.base else None
        joined = join(field, first.value if first else None, before.value, value)
        by = before.changed_by
        if joined.clean:
            # what was sent stays a version of its own: the page that sent it goes on from there
            sent = self.revision
            self._version(field.key, value, one.language, self.origin)
            self.revision += 1
            kept = self._store(field, joined.value, one.language, Outcome.MERGED, by)
            return replace(kept, sent=sent)
        parked = self._version(field.key, value, one.language, VersionOrigin.PARKED)
        if joined.value != before.value:
            kept = self._store(field, joined.value, before.language, Outcome.MERGED, by)
            return Saved(kept.value, kept.revision, Outcome.PARKED, by, parked.pk)
        return Saved(before.value, before.revision, Outcome.PARKED, by, parked.pk)

    def _versions(self, key: str) -> Any:
        return self.row.versions.filter(field=key).exclude(origin=VersionOrigin.PARKED)

    def _store(self, field: Field, value: Any, language: str, outcome: Outcome, by: str = "") -> Saved:
        origin = VersionOrigin.MERGED if outcome == Outcome.MERGED else self.origin
        self._version(field.key, value, language, origin)
        values = {
            "value": value,
            "language": language or self.row.language,
            "revision": self.revision,
            "changed_at": self.at,
            "changed_by": self.actor.label[:200],
            "changed_by_key": self.actor.key,
        }
        if (known := self.stored.get(field.key)) is not None:
            Answer.objects.filter(pk=known.pk).update(**values)
        else:
            self.stored[field.key] = Answer.objects.create(application=self.row, field=field.key, **values)
        fill(self.row, field, value)
        self.fields.add(field.key)
        return Saved(value, self.revision, outcome, by)

    def _version(self, key: str, value: Any, language: str, origin: str) -> AnswerVersion:
        self.changed = True
        return AnswerVersion.objects.create(
            application=self.row,
            field=key,
            revision=self.revision,
            value=value,
            language=language or self.row.language,
            origin=origin,
            at=self.at,
            actor_key=self.actor.key,
            actor_label=self.actor.label[:200],
        )


@transaction.atomic
def settle_version(*, version: AnswerVersion, take: bool, actor: Actor) -> None:
    """Decide about a text that was kept beside another: take it, or leave what stands. Both stay on record.

    KontorError (409) where somebody decided before.
    """
    row = locked_draft(version.application)
    fresh = AnswerVersion.objects.select_for_update().get(pk=version.pk)
    if fresh.origin != VersionOrigin.PARKED or fresh.settled_at is not None:
        raise KontorError(
            _("Somebody has decided about this text already."),
            code="already-settled",
            remedy=_("Load the page again to see what stands there now."),
            status=409,
        )
    fresh.settled_at = timezone.now()
    fresh.save(update_fields=["settled_at"])
    if take:
        _put(row, fresh, actor)
    changes = {"field": [None, fresh.field], "taken": [None, take]}
    record(actor=actor, verb="application.settled", subject=row, changes=changes)


def rewrite_answers(
    *, row: Application, values: Mapping[str, Any], origin: str = VersionOrigin.WRITTEN, actor: Actor
) -> None:
    """Answers of an application whose row is held already, handed in or not; what stood before stays among
    the versions. Empty values empty the answer.
    """
    saving = _Saving(row, row.questions, actor, origin)
    for key, value in values.items():
        saving.save(key, Written(value, base=row.revision))
    saving.finish()


def restore_version(*, version: AnswerVersion, actor: Actor) -> None:
    """Make an earlier version the answer again; what stands now stays among the versions."""
    with transaction.atomic():
        _put(locked_draft(version.application), version, actor)


def _put(row: Application, version: AnswerVersion, actor: Actor) -> None:
    saving = _Saving(row, row.questions, actor, VersionOrigin.RESTORED)
    saving.save(version.field, Written(version.value, base=row.revision, language=version.language))
    saving.finish()


def writable(form: Form, step: int, key: str) -> Field:
    """The field, where the step asks it. KontorError (404) for any other."""
    for section in form.asked_in(step):
        for field in section.fields:
            if field.key == key and field.kind != "partners":
                return field
    raise KontorError(
        _("This step asks no “{field}”.").format(field=key),
        code="field-unknown",
        path=f"answers.{key}",
        remedy=_("Load the page again; the fields are in the call's form."),
        status=404,
    )


def tidied_answer(field: Field, value: Any) -> Any:
    """The value in the field's shape. KontorError (422) for any other shape."""
    try:
        return tidy(field, value)
    except TypeError as wrong:
        raise KontorError(
            _("The answer to “{field}” has another shape.").format(field=field.key),
            code="answer-shape",
            path=f"answers.{field.key}",
            remedy=_("docs/formats/form.md shows the shape of each kind of field."),
            status=422,
        ) from wrong


@transaction.atomic
def note_presence(*, application: Application, field: str, user: Any, at: dt.datetime) -> None:
    """Where a person writes now, for the others on the page; no row of the log."""
    application.presences.update_or_create(user=user, defaults={"field": field[:80], "seen_at": at})
