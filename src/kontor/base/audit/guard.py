"""The database's own refusal to change or delete audit rows: triggers on SQLite and PostgreSQL.

They stop accidents and every way through the application. Who owns the database can drop them; what was
changed
then, `verify` finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "base_auditevent"
REFUSAL = "audit rows are append-only"

SQLITE = (
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE} EXECUTE FUNCTION audit_refuse()",
)
NAMES = ("audit_no_update", "audit_no_delete", "audit_no_truncate")


def arm(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    _run(connection, SQLITE if connection.vendor == "sqlite" else POSTGRESQL)


def disarm(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers; those that are not there are passed over."""
    table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    _run(connection, tuple(f"DROP TRIGGER IF EXISTS {name}{table}" for name in NAMES))


@contextmanager
def disarmed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers for as long as it takes: restoring a backup, emptying a test database."""
    disarm(connection)
    try:
        yield
    finally:
        arm(connection)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
