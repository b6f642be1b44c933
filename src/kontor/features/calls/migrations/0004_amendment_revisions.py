from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calls", "0003_papers")]

    operations = [
        migrations.AddField("amendment", "revisions", models.JSONField(blank=True, default=dict)),
    ]
