"""Roles are groups; their names are the keys of competition.roles."""

from typing import Any

from django.db import migrations

ROLES = (
    "officer",
    "chief",
    "committee",
    "case_handler",
    "department",
    "expert",
    "host",
    "supervisor",
    "payouts",
    "auditor",
)


def make(apps: Any, schema_editor: Any) -> None:
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("competition", "0002_people"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
