"""The keys of the names that accounts have. Of two that look alike, the older account gets them."""

from django.db import migrations

from universes.fields import fold_text
from universes.look_alikes import as_read


def fill(apps, schema_editor):
    NameKey = apps.get_model("accounts", "NameKey")
    accounts = apps.get_model("auth", "User").objects.order_by("pk").values_list("pk", "username")
    for pk, username in list(accounts):
        keys = {fold_text(username), fold_text(as_read(username))}
        NameKey.objects.bulk_create(
            [NameKey(key=key, user_id=pk) for key in sorted(keys)], ignore_conflicts=True
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_name_keys")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
