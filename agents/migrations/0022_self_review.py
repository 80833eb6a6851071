"""Permission of leads for verdicts on one's own jobs."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0021_crowded_jobs'),
        ('universes', '0005_name_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reviewdecision',
            name='self_review_allowed_by',
            field=models.ForeignKey(blank=True, help_text='The lead who allowed self-review. Empty: somebody else requested the job.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='SelfReview',
            fields=[
                ('universe', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='universes.universe')),
                ('allowed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('allowed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'self-review',
                'db_table': 'agent_self_reviews',
                'ordering': ['-allowed_at', '-universe'],
            },
        ),
    ]
