"""A run's table, and its rows as entries, from its stored upload. Changes nothing in the directory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kontor.features.organisations.imports.columns import Guess, guess, is_known
from kontor.features.organisations.imports.enrich import enrich
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.imports.parse import Parser, customs_of
from kontor.features.organisations.imports.tables import Table, open_table
from kontor.features.organisations.models import ImportRun


def table_of(run: ImportRun, options: Options) -> Table:
    """The upload opened as the options say. Raises KontorError where it cannot be used."""
    return open_table(Path(run.path), is_known, sheet=options.sheet, encoding=options.encoding)


def guesses(table: Table) -> list[Guess]:
    return guess(table.columns, table.sample())


def entries(table: Table, options: Options, *, source: str) -> Iterator[Entry]:
    """Every row parsed and enriched. `source` is set where a row has a number of its own but names no
    source.
    """
    sample = table.sample()
    columns = {index: name for index, name in options.columns.items() if index < len(table.columns)}
    parser = Parser(table.columns, columns, customs_of(sample, columns), clear_empty=options.clear_empty)
    for row in table.rows():
        entry = parser.parse(row)
        if entry.fields.get("external_id"):
            entry.fields.setdefault("source", options.source or source)
        enrich(entry, default_language=options.language)
        yield entry


def source_of(run: ImportRun) -> str:
    """Numbers of a member list mean something only within its cluster."""
    return f"cluster {run.cluster_key}" if run.cluster_key else "import"
