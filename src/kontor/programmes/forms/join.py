"""Two people change one answer: what can be joined, and where both versions must be shown. Pure.

`base` is what both began with, `theirs` what is stored now, `mine` what is to be saved. Texts are joined
sentence by sentence, tables cell by cell, budgets amount by amount, lists entry by entry. Where both changed
the same place differently, `theirs` stays and the answer says so: whoever saved keeps `mine` beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kontor.programmes.forms.values import Value
from kontor.programmes.schema import Field

_Table = Mapping[str, Any]
#: White space, a sentence or the rest of a line, marks alone: together they are the whole text.
_PIECE = re.compile(r"\s+|[^\s.!?][^.!?\n]*[.!?]*|[.!?]+")


@dataclass(frozen=True, slots=True)
class Joined:
    """`value` to store; `clean` where nothing of `mine` is missing in it."""

    value: Value
    clean: bool


def join(field: Field, base: Value, theirs: Value, mine: Value) -> Joined:
    """Both changes in one value, as far as they can stand beside each other."""
    if mine in (theirs, base):
        return Joined(theirs, True)
    if theirs == base:
        return Joined(mine, True)
    match field.kind:
        case "paragraph" | "text" if field.languages:
            return _by_key(
                base or {}, theirs or {}, mine or {}, _texts if field.kind == "paragraph" else _one
            )
        case "paragraph":
            return _texts(base or "", theirs or "", mine or "")
        case "choices":
            return Joined(_lists(base or [], theirs or [], mine or []), True)
        case "file":
            return Joined(_files(base or [], theirs or [], mine or []), True)
        case "table":
            return _rows(base or [], theirs or [], mine or [])
        case "budget":
            return _by_key(base or {}, theirs or {}, mine or {}, _amounts)
    return _one(base, theirs, mine)


def _one(base: Value, theirs: Value, mine: Value) -> Joined:
    if mine in (theirs, base):
        return Joined(theirs, True)
    return Joined(mine, True) if theirs == base else Joined(theirs, False)


def _amounts(base: Value, theirs: Value, mine: Value) -> Joined:
    return _by_key(base or {}, theirs or {}, mine or {}, _one)


def _by_key(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], inner: Any
) -> Joined:
    value: dict[str, Any] = {}
    clean = True
    for key in dict.fromkeys([*theirs, *mine]):
        found = inner(base.get(key), theirs.get(key), mine.get(key))
        clean &= found.clean
        if found.value not in (None, ""):
            value[key] = found.value
    return Joined(value, clean)


def _lists(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    removed = (set(base) - set(theirs)) | (set(base) - set(mine))
    return [one for one in dict.fromkeys([*theirs, *mine]) if one not in removed]


def _files(base: Sequence[Any], theirs: Sequence[Any], mine: Sequence[Any]) -> list[Any]:
    known = {file["key"]: file for file in (*mine, *theirs)}
    keys = _lists(*([file["key"] for file in files] for files in (base, theirs, mine)))
    return [known[key] for key in keys]


def _rows(base: Sequence[Any], theirs: Sequence[Any], mine: Sequence[Any]) -> Joined:
    """Rows by their id. A row that one took out and the other changed stays: no text is lost."""
    old, left, right = ({row["id"]: row for row in rows} for rows in (base, theirs, mine))
    rows: list[Any] = []
    clean = True
    for key in dict.fromkeys([*left, *right]):
        was, here, there = old.get(key), left.get(key), right.get(key)
        if here is None or there is None:
            only = here if here is not None else there
            if was is None or only != was:
                rows.append(only)
            continue
        found = _by_key(was or {}, here, there, _one)
        clean &= found.clean
        rows.append(found.value)
    return Joined(rows, clean)


def _texts(base: str | None, theirs: str | None, mine: str | None) -> Joined:
    """Sentence by sentence: changes that touch no common sentence are both made; two additions at one place
    follow each other.
    """
    base, theirs, mine = base or "", theirs or "", mine or ""
    if mine in (theirs, base):
        return Joined(theirs, True)
    if theirs == base:
        return Joined(mine, True)
    pieces = _pieces(base)
    left, right = list(_changes(pieces, theirs)), list(_changes(pieces, mine))
    steps: list[tuple[int, int, list[str]]] = []
    for first, last, text in left:
        steps.append((first, last, text))
    for change in right:
        if change in left:
            continue
        if any(_meet(change, other) for other in left):
            return Joined(theirs, False)
        steps.append(change)
    return Joined(_applied(pieces, steps), True)


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text)


def _changes(pieces: list[str], text: str) -> Iterator[tuple[int, int, list[str]]]:
    """From which piece to which, replaced by what."""
    wanted = _pieces(text)
    matcher = SequenceMatcher(None, pieces, wanted, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag != "equal":
            yield first, last, wanted[start:end]


def _meet(one: tuple[int, int, list[str]], other: tuple[int, int, list[str]]) -> bool:
    """Whether both change a common piece; two pure additions at one place do not."""
    if one[0] == one[1] and other[0] == other[1]:
        return False
    if one[0] == one[1] or other[0] == other[1]:
        at, span = (one, other) if one[0] == one[1] else (other, one)
        return span[0] < at[0] < span[1]
    return one[0] < other[1] and other[0] < one[1]


def _applied(pieces: list[str], steps: list[tuple[int, int, list[str]]]) -> str:
    parts: list[str] = []
    at = -1
    for first, last, text in sorted(steps, key=lambda step: (step[0], step[1])):
        together = first == at and parts and text and not parts[-1][-1:].isspace()
        parts += pieces[max(at, 0) : first]
        if together and not text[0].isspace():
            parts.append(" ")
        parts += text
        at = max(at, last)
    return "".join(parts + pieces[max(at, 0) :])
