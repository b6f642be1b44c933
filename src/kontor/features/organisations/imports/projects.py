"""Directories made from project data: CORDIS extracts and keep.eu exports, through the same plan and the
same writing as a spreadsheet, so that importing them again changes nothing and a whole run can be taken
back. The projects themselves are kept with who took part in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model import Profile
from kontor.engine.matching.read import Details, Directory, read_cordis, read_keep
from kontor.features.organisations import names
from kontor.features.organisations.imports import actions, files, parts
from kontor.features.organisations.imports.actions import Progress, no_progress
from kontor.features.organisations.imports.check import check_entry
from kontor.features.organisations.imports.enrich import enrich
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.imports.reading import line_of
from kontor.features.organisations.models import ImportRun

READERS = {"cordis": read_cordis, "keep": read_keep}
_SCHEMES = frozenset({"nace", "cpv", "ket", "theme"})
_LIMITS = {"name": 300, "short_name": 80, "place": 120, "postcode": 12}


def import_projects(
    *, path: Path, kind: str, actor: Actor, dry_run: bool = False, progress: Progress = no_progress
) -> dict[str, Any]:
    """Organisations, their competences and projects from the tables in `path`; counts by what happened.
    `projects` are those of the tables, `parts` the new participations.

    Rows that cannot be used are left out and counted: the tables are not the importer's to correct. Raises
    KontorError where the tables cannot be read.
    """
    directory = _read(path, kind)
    run = ImportRun.objects.create(
        key=new_key(),
        filename=f"{kind} {path.name}"[:300],
        path="",
        sha256="",
        size=sum(file.stat().st_size for file in path.glob("*") if file.is_file()) if path.is_dir() else 0,
        reader=kind,
        state="checking",
        actor_key=actor.key,
        actor_label=actor.label[:200],
    )
    try:
        lines = map(line_of, entries(directory))
        actions.check_lines(run=run, lines=lines, total=len(directory.profiles), progress=progress)
        parts.spool_projects(run, directory.projects)
        if dry_run:
            actions.cancel_run(run=run)
        else:
            actions.claim_run(run=run, skip_bad=True)
            actions.write_run(run=run, actor=actor, progress=progress)
    finally:
        # the rows tell what the run changed; the tables are the operator's own
        files.forget(run.key)
    left_out = sum(1 for problem in directory.problems if problem.fatal)
    counts = {name: run.counts[name] for name in ("rows", "new", "change", "same", "refused")}
    took_part = 0 if dry_run else run.participations.count()
    return {
        "run": run.key,
        **counts,
        "left_out": left_out,
        "projects": len(directory.projects),
        "parts": took_part,
    }


def _read(path: Path, kind: str) -> Directory:
    try:
        return READERS[kind](path)
    except InvalidInput as error:
        raise KontorError(
            error.message, code="bad_projects", path=f"{path} {error.path}".strip(), remedy=error.remedy
        ) from error


def entries(directory: Directory) -> Iterator[Entry]:
    """One entry for each profile, in the order of their keys."""
    for number, profile in enumerate(directory.profiles, 1):
        entry = _entry(number, profile, directory.details.get(profile.key, Details()), directory.source)
        check_entry(entry, lambda _name, at: (str(at), ""))
        enrich(entry, default_language="en")
        yield entry


def _entry(number: int, profile: Profile, details: Details, source: str) -> Entry:
    entry = Entry(number)
    entry.fields = {
        name: value for name, value in _fields(profile, details).items() if value not in ("", None, [])
    }
    entry.fields |= {"external_id": profile.key[:120], "source": source}
    for code in profile.codes:
        if code.scheme in _SCHEMES:
            entry.codes.setdefault(code.scheme, []).append(code.code)
    for position, statement in enumerate(profile.statements, 1):
        said: dict[str, Any] = {
            "kind": str(statement.kind),
            "number": position,
            "text": statement.text.strip(),
        }
        if statement.language:
            said["language"] = statement.language
        if statement.confirmed_on:
            said["confirmed_at"] = statement.confirmed_on
        said["codes"] = sorted(str(code) for code in statement.codes if code.scheme in _SCHEMES)
        entry.statements.append(said)
    return entry


def _fields(profile: Profile, details: Details) -> dict[str, Any]:
    """CORDIS tells small and medium firms from large ones but no closer: the class stays unknown, a tag
    says it.
    """
    known = profile.size not in ("sme", "unknown")
    found: dict[str, Any] = {
        "name": profile.name,
        "short_name": details.short_name,
        "kind": str(profile.kind),
        "size": str(profile.size) if known else "",
        "tags": ["SME"] if profile.size == "sme" else [],
        "country": profile.country,
        "nuts3": profile.nuts3 if len(profile.nuts3) == 5 else "",
        "place": details.place,
        "postcode": details.postcode,
        "pic": details.pic,
        "website": _website(details.website),
        "latitude": details.latitude,
        "longitude": details.longitude,
        "summary": profile.summary,
    }
    for name, limit in _LIMITS.items():
        found[name] = " ".join(found[name].split())[:limit]
    return found


def _website(text: str) -> str:
    """The address, or none where the source holds something else."""
    try:
        address = names.website(text)
    except ValueError:
        return ""
    return address if len(address) <= 300 else ""
