"""Rows of a table turned into entries, and entries into the lines of a run's spool. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import orjson

from kontor.features.organisations.imports.enrich import enrich
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.imports.parse import Parser, customs_of
from kontor.features.organisations.imports.tables import Row, Table


@dataclass(frozen=True, slots=True)
class Manner:
    """How rows become entries. `columns`: {column index: technical name}; `language` is taken for texts too
    short to tell theirs, `source` where a row has a number of its own but names no source.
    """

    columns: Mapping[int, str]
    language: str = "en"
    source: str = ""
    clear_empty: bool = False


class Maker:
    """Makes the spool's lines of a table's rows."""

    def __init__(self, table: Table, manner: Manner) -> None:
        columns = {index: name for index, name in manner.columns.items() if index < len(table.columns)}
        customs = customs_of(table.sample(), columns)
        self.parser = Parser(table.columns, columns, customs, clear_empty=manner.clear_empty)
        self.manner = manner

    def line(self, row: Row) -> bytes:
        entry = self.parser.parse(row)
        if entry.fields.get("external_id"):
            entry.fields.setdefault("source", self.manner.source)
        enrich(entry, default_language=self.manner.language)
        return line_of(entry)


def lines(table: Table, manner: Manner, *, skip: int = 0) -> Iterator[bytes]:
    """The line of every row after the first `skip`."""
    return map(Maker(table, manner).line, islice(table.rows(), skip, None))


def line_of(entry: Entry) -> bytes:
    return orjson.dumps(entry.to_json(), option=orjson.OPT_APPEND_NEWLINE)


def entry_of(line: bytes) -> Entry:
    """The entry that `line_of` wrote."""
    return Entry.from_json(orjson.loads(line))
