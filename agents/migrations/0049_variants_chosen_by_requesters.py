from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0044_guests_decide")]

    operations = [
        migrations.AlterField(
            model_name="agentjob",
            name="variants_id",
            field=models.UUIDField(
                blank=True,
                editable=False,
                help_text="Shared by the variants of one request, of which one is chosen.",
                null=True,
            ),
        ),
    ]
