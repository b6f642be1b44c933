from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0006_merged_index")]

    operations = [
        migrations.RemoveIndex(model_name="statement", name="statement_organisation"),
        migrations.RemoveIndex(model_name="statement", name="statement_open"),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                fields=["organisation", "visibility", "kind", "closed_at", "valid_until", "confirmed_at"],
                name="statement_organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                fields=["kind", "visibility", "closed_at", "confirmed_at", "valid_until", "organisation", "id"],
                name="statement_open",
            ),
        ),
    ]
