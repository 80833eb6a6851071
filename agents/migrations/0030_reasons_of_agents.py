"""Reject reasons that are offered for the outputs of some agents alone."""

from django.db import migrations, models


def narrow(apps, schema_editor):
    """Offer the reason about reports for reports alone."""
    apps.get_model("agents", "RejectReason").objects.filter(code="wrong_report").update(agent_types="consistency")


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0029_universe_notices'),
    ]

    operations = [
        migrations.AddField(
            model_name='rejectreason',
            name='agent_types',
            field=models.CharField(blank=True, default='', help_text='Types of the agents whose outputs it is offered for, with spaces between them; empty: all.', max_length=200),
        ),
        migrations.AlterField(
            model_name='goldstandard',
            name='is_active',
            field=models.BooleanField(default=True, help_text='In use, unless GOLD_AFTER of the settings is 0.'),
        ),
        migrations.RunPython(narrow, migrations.RunPython.noop),
    ]
