"""Inserting very many rows of one model: what `bulk_create` does, at several times its speed.

`bulk_create` prepares every value of every row by itself and, on SQLite, sends a statement for some 30
rows. Here rows are mappings, the database adapts plain values itself, and a few prepared statements of many
rows serve them all. No signals, no checks, no returned keys: ask `reserve_keys` for them before.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, cast

from django.db import connection, models
from django.utils import timezone

from kontor.base import beside

# Values of these fields reach the database as they are.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField)
# Values in one statement of SQLite: enough rows that a full-text index, which is written out after each
# statement, costs little. SQLite since 3.32 takes 32,766.
_VALUES = 8_000
# What `json.dumps` does, without its looking at the arguments each time.
_ENCODE = json.JSONEncoder().encode


class JsonText(str):
    """JSON already written as text, for a column of JSON: it is stored as it is."""

    __slots__ = ()


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """`count` primary keys that nobody else gets. SQLite: only inside a transaction that writes
    (IMMEDIATE).
    """
    table = model._meta.db_table
    key = model._meta.pk
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, key.column if key else "id", count],
            )
            return [row[0] for row in cursor.fetchall()]
        first = beside.reserved_up_to(table)
        if first is None:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            first = row[0] if row else 0
        beside.note_reserved(table, first + count)
        return list(range(first + 1, first + 1 + count))


def insert_values(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given as {column attribute: value} ("organisation_id"); what a row leaves out gets its
    default.

    Either all rows carry their primary key or none does.
    """
    if not rows:
        return
    fields = _fields(model, keyed=model._meta.pk is not None and model._meta.pk.attname in rows[0])
    usual = {field.attname: _default(field) for field in fields}
    read = itemgetter(*usual)
    adapters = [(fields[index].attname, adapt) for index, adapt in _adapters(fields)]
    usual |= {name: adapt(usual[name]) for name, adapt in adapters}

    def adapted(row: Mapping[str, Any]) -> Sequence[Any]:
        values = {**usual, **row}
        for name, adapt in adapters:
            if name in row:
                values[name] = adapt(row[name])
        return cast("Sequence[Any]", read(values))

    _insert(model, fields, rows, adapted)


def insert_rows(objects: Sequence[models.Model]) -> None:
    """Insert objects of one model, in order. Objects without a primary key get one, which they are not
    told.
    """
    if not objects:
        return
    model = type(objects[0])
    fields = _fields(model, keyed=objects[0].pk is not None)
    read = attrgetter(*[field.attname for field in fields])
    adapters = _adapters(fields)

    def adapted(each: models.Model) -> list[Any]:
        values = list(read(each))
        for index, adapt in adapters:
            values[index] = adapt(values[index])
        return values

    _insert(model, fields, objects, adapted)


def _fields(model: type[models.Model], *, keyed: bool) -> list[Any]:
    return [field for field in model._meta.concrete_fields if keyed or not field.primary_key]


def _insert(
    model: type[models.Model], fields: list[Any], rows: Sequence[Any], adapted: Callable[[Any], Sequence[Any]]
) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table = quote(model._meta.db_table)
    if connection.vendor == "postgresql":
        into = f"COPY {table} ({columns}) FROM STDIN"
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(adapted(row))
        return
    start = 0
    for count in _portions(len(rows), _VALUES // len(fields)):
        values = list(chain.from_iterable(map(adapted, rows[start : start + count])))
        beside.insert(_insertion(table, columns, len(fields), count), values)
        start += count


@lru_cache(maxsize=256)
def _insertion(table: str, columns: str, width: int, count: int) -> str:
    """For SQLite itself: Django's cursor would look for %s among thousands of places each time."""
    places = f"({', '.join('?' * width)})"
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([places] * count)}"  # noqa: S608  # names of the model


def _portions(rows: int, most: int) -> Iterator[int]:
    """How many rows each statement takes: powers of two, so that a few prepared statements fit any number."""
    while rows:
        portion = 1 << (min(rows, max(most, 1)).bit_length() - 1)
        yield portion
        rows -= portion


def _default(field: Any) -> Any:
    """The default all rows share; one that is made anew for each, as a list, is only ever written here."""
    return None if field.primary_key else field.get_default()


def _adapters(fields: Sequence[Any]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Places in a row whose values have to be adapted, and what does it."""
    found = ((index, _adapter(field)) for index, field in enumerate(fields))
    return [(index, adapt) for index, adapt in found if adapt is not None]


def _adapter(field: Any) -> Callable[[Any], Any] | None:
    """What turns a value into what the database takes; None where it takes the value itself."""
    if isinstance(field, _PLAIN) or field.is_relation:
        return None
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        now = field.get_db_prep_save(timezone.now(), connection)
        return lambda _value: now
    if isinstance(field, models.JSONField):
        return lambda value: _json_text(value, field.encoder)
    # Days, moments and amounts repeat from row to row, and adapting one takes longer than looking it up.
    known: dict[Any, Any] = {}

    def adapt(value: Any) -> Any:
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return adapt


def _json_text(value: Any, encoder: Any) -> str | None:
    """The text that Django would store; both databases take it for a column of JSON."""
    if value is None or isinstance(value, JsonText):
        return value
    if not value and isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return json.dumps(value, cls=encoder) if encoder else _ENCODE(value)


def widen_cache(megabytes: int = 256) -> None:
    """Let SQLite keep more pages for the rest of this connection's life. PostgreSQL is left alone.

    A transaction that touches every index of a large table would else write and read its own pages again and
    again.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size=-{megabytes * 1024}")


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Look for unreachable cycles less often while a million short-lived rows pass: they hold none."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
