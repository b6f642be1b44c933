from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_statement_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("archived_at", None), ("merged_into", None)),
                fields=[
                    "country",
                    "nuts3",
                    "latitude",
                    "longitude",
                    "listing",
                    "kind",
                    "size",
                    "is_sample",
                    "id",
                    "merged_into",
                    "archived_at",
                ],
                name="directory_map",
            ),
        ),
    ]
