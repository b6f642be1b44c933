from django.db import migrations

from kontor.base.audit import guard


class Migration(migrations.Migration):
    """The triggers that keep audit rows as they were written."""

    dependencies = [("base", "0002_job_worker")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: guard.arm(editor.connection),
            lambda apps, editor: guard.disarm(editor.connection),
        ),
    ]
