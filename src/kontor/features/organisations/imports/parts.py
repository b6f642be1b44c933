"""Earlier projects and who took part in them, from a run's spool to rows and back.

A run adds projects and parts and brings the facts of known projects up to date. It takes no part away: an
extract that does not mention a project does not deny it. What it changed of projects that were there is kept
with the run (`ImportRun.projects_before`: {"projects": {key: {field: [old, new]}}, "roles": {key of the
part: [old, new]}}), so that taking the run back restores them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import Q

from kontor.base.audit import SubjectRef
from kontor.base.keys import new_key
from kontor.engine.matching.read import EarlierProject as Read
from kontor.features.organisations.imports import files
from kontor.features.organisations.imports.plan import SAME, Step
from kontor.features.organisations.imports.write import Noted, Written
from kontor.features.organisations.models import (
    EarlierProject,
    ImportRun,
    Organisation,
    Participation,
    ParticipationRole,
)
from kontor.features.organisations.models.imports import ImportState

FIELDS = ("title", "text", "language", "programme", "started_on", "ended_on")
_BATCH = 200
_LIMITS = {"title": 500, "language": 8, "programme": 200}
Told = dict[str, Any]


def spool_projects(run: ImportRun, projects: Iterable[Read]) -> None:
    """Notes the projects of a checked run beside its rows, to be written with them."""
    with _path(run).open("wb") as file:
        for each in projects:
            members = [[key, "lead" if key == each.lead else "partner"] for key in each.members]
            facts = {
                "title": " ".join(each.title.split()),
                "text": each.text,
                "language": each.language,
                "programme": each.programme,
                "started_on": each.started,
                "ended_on": each.ended,
            }
            files.write_line(file, {"number": each.key[:120], "facts": _cut(facts), "members": members})


def _cut(facts: Told) -> Told:
    return {name: value[: _LIMITS.get(name)] for name, value in facts.items()}


def owners_of(steps: Iterable[Step], written: Iterable[Written]) -> dict[str, int]:
    """{number in the source: primary key} of the organisations that these rows are about."""
    keys = {each.step.entry.number: each.organisation.pk for each in written}
    keys |= {step.entry.number: step.current.id for step in steps if step.action == SAME}
    return {
        step.entry.fields["external_id"]: keys[step.entry.number]
        for step in steps
        if step.entry.number in keys and step.entry.fields.get("external_id")
    }


def write_projects(run: ImportRun, source: str, owners: Mapping[str, int]) -> tuple[list[str], list[Noted]]:
    """The spooled projects as rows, in the caller's transaction; keys of the organisations with new
    parts or changed projects, and their rows for the log. `owners`: {key of a member in the file: primary
    key of its organisation}.

    A project of which no member is in the directory is left out.
    """
    if not _path(run).exists():
        return [], []
    before: dict[str, Any] = {"projects": {}, "roles": {}}
    added: Counter[int] = Counter()
    for batch in _batches(files.read_lines(_path(run))):
        known = [told for told in batch if any(key in owners for key, _role in told["members"])]
        rows = _write_facts(known, source, before)
        added.update(_write_parts(known, rows, owners, run, before))
    if any(before.values()):
        run.projects_before = before
        run.save(update_fields=["projects_before"])
    changed = Participation.objects.filter(project__key__in=list(before["projects"]))
    touched = {*added, *changed.values_list("organisation_id", flat=True)}
    organisations = Organisation.objects.in_bulk(sorted(touched))
    notes: list[Noted] = [
        (
            "organisation.took_part" if pk in added else "organisation.project_changed",
            SubjectRef("organisation", organisations[pk].key, organisations[pk].name),
            {"earlier_projects": [None, added.get(pk)]},
        )
        for pk in sorted(touched)
    ]
    return [organisations[pk].key for pk in sorted(touched)], sorted(notes, key=lambda note: note[0])


def _write_facts(batch: list[Told], source: str, before: dict[str, Any]) -> dict[str, EarlierProject]:
    """{number: row} of these projects, new or brought up to date."""
    numbers = [told["number"] for told in batch]
    rows = {
        row.external_id: row for row in EarlierProject.objects.filter(source=source, external_id__in=numbers)
    }
    fresh = []
    for told in batch:
        row = rows.get(told["number"])
        facts = {name: _stored(name, told["facts"][name]) for name in FIELDS}
        if row is None:
            row = EarlierProject(key=new_key(), source=source, external_id=told["number"], **facts)
            rows[told["number"]] = row
            fresh.append(row)
        elif changed := {
            n: [_plain(getattr(row, n)), _plain(facts[n])] for n in FIELDS if getattr(row, n) != facts[n]
        }:
            before["projects"][row.key] = changed
            for name in changed:
                setattr(row, name, facts[name])
            row.save(update_fields=list(changed))
    EarlierProject.objects.bulk_create(fresh)
    return rows


def _write_parts(
    batch: list[Told],
    rows: Mapping[str, EarlierProject],
    owners: Mapping[str, int],
    run: ImportRun,
    before: dict[str, Any],
) -> Iterator[int]:
    """Primary keys of the organisations with a new part, once for each part."""
    stored = {
        (part.project_id, part.organisation_id): part
        for part in Participation.objects.filter(project__in=[row.pk for row in rows.values()])
    }
    fresh: dict[tuple[int, int], Participation] = {}
    for told in batch:
        project = rows[told["number"]]
        for member, role in told["members"]:
            owner = owners.get(member)
            if owner is None:
                continue
            place = (project.pk, owner)
            part = stored.get(place) or fresh.get(place)
            if part is None:
                fresh[place] = Participation(project=project, organisation_id=owner, role=role, run=run)
            elif role == ParticipationRole.LEAD != part.role:
                if part.pk:
                    before["roles"][str(part.pk)] = [part.role, role]
                    Participation.objects.filter(pk=part.pk).update(role=role)
                part.role = role
    Participation.objects.bulk_create(fresh.values(), batch_size=500)
    return (owner for _project, owner in fresh)


def lock_projects(run: ImportRun) -> None:
    """Hold the projects and parts that the run changed, until the transaction ends."""
    before = run.projects_before
    rows = EarlierProject.objects.select_for_update().filter(key__in=list(before.get("projects", {})))
    list(rows.order_by("pk").values_list("pk", flat=True))
    parts = Participation.objects.select_for_update().filter(Q(run=run) | Q(pk__in=_parts_of(before)))
    list(parts.order_by("pk").values_list("pk", flat=True))


def take_back_projects(run: ImportRun, kept: Iterable[str]) -> tuple[list[Organisation], set[str]]:
    """Removes the parts that the run added, but those of organisations that stay as they are (`kept`, by
    key), restores what it changed and drops projects that nobody is in any more.

    A project whose facts, and a part whose role, a later import changed stays as it is. Returns the
    organisations that lost a part and still are there, and the keys of those with a project or part that
    had to stay.
    """
    later = _parts_told_later(run)
    parts = Participation.objects.filter(run=run).exclude(organisation__key__in=list(kept))
    gone = parts.exclude(pk__in=later)
    touched = list(Organisation.objects.filter(participations__in=gone).distinct().order_by("pk"))
    gone.delete()
    changed_since = _restore_facts(run.projects_before.get("projects", {}))
    for pk, (old_role, new_role) in run.projects_before.get("roles", {}).items():
        if int(pk) not in later:
            Participation.objects.filter(pk=int(pk), role=new_role).update(role=old_role)
    EarlierProject.objects.filter(source=run.reader, participations=None).delete()
    members = Participation.objects.filter(Q(project__key__in=changed_since) | Q(pk__in=later))
    return touched, set(members.values_list("organisation__key", flat=True))


def _restore_facts(before: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    """Puts the facts of projects back; keys of those left alone, for they are not what the run wrote."""
    changed_since = []
    for row in EarlierProject.objects.filter(key__in=list(before)):
        changed = before[row.key]
        if any((_plain(getattr(row, name)) or "") != (pair[1] or "") for name, pair in changed.items()):
            changed_since.append(row.key)
            continue
        for name, (old, _new) in changed.items():
            setattr(row, name, _stored(name, old or ""))
        row.save(update_fields=list(changed))
    return changed_since


def _parts_told_later(run: ImportRun) -> set[int]:
    """Parts that this run added or changed and of which a later run, that still stands, told a new role."""
    mine = set(Participation.objects.filter(run=run).values_list("pk", flat=True))
    mine |= set(_parts_of(run.projects_before))
    runs = ImportRun.objects.filter(state=ImportState.DONE, reader=run.reader, pk__gt=run.pk)
    told = (_parts_of(before) for before in runs.values_list("projects_before", flat=True))
    return mine & {pk for parts in told for pk in parts}


def _parts_of(before: Mapping[str, Any]) -> list[int]:
    return [int(pk) for pk in before.get("roles", {})]


def _path(run: ImportRun) -> Any:
    return files.folder(run.key) / "projects.jsonl"


def _stored(name: str, value: str) -> Any:
    if name in {"started_on", "ended_on"}:
        return dt.date.fromisoformat(value) if value else None
    return value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _batches(items: Iterable[Told]) -> Iterator[list[Told]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
