"""How many API calls somebody made in the current minute, counted for all processes of the site together.

On PostgreSQL a row per caller in a table of its own, unlogged: a count that a crash loses costs no writing to
disk. On SQLite a file beside the database: a write to the database itself would wait for a long import, and
every reader of the API with it. Who calls is stored as a hash and forgotten within an hour or two.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

log = logging.getLogger("kontor.api")
COLUMNS: Final = "(caller varchar(32) PRIMARY KEY, minute bigint NOT NULL, calls integer NOT NULL)"
# Both databases read it.
_COUNT: Final = (
    "INSERT INTO api_calls (caller, minute, calls) VALUES ({0}, {0}, 1) ON CONFLICT (caller) DO UPDATE SET "
    "calls = CASE WHEN api_calls.minute = excluded.minute THEN api_calls.calls + 1 ELSE 1 END, "
    "minute = excluded.minute RETURNING calls"
)
_FORGET: Final = "DELETE FROM api_calls WHERE minute < {0}"
_own = threading.local()


def count_call(caller: str, minute: int) -> int:
    """The number of calls of `caller` in `minute` (since 1970), this one included.

    0, and a line in the log, where the file of counts cannot be used: nobody is refused for that.
    """
    name = hashlib.sha256(caller.encode()).hexdigest()[:32]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            return _count(cursor, "%s", name, minute)
    try:
        return _count(_file(), "?", name, minute)
    except sqlite3.Error as problem:
        log.warning("API calls are not counted: %s", problem)
        _start_anew()
        return 0


def _count(database: Any, mark: str, name: str, minute: int) -> int:
    answer = database.execute(_COUNT.format(mark), [name, minute])
    calls = int((answer or database).fetchone()[0])
    if calls == 1 and minute % 60 == 0:
        database.execute(_FORGET.format(mark), [minute - 60])
    return calls


def _file() -> sqlite3.Connection:
    """This thread's connection to the file, made with its table where there is none."""
    path = Path(settings.CALLS_FILE)
    if getattr(_own, "path", None) != path:
        path.parent.mkdir(parents=True, exist_ok=True)
        # seconds to wait for another process, which writes for some microseconds
        _own.file = sqlite3.connect(path, timeout=1, isolation_level=None)
        _own.file.execute("PRAGMA journal_mode=WAL")
        _own.file.execute("PRAGMA synchronous=OFF")
        _own.file.execute(f"CREATE TABLE IF NOT EXISTS api_calls {COLUMNS}")
        _own.path = path
    database: sqlite3.Connection = _own.file
    return database


def _start_anew() -> None:
    """A file that lost its form with the machine's power is worth nothing."""
    _own.path = None
    for ending in ("", "-wal", "-shm"):
        Path(f"{settings.CALLS_FILE}{ending}").unlink(missing_ok=True)
