"""Kontor's own directory format: JSON with all fields, or a simple CSV with one statement per row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model import Code, Profile, Statement
from kontor.engine.matching.read.model import Directory, EarlierProject, Problem
from kontor.engine.matching.read.tables import Row, read_table, read_text
from kontor.engine.matching.record import profile_from_json, project_from_json

FORMAT = "kontor-directory/1"
COLUMNS = ("key", "name", "country")


def read_directory(path: Path) -> Directory:
    """Reads `.json` or `.csv`; a folder is read by its `directory.json` or `directory.csv`.

    Organisations that cannot be used are left out and told as problems. Raises InvalidInput where the file
    as a whole cannot be read.
    """
    if path.is_dir():
        path = next(
            (path / name for name in ("directory.json", "directory.csv") if (path / name).is_file()), path
        )
    if path.is_dir():
        raise InvalidInput(
            str(path), "There is no directory.json or directory.csv.", "Name the file, or use --as."
        )
    return _read_csv(path) if path.suffix.lower() == ".csv" else _read_json(path)


def _read_json(path: Path) -> Directory:
    try:
        content = json.loads(read_text(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InvalidInput(
            path.name, f"This is no JSON: {error}.", "See docs/formats/directory.md."
        ) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InvalidInput("format", f"The file does not say “{FORMAT}”.", "See docs/formats/directory.md.")
    records = content.get("organisations")
    if not isinstance(records, list):
        raise InvalidInput(
            "organisations", "It is not a list.", "Write [ … ] with one object per organisation."
        )
    problems: list[Problem] = []
    found: dict[str, Profile] = {}
    for number, record in enumerate(records, start=1):
        try:
            _add(found, _profile(record))
        except InvalidInput as error:
            problems.append(Problem(path.name, number, error.path, error.message, error.remedy))
    projects = _projects(content.get("projects", []), path.name, problems)
    return Directory(_sorted(found), tuple(problems), source="directory", projects=projects)


def _projects(records: Any, file: str, problems: list[Problem]) -> tuple[EarlierProject, ...]:
    if not isinstance(records, list):
        raise InvalidInput("projects", "It is not a list.", "Write [ … ] with one object per project.")
    found: dict[str, EarlierProject] = {}
    for number, record in enumerate(records, start=1):
        try:
            if not isinstance(record, dict):
                raise InvalidInput("", "It is not an object.", "Write { … } with key and title.")
            project: EarlierProject = project_from_json(record, EarlierProject)
            if project.key in found:
                raise InvalidInput("key", f"“{project.key}” stands twice.", "Give each project its own key.")
            found[project.key] = project
        except InvalidInput as error:
            column = f"projects.{error.path}".rstrip(".")
            problems.append(Problem(file, number, column, error.message, error.remedy))
    return tuple(found[key] for key in sorted(found))


def _profile(record: Any) -> Profile:
    if not isinstance(record, dict):
        raise InvalidInput("", "It is not an object.", "Write { … } with key and name.")
    return profile_from_json(record)


def _add(found: dict[str, Profile], profile: Profile) -> None:
    if profile.key in found:
        raise InvalidInput("key", f"“{profile.key}” stands twice.", "Give each organisation its own key.")
    found[profile.key] = profile


def _sorted(found: dict[str, Profile]) -> tuple[Profile, ...]:
    return tuple(found[key] for key in sorted(found))


def _read_csv(path: Path) -> Directory:
    """One statement per row; rows of one key belong together, the first one's facts hold."""
    problems: list[Problem] = []
    facts: dict[str, Row] = {}
    statements: dict[str, list[Statement]] = {}
    for number, row in read_table(path, COLUMNS):
        try:
            key = row["key"]
            statement = _statement(row, len(statements.get(key, ())))
            if key not in facts:
                _from_row(row, ())
            facts.setdefault(key, row)
            statements.setdefault(key, []).extend([statement] if statement else [])
        except InvalidInput as error:
            problems.append(Problem(path.name, number, error.path, error.message, error.remedy))
    profiles = tuple(_from_row(facts[key], tuple(statements[key])) for key in sorted(facts))
    return Directory(profiles, tuple(problems), source="directory")


def _from_row(row: Row, statements: tuple[Statement, ...]) -> Profile:
    return Profile(
        key=row["key"],
        name=row["name"],
        kind=row.get("kind") or "firm",
        size=row.get("size") or "unknown",
        country=row["country"],
        nuts3=row.get("nuts3", ""),
        languages=tuple(_listed(row.get("languages", ""))),
        statements=statements,
    )


def _statement(row: Row, number: int) -> Statement | None:
    if not row.get("text"):
        return None
    trl = row.get("trl", "")
    if trl and not trl.isdigit():
        raise InvalidInput("trl", f"“{trl}” is no whole number.", "Use 1 to 9, or leave it empty.")
    return Statement(
        key=f"{row['key']}-{number + 1}",
        kind=row.get("statement") or "offer",
        text=row["text"],
        language=row.get("language", ""),
        codes=tuple(Code.parse(code) for code in _listed(row.get("codes", ""))),
        trl=int(trl) if trl else None,
        confirmed_on=row.get("confirmed_on", ""),
    )


def _listed(value: str) -> list[str]:
    return value.replace(",", " ").split()
