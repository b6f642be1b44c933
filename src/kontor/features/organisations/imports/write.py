"""Planned rows written to the directory, in batches. Runs inside the caller's transaction and never
commits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.base import texts
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.base.bulk import insert_values, reserve_keys
from kontor.base.errors import Conflict
from kontor.base.keys import new_key
from kontor.features.organisations.drafts import derived
from kontor.features.organisations.imports.compare import Change
from kontor.features.organisations.imports.plan import CHANGE, NEW, Step
from kontor.features.organisations.imports.rows import Made, Owner, Rows
from kontor.features.organisations.models import Organisation

# (verb, what it is about, changes) as base.audit wants them.
Noted = tuple[str, SubjectRef, dict[str, Any]]
_SEARCHED = {"name", "short_name", "place", "tags"}


@dataclass(slots=True)
class Written:
    """What became of one row: the organisation, and what undoing it needs."""

    step: Step
    organisation: Owner


@dataclass(slots=True)
class Writer:
    """`cluster_id` is the cluster that new rows join (0: none), `defaults` the profile fields of new
    organisations.
    """

    actor: Actor
    cluster_id: int
    cluster_key: str
    defaults: dict[str, Any]
    now: dt.datetime

    def write(self, steps: Sequence[Step]) -> tuple[list[Written], list[Noted]]:
        """Writes one batch; what was written, and the rows for the log.

        Raises Conflict where an organisation was changed since the batch was planned.
        """
        fresh = [step for step in steps if step.action == NEW]
        changed = [step for step in steps if step.action == CHANGE]
        written = [*self._create(fresh), *self._change(changed)]
        rows = Rows(self.actor, self.now)
        for each in written:
            self._collect(rows, each)
        rows.save()
        noted = [note for each in written for note in self._noted(each)]
        return written, sorted([*noted, *rows.noted], key=lambda note: note[0])

    def _create(self, steps: Sequence[Step]) -> list[Written]:
        keys = reserve_keys(Organisation, len(steps))
        rows = [self._row(key, step) for key, step in zip(keys, steps, strict=True)]
        insert_values(Organisation, rows)
        return [Written(step, _made(row)) for step, row in zip(steps, rows, strict=True)]

    def _row(self, key: int, step: Step) -> dict[str, Any]:
        values = {name: new for name, (_old, new) in step.change.fields.items() if new is not None}
        own = {"id": key, "key": new_key(), "changed_by": self.actor.label[:200]}
        return {**self.defaults, **values, **step.entry.found_by, **own}

    def _change(self, steps: Sequence[Step]) -> list[Written]:
        if not steps:
            return []
        stored = self._locked(steps)
        fields: set[str] = set()
        touched: list[Organisation] = []
        for step in steps:
            organisation = stored[step.current.id]
            if step.change.touches_profile:
                fields |= self._assign(organisation, step.change)
                touched.append(organisation)
        if touched:
            columns = [*sorted(fields), "revision", "changed_by", "changed_at"]
            Organisation.objects.bulk_update(touched, columns, batch_size=100)
        self._stale(steps, stored)
        return [Written(step, stored[step.current.id]) for step in steps]

    def _locked(self, steps: Sequence[Step]) -> dict[int, Organisation]:
        ids = [step.current.id for step in steps]
        stored = {
            row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        }
        for step in steps:
            row = stored.get(step.current.id)
            if row is None or row.revision != step.current.revision:
                raise Conflict(
                    _("Somebody changed “%(name)s” while the import ran.") % {"name": step.entry.label},
                    code="directory_changed",
                    path=f"row {step.entry.number}",
                    remedy=_("Nothing was written. Look at the preview again and confirm it."),
                )
        return stored

    def _assign(self, organisation: Organisation, change: Change) -> set[str]:
        """Sets what changes and what follows from it; the names of the columns to save."""
        for name, (_old, new) in change.fields.items():
            setattr(organisation, name, new)
        columns = set(change.fields)
        if columns & _SEARCHED:
            for name, text in derived(vars(organisation)).items():
                setattr(organisation, name, text)
                columns.add(name)
        organisation.revision += 1
        organisation.changed_by = self.actor.label[:200]
        organisation.changed_at = self.now
        return columns

    def _stale(self, steps: Sequence[Step], stored: dict[int, Organisation]) -> None:
        """Translations of a changed name or summary are out of date."""
        for step in steps:
            for name in step.change.fields.keys() & step.current.texts.keys():
                texts.mark_stale(stored[step.current.id], name)

    def _collect(self, rows: Rows, each: Written) -> None:
        change, organisation = each.step.change, each.organisation
        rows.codes(organisation, change)
        rows.figures(organisation, change, fresh=each.step.action == NEW)
        rows.texts(organisation, change)
        rows.contacts(organisation, change)
        rows.statements(organisation, change, fresh=each.step.action == NEW)
        if self.cluster_id and self.cluster_id != organisation.pk:
            rows.membership(organisation, change, self.cluster_id, each.step.current.member_id)

    def _noted(self, each: Written) -> Iterator[Noted]:
        about = SubjectRef("organisation", each.organisation.key, each.organisation.name)
        changes = each.step.change.audited()
        joined = {"cluster_key": [None, self.cluster_key]} if each.step.change.joins else {}
        if each.step.action == NEW:
            filled = {name: pair for name, pair in changes.items() if pair[1] not in ("", [])}
            yield "organisation.created", about, {**filled, **_statements(each.step.change), **joined}
            return
        if changes:
            yield "organisation.changed", about, changes
        if joined:
            yield "membership.added", about, joined


def _made(row: dict[str, Any]) -> Made:
    return Made(row["id"], row["key"], row["name"], row.get("language") or "en")


def _statements(change: Change) -> dict[str, Any]:
    """What a new organisation says, as [old, new] for its first row of the log."""
    return {
        f"{parts['kind'][1]} {number}": [None, parts["text"][1]]
        for number, (_row, parts) in enumerate(change.statements, 1)
    }
