"""Fewer indexes to write for each job: none twice, and none for columns that are nearly always empty."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Foreign keys whose own index goes.
KEYS = (
    ("AgentJob", "schedule"),
    ("AgentJob", "follows"),
    ("AgentJob", "reused_from"),
    ("AgentJobEvent", "job"),
    ("AgentJobEvent", "by"),
    ("ModelCall", "job"),
    ("ModelCall", "universe"),
    ("ModelCall", "requested_by"),
)


def drop_indexes(apps, schema_editor):
    """Drop them by hand: to alter the fields, SQLite would copy the tables, and lose the triggers on them."""
    connection = schema_editor.connection
    for model_name, field_name in KEYS:
        options = apps.get_model("agents", model_name)._meta
        column = options.get_field(field_name).column
        with connection.cursor() as cursor:
            constraints = connection.introspection.get_constraints(cursor, options.db_table)
        for name, constraint in constraints.items():
            is_own = constraint["index"] and constraint["columns"] == [column] and not constraint["unique"]
            # Those of ``Meta.indexes`` have names of their own, and stay.
            if is_own and name.startswith(f"{options.db_table}_{column}_"):
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def restore_indexes(apps, schema_editor):
    for model_name, field_name in KEYS:
        model = apps.get_model("agents", model_name)
        field = model._meta.get_field(field_name)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0051_world_rechecks"),
        ("universes", "0018_timeline_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='agentjob',
            name='agent_jobs_finished',
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
        migrations.AlterField(
            model_name='agentjob',
            name='follows',
            field=models.ForeignKey(blank=True, db_index=False, help_text='The job whose output a reviewer asked to have revised.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='follow_ups', to='agents.agentjob'),
        ),
        migrations.AlterField(
            model_name='agentjob',
            name='reused_from',
            field=models.ForeignKey(blank=True, db_index=False, help_text='The earlier job whose output was reused.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reused_by', to='agents.agentjob'),
        ),
        migrations.AlterField(
            model_name='agentjob',
            name='schedule',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jobs', to='agents.generationschedule'),
        ),
        migrations.AlterField(
            model_name='agentjobevent',
            name='by',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Empty: the system itself.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='agentjobevent',
            name='job',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='agents.agentjob'),
        ),
        migrations.AlterField(
            model_name='modelcall',
            name='job',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='agents.agentjob'),
        ),
        migrations.AlterField(
            model_name='modelcall',
            name='requested_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='modelcall',
            name='universe',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='universes.universe'),
        ),
            ],
            database_operations=[migrations.RunPython(drop_indexes, restore_indexes)],
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(condition=models.Q(('schedule__isnull', False)), fields=['schedule'], name='agent_jobs_schedule'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(condition=models.Q(('follows__isnull', False)), fields=['follows'], name='agent_jobs_follows'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(condition=models.Q(('reused_from__isnull', False)), fields=['reused_from'], name='agent_jobs_reused_from'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(condition=models.Q(('completed_at__isnull', False)), fields=['completed_at', 'id'], name='agent_jobs_completed'),
        ),
        migrations.AddIndex(
            model_name='agentjobevent',
            index=models.Index(condition=models.Q(('by__isnull', False)), fields=['by'], name='agent_job_events_by_person'),
        ),
    ]
