"""The parts of a file from outside, as a small tree, with limits on all that a hostile file could inflate.

Document type declarations, and with them entities, are refused; what is read is counted, so that a part that
declares one size and holds another stops at the limit.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from kontor.programmes.word.model import WordError

_CHUNK: Final = 1 << 16
#: Bytes of one part, unpacked; so many characters fill a book of 10,000 pages.
LARGEST_PART: Final = 50 * 1024 * 1024
#: Elements of one part, and how deep they may stand in one another.
MOST_ELEMENTS: Final = 1_000_000
DEEPEST: Final = 200
_SAVE_ANEW: Final = "Open it in a word processor, save it again as .docx and choose that file."


@dataclass(slots=True)
class Node:
    """An element without its namespace; `text` is what stands before its first child."""

    name: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def first(self, name: str) -> Node | None:
        return next((child for child in self.children if child.name == name), None)

    def walk(self) -> Iterator[Node]:
        """Itself and everything below, in the order of the text."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


def open_word(content: bytes) -> zipfile.ZipFile:
    """The archive; WordError where the bytes are no Word file, or one that is locked or damaged."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise WordError(
            "protected",
            "This file is locked with a password, or of a Word older than 2007.",
            "Save it without a password as .docx and choose that file.",
        )
    if not content.startswith(b"PK"):
        raise _no_word()
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = set(archive.namelist())
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise damaged() from error
    if "word/document.xml" not in names:
        raise _no_word()
    return archive


def parse_part(archive: zipfile.ZipFile, part: str) -> Node | None:
    """The root of a part, None where the archive has no such part. WordError `damaged` or `too-large`."""
    if part not in archive.namelist():
        return None
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        for chunk in _chunks(archive, part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error
    return builder.root


def damaged() -> WordError:
    return WordError("damaged", "This file is damaged and cannot be read.", _SAVE_ANEW)


def _no_word() -> WordError:
    return WordError("not-word", "This is no Word file (.docx).", "Choose the file that was downloaded here.")


def _too_large() -> WordError:
    return WordError(
        "too-large",
        "Unpacked, this file is far larger than an application can be.",
        "Take pictures and pasted content out, save it again and choose that file.",
    )


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    read = 0
    try:
        with archive.open(part) as file:
            while chunk := file.read(_CHUNK):
                read += len(chunk)
                if read > LARGEST_PART:
                    raise _too_large()
                yield chunk
    except WordError:
        raise
    except RuntimeError as error:  # what zipfile raises for a member with a password
        raise damaged() from error
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, zlib.error) as error:
        raise damaged() from error


class _Builder:
    """Builds the tree as the parser meets it."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise _too_large()
        local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        node = Node(name.rpartition(":")[2], local)
        if self._open:
            self._open[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def characters(self, data: str) -> None:
        if self._open:
            self._open[-1].text += data

    def doctype(self, *_args: object) -> None:
        raise damaged()
