"""A table as it was read: its header, its rows one after the other, and what the reader of it should know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from kontor.base.errors import KontorError
from kontor.features.organisations.imports.problems import Words

# Text as typed, or the number a spreadsheet stored; dates of a spreadsheet arrive as text "2026-03-09".
Cell = str | float

Confidence = Literal["certain", "likely", "unsure"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most; beyond it a file is refused before it can do harm.

    Bytes for `file_bytes` (as uploaded), `unpacked_bytes` (all parts of an XLSX) and `strings_bytes` (its
    shared texts, which must be held in memory); counts for the others. `ratio` is how many times its size a
    part of an XLSX may grow once it is past 10 MB: real sheets stay under 40, bombs reach 1,000.
    """

    file_bytes: int = 150 * 2**20
    unpacked_bytes: int = 2**30
    strings_bytes: int = 256 * 2**20
    ratio: int = 200
    parts: int = 5_000
    rows: int = 500_000
    columns: int = 1_000
    cell_characters: int = 100_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one cell, found while reading. `code` is one of `problems.MESSAGES`."""

    column: int
    code: str
    value: str = ""
    params: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Row:
    """`number` is the row's number in a spreadsheet program, header included, from 1."""

    number: int
    cells: list[Cell]
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about the whole file, kept as a pattern and its values so that each reader gets it in their
    language.
    """

    message: Words
    params: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.message) % self.params


@dataclass(slots=True)
class Table:
    """`columns` are the headers, "" where a column has none. `rows()` starts from the top each time it is
    called.

    `estimate` is the number of data rows, exact for XLSX, from the line length for CSV. `sheet` is empty
    for CSV; `encoding` and `delimiter` are empty for XLSX.
    """

    columns: list[str]
    rows: Callable[[], Iterator[Row]]
    kind: Literal["csv", "xlsx"]
    header_row: int
    estimate: int
    notes: list[Note] = field(default_factory=list)
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    encoding: str = ""
    confidence: Confidence = "certain"
    delimiter: str = ""

    def sample(self, count: int = 200) -> list[Row]:
        """The first `count` rows."""
        found: list[Row] = []
        for row in self.rows():
            found.append(row)
            if len(found) == count:
                break
        return found


def refusal(code: str, message: Words, remedy: Words, *, path: str = "", **params: object) -> KontorError:
    """The file cannot be used as a whole: what is wrong, where (`path`) and what to do."""
    return KontorError(code=code, message=str(message) % params, path=path, remedy=str(remedy) % params)


def column_letter(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(column: int, row: int) -> str:
    return f"{column_letter(column)}{row}"
