"""Lookups that both databases answer from an index or without parsing: text beginnings and items of JSON lists."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup


@models.CharField.register_lookup
class Begins(Lookup[Any]):
    """`code__begins="20.1"`. Unlike `startswith`, an index serves it: SQLite folds case in LIKE, so takes a range;

    PostgreSQL compares by its language's order unless told otherwise, so takes LIKE with a `varchar_pattern_ops`
    index.
    """

    lookup_name = "begins"

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        first = str(self.rhs)
        return f"{column} >= %s AND {column} < %s", [*params, first, *params, after(first)]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        pattern = connection.ops.prep_for_like_query(str(self.rhs)) + "%"
        return f"{column} LIKE %s", [*params, pattern]


def after(text: str) -> str:
    """The first text behind all that begin with `text`, by code points: "20.1" -> "20.2"."""
    return text[:-1] + chr(ord(text[-1]) + 1)


@models.JSONField.register_lookup
class HasItem(Lookup[Any]):
    """`languages__has_item="de"`: the JSON list holds this text."""

    lookup_name = "has_item"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        # Django stores json.dumps(list); an item in its quotes occurs there only as an item, quotes inside are escaped.
        column, params = self.process_lhs(compiler, connection)
        return f"INSTR({column}, %s) > 0", [*params, json.dumps(str(self.rhs))]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @> %s::jsonb", [*params, json.dumps([str(self.rhs)])]
