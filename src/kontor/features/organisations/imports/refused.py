"""The refused rows as a file of the same form, with what is wrong and what to do, to be corrected and
imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.imports.plan import REFUSED
from kontor.features.organisations.imports.problems import Problem
from kontor.features.organisations.imports.runs import table_of
from kontor.features.organisations.imports.sheets import write_csv, write_xlsx
from kontor.features.organisations.imports.tables import Cell, Table
from kontor.features.organisations.models import ImportRun


def write_refused(run: ImportRun, path: Path) -> int:
    """Writes the refused rows of a checked or finished run; how many. CSV stays CSV, XLSX stays XLSX."""
    table = table_of(run, Options.from_json(run.mapping))
    head: list[Cell] = [*table.columns, _("problem"), _("what to do")]
    rows = chain([head], _rows(run, table))
    if table.kind == "xlsx":
        return write_xlsx(path, rows) - 1
    return write_csv(path, rows, delimiter=table.delimiter) - 1


def suffix(run: ImportRun) -> str:
    """`.xlsx` for an upload that was a workbook, else `.csv`."""
    with Path(run.path).open("rb") as file:
        return ".xlsx" if file.read(2) == b"PK" else ".csv"


def _rows(run: ImportRun, table: Table) -> Iterator[list[Cell]]:
    """Both sides come in the order of the file, so one pass joins them."""
    refused = run.rows.filter(action=REFUSED).order_by("number").iterator(chunk_size=2_000)
    wanted = next(refused, None)
    for row in table.rows():
        if wanted is None:
            return
        if row.number != wanted.number:
            continue
        found = [Problem.from_json(item) for item in wanted.problems]
        fatal = [problem for problem in found if problem.fatal]
        told = " ".join(f"{p.cell}: {p.message}" for p in fatal)
        remedy = " ".join(dict.fromkeys(p.remedy for p in fatal))
        yield [*row.cells, told, remedy]
        wanted = next(refused, None)
