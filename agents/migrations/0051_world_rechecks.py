"""Re-checks of worlds, their findings, and the task that runs them."""

import django.db.models.deletion
import django.utils.timezone
import universes.ids
from django.db import migrations, models


SECONDS = 30


def add_task(apps, schema_editor):
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects
    # They have no unique constraint: a site may have several.
    interval = intervals.filter(every=SECONDS, period="seconds").first() or intervals.create(
        every=SECONDS, period="seconds"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Re-check changed worlds",
        defaults={
            "task": "agents.recheck_worlds",
            "interval": interval,
            "description": "Checks the canon scenes that a change of their world or text concerns.",
            "expire_seconds": SECONDS,
        },
    )


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0049_variants_chosen_by_requesters'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('universes', '0016_recheck_on_save'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorldRecheck',
            fields=[
                ('universe', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='recheck', serialize=False, to='universes.universe')),
                ('world', models.JSONField(default=dict)),
                ('timeline', models.JSONField(default=dict)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('stored', models.PositiveIntegerField(default=0)),
                ('steps', models.PositiveIntegerField(default=0)),
                ('is_wanted', models.BooleanField(default=False)),
                ('tried_at', models.DateTimeField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'agent_world_rechecks',
            },
        ),
        migrations.CreateModel(
            name='CheckedScene',
            fields=[
                ('scene', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='checked', serialize=False, to='universes.scene')),
                ('seen_at', models.DateTimeField()),
                ('part', models.PositiveIntegerField()),
                ('is_due', models.BooleanField(default=False)),
                ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='universes.universe')),
            ],
            options={
                'db_table': 'agent_checked_scenes',
            },
        ),
        migrations.CreateModel(
            name='WorldFinding',
            fields=[
                ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('finding_id', models.CharField(max_length=16)),
                ('kind', models.CharField(max_length=16)),
                ('strength', models.CharField(max_length=16)),
                ('source_id', models.CharField(max_length=200, verbose_name='source')),
                ('statement', models.TextField()),
                ('quote', models.TextField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('why', models.TextField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('fixed', 'Fixed: its scene was changed'), ('gone', 'Gone: the world was changed, or the scene is no longer canon')], default='open', max_length=16)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(null=True)),
                ('scene', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='universes.scene')),
                ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='universes.universe')),
            ],
            options={
                'verbose_name': 'contradiction in canon',
                'verbose_name_plural': 'contradictions in canon',
                'db_table': 'agent_world_findings',
            },
        ),
        migrations.CreateModel(
            name='SceneFix',
            fields=[
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='fix', serialize=False, to='agents.agentjob')),
                ('title', models.TextField()),
                ('text', models.TextField()),
                ('scene', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fixes', to='universes.scene')),
                ('finding', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fixes', to='agents.worldfinding')),
            ],
            options={
                'db_table': 'agent_scene_fixes',
            },
        ),
        migrations.AddIndex(
            model_name='worldfinding',
            index=models.Index(fields=['universe', 'state', '-found_at', '-id'], name='agent_world_findings_by_state'),
        ),
        migrations.AddConstraint(
            model_name='worldfinding',
            constraint=models.UniqueConstraint(fields=('scene', 'finding_id'), name='agent_world_findings_once'),
        ),
        migrations.AddConstraint(
            model_name='worldfinding',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'fixed', 'gone'])), name='agent_world_findings_state_known'),
        ),
        migrations.RunPython(add_task, migrations.RunPython.noop),
    ]
