"""What a Word file that came back says, field by field.

Everything is compared with what went out (`base`): a box that still reads as it was printed says nothing, so
that writing and reading can never change an answer by themselves. What is taken is kept as it was typed,
however wrong; the form's own check says so later. What fits nowhere is told, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from kontor.programmes.forms import Column, Field, Form
from kontor.programmes.forms.values import Answers, tidy
from kontor.programmes.word.answers import NOTHING, SHOWN_ONLY, Ground, boxes_of, options_of
from kontor.programmes.word.model import Box, Paper, ReadBox, Shape, WordFile

_TICKED: Final = re.compile(r"^\s*(?:[☒☑✓✔✗✘]|\[\s*[xX]\s*\]|[xX](?=\s))\s*(.*)$")
_OPEN: Final = re.compile(r"^\s*(?:[☐□◻]|\[\s*\])?\s*(.*)$")
_DAY: Final = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece of the file that could not be taken: `code` (choice, row, shown-only, missing, pictures,
    doubled, unknown, beside) and the text itself; `field` is empty where it belongs to none.
    """

    code: str
    field: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """`values` of the fields that differ from what went out, and what could not be taken."""

    values: dict[str, Any]
    unread: tuple[Unread, ...] = ()
    comments: int = 0


@dataclass(slots=True)
class _Reading:
    ground: Ground
    unread: list[Unread] = field(default_factory=list)

    def leave(self, code: str, key: str = "", text: str = "") -> None:
        self.unread.append(Unread(code, key, text))


def returned(form: Form, file: WordFile, base: Answers, ground: Ground, paper: Paper) -> Returned:
    """`base` are the answers that the file was made of and `paper` what was printed then."""
    reading = _Reading(ground)
    boxes = {box.key: box for part in paper.parts for box in part.boxes}
    values: dict[str, Any] = {}
    for one in form.fields(ground.step):
        found = _field(form, one, file, base.get(one.key), boxes, reading)
        if found is not None:
            values[one.key] = found
    for key, box in file.boxes.items():
        if key not in boxes and box.text.strip():
            reading.leave("unknown", text=box.text)
    for key in file.doubled:
        reading.leave("doubled", key.partition("@")[0])
    known = paper.texts()
    beside = [line for line in file.outside if " ".join(line.split()) not in known]
    if beside:
        reading.leave("beside", text="\n".join(beside))
    return Returned(values, tuple(reading.unread), file.comments)


def _field(
    form: Form, one: Field, file: WordFile, base: Any, boxes: Mapping[str, Box], reading: _Reading
) -> Any:
    """The new value, None where the file says nothing new."""
    sent = [boxes[box.key] for box in boxes_of(form, one, base, reading.ground) if box.key in boxes]
    changed: dict[str, ReadBox] = {}
    for box in sent:
        found = file.boxes.get(box.key)
        if found is None:
            reading.leave("missing", one.key)
            continue
        if found.pictures:
            reading.leave("pictures", one.key)
        if not _reads_as(box, found):
            changed[box.key] = found
    if not changed:
        return None
    if one.kind in SHOWN_ONLY or all(box.shape is Shape.FIXED for box in sent):
        reading.leave("shown-only", one.key, "\n".join(box.text for box in changed.values()))
        return None
    value = _value(one, changed, base, reading)
    if value is None or (told := tidy(one, value)) == tidy(one, base if base is not None else ""):
        return None
    return told


def _reads_as(box: Box, found: ReadBox) -> bool:
    """Whether the box came back as it was printed."""
    if box.shape is Shape.GRID:
        return _filled(box.rows) == _filled(found.rows)
    if box.shape is Shape.PICK:
        ticked = [line for line in found.text.split("\n") if _TICKED.match(line)]
        listed = [label for at, label in enumerate(box.choices) if at in box.ticked]
        said = [_said(match[1]) for line in ticked if (match := _TICKED.match(line))]
        return said == [_said(label) for label in listed] and not _strange(box, found)
    if box.shape is Shape.LIST:
        return _said(found.text) in ((_said(box.text),) if box.text else ("", _said(NOTHING)))
    return _plain(box.text) == _plain(found.text)


def _strange(box: Box, found: ReadBox) -> list[str]:
    """Lines in a list of choices that name none of them."""
    labels = {_said(label) for label in box.choices}
    lines = (line for line in found.text.split("\n") if line.strip())
    texts = ((_TICKED.match(line) or _OPEN.match(line), line) for line in lines)
    return [line for match, line in texts if match is None or _said(match[1]) not in labels]


def _value(one: Field, changed: Mapping[str, ReadBox], base: Any, reading: _Reading) -> Any:
    (first, *_rest) = changed.values()
    match one.kind:
        case "text" | "paragraph" if one.languages:
            told = dict(base) if isinstance(base, Mapping) else {}
            return {**told, **{key.partition("@")[2]: box.text for key, box in changed.items()}}
        case "text":
            return " ".join(first.text.split("\n"))
        case "choices":
            return _choices(one, first, reading)
        case "choice" | "yes-no":
            return _choice(one, first.text, reading)
        case "table":
            return _table(one, first, base or [], reading)
        case "budget":
            return _budget(one, first, base or {}, reading)
        case "date":
            return _day(first.text)
    return first.text


