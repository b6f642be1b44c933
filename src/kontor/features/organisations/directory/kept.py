"""Counts that took long, kept until something changes.

Every change adds a row to the log in its own transaction, so the log's end tells whether anything changed: a
count is kept under the statement that made it, its parameters (who asks, and what day it is) and that end.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any, Final

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from kontor.base.models import AuditHead

# Seconds: what takes less is counted anew each time. What is kept is forgotten after a while all the same, so
# that somebody who changes rows behind the software's back sees it.
SLOW: Final = 0.02
KEPT: Final = 300


def counted(query: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query of plain values. Two statements, the second only where nothing is kept."""
    try:
        statement, params = query.query.sql_with_params()
    except EmptyResultSet:
        return []
    end = AuditHead.objects.values_list("seq", "hash").first()
    key = _key(statement, params, end)
    kept: list[tuple[Any, ...]] | None = cache.get(key)
    if kept is not None:
        return kept
    begin = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = [tuple(row) for row in cursor.fetchall()]
    if end is not None and time.perf_counter() - begin >= SLOW:
        cache.set(key, rows, KEPT)
    return rows


def _key(statement: str, params: Any, end: tuple[int, str] | None) -> str:
    text = repr((connection.settings_dict["NAME"], statement, params, end))
    return f"directory.counts.{hashlib.sha256(text.encode()).hexdigest()}"
