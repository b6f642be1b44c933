"""The parts of an XLSX beside its sheets: which sheets there are, shared texts, and which number formats
are dates.

Read with bounded memory straight from the archive: every read is counted, so a part that declares one size
and holds another stops at the limit. Document type declarations, and with them entities, are refused.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, cast
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.imports.tables.model import Limits, refusal

CHUNK = 1 << 16
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Built-in number formats that show a date (ECMA-376 part 1, 18.8.30).
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})


class Handler(Protocol):
    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def damaged(part: str) -> Exception:
    return refusal(
        "damaged",
        _("The file is damaged: its part %(part)s cannot be read."),
        _("Open it in a spreadsheet program, save it again and choose that file."),
        path=part,
        part=part,
    )


def chunks(archive: zipfile.ZipFile, part: str, limit: int) -> Iterator[bytes]:
    """The bytes of one part, at most `limit`. Raises KontorError past it and where the part is damaged."""
    read = 0
    try:
        with archive.open(part) as file:
            while chunk := file.read(CHUNK):
                read += len(chunk)
                if read > limit:
                    raise refusal(
                        "zip_bomb",
                        _("Unpacked, the file's part %(part)s is larger than %(limit)s MB."),
                        _("Copy the cells with values into a new workbook and save that."),
                        path=part,
                        part=part,
                        limit=limit // 2**20,
                    )
                yield chunk
    except (KeyError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise damaged(part) from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise damaged(part) from error
        raise


def feed(archive: zipfile.ZipFile, part: str, handler: Handler, limit: int) -> Iterator[None]:
    """Parses one part, pausing after each chunk so that the caller can take what was read."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: handler.start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = handler.text

    def refuse_doctype(*_args: object) -> None:
        raise damaged(part)

    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        for chunk in chunks(archive, part, limit):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise damaged(part) from error


def parse_all(archive: zipfile.ZipFile, part: str, handler: Handler, limit: int) -> None:
    for _pause in feed(archive, part, handler, limit):
        pass


def unescaped(text: str) -> str:
    """`_x000D_` and its like are how XLSX writes characters that XML cannot hold."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    visible: bool


class _Workbook:
    """Collects the attributes of the elements named in `wanted`, in order."""

    def __init__(self, *wanted: str) -> None:
        self.wanted = frozenset(wanted)
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in self.wanted:
            self.found.append((name, {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


def read_sheets(archive: zipfile.ZipFile, limits: Limits) -> tuple[list[Sheet], bool]:
    """The worksheets in order, and whether the workbook counts days from 1904 (old Macintosh files)."""
    book = _Workbook("sheet", "workbookPr")
    parse_all(archive, "xl/workbook.xml", book, limits.strings_bytes)
    links = _Workbook("Relationship")
    parse_all(archive, "xl/_rels/workbook.xml.rels", links, limits.strings_bytes)
    targets = {a.get("Id", ""): a.get("Target", "") for _name, a in links.found}
    from_1904 = any(a.get("date1904") in {"1", "true"} for name, a in book.found if name == "workbookPr")
    sheets = [
        Sheet(
            a.get("name", ""),
            _resolved(targets.get(a.get("id", ""), "")),
            a.get("state", "visible") == "visible",
        )
        for name, a in book.found
        if name == "sheet"
    ]
    present = set(archive.namelist())
    return [s for s in sheets if s.part in present and "chartsheet" not in s.part], from_1904


def _resolved(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def read_date_styles(archive: zipfile.ZipFile, limits: Limits) -> frozenset[int]:
    """Numbers of the cell styles whose number format shows a date."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = _Styles()
    parse_all(archive, "xl/styles.xml", styles, limits.strings_bytes)
    return frozenset(i for i, number in enumerate(styles.formats) if number in _DATE_FORMATS | styles.dates)


class _Styles:
    def __init__(self) -> None:
        self.dates: set[int] = set()
        self.formats: list[int] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and shows_date(attributes.get("formatCode", "")):
            self.dates.add(int(attributes.get("numFmtId", "0")))
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self.formats.append(int(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False

    def text(self, data: str) -> None:
        pass


def shows_date(pattern: str) -> bool:
    """Whether a number format such as `dd/mm/yyyy` shows a day or a year; `0.00 "days"` does not."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", pattern)
    return any(letter in bare.lower() for letter in "yd") and "general" not in bare.lower()


class Strings:
    """The shared texts as one block of bytes: a Python text each would take several times the memory."""

    def __init__(self) -> None:
        self._block = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        self._block += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._block))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._block[self._ends[index] : self._ends[index + 1]].decode("utf-8", "replace")


class _StringsHandler:
    def __init__(self) -> None:
        self.strings = Strings()
        self._pieces: list[str] = []
        self._collect = False
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "t":
            self._collect = not self._phonetic
        elif name == "rPh":
            self._phonetic = True

    def end(self, name: str) -> None:
        if name == "t":
            self._collect = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.strings.append(unescaped("".join(self._pieces)))

    def text(self, data: str) -> None:
        if self._collect:
            self._pieces.append(data)


def read_strings(archive: zipfile.ZipFile, limits: Limits) -> Strings:
    names = {name.lower(): name for name in archive.namelist()}
    part = names.get("xl/sharedstrings.xml")
    if part is None:
        return Strings()
    handler = _StringsHandler()
    parse_all(archive, part, handler, limits.strings_bytes)
    return handler.strings


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands around a sheet's rows, found without parsing them. Merges: (first row, last row, column),
    1-based.
    """

    rows: int
    hidden: int
    vertical_merges: tuple[tuple[int, int, int], ...]


_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_HIDDEN = re.compile(rb'<(?:\w+:)?row\s[^>]*?hidden="(?:1|true)"')


def survey(archive: zipfile.ZipFile, part: str, limits: Limits) -> Survey:
    """One pass over the bytes: counts rows and hidden ones and finds merged cells, which stand after the
    rows.
    """
    rows = hidden = 0
    merges: list[tuple[int, int, int]] = []
    tail = b""
    for chunk in chunks(archive, part, limits.unpacked_bytes):
        cut = (tail + chunk).rfind(b">") + 1
        whole, tail = (tail + chunk)[:cut], (tail + chunk)[cut:][-CHUNK:]
        rows += len(_ROW.findall(whole))
        hidden += len(_HIDDEN.findall(whole))
        for match in _MERGE.finditer(whole):
            first, last = int(match[2]), int(match[4])
            if last > first and len(merges) < 100_000:
                merges.append((first, last, column_index(cast("bytes", match[1]).decode())))
    return Survey(rows, hidden, tuple(merges))


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


Known = Callable[[str], bool]
