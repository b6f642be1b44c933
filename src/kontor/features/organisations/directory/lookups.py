"""Lookups that both databases answer from an index and without parsing: beginnings of texts, items of JSON
lists, ids among those of a large subquery.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import In, Lookup


@models.CharField.register_lookup
class Begins(Lookup[Any]):
    """`code__begins="20.1"`, or `code__begins=("10", "33")` for all from the first beginning to the last.

    Unlike `startswith`, an index serves it: SQLite folds case in LIKE, so takes a range; PostgreSQL orders by
    language unless told otherwise, so takes a range by code points and a `varchar_pattern_ops` index.
    """

    lookup_name = "begins"
    prepare_rhs = False

    @property
    def bounds(self) -> list[str]:
        first, last = self.rhs if isinstance(self.rhs, tuple) else (self.rhs, self.rhs)
        return [first, after(last)]

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*params, *self.bounds]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"({column} ~>=~ %s AND {column} ~<~ %s)", [*params, *self.bounds]


@models.CharField.register_lookup
class BeginsTested(Begins):
    """As `begins`, for rows found by something else: on PostgreSQL no index on the text serves it.

    PostgreSQL guesses one row in such a range, looks there first, and reads all of it for each row tested.
    """

    lookup_name = "begins_tested"

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"(({column} || '') ~>=~ %s AND ({column} || '') ~<~ %s)", [*params, *self.bounds]


def after(text: str) -> str:
    """The first text behind all that begin with `text`, by code points: "20.1" -> "20.2"."""
    return text[:-1] + chr(ord(text[-1]) + 1)


@models.JSONField.register_lookup
class HasItem(Lookup[Any]):
    """`languages__has_item="de"`: the JSON list holds this text."""

    lookup_name = "has_item"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        # Django stores json.dumps(list); an item in its quotes occurs there only as an item: quotes inside
        # one are escaped.
        column, params = self.process_lhs(compiler, connection)
        return f"INSTR({column}, %s) > 0", [*params, json.dumps(str(self.rhs))]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @> %s::jsonb", [*params, json.dumps([str(self.rhs)])]


@models.BigAutoField.register_lookup
class Among(In):
    """`pk__among=rows.values("organisation")`: `in`, for subqueries that may find half of the table.

    SQLite would fetch the wide row of each id found; the plus keeps it on a narrow index and tests
    membership.
    """

    lookup_name = "among"

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        sql, params = self.as_sql(compiler, connection)
        return f"+{sql}", params
