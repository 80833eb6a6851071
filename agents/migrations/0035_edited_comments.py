"""Comments that their authors have edited."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0034_verdict_notices")]

    operations = [
        migrations.AddField("reviewcomment", "edited_at", models.DateTimeField(blank=True, null=True)),
    ]
