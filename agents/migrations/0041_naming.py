"""Elements that texts name, and the task that reads due texts."""

import django.db.models.deletion
from django.db import migrations, models


def add_task(apps, schema_editor):
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects
    # They have no unique constraint: a site may have several.
    interval = intervals.filter(every=60, period="seconds").first() or intervals.create(every=60, period="seconds")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Read texts for names",
        defaults={
            "task": "agents.read_due_texts",
            "interval": interval,
            "description": "Finds the elements that new and changed texts name.",
            "expire_seconds": 60,
        },
    )


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0040_learned_confidence'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('universes', '0012_world_imports'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownNames',
            fields=[
                ('universe', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='universes.universe')),
                ('names', models.JSONField(default=list)),
                ('revision', models.PositiveIntegerField(default=0)),
            ],
            options={
                'db_table': 'agent_known_names',
            },
        ),
        migrations.CreateModel(
            name='ReadText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text_id', models.UUIDField()),
                ('seen_at', models.DateTimeField()),
                ('seen_outcome', models.CharField(blank=True, default='', max_length=16)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='read_text', to='agents.agentjob')),
                ('scene', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='read_text', to='universes.scene')),
                ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='universes.universe')),
            ],
            options={
                'db_table': 'agent_read_texts',
            },
        ),
        migrations.CreateModel(
            name='Naming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('spans', models.JSONField()),
                ('element', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='namings', to='universes.element')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='namings', to='agents.readtext')),
            ],
            options={
                'db_table': 'agent_namings',
            },
        ),
        migrations.AddConstraint(
            model_name='readtext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('job__isnull', True), ('scene__isnull', False)), models.Q(('job__isnull', False), ('scene__isnull', True)), _connector='OR'), name='agent_read_texts_of_one'),
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.UniqueConstraint(fields=('text', 'element'), name='agent_namings_once'),
        ),
        migrations.RunPython(add_task, migrations.RunPython.noop),
    ]
