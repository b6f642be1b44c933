"""The database's own refusal to change what a published version says: triggers on both databases."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "programmes_programmeversion"
REFUSAL = "a published version never changes"
_CHANGED = "OLD.published_at IS NOT NULL AND (NEW.text <> OLD.text OR NEW.number <> OLD.number)"

SQLITE = (
    f"CREATE TRIGGER version_no_update BEFORE UPDATE ON {TABLE} WHEN {_CHANGED} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION version_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE TRIGGER version_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW "
    f"WHEN ({_CHANGED}) EXECUTE FUNCTION version_refuse()",
)


def arm(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    _run(connection, SQLITE if connection.vendor == "sqlite" else POSTGRESQL)


def disarm(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers; those that are not there are passed over."""
    table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    _run(connection, (f"DROP TRIGGER IF EXISTS version_no_update{table}",))


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
