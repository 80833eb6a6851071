"""Indexes for the admin's lists of the entries of all universes, in their order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("universes", "0019_plain_field_names")]

    operations = [
        migrations.AddIndex(
            model_name=name,
            index=models.Index(fields=["-created_at", "-id"], name=f"{name}_newest_of_all"),
        )
        for name in ("element", "scene")
    ]
