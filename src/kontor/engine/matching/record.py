"""Profiles as plain JSON objects and back: the form in files and index rows. Defaults are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any

from kontor.engine.core.errors import InvalidInput, inside
from kontor.engine.matching.model import Code, Profile, Statement

Json = dict[str, Any]


def profile_as_json(profile: Profile) -> Json:
    record = _fields_as_json(profile)
    if profile.statements:
        record["statements"] = [_fields_as_json(statement) for statement in profile.statements]
    return record


def profile_from_json(record: Mapping[str, Any]) -> Profile:
    """Raises InvalidInput with the path inside the record."""
    values = _known(record, Profile)
    statements = values.get("statements", ())
    if not isinstance(statements, list | tuple):
        raise InvalidInput("statements", "It is not a list.", "Write [ … ] with one object per statement.")
    values["statements"] = tuple(
        _statement(statement, number, str(values.get("key", "")))
        for number, statement in enumerate(statements)
    )
    profile: Profile = _construct(Profile, values)
    return profile


def project_from_json(record: Mapping[str, Any], kind: type[Any]) -> Any:
    """An earlier project as `kind`, a dataclass. Raises InvalidInput with the field's name."""
    return _construct(kind, _known(record, kind))


def _statement(record: Any, number: int, owner: str) -> Statement:
    with inside(f"statements[{number}]"):
        if not isinstance(record, Mapping):
            raise InvalidInput("", "It is not an object.", "Write { … } with kind and text.")
        values = _known(record, Statement)
        values.setdefault("key", f"{owner}-{number + 1}")
        statement: Statement = _construct(Statement, values)
        return statement


def _construct(kind: Any, values: Json) -> Any:
    for name, declared, needed in _declared(kind):
        if name in values:
            _check_type(name, declared, values[name])
        elif needed:
            raise InvalidInput(name, "It is missing.", "Add it.")
    return kind(**values)


@lru_cache
def _declared(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Name and type of each field, and whether it has to be there."""
    return tuple((item.name, item.type, item.default is MISSING) for item in fields(kind))


def _known(record: Mapping[str, Any], kind: Any) -> Json:
    """The values of the fields of `kind`, lists as tuples, codes read."""
    names = {name for name, _, _ in _declared(kind)}
    for name in record:
        if name not in names:
            raise InvalidInput(
                str(name), "There is no such field.", f"Known are: {', '.join(sorted(names))}."
            )
    values: Json = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    if "codes" in values:
        values["codes"] = tuple(_code(item) for item in _list_of_text(values["codes"], "codes"))
    return values


def _code(item: str) -> Code:
    return Code.parse(item)


def _list_of_text(value: Any, path: str) -> tuple[str, ...]:
    if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
        raise InvalidInput(path, "It is not a list of texts.", 'Write ["…", "…"].')
    return value


def _check_type(name: str, declared: Any, value: Any) -> None:
    """JSON knows few types: a text where a number belongs is said here, not by a later crash."""
    if value is None:
        return
    if declared == "str" and not isinstance(value, str):
        raise InvalidInput(name, "It is not a text.", "Write it in quotation marks.")
    if declared.startswith("int") and (isinstance(value, bool) or not isinstance(value, int)):
        raise InvalidInput(name, "It is not a whole number.", "Write digits without quotation marks.")
    if declared.startswith("float") and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise InvalidInput(name, "It is not a number.", "Write digits without quotation marks.")
    if declared == "tuple[str, ...]":
        _list_of_text(value, name)


def _fields_as_json(item: Profile | Statement) -> Json:
    record: Json = {}
    for declared in fields(item):
        value = getattr(item, declared.name)
        if declared.name == "statements" or (declared.default is not MISSING and value == declared.default):
            continue
        record[declared.name] = [str(entry) for entry in value] if isinstance(value, tuple) else value
    return record
