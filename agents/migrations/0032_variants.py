"""Variants of one request, and the reasons of those that were not chosen."""

from django.conf import settings
from django.db import migrations, models


REASONS = [
    ("another_was_better", "Another variant was better"),
    ("as_good_as_another", "As good as another variant"),
]


def add_reasons(apps, schema_editor):
    RejectReason = apps.get_model("agents", "RejectReason")
    for position, (code, name) in enumerate(REASONS):
        RejectReason.objects.get_or_create(code=code, defaults={"name": name, "position": 200 + position})


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0031_job_words'),
        ('universes', '0009_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='agentjob',
            name='variants_id',
            field=models.UUIDField(blank=True, editable=False, help_text='Shared by the variants of one request, of which a reviewer chooses one.', null=True),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(condition=models.Q(('variants_id__isnull', False)), fields=['variants_id'], name='agent_jobs_variants'),
        ),
        migrations.RunPython(add_reasons, migrations.RunPython.noop),
    ]
