"""Inserts that SQLite carries out while this process prepares the next ones.

SQLite works inside the process, but without Python's lock: a second thread that only hands it prepared
statements leaves the processor's other core its share. Both threads use the connection of the first, in its
transaction; SQLite lets one in at a time. PostgreSQL works in a process of its own anyway.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.db import connection

# So many statements may wait: what they hold lies in memory.
_WAITING: Final = 100
# How long the preparing thread keeps Python's lock from one that wants to hand over the next statement.
_TURN: Final = 0.001
Pending = tuple[str, Sequence[Any]]


class _Beside:
    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool = pool
        self.raw = connection.connection
        self.held: list[Pending] | None = None
        self.running: list[Future[Any]] = []
        self.reserved: dict[str, int] = {}

    def take(self, pending: Pending) -> None:
        if self.held is not None:
            self.held.append(pending)
            return
        self.running.append(self.pool.submit(self.raw.execute, pending[0], pending[1]))
        if len(self.running) > _WAITING:
            self._finish(self.running.pop(0))

    def settle(self) -> None:
        self.release()
        while self.running:
            self._finish(self.running.pop(0))

    def release(self) -> None:
        held, self.held = self.held, None
        for pending in held or ():
            self.take(pending)

    def _finish(self, future: Future[Any]) -> None:
        with connection.wrap_database_errors:
            future.result()


_current: ContextVar[_Beside | None] = ContextVar("beside", default=None)


@contextmanager
def inserting() -> Iterator[None]:
    """Carries out inserts of `bulk` beside the block, which stands inside a transaction, and waits for them
    at its end.

    An insert that fails raises its error at one of the next inserts or at the end. Ends the thread whatever
    happens in the block; what was not carried out then is left out.
    """
    if connection.vendor != "sqlite":
        yield
        return
    turn = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    pool = ThreadPoolExecutor(1, "inserting")
    beside = _Beside(pool)
    token = _current.set(beside)
    try:
        yield
        beside.settle()
    finally:
        _current.reset(token)
        pool.shutdown(cancel_futures=True)
        sys.setswitchinterval(turn)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Queries that need not see inserts still waiting, and would wait for them one by one: what was begun is
    finished before. Inserts made after the block and before the next one are carried out after the next one.
    """
    beside = _current.get()
    if beside is None:
        yield
        return
    begun, beside.held = beside.held, None
    for future in beside.running:
        beside._finish(future)
    beside.running.clear()
    yield
    for pending in begun or ():
        beside.take(pending)
    beside.held = []


def settle() -> None:
    """Waits until everything is inserted. For whoever looks for what the block of `inserting` inserted."""
    if (beside := _current.get()) is not None:
        beside.settle()


def reserved_up_to(table: str) -> int | None:
    """The last key of a table given away in this block, or None: the table itself may lag behind."""
    beside = _current.get()
    return beside.reserved.get(table) if beside else None


def note_reserved(table: str, last: int) -> None:
    if (beside := _current.get()) is not None:
        beside.reserved[table] = last


def insert(statement: str, values: Sequence[Any]) -> None:
    """One statement of SQLite, beside the block of `inserting` or at once."""
    if (beside := _current.get()) is not None:
        beside.take((statement, values))
        return
    connection.ensure_connection()
    with connection.wrap_database_errors:
        connection.connection.execute(statement, values)
