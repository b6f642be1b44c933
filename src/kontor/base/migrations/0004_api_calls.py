from typing import Any

from django.db import migrations

from kontor.base.calls import COLUMNS


def _on_postgresql(statement: str) -> Any:
    """On SQLite the counts have a file of their own (base.calls)."""

    def run(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(statement)

    return run


class Migration(migrations.Migration):
    """The table of API calls, without a model: nothing else reads it."""

    dependencies = [("base", "0003_audit_guard")]
    operations = [
        migrations.RunPython(
            _on_postgresql(f"CREATE UNLOGGED TABLE api_calls {COLUMNS}"),
            _on_postgresql("DROP TABLE api_calls"),
        ),
    ]
