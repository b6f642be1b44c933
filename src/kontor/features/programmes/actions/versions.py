"""Drafts, publication and freezing of a programme's file."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor import programmes
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict, KontorError
from kontor.features.programmes.actions.money import plan_envelopes
from kontor.features.programmes.models import Programme, ProgrammeVersion
from kontor.features.programmes.problem import envelopes_of
from kontor.features.programmes.words import translated

#: Characters of a programme file; the largest of the library has some 40,000.
LONGEST = 500_000
#: Words that stand in addresses where the key of a programme stands.
RESERVED = frozenset({"add", "check"})


@transaction.atomic
def add_programme(*, text: str, actor: Actor, is_sample: bool = False) -> Programme:
    """A new programme whose file is the first draft. KontorError where the file is too faulty to name it."""
    definition, problems = programmes.check(_within(text).encode())
    if definition is None or not definition.key:
        raise _faulty(problems)
    if definition.key in RESERVED or Programme.objects.filter(key=definition.key).exists():
        raise KontorError(
            _("A programme with the key “{key}” exists already.").format(key=definition.key),
            code="programme-exists",
            path="text",
            remedy=_("Give another key in the file, or edit that programme."),
        )
    programme = Programme.objects.create(
        key=definition.key, name=_name(definition) or definition.key, is_sample=is_sample
    )
    record(actor=actor, verb="add", subject=programme, changes={"key": [None, programme.key]})
    _start_draft(programme, text, "", actor)
    return programme


@transaction.atomic
def save_draft(
    *, programme: Programme, text: str, revision: int | None, note: str = "", actor: Actor
) -> ProgrammeVersion:
    """Keep a draft, faults and all, so that nothing written is lost; the first save starts it.

    `revision` is the one the writer started from, None where there was no draft. Conflict when somebody saved
    in between.
    """
    _locked(programme)
    _within(text)
    draft = programme.versions.filter(published_at=None).first()
    if (draft.revision if draft else None) != revision:
        raise Conflict(
            _("Somebody saved this draft while you were writing."),
            code="draft-changed",
            path="text",
            remedy=_("Compare both texts and save again."),
        )
    if draft is None:
        return _start_draft(programme, text, note, actor)
    changes = {"text": [_size(draft.text), _size(text)], "note": [draft.note, note]}
    draft.text, draft.note, draft.label = text, note[:300], _label(text)
    draft.revision += 1
    draft.changed_by = actor.label[:200]
    draft.save(update_fields=["text", "note", "label", "revision", "changed_by", "changed_at"])
    record(actor=actor, verb="save-draft", subject=programme, changes=changes)
    return draft


@transaction.atomic
def discard_draft(*, programme: Programme, actor: Actor) -> None:
    """Throw the draft away; its text stays in the log of changes."""
    _locked(programme)
    draft = _draft(programme)
    record(actor=actor, verb="discard-draft", subject=programme, changes={"text": [draft.text, None]})
    draft.delete()


@transaction.atomic
def publish_draft(*, programme: Programme, actor: Actor) -> ProgrammeVersion:
    """Make the draft the current version. KontorError with the first fault where it is not sound."""
    _locked(programme)
    draft = _draft(programme)
    definition, problems = programmes.check(draft.text.encode())
    if definition is None or problems:
        raise _faulty(problems)
    if definition.key != programme.key:
        raise KontorError(
            _("The file's key is “{new}”, the programme's is “{old}”.").format(
                new=definition.key, old=programme.key
            ),
            code="key-changed",
            path="text",
            remedy=_("A key never changes: write the old one, or add a programme of its own."),
        )
    draft.published_at, draft.published_by = timezone.now(), actor.label[:200]
    draft.label = definition.version
    draft.save(update_fields=["published_at", "published_by", "label"])
    programme.name = _name(definition)
    programme.save(update_fields=["name"])
    plan_envelopes(programme, envelopes_of(definition))
    record(
        actor=actor,
        verb="publish",
        subject=programme,
        changes={"version": [None, draft.number], "label": [None, draft.label]},
    )
    return draft


@transaction.atomic
def freeze_version(*, version: ProgrammeVersion, reason: str, actor: Actor) -> ProgrammeVersion:
    """Note that a case rests on this version from now on. KontorError for a draft; twice changes nothing."""
    version = ProgrammeVersion.objects.select_for_update().get(pk=version.pk)
    if version.published_at is None:
        raise KontorError(
            _("A draft cannot be frozen."),
            code="draft-not-frozen",
            remedy=_("Publish it first."),
        )
    if version.frozen_at is None:
        version.frozen_at = timezone.now()
        version.save(update_fields=["frozen_at"])
        changes = {"frozen": [None, version.number]}
        record(actor=actor, verb="freeze", subject=version.programme, changes=changes, reason=reason)
    return version


@transaction.atomic
def archive_programme(*, programme: Programme, actor: Actor) -> None:
    """Take a programme out of every list; it can be restored, and decided cases keep it."""
    programme.archived_at = timezone.now()
    programme.save(update_fields=["archived_at"])
    record(actor=actor, verb="archive", subject=programme, changes={"archived": [False, True]})


@transaction.atomic
def restore_programme(*, programme: Programme, actor: Actor) -> None:
    programme.archived_at = None
    programme.save(update_fields=["archived_at"])
    record(actor=actor, verb="restore", subject=programme, changes={"archived": [True, False]})


def _locked(programme: Programme) -> None:
    """One writer at a time; the programme is read anew."""
    Programme.objects.select_for_update().get(pk=programme.pk)


def _start_draft(programme: Programme, text: str, note: str, actor: Actor) -> ProgrammeVersion:
    last = programme.versions.aggregate(last=Max("number"))["last"] or 0
    draft = ProgrammeVersion.objects.create(
        programme=programme,
        number=last + 1,
        label=_label(text),
        text=text,
        note=note[:300],
        created_by=actor.label[:200],
        changed_by=actor.label[:200],
    )
    changes = {"version": [None, draft.number], "text": [None, _size(text)]}
    record(actor=actor, verb="start-draft", subject=programme, changes=changes)
    return draft


def _draft(programme: Programme) -> ProgrammeVersion:
    draft = programme.versions.filter(published_at=None).first()
    if draft is None:
        raise KontorError(
            _("There is no draft."), code="no-draft", remedy=_("Start one in the editor."), status=409
        )
    return draft


def _faulty(problems: list[programmes.Problem]) -> KontorError:
    first = problems[0]
    return KontorError(
        _("Line {line}: {fault}").format(
            line=first.line, fault=f"{first.path} {translated(first.message)}".strip()
        ),
        code="programme-faulty",
        path=f"text:{first.line}",
        remedy=translated(first.remedy),
    )


def _within(text: str) -> str:
    if len(text) > LONGEST:
        raise KontorError(
            _("The file has {count} characters.").format(count=len(text)),
            code="programme-too-long",
            path="text",
            remedy=_("Keep it below {most}.").format(most=LONGEST),
        )
    return text


def _label(text: str) -> str:
    definition, _problems = programmes.check(text.encode())
    return definition.version[:60] if definition else ""


def _name(definition: programmes.Programme) -> str:
    return definition.name.best(definition.languages[0])[:300]


def _size(text: str) -> str:
    return f"{len(text)} characters"
