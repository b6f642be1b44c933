"""Reading the sample files. Pure: no database, no clock; refuses what could not be loaded."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from kontor import codes
from kontor.features.organisations.sample.model import (
    Sample,
    SampleContact,
    SampleError,
    SampleFigures,
    SampleMembership,
    SampleOrganisation,
    SamplePair,
    SampleProject,
    SampleRole,
    SampleStatement,
    SampleTranslation,
    SampleUser,
)

Record = TypeVar("Record")
_COUNTRY_FILE = re.compile(r"^[a-z]{2}\.toml$")
# A stable key: the prefix and nine letters of Crockford's base 32 in lower case.
_KEY = re.compile(r"^smp[0-9a-hjkmnp-tv-z]{9}$")


def read_sample(folder: Traversable | None = None) -> Sample:
    """All organisations (by country, then in file order), users and pairs of `folder`, else of those shipped.

    Raises SampleError at the first record that has an unknown or missing field, a key twice or ill-formed, a
    code that no list knows, or a reference that leads nowhere.
    """
    folder = folder or files("kontor.features.organisations.sample") / "data"
    organisations = tuple(_organisations(folder))
    sample = Sample(
        organisations=organisations,
        users=tuple(_users(folder)),
        pairs=tuple(_built(SamplePair, row, "pairs.toml") for row in _rows(folder, "pairs.toml", "pair")),
        projects=tuple(_projects(folder)),
    )
    _check_keys(organisations)
    _check_codes(organisations)
    _check_references(sample)
    return sample


def _organisations(folder: Traversable) -> Iterator[SampleOrganisation]:
    for name in sorted(entry.name for entry in folder.iterdir() if _COUNTRY_FILE.match(entry.name)):
        for row in _rows(folder, name, "organisation"):
            organisation = _organisation(row, f"{name}: {row.get('key', row.get('name', '?'))}")
            if organisation.country.lower() != name[:2]:
                raise SampleError(f"{name}: {organisation.key}: country", "belongs into another file")
            yield organisation


def _organisation(row: dict[str, Any], path: str) -> SampleOrganisation:
    nested = {
        "figures": _several(SampleFigures, row.pop("figures", ()), path, "figures"),
        "contacts": _several(SampleContact, row.pop("contacts", ()), path, "contact"),
        "memberships": _several(SampleMembership, row.pop("memberships", ()), path, "membership"),
        "statements": tuple(_statements(row.pop("statement", ()), path)),
        "names": tuple(row.pop("names", {}).items()),
    }
    return _built(SampleOrganisation, {**row, **nested}, path)


def _statements(rows: Iterable[dict[str, Any]], path: str) -> Iterator[SampleStatement]:
    for number, row in enumerate(rows, start=1):
        here = f"{path}: statement {number}"
        translations = _several(SampleTranslation, row.pop("translations", ()), here, "translation")
        yield _built(SampleStatement, {**row, "translations": translations}, here)


def _users(folder: Traversable) -> Iterator[SampleUser]:
    for row in _rows(folder, "users.toml", "user"):
        path = f"users.toml: {row.get('email', '?')}"
        roles = _several(SampleRole, row.pop("roles", ()), path, "role")
        yield _built(SampleUser, {**row, "roles": roles}, path)


def _projects(folder: Traversable) -> Iterator[SampleProject]:
    """None where the folder has no file of them."""
    if (folder / "projects.toml").is_file():
        for row in _rows(folder, "projects.toml", "project"):
            yield _built(SampleProject, row, f"projects.toml: {row.get('key', '?')}")


def _rows(folder: Traversable, name: str, table: str) -> list[dict[str, Any]]:
    try:
        parsed = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SampleError(name, str(error)) from error
    rows = parsed.pop(table, [])
    if parsed or not rows:
        raise SampleError(name, f"holds only [[{table}]] tables, at least one")
    return list(rows)


def _several(
    kind: type[Record], rows: Iterable[Mapping[str, Any]], path: str, what: str
) -> tuple[Record, ...]:
    return tuple(_built(kind, row, f"{path}: {what} {at}") for at, row in enumerate(rows, start=1))


def _built(kind: type[Record], row: Mapping[str, Any], path: str) -> Record:
    """The dataclass from a table; lists become tuples. Values keep the types TOML gave them."""
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(row) - set(known)):
        raise SampleError(f"{path}: {unknown[0]}", "no such field")
    required = {name for name, field in known.items() if field.default is MISSING}
    if missing := sorted(required - set(row)):
        raise SampleError(f"{path}: {missing[0]}", "is missing")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})


def _check_keys(organisations: Iterable[SampleOrganisation]) -> None:
    keys = [key for each in organisations for key in (each.key, *(said.key for said in each.statements))]
    for key, times in Counter(keys).items():
        if times > 1 or not _KEY.match(key):
            raise SampleError(f"key {key!r}", "is used twice" if times > 1 else "is not a sample key")


def _check_codes(organisations: Iterable[SampleOrganisation]) -> None:
    for each in organisations:
        for text in (*each.codes, *(code for said in each.statements for code in said.codes)):
            scheme, _colon, code = text.partition(":")
            if scheme not in {"nace", "cpv", "ket", "theme"} or not codes.valid(scheme, code):
                raise SampleError(f"{each.key}: codes", f"{text!r} is in no list")


def _check_references(sample: Sample) -> None:
    clusters = {each.key for each in sample.organisations if each.kind == "cluster"}
    for each in sample.organisations:
        for membership in each.memberships:
            if membership.cluster not in clusters - {each.key}:
                raise SampleError(f"{each.key}: membership", f"{membership.cluster!r} is no other cluster")
    said = {statement.key for each in sample.organisations for statement in each.statements}
    for pair in sample.pairs:
        if lost := {pair.need, *pair.offers} - said:
            raise SampleError("pairs.toml", f"{sorted(lost)[0]!r} is no statement")
    known = {each.key for each in sample.organisations}
    for project in sample.projects:
        if lost := set(project.members) - known:
            raise SampleError(f"projects.toml: {project.key}", f"{sorted(lost)[0]!r} is no organisation")
    _check_scopes(sample, clusters)


def _check_scopes(sample: Sample, clusters: set[str]) -> None:
    targets = {"organisation": {each.key for each in sample.organisations}, "cluster": clusters}
    for user in sample.users:
        for role in user.roles:
            if role.key not in targets.get(role.scope, {role.key}):
                raise SampleError(f"users.toml: {user.email}: role", f"{role.key!r} is no {role.scope}")
