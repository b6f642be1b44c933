"""From a DOCX file that came back to the answers in its boxes.

A box is a table; its key is in the table's description, else in the mark ⟦key⟧ of its first row. Insertions
marked as changes are taken, marked deletions left out; remarks in the margin are counted only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kontor.programmes.word.model import FACTS, Identity, ReadBox, WordError, WordFile
from kontor.programmes.word.tree import Node, open_word, parse_part

_MARK: Final = re.compile(r"⟦([^⟦⟧|]+)⟧")
_IDENTITY: Final = re.compile(r"⟦kontor\|([^⟦⟧]*)⟧")
#: Elements around others that mean nothing for the text.
_WRAPPERS: Final = frozenset(
    {"sdt", "sdtContent", "ins", "hyperlink", "smartTag", "customXml", "moveTo", "fldSimple", "bdo", "dir"}
)
#: Elements whose text is gone or never was any.
_LEFT_OUT: Final = frozenset({"del", "moveFrom", "delText", "instrText", "sdtPr", "Fallback", "rPr", "pPr"})


def read_word(content: bytes) -> WordFile:
    """Everything that stands in the file. WordError with code not-word, protected, damaged, too-large, or
    foreign where the file was not downloaded from here.
    """
    with open_word(content) as archive:
        document = parse_part(archive, "word/document.xml")
        properties = parse_part(archive, "docProps/custom.xml")
        remarks = parse_part(archive, "word/comments.xml")
    body = document.first("body") if document else None
    if body is None:
        raise WordError("damaged", "This file is damaged: it has no text.", "Choose another file.")
    outside: list[str] = []
    boxes: dict[str, ReadBox] = {}
    doubled: list[str] = []
    for block in _blocks(body):
        key = _key_of(block) if block.name == "tbl" else ""
        if key == FACTS or _is_title(block):
            continue
        if not key:
            outside += _lines_of(block)
        elif key in boxes:
            doubled.append(key)
            outside += _cell_lines(_box(block))
        else:
            boxes[key] = _box(block)
    identity = _identity(properties, outside)
    return WordFile(
        identity=identity,
        boxes=boxes,
        outside=tuple(line for line in outside if line.strip() and not _IDENTITY.search(line)),
        comments=sum(node.name == "comment" for node in remarks.walk()) if remarks else 0,
        deletions=sum(node.name in {"del", "moveFrom"} and bool(node.children) for node in body.walk()),
        doubled=tuple(doubled),
    )


def _is_title(block: Node) -> bool:
    """The title of the file, which may have changed here since."""
    properties = block.first("pPr") if block.name == "p" else None
    style = properties.first("pStyle") if properties else None
    return bool(style and style.attributes.get("val") == "Title")


def _identity(properties: Node | None, outside: list[str]) -> Identity:
    """From the properties, else from the mark at the end."""
    told: dict[str, str] = {}
    for node in properties.children if properties else ():
        value = node.children[0].text if node.children else ""
        told[node.attributes.get("name", "")] = value
    values = [told.get(f"kontor{part}", "") for part in ("", "-subject", "-revision", "-form", "-language")]
    if not values[0]:
        marks = [found for line in outside if (found := _IDENTITY.search(line))]
        values = marks[-1][1].split("|") if marks else []
    if len(values) != 5 or values[0] != "1" or not values[1] or not values[2].isdecimal():
        raise WordError(
            "foreign",
            "This file was not downloaded from here.",
            "Download the application as a Word file, write your text into it and upload that file.",
        )
    return Identity(values[1], int(values[2][:9]), values[3], values[4] or "en")


def _blocks(parent: Node) -> Iterator[Node]:
    """Paragraphs and tables, also those inside of wrappers."""
    for child in parent.children:
        if child.name in {"p", "tbl"}:
            yield child
        elif child.name in _WRAPPERS:
            yield from _blocks(child)


def _key_of(table: Node) -> str:
    properties = table.first("tblPr")
    description = properties.first("tblDescription") if properties else None
    told = description.attributes.get("val", "") if description else ""
    if told.startswith("kontor:"):
        return told.removeprefix("kontor:")
    rows = list(_rows(table))
    first = "\n".join(_texts(rows[0])) if rows else ""
    marks = _MARK.findall(first)
    return str(marks[-1]).strip() if marks else ""


def _box(table: Node) -> ReadBox:
    rows = list(_rows(table))[1:]
    cells = [tuple(_texts(row)) for row in rows]
    lines = [text for row in cells for text in row]
    pictures = sum(node.name in {"drawing", "pict", "object"} for row in rows for node in row.walk())
    return ReadBox(
        text=_trimmed("\n".join(lines)),
        headings=tuple(_trimmed(text) for text in cells[0]) if cells else (),
        rows=tuple(tuple(_trimmed(text) for text in row) for row in cells[1:]),
        pictures=pictures,
    )


def _cell_lines(box: ReadBox) -> list[str]:
    return [line for line in box.text.split("\n") if line.strip()]


def _rows(table: Node) -> Iterator[Node]:
    for child in table.children:
        if child.name == "tr":
            if not _row_deleted(child):
                yield child
        elif child.name in _WRAPPERS:
            yield from _rows(child)


def _row_deleted(row: Node) -> bool:
    properties = row.first("trPr")
    return bool(properties and properties.first("del"))


def _texts(row: Node) -> list[str]:
    """The text of each cell; one that spans several columns counts as many."""
    found: list[str] = []
    for cell in _cells(row):
        properties = cell.first("tcPr")
        span = properties.first("gridSpan") if properties else None
        told = span.attributes.get("val", "1") if span else "1"
        width = min(int(told), 64) if told.isdecimal() else 1
        found += ["\n".join(_lines_of(cell)), *[""] * (width - 1)]
    return found


def _cells(row: Node) -> Iterator[Node]:
    for child in row.children:
        if child.name == "tc":
            yield child
        elif child.name in _WRAPPERS:
            yield from _cells(child)


def _lines_of(block: Node) -> list[str]:
    """The lines of a paragraph, a cell or a table within; cells of a row stand side by side."""
    if block.name == "p":
        return _paragraph(block).split("\n")
    if block.name == "tbl":
        return ["\t".join(" ".join(text.split()) for text in _texts(row)) for row in _rows(block)]
    return [line for child in _blocks(block) for line in _lines_of(child)]


def _paragraph(paragraph: Node) -> str:
    text = "".join(_pieces(paragraph))
    properties = paragraph.first("pPr")
    listed = properties.first("numPr") if properties else None
    return f"• {text}" if listed and text.strip() else text


def _pieces(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.name in _LEFT_OUT or _placeholder(child):
            continue
        if child.name == "t":
            yield child.text
        elif child.name in {"tab", "ptab"}:
            yield "\t"
        elif child.name in {"br", "cr"}:
            yield "\n"
        elif child.name == "noBreakHyphen":
            yield "-"
        elif child.name == "txbxContent":
            yield "\n" + "\n".join(_lines_of(child))
        else:
            yield from _pieces(child)


def _placeholder(node: Node) -> bool:
    """What Word shows where nothing is written yet."""
    properties = node.first("sdtPr") if node.name == "sdt" else None
    return bool(properties and properties.first("showingPlcHdr"))


def _trimmed(text: str) -> str:
    lines = [line.replace("\u00a0", " ").rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)
