"""Learned confidences, and the triggers that renew the version of the promises, whose readers read them too."""


import django.utils.timezone
import universes.ids
from django.db import migrations, models

TABLE = "agent_learned_confidences"


def add_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"""
            CREATE TRIGGER agent_renew_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION agent_renew_version('promises')
        """)
        return
    for event in ("INSERT", "UPDATE", "DELETE"):
        schema_editor.execute(f"""
            CREATE TRIGGER {TABLE}_renew_{event.lower()} AFTER {event} ON {TABLE}
            BEGIN
                UPDATE agent_data_versions SET stamp = lower(hex(randomblob(16))) WHERE name = 'promises';
            END
        """)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER agent_renew_version ON {TABLE}")
        return
    for event in ("insert", "update", "delete"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_renew_{event}")


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0039_learn_task'),
    ]

    operations = [
        migrations.AlterField(
            model_name='errorpromise',
            name='cause',
            field=models.CharField(choices=[('first', 'First computation'), ('verdicts', 'New verdicts'), ('version', 'New model, prompt or style guide'), ('drift', 'More errors than before'), ('terms', 'New terms'), ('learned', 'Confidence learned from verdicts')], max_length=16),
        ),
        migrations.CreateModel(
            name='LearnedConfidence',
            fields=[
                ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('agent_type', models.CharField(choices=[('narrative', 'Narrative'), ('spatial', 'Spatial'), ('consistency', 'Consistency')], max_length=32, verbose_name='agent')),
                ('model', models.CharField(max_length=100)),
                ('prompt_version', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('bias', models.FloatField(help_text='Log-odds of an approval if every signal is perfect.')),
                ('weights', models.JSONField(help_text='What a signal takes off the log-odds at 0.')),
                ('evidence', models.JSONField(help_text='Its comparison with the hand-set score on held-out verdicts.')),
            ],
            options={
                'verbose_name': 'learned confidence',
                'db_table': 'agent_learned_confidences',
                'ordering': ['-at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('agent_type',), name='agent_learned_confidences_one_now')],
            },
        ),
        migrations.RunPython(add_triggers, drop_triggers),
    ]