def _choices(one: Field, box: ReadBox, reading: _Reading) -> list[str] | None:
    """None where something is ticked that cannot be chosen, and nothing else."""
    found: list[str] = []
    strange = False
    for line in box.text.split("\n"):
        match = _TICKED.match(line)
        text = match[1] if match else ""
        key = _chosen(one, text, reading.ground)
        if match and key:
            found.append(key)
        elif match or _unlisted(one, line, reading.ground):
            reading.leave("choice", one.key, text or line.strip())
            strange = True
    return None if strange and not found else found


def _unlisted(one: Field, line: str, ground: Ground) -> bool:
    """A line without a tick that is none of the choices: somebody wrote it."""
    match = _OPEN.match(line)
    text = match[1] if match else line
    return bool(text.strip()) and _chosen(one, text, ground) is None


def _choice(one: Field, text: str, reading: _Reading) -> str | None:
    if _said(text) in ("", _said(NOTHING)):
        return ""
    key = _chosen(one, text, reading.ground)
    if key is None:
        reading.leave("choice", one.key, text)
    return key


def _chosen(one: Field | Column, text: str, ground: Ground) -> str | None:
    """The key of a choice by its label in any language, or by the key itself."""
    wanted = _said(text)
    for key, label in options_of(one, ground).items():
        if wanted in (_said(label), _said(key)):
            return key
    choices = ground.choices_of(one) if isinstance(one, Field) else one.choices
    for choice in choices:
        if any(wanted == _said(label) for label in choice.label.values()):
            return choice.key
    return None


def _table(
    one: Field, box: ReadBox, base: Sequence[Mapping[str, Any]], reading: _Reading
) -> list[dict[str, str]]:
    """Rows with the ids they had: first those that came back alike, then by their place."""
    places = list(_places([column.label.values() for column in one.columns], box.headings))
    rows = []
    for cells in _filled(box.rows):
        row = {}
        for at, column in zip(places, one.columns, strict=True):
            row[column.key] = _cell(column, cells[at] if at is not None and at < len(cells) else "", reading)
        left = [text for at, text in enumerate(cells) if at not in places and text]
        if left:
            reading.leave("row", one.key, " | ".join(left))
        rows.append(row)
    return _with_ids(one, rows, base)


def _with_ids(
    one: Field, rows: list[dict[str, str]], base: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    plain = [tidy(one, [row])[0] for row in rows]
    for row in plain:
        row.pop("id")
    old = [({key: cell for key, cell in row.items() if key != "id"}, str(row["id"])) for row in base]
    free = [key for _row, key in old]
    ids: list[str | None] = []
    for row in plain:
        same = next((key for was, key in old if was == row and key in free), None)
        if same:
            free.remove(same)
        ids.append(same)
    for at, _row in enumerate(plain):
        if ids[at] is None and at < len(old) and old[at][1] in free:
            ids[at] = old[at][1]
            free.remove(old[at][1])
    taken = {key for _row, key in old}
    new = (key for number in range(1, 10_000) if (key := f"w{number}") not in taken)
    return [{"id": key or next(new), **row} for key, row in zip(ids, plain, strict=True)]


def _cell(column: Column, text: str, reading: _Reading) -> str:
    if column.kind == "choice":
        return _chosen(column, text, reading.ground) or text
    if column.kind == "date":
        return _day(text)
    return text


def _budget(
    one: Field, box: ReadBox, base: Mapping[str, Mapping[str, Any]], reading: _Reading
) -> dict[str, dict[str, str]]:
    """Amounts by the partner's name in the first column; a row of nobody known is told."""
    names = [*(column.key for column in one.columns), "grant"]
    labels = [column.label.values() for column in one.columns] + [(reading.ground.say("grant"),)]
    places = list(_places(labels, box.headings[1:]))
    known = {_said(payee.name): payee.key for payee in reading.ground.payees}
    value = {key: dict(row) for key, row in base.items()}
    for cells in _filled(box.rows):
        key = known.get(_said(cells[0]))
        if key is None:
            reading.leave("row", one.key, " | ".join(cell for cell in cells if cell))
            continue
        value[key] = {
            name: cells[at + 1] if at is not None and at + 1 < len(cells) else ""
            for at, name in zip(places, names, strict=True)
        }
    return {key: row for key, row in value.items() if any(row.values())}


def _places(labels: Sequence[Any], headings: Sequence[str]) -> Iterator[int | None]:
    """Where each column stands in the file: by its heading, else at its own place while that is free."""
    said = [_said(heading) for heading in headings]
    found = [next((said.index(_said(one)) for one in each if _said(one) in said), None) for each in labels]
    for own, at in enumerate(found):
        free = own not in found and own < len(said)
        yield at if at is not None else (own if free else None)


def _filled(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Rows with something in them, without empty cells at the end."""
    found = []
    for row in rows:
        cells = [_plain(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            found.append(tuple(cells))
    return found


def _day(text: str) -> str:
    """`01.03.2027`, `1-3-2027` and `1/3/2027` as `2027-03-01`, day before month; other text as it is."""
    match = _DAY.match(text.strip())
    if match is None:
        return text.strip()
    day, month, year = (int(part) for part in match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text.strip()


def _said(text: str) -> str:
    return " ".join(text.split()).casefold()


def _plain(text: str) -> str:
    """Without what a word processor changes by itself: white space at the ends, lines of white space."""
    return "\n".join(line.replace("\u00a0", " ").rstrip() for line in text.strip().split("\n"))
