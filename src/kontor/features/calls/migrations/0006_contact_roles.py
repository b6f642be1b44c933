"""Contact persons of calls hold the role that shows them the desk."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def give(apps: Any, _editor: Any) -> None:
    roles = apps.get_model("accounts", "RoleAssignment")
    rows = apps.get_model("calls", "CallContact").objects.values_list("user_id", "call__programme__key")
    for user, programme in set(rows):
        roles.objects.get_or_create(
            user_id=user, role="contact_person", scope_kind="programme", scope_key=programme
        )


class Migration(migrations.Migration):
    dependencies = [("calls", "0005_organisations"), ("accounts", "0002_invitation")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
