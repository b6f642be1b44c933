"""A variant is the programme with some values changed: both are merged before they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from kontor.programmes.lines import Lines, Path

Values = dict[str, Any]


class Merged:
    """Places of merged values: each leads back to where it stands, in the programme or in the variant."""

    def __init__(self, lines: Lines, origins: dict[Path, Path]) -> None:
        self._lines = lines
        self._origins = origins

    def of(self, path: Path) -> int:
        return self._lines.of(self.origin(path))

    def origin(self, path: Path) -> Path:
        for length in range(len(path), 0, -1):
            if (found := self._origins.get(path[:length])) is not None:
                return found + path[length:]
        return path


def variants(values: Values, lines: Lines) -> Iterator[tuple[Values, Merged]]:
    """The merged values of every `[[variant]]`, with their places.

    Tables merge key by key. Entries of a list of tables that have the same `key` (or `rule`, `path`)
    merge, new ones are added, `drop = true` takes one out, `drop = ["key"]` takes keys out of the table
    it stands in. Every other value is replaced.
    """
    listed = values.get("variant", [])
    base = {key: value for key, value in values.items() if key != "variant"}
    for at, change in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(change, dict):
            origins: dict[Path, Path] = {(): ("variant", at)}
            yield _merge(base, change, (), ("variant", at), (), origins), Merged(lines, origins)


def _merge(
    base: Values, change: Values, old: Path, new: Path, out: Path, origins: dict[Path, Path]
) -> Values:
    merged: Values = {}
    left_out = change.get("drop", [])
    for key in {**base, **change}:
        if key == "drop" or (isinstance(left_out, list) and key in left_out and key not in change):
            continue
        if key not in change:
            merged[key], origins[(*out, key)] = base[key], (*old, key)
            continue
        theirs, ours = base.get(key), change[key]
        origins[(*out, key)] = (*new, key)
        below = ((*old, key), (*new, key), (*out, key), origins)
        if isinstance(theirs, dict) and isinstance(ours, dict):
            merged[key] = _merge(theirs, ours, *below)
        elif _tables(theirs) and _tables(ours) and all(map(_name, ours)):
            merged[key] = _merge_lists(theirs, ours, *below)
        else:
            merged[key] = ours
    return merged


def _merge_lists(
    base: list[Values], change: list[Values], old: Path, new: Path, out: Path, origins: dict[Path, Path]
) -> list[Values]:
    changes = {_name(entry): (at, entry) for at, entry in enumerate(change)}
    merged: list[Values] = []
    for before, entry in enumerate(base):
        name, place = _name(entry), (*out, len(merged))
        if name is None or name not in changes:
            merged.append(entry)
            origins[place] = (*old, before)
            continue
        at, ours = changes.pop(name)
        if ours.get("drop") is not True:
            origins[place] = (*new, at)
            merged.append(_merge(entry, ours, (*old, before), (*new, at), place, origins))
    for at, ours in changes.values():
        origins[(*out, len(merged))] = (*new, at)
        merged.append(ours)
    return merged


def _tables(value: object) -> TypeGuard[list[Values]]:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _name(entry: Values) -> tuple[str, str] | None:
    name = entry.get("key") or entry.get("rule") or entry.get("path")
    return (str(name), str(entry.get("version", ""))) if name else None
