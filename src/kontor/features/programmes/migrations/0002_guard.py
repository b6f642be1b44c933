from django.db import migrations

from kontor.features.programmes import guard


class Migration(migrations.Migration):
    """The trigger that keeps published versions as they are."""

    dependencies = [("programmes", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: guard.arm(editor.connection),
            lambda apps, editor: guard.disarm(editor.connection),
        ),
    ]
