"""A run's table, and its rows as lines of the spool, from its stored upload. Writes nothing."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from kontor.features.organisations.imports.columns import Guess, guess, is_known
from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.imports.pipes import read_lines
from kontor.features.organisations.imports.reading import Manner
from kontor.features.organisations.imports.tables import Table, open_table
from kontor.features.organisations.models import ImportRun


def table_of(run: ImportRun, options: Options) -> Table:
    """The upload opened as the options say. Raises KontorError where it cannot be used."""
    return open_table(Path(run.path), is_known, sheet=options.sheet, encoding=options.encoding)


def guesses(table: Table) -> list[Guess]:
    return guess(table.columns, table.sample())


def lines(run: ImportRun, table: Table, options: Options) -> Generator[bytes, None, None]:
    """Every row parsed and enriched, as the spool keeps it; a large file is read by several processes."""
    manner = Manner(
        options.columns, options.language, options.source or source_of(run), clear_empty=options.clear_empty
    )
    return read_lines(Path(run.path), table, manner)


def source_of(run: ImportRun) -> str:
    """Numbers of a member list mean something only within its cluster."""
    return f"cluster {run.cluster_key}" if run.cluster_key else "import"
