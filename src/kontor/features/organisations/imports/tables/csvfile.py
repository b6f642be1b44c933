"""CSV in any of its customs: delimiter ; , | or tab, quotes, line ends of every system, texts over several
lines.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.imports.tables.encoding import SUPPORTED, Encoding, detect
from kontor.features.organisations.imports.tables.header import DEPTH, clean_header, find_header
from kontor.features.organisations.imports.tables.model import Fault, Limits, Note, Row, Table, refusal

DELIMITERS = (";", ",", "\t", "|")
NAMES = {";": _("semicolon"), ",": _("comma"), "\t": _("tab"), "|": _("vertical bar")}


def open_csv(path: Path, known: Callable[[str], bool], *, encoding: str = "", limits: Limits) -> Table:
    """Raises KontorError where the file as a whole cannot be used."""
    found = Encoding(encoding, "certain") if encoding in SUPPORTED else detect(path)
    delimiter = _delimiter(path, found.name)
    head = list(islice(_records(path, found.name, delimiter, limits), DEPTH))
    index = find_header([cells for _number, cells in head], known)
    if index is None:
        raise refusal("empty", _("The file is empty."), _("Choose the file that holds the organisations."))
    number, names = head[index][0], clean_header(head[index][1], head[index][0], limits)

    def rows() -> Iterator[Row]:
        return _rows(path, found.name, delimiter, number, names, limits)

    if next(rows(), None) is None:
        raise refusal(
            "only_header",
            _("The file has a header but no rows."),
            _("Add a row for each organisation below the header."),
            path=f"row {number}",
        )
    return Table(
        columns=names,
        rows=rows,
        kind="csv",
        header_row=number,
        estimate=_estimate(path, head),
        notes=_notes(found, delimiter, number),
        encoding=found.name,
        confidence=found.confidence,
        delimiter=delimiter,
    )


def _notes(found: Encoding, delimiter: str, number: int) -> list[Note]:
    notes = [Note(_("Columns are parted by %(name)s."), {"name": str(NAMES[delimiter])})]
    if found.confidence == "certain":
        notes.append(Note(_("The text is %(encoding)s."), {"encoding": shown(found.name)}))
    else:
        pattern = (
            _("The text is most likely %(encoding)s; it reads: %(examples)s.")
            if found.confidence == "likely"
            else _("The text may be %(encoding)s, but that is not sure; check how it reads: %(examples)s.")
        )
        notes.append(
            Note(pattern, {"encoding": shown(found.name), "examples": ", ".join(found.examples) or "–"})
        )
    if number > 1:
        notes.append(
            Note(_("The header was found in row %(row)s; rows above it are left out."), {"row": number})
        )
    return notes


def shown(encoding: str) -> str:
    """The encoding's usual name."""
    usual = {
        "utf-8-sig": "UTF-8",
        "cp1252": "Windows-1252",
        "cp1250": "Windows-1250",
        "iso8859_2": "ISO 8859-2",
    }
    return usual.get(encoding, encoding.upper())


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter that splits the first lines into the most equal and the most columns."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = list(islice(file, 60))
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0.0, 0)
    if not widths:
        return (0.0, 0)
    width, times = Counter(widths).most_common(1)[0]
    return (times / len(widths) * min(width - 1, 3), width)


def _records(path: Path, encoding: str, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells, empty rows left out but counted. Raises KontorError at the row that cannot be
    read.
    """
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                if any(cells):
                    yield number, cells
                if number > limits.rows:
                    raise too_many_rows(limits)
        except csv.Error as error:
            raise _unreadable(error, number + 1, reader.line_num) from error
        except UnicodeError as error:
            raise refusal(
                "wrong_encoding",
                _("After row %(row)s the text is not %(encoding)s any more."),
                _("Save the table again as CSV (UTF-8) or XLSX."),
                path=f"row {number + 1}",
                row=number,
                encoding=shown(encoding),
            ) from error


def too_many_rows(limits: Limits) -> Exception:
    return refusal(
        "too_many_rows",
        _("The table has more than %(limit)s rows."),
        _("Split it into several files."),
        limit=limits.rows,
    )


def _unreadable(error: csv.Error, number: int, line: int) -> Exception:
    """csv's own words, told apart: an open quotation mark swallows what follows it."""
    if "NUL" in str(error):
        return refusal("nul_byte", _("Row %(row)s holds a NUL byte."), _("Save the table again."), row=number)
    return refusal(
        "bad_quotes",
        _("Row %(row)s (line %(line)s) cannot be read: a quotation mark is not closed, or stands alone."),
        _("Write a quotation mark inside a text twice, and put the whole text between quotation marks."),
        path=f"row {number}",
        row=number,
        line=line,
    )


def _rows(
    path: Path, encoding: str, delimiter: str, header: int, names: list[str], limits: Limits
) -> Iterator[Row]:
    width = len(names)
    for number, cells in _records(path, encoding, delimiter, limits):
        if number <= header:
            continue
        faults: list[Fault] = []
        if len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                params = {"found": str(len(cells)), "expected": str(width)}
                faults.append(Fault(width, "too_many_cells", cells[width], params))
            cells = cells[:width]
        yield Row(number, [*cells, *[""] * (width - len(cells))], faults)


def _estimate(path: Path, head: list[tuple[int, list[str]]]) -> int:
    """Rows, from the mean length of the first ones."""
    length = sum(sum(len(cell) + 1 for cell in cells) for _number, cells in head) / max(len(head), 1)
    return max(1, round(path.stat().st_size / max(length, 1)))
