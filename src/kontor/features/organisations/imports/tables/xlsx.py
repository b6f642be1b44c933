"""XLSX, row by row with bounded memory, so that formulas, merged cells and hidden rows can be told to the
user.

A table reader in Rust would be faster but loads the whole sheet and hides these; 100,000 rows of 20 columns
take about as long to parse here as to write to the database.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.imports.tables.csvfile import too_many_rows
from kontor.features.organisations.imports.tables.header import DEPTH, clean_header, find_header
from kontor.features.organisations.imports.tables.model import Cell, Fault, Limits, Note, Row, Table, refusal
from kontor.features.organisations.imports.tables.parts import (
    Sheet,
    Strings,
    Survey,
    column_index,
    feed,
    read_date_styles,
    read_sheets,
    read_strings,
    survey,
    unescaped,
)

Known = Callable[[str], bool]


@dataclass(slots=True)
class _Book:
    path: Path
    sheets: list[Sheet]
    strings: Strings
    date_styles: frozenset[int]
    from_1904: bool
    limits: Limits


def open_xlsx(path: Path, known: Known, *, sheet: str = "", limits: Limits) -> Table:
    """Raises KontorError where the file as a whole cannot be used. `sheet`: a name, else the best one is
    taken.
    """
    with zipfile.ZipFile(path) as archive:
        sheets, from_1904 = read_sheets(archive, limits)
        book = _Book(
            path, sheets, read_strings(archive, limits), read_date_styles(archive, limits), from_1904, limits
        )
    chosen = _choose(book, sheet, known)
    with zipfile.ZipFile(path) as archive:
        found = survey(archive, chosen.part, limits)
    head = list(islice(_raw_rows(book, chosen.part), DEPTH))
    index = find_header([row.cells for row in head], known)
    if index is None:
        raise refusal(
            "empty", _("Sheet “%(sheet)s” is empty."), _("Choose another sheet."), sheet=chosen.name
        )
    header = head[index]
    names = clean_header(header.cells, header.number, limits)

    def rows() -> Iterator[Row]:
        return _rows(book, chosen.part, header.number, len(names), found)

    if next(rows(), None) is None:
        raise refusal(
            "only_header",
            _("Sheet “%(sheet)s” has a header but no rows."),
            _("Add a row for each organisation below the header, or choose another sheet."),
            path=f"{chosen.name}!{header.number}",
            sheet=chosen.name,
        )
    return Table(
        columns=names,
        rows=rows,
        kind="xlsx",
        header_row=header.number,
        estimate=max(found.rows - index - 1, 1),
        notes=_notes(book, chosen, header.number, found),
        sheet=chosen.name,
        sheets=[s.name for s in sheets],
    )


def _choose(book: _Book, wanted: str, known: Known) -> Sheet:
    """The sheet of that name; else the visible one whose first rows hold the most known headers."""
    if wanted:
        for sheet in book.sheets:
            if sheet.name == wanted:
                return sheet
        raise refusal(
            "no_sheet",
            _("The workbook has no sheet “%(sheet)s”."),
            _("Choose one of: %(names)s."),
            sheet=wanted,
            names=", ".join(s.name for s in book.sheets),
        )
    visible = [s for s in book.sheets if s.visible] or book.sheets
    if not visible:
        raise refusal("empty", _("The workbook has no sheet with cells."), _("Choose another file."))
    return max(visible, key=lambda sheet: (_recognised(book, sheet, known), -visible.index(sheet)))


def _recognised(book: _Book, sheet: Sheet, known: Known) -> int:
    """Most known headers in one of the first rows; -1 for a sheet without any cell."""
    rows = [row.cells for row in islice(_raw_rows(book, sheet.part), DEPTH)]
    return max((sum(1 for c in row if isinstance(c, str) and known(c)) for row in rows), default=-1)


def _notes(book: _Book, chosen: Sheet, header: int, found: Survey) -> list[Note]:
    notes: list[Note] = []
    others = [s.name for s in book.sheets if s.name != chosen.name]
    if others:
        params: dict[str, str | int] = {"sheet": chosen.name, "others": ", ".join(others)}
        notes.append(Note(_("Sheet “%(sheet)s” is read; not read: %(others)s."), params))
    if header > 1:
        notes.append(
            Note(_("The header was found in row %(row)s; rows above it are left out."), {"row": header})
        )
    if found.hidden:
        notes.append(Note(_("%(count)s hidden rows are read like the others."), {"count": found.hidden}))
    if merged := sum(1 for first, _last, _column in found.vertical_merges if first > header):
        notes.append(
            Note(_("%(count)s merged cells: their value is taken for each of their rows."), {"count": merged})
        )
    return notes


def _raw_rows(book: _Book, part: str) -> Iterator[Row]:
    """Rows that hold at least one value, as wide as their last value."""
    with zipfile.ZipFile(book.path) as archive:
        handler = _SheetHandler(book)
        for _pause in feed(archive, part, handler, book.limits.unpacked_bytes):
            yield from handler.finished
            handler.finished.clear()


def _rows(book: _Book, part: str, header: int, width: int, found: Survey) -> Iterator[Row]:
    merges = _Merges(found.vertical_merges, header)
    for count, row in enumerate(_raw_rows(book, part)):
        if count > book.limits.rows:
            raise too_many_rows(book.limits)
        if row.number <= header:
            continue
        cells = row.cells
        if len(cells) > width:
            _note_extra(row, width)
            del cells[width:]
        cells.extend([""] * (width - len(cells)))
        merges.fill(row, width)
        yield row


def _note_extra(row: Row, width: int) -> None:
    """Cells beyond the header: values nobody can name."""
    extra = [str(cell) for cell in row.cells[width:] if str(cell).strip()]
    row.faults = [fault for fault in row.faults if fault.column < width]
    if extra:
        params = {"found": str(len(row.cells)), "expected": str(width)}
        row.faults.append(Fault(width, "too_many_cells", extra[0], params))


class _Merges:
    """Gives each row of a vertically merged cell the value of its first row."""

    def __init__(self, merges: tuple[tuple[int, int, int], ...], header: int) -> None:
        self._open = sorted((m for m in merges if m[0] > header), reverse=True)
        self._active: dict[int, tuple[int, Cell]] = {}

    def fill(self, row: Row, width: int) -> None:
        if not self._open and not self._active:
            return
        while self._open and self._open[-1][0] <= row.number:
            first, last, column = self._open.pop()
            if first == row.number and column < width:
                self._active[column] = (last, row.cells[column])
        for column, (last, value) in list(self._active.items()):
            if row.number > last:
                del self._active[column]
            elif row.cells[column] == "":
                row.cells[column] = value


class _SheetHandler:
    """Cells as expat meets them; whole rows wait in `finished`."""

    def __init__(self, book: _Book) -> None:
        self.finished: list[Row] = []
        self._strings = book.strings
        self._dates = book.date_styles
        self._epoch = dt.datetime(1904, 1, 1) if book.from_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001
        self._longest = book.limits.cell_characters
        self._widest = 16_384
        self._row = Row(0, [])
        self._column = 0
        self._type = "n"
        self._style = 0
        self._formula = False
        self._collect = False
        self._pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v" or name == "t":
            self._collect = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            number = attributes.get("r")
            self._row = Row(int(number) if number else self._row.number + 1, [])
            self._column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self._column = column_index(place.rstrip("0123456789")) if place else self._column + 1
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._formula = False
        self._pieces = []

    def text(self, data: str) -> None:
        if self._collect:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        if name == "v" or name == "t":
            self._collect = False
        elif name == "c":
            if self._pieces or self._formula:
                self._end_cell()
        elif name == "row" and self._row.cells:
            self.finished.append(self._row)

    def _end_cell(self) -> None:
        if self._column >= self._widest:
            return
        raw = "".join(self._pieces)
        row = self._row
        cell: Cell = ""
        if self._type == "e":
            row.faults.append(Fault(self._column, "cell_error", raw))
        elif raw == "" and self._formula and self._type != "str":
            row.faults.append(Fault(self._column, "formula_without_value"))
        elif raw:
            cell = self._value(raw)
        if cell == "" and not row.faults:
            return
        missing = self._column - len(row.cells)
        if missing >= 0:
            row.cells.extend([""] * missing)
            row.cells.append(cell)
        else:
            row.cells[self._column] = cell

    def _value(self, raw: str) -> Cell:
        kind = self._type
        if kind == "s":
            return self._shared(raw)
        if kind == "n":
            return self._number(raw)
        if kind == "b":
            return "yes" if raw in {"1", "true"} else "no"
        if kind == "d":
            return raw[:10] if raw.endswith(("T00:00:00", "T00:00:00.000")) else raw
        return unescaped(raw)[: self._longest]

    def _shared(self, raw: str) -> Cell:
        try:
            return self._strings[int(raw)][: self._longest]
        except (ValueError, IndexError):
            self._row.faults.append(Fault(self._column, "cell_error", raw))
            return ""

    def _number(self, raw: str) -> Cell:
        try:
            number = float(raw)
        except ValueError:
            return raw[: self._longest]
        if self._style in self._dates and 0 < number < 2_958_466:
            return self._date(number)
        return number

    def _date(self, number: float) -> str:
        """The day (and time, if any) that a serial number stands for."""
        moment = self._epoch + dt.timedelta(days=number)
        if moment.time() < dt.time(0, 0, 1):
            return moment.date().isoformat()
        return moment.replace(microsecond=0).isoformat(" ")
