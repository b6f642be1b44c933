"""Taking a whole run back: what it created is removed, what it changed is restored, if nobody touched it
since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, texts
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.base.errors import Conflict
from kontor.base.events import OrganisationChanged, OrganisationGone, emit
from kontor.base.models import AuditEvent
from kontor.features.accounts.models import RoleAssignment
from kontor.features.accounts.scopes import ScopeKind
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.drafts import derived
from kontor.features.organisations.imports.actions import Progress, move_run, no_progress
from kontor.features.organisations.imports.compare import Change
from kontor.features.organisations.imports.parts import lock_projects, take_back_projects
from kontor.features.organisations.imports.plan import CHANGE, NEW, batches
from kontor.features.organisations.imports.rows import stored_value
from kontor.features.organisations.models import (
    ImportRow,
    ImportRun,
    Membership,
    Organisation,
    OrganisationCode,
    Statement,
    YearFigures,
)
from kontor.features.organisations.models.imports import ImportState

_BATCH = 500


@dataclass(slots=True)
class Undone:
    """How many organisations were removed and restored, and the keys of those that could not be."""

    removed: int = 0
    restored: int = 0
    kept: dict[str, str] = field(default_factory=dict)


def undo_run(*, run: ImportRun, actor: Actor, progress: Progress = no_progress) -> Undone:
    """Takes a finished run back in one transaction. Raises Conflict for a run in any other state, and for one
    whose rows may be forgotten.
    """
    result = Undone()
    with transaction.atomic():
        stored = ImportRun.objects.select_for_update().get(pk=run.pk)
        refuse_late_undo(stored)
        move_run(stored, (ImportState.DONE,), ImportState.UNDONE)
        _lock(run)
        done_seq = _last_seq(run)
        done, total = 0, run.rows.filter(action__in=[NEW, CHANGE]).count()
        for rows in batches(run.rows.filter(action__in=[NEW, CHANGE]).order_by("-number"), _BATCH):
            _undo_batch(run, rows, done_seq, actor, result)
            done += len(rows)
            progress(done, total, str(_("Taking rows back")))
        _take_back_projects(stored, actor, result)
        counts = {**run.counts, "removed": result.removed, "restored": result.restored, "kept": result.kept}
        ImportRun.objects.filter(pk=run.pk).update(counts=counts, finished_at=timezone.now())
        changes = {
            "removed": [0, result.removed],
            "restored": [0, result.restored],
            "kept": [0, len(result.kept)],
        }
        audit.record(
            actor=actor,
            verb="import.undone",
            subject=SubjectRef("importrun", run.key, run.filename),
            changes=changes,
        )
    run.refresh_from_db()
    return result


def refuse_late_undo(run: ImportRun) -> None:
    """Raises Conflict where the rows that tell what the run changed are deleted, or may be at any moment."""
    if run.state == ImportState.DONE and not run.can_be_undone:
        raise Conflict(
            _("An import can be taken back for 30 days."),
            code="import_too_old",
            remedy=_("Change the organisations one by one, or many at once in the directory."),
        )


def _lock(run: ImportRun) -> None:
    """Hold every row that will be touched before the first entry in the log locks its chain.

    Whoever edits holds their row and then waits for the log; taking rows after the log would wait for them.
    """
    keys = run.rows.filter(action__in=[NEW, CHANGE]).values("organisation_key")
    held = Organisation.objects.select_for_update(of=("self",)).filter(key__in=keys).order_by("pk")
    list(held.values_list("pk", flat=True))
    stated = Statement.objects.select_for_update(of=("self",)).filter(organisation__key__in=keys)
    list(stated.order_by("pk").values_list("pk", flat=True))
    lock_projects(run)


def _last_seq(run: ImportRun) -> int:
    """Where the run stands in the log: whatever is younger happened after it."""
    done = AuditEvent.objects.filter(verb="import.done", subject_kind="importrun", subject_key=run.key)
    return done.values_list("seq", flat=True).first() or 0


def _undo_batch(run: ImportRun, rows: Sequence[ImportRow], seq: int, actor: Actor, result: Undone) -> None:
    organisations = {
        row.key: row
        for row in Organisation.objects.select_for_update().filter(
            key__in=[row.organisation_key for row in rows]
        )
    }
    touched = _touched(organisations, seq)
    gone: list[Organisation] = []
    restored: list[tuple[Organisation, Change]] = []
    for row in rows:
        organisation = organisations.get(row.organisation_key)
        if organisation is None:
            result.kept[row.organisation_key] = "gone"
        elif reason := touched.get(organisation.key, ""):
            result.kept[organisation.key] = reason
        elif row.action == NEW:
            gone.append(organisation)
        else:
            restored.append((organisation, Change.from_json(row.values["change"])))
    _remove(gone, run, actor, result)
    _restore(restored, run, actor, result)


def _take_back_projects(run: ImportRun, actor: Actor, result: Undone) -> None:
    """Organisations that only lost a part in a project are no rows of the run: the log tells of them too."""
    touched, left = take_back_projects(run, result.kept)
    result.kept.update({key: "projects" for key in sorted(left) if key not in result.kept})
    if touched:
        reason = f"import {run.key} taken back"
        items = [(each, {"earlier_projects": ["import", None]}) for each in touched]
        audit.record_many(actor=actor, verb="organisation.part_removed", items=items, reason=reason)
        announce(touched, "projects")


def _touched(organisations: dict[str, Organisation], seq: int) -> dict[str, str]:
    """{key: why it is left alone}: changed since, merged, or people have rights in it."""
    found = dict.fromkeys(
        AuditEvent.objects.filter(
            seq__gt=seq, subject_kind="organisation", subject_key__in=list(organisations)
        ).values_list("subject_key", flat=True),
        "changed",
    )
    statements = dict(
        Statement.objects.filter(organisation__key__in=list(organisations)).values_list(
            "key", "organisation__key"
        )
    )
    later = AuditEvent.objects.filter(seq__gt=seq, subject_kind="statement", subject_key__in=list(statements))
    for key in later.values_list("subject_key", flat=True):
        found.setdefault(statements[key], "changed")
    held = RoleAssignment.objects.filter(
        scope_kind__in=[ScopeKind.ORGANISATION, ScopeKind.CLUSTER], scope_key__in=list(organisations)
    )
    for key in held.values_list("scope_key", flat=True):
        found.setdefault(key, "rights")
    return found


def _remove(gone: Sequence[Organisation], run: ImportRun, actor: Actor, result: Undone) -> None:
    """Deletes what the run created; one that something else holds on to stays."""
    removed = _deleted(gone)
    for organisation in gone:
        if organisation not in removed:
            result.kept[organisation.key] = "merged"
    if not removed:
        return
    texts.forget_texts(removed)
    audit.record_many(
        actor=actor,
        verb="organisation.removed",
        items=[
            (SubjectRef("organisation", each.key, each.name), {"name": [each.name, None]}) for each in removed
        ],
        reason=f"import {run.key} taken back",
    )
    emit(OrganisationGone(keys=tuple(each.key for each in removed)))
    result.removed += len(removed)


def _deleted(gone: Sequence[Organisation]) -> list[Organisation]:
    """Those that could be deleted: all at once, or one by one where something holds on to one of them."""
    try:
        with transaction.atomic():
            Organisation.objects.filter(pk__in=[each.pk for each in gone]).delete()
        return list(gone)
    except ProtectedError:
        if len(gone) == 1:
            return []
        half = len(gone) // 2
        return [*_deleted(gone[:half]), *_deleted(gone[half:])]


def _restore(
    restored: Sequence[tuple[Organisation, Change]], run: ImportRun, actor: Actor, result: Undone
) -> None:
    """Puts back what the run changed; one whose former number another organisation has by now stays."""
    items: list[tuple[Any, dict[str, Any]]] = []
    for organisation, change in restored:
        try:
            with transaction.atomic():
                _restore_profile(organisation, change, actor)
        except IntegrityError:
            result.kept[organisation.key] = "number"
            continue
        _restore_parts(organisation, change)
        _restore_statements(organisation, change)
        _restore_membership(organisation, change, run.cluster_key)
        items.append((organisation, {name: [new, old] for name, (old, new) in change.audited().items()}))
    if not items:
        return
    audit.record_many(
        actor=actor, verb="organisation.changed", items=items, reason=f"import {run.key} taken back"
    )
    emit(OrganisationChanged(keys=tuple(each.key for each, _change in items), kind="import"))
    result.restored += len(items)


def _restore_profile(organisation: Organisation, change: Change, actor: Actor) -> None:
    for name, (old, _new) in change.fields.items():
        setattr(organisation, name, old)
    for name, text in derived(vars(organisation)).items():
        setattr(organisation, name, text)
    organisation.revision += 1
    organisation.changed_by = actor.label[:200]
    organisation.save()
    for scheme, (old_codes, _new) in change.codes.items():
        organisation.codes.filter(scheme=scheme).delete()
        OrganisationCode.objects.bulk_create(
            OrganisationCode(organisation=organisation, scheme=scheme, code=code) for code in old_codes or ()
        )


def _restore_parts(organisation: Organisation, change: Change) -> None:
    for year, figures in change.figures.items():
        known = YearFigures.objects.filter(organisation=organisation, year=int(year))
        known.update(**{name: old for name, (old, _new) in figures.items()})
        known.filter(staff=None, turnover=None, balance=None).delete()
    for name, languages in change.texts.items():
        for language, (old, _new) in languages.items():
            texts.set_text(organisation, name, language, old or "", "human")
    for row, parts in change.contacts:
        if row:
            values = {name: stored_value(name, old) for name, (old, _new) in parts.items()}
            organisation.contacts.filter(pk=row).update(**values)
        else:
            organisation.contacts.filter(name=parts["name"][1]).order_by("-pk")[:1].get().delete()


def _restore_statements(organisation: Organisation, change: Change) -> None:
    for row, parts in change.statements:
        if not row:
            organisation.statements.filter(kind=parts["kind"][1], text=parts["text"][1]).delete()
            continue
        statement = organisation.statements.get(pk=row)
        for name, (old, _new) in parts.items():
            if name != "codes":
                setattr(statement, name, stored_value(name, old))
        statement.revision += 1
        statement.save()
        if "codes" in parts:
            _restore_codes(statement, parts["codes"][0] or [])


def _restore_codes(statement: Statement, old: Sequence[str]) -> None:
    statement.codes.all().delete()
    for code in old:
        scheme, _colon, bare = code.partition(":")
        statement.codes.create(scheme=scheme, code=bare)


def _restore_membership(organisation: Organisation, change: Change, cluster_key: str) -> None:
    members = Membership.objects.filter(cluster__key=cluster_key, member=organisation).order_by("-pk")
    newest = members.first()
    if newest is None:
        return
    if change.joins:
        newest.delete()
    elif change.membership:
        for name, (old, _new) in change.membership.items():
            setattr(newest, name, stored_value(name, old))
        newest.save()
