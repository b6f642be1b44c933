"""Writing tables as CSV (UTF-8 with a mark, so that Excel reads it) and XLSX. Texts never become formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from kontor.features.organisations.imports.tables import Cell
from kontor.features.organisations.imports.values import guarded

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# What a cell of a workbook holds at most; a longer text would be cut by the spreadsheet program.
LONGEST_IN_XLSX = 32_767


def write_csv(path: Path, rows: Iterable[Iterable[Cell]], *, delimiter: str = ";") -> int:
    """Rows written, header included. A text that looks like a formula gets an apostrophe in front."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        for row in rows:
            writer.writerow([_csv_cell(cell) for cell in row])
            count += 1
    return count


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell if _NUMBER.fullmatch(cell) else guarded(cell)
    return str(int(cell)) if float(cell).is_integer() else repr(cell)


def write_xlsx(path: Path, rows: Iterable[Iterable[Cell]], *, sheet: str = "Organisations") -> int:
    """Rows written, header included; the header stays in sight when scrolling. Memory stays flat."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    page = book.add_worksheet(sheet[:31])
    bold = book.add_format({"bold": True})
    page.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write_cell(page, count - 1, column, cell, bold if count == 1 else None)
    book.close()
    return count


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, style: object
) -> None:
    if cell == "":
        return
    if isinstance(cell, str):
        # Nothing here becomes a formula; only a text that looks guarded already is guarded once more.
        text = guarded(cell) if cell.startswith("'") else cell
        page.write_string(row, column, text[:LONGEST_IN_XLSX], style)
    else:
        page.write_number(row, column, cell, style)
