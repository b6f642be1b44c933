"""Opens a spreadsheet as a table of rows, or refuses it with a reason and a remedy. Bounded in memory and
time.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kontor.features.organisations.imports.tables.csvfile import open_csv
from kontor.features.organisations.imports.tables.kinds import kind_of
from kontor.features.organisations.imports.tables.model import (
    Cell,
    Fault,
    Limits,
    Note,
    Row,
    Table,
    address,
    column_letter,
    refusal,
)
from kontor.features.organisations.imports.tables.xlsx import open_xlsx

__all__ = [
    "Cell",
    "Fault",
    "Limits",
    "Note",
    "Row",
    "Table",
    "address",
    "column_letter",
    "open_table",
    "refusal",
]


def open_table(
    path: Path,
    known: Callable[[str], bool],
    *,
    sheet: str = "",
    encoding: str = "",
    limits: Limits | None = None,
) -> Table:
    """The table in `path`. `known(header)` tells headers from other texts (see `columns.is_known`).

    `sheet` and `encoding` override what is found. Raises KontorError: too large, not a table, protected by a
    password, a bomb, damaged, empty, only a header, twin headers, NUL bytes, quotation marks left open.
    """
    limits = limits or Limits()
    if kind_of(path, limits) == "xlsx":
        return open_xlsx(path, known, sheet=sheet, limits=limits)
    return open_csv(path, known, encoding=encoding, limits=limits)
