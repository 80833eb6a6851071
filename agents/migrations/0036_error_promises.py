"""Error promises, their terms, and the triggers that renew their version."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import universes.ids
from django.db import migrations, models


TABLES = ("agent_error_promises", "agent_promise_terms")
AGENTS = ("narrative", "spatial", "consistency")


def add_rows(apps, schema_editor):
    terms = apps.get_model("agents", "PromiseTerms")
    terms.objects.bulk_create(terms(agent_type=agent_type) for agent_type in AGENTS)
    apps.get_model("agents", "DataVersion").objects.create(name="promises", stamp=str(uuid.uuid4()))
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects
    # They have no unique constraint: a site may have several.
    interval = intervals.filter(every=300, period="seconds").first() or intervals.create(every=300, period="seconds")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Compute error promises",
        defaults={
            "task": "agents.compute_promises",
            "interval": interval,
            "description": "Computes the error promises anew after 25 verdicts, a day, or a change of model or prompt.",
            "expire_seconds": 300,
        },
    )


def add_triggers(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"""
                CREATE TRIGGER agent_renew_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION agent_renew_version('promises')
            """)
            continue
        # A later migration that rebuilds a table on SQLite drops its triggers, and has to add them again.
        for event in ("INSERT", "UPDATE", "DELETE"):
            schema_editor.execute(f"""
                CREATE TRIGGER {table}_renew_{event.lower()} AFTER {event} ON {table}
                BEGIN
                    UPDATE agent_data_versions SET stamp = lower(hex(randomblob(16))) WHERE name = 'promises';
                END
            """)


def drop_triggers(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER agent_renew_version ON {table}")
        else:
            for event in ("insert", "update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_renew_{event}")


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0035_edited_comments'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('universes', '0006_invitations'),
    ]

    operations = [
        migrations.AlterField(
            model_name='dataversion',
            name='name',
            field=models.CharField(choices=[('budgets', 'Budgets'), ('models', 'Models'), ('preferences', 'Preferences'), ('prices', 'Prices'), ('promises', 'Promises')], max_length=32, primary_key=True, serialize=False),
        ),
        migrations.CreateModel(
            name='PromiseTerms',
            fields=[
                ('agent_type', models.CharField(choices=[('narrative', 'Narrative'), ('spatial', 'Spatial'), ('consistency', 'Consistency')], max_length=32, primary_key=True, serialize=False, verbose_name='agent')),
                ('alpha', models.FloatField(default=0.05, help_text='Share of the outputs passed without review that may be rejected or changed: 0.05 is 5%.', validators=[django.core.validators.MinValueValidator(0.001), django.core.validators.MaxValueValidator(0.5)], verbose_name='largest share of errors')),
                ('delta', models.FloatField(default=0.05, help_text='Probability that the promise is wrong: 0.05 gives 95% certainty.', validators=[django.core.validators.MinValueValidator(0.001), django.core.validators.MaxValueValidator(0.5)], verbose_name='risk of a broken promise')),
                ('max_audit_share', models.FloatField(default=0.2, help_text='Share of the passed outputs that are audited until the promise can be kept; afterwards the AUDIT_SHARE of the settings applies. 0 never raises it.', validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(1.0)], verbose_name='largest audit share')),
                ('is_active', models.BooleanField(default=True, help_text="If it is off, or the agent's REVIEW_THRESHOLD is set, the fixed threshold applies.", verbose_name='active')),
            ],
            options={
                'verbose_name': 'error promise: terms',
                'verbose_name_plural': 'error promises: terms',
                'db_table': 'agent_promise_terms',
                'ordering': ['agent_type'],
                'constraints': [models.CheckConstraint(condition=models.Q(('alpha__gte', 0.001), ('alpha__lte', 0.5), ('delta__gte', 0.001), ('delta__lte', 0.5)), name='agent_promise_terms_risks_range'), models.CheckConstraint(condition=models.Q(('max_audit_share__gte', 0), ('max_audit_share__lte', 1)), name='agent_promise_terms_share_range')],
            },
        ),
        migrations.CreateModel(
            name='ErrorPromise',
            fields=[
                ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('agent_type', models.CharField(choices=[('narrative', 'Narrative'), ('spatial', 'Spatial'), ('consistency', 'Consistency')], max_length=32, verbose_name='agent')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='Since when it applies.')),
                ('until', models.DateTimeField(blank=True, help_text='Until when it applied; empty: now.', null=True)),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now, help_text='Time of the evidence.')),
                ('cause', models.CharField(choices=[('first', 'First computation'), ('verdicts', 'New verdicts'), ('version', 'New model or prompt'), ('drift', 'More errors than before'), ('terms', 'New terms')], max_length=16)),
                ('state', models.CharField(choices=[('kept', 'Kept'), ('too_few', 'Too few verdicts'), ('too_many', 'Too many errors')], max_length=16)),
                ('cut_off', models.FloatField(blank=True, help_text='Lowest confidence that passes without review.', null=True)),
                ('alpha', models.FloatField()),
                ('delta', models.FloatField()),
                ('audit_share', models.FloatField(blank=True, help_text='Share of the passed outputs to audit; empty: that of the settings.', null=True)),
                ('model', models.CharField(blank=True, max_length=100)),
                ('prompt_version', models.CharField(blank=True, max_length=64)),
                ('began_at', models.DateTimeField(help_text='Begin of the population.')),
                ('counts_from', models.DateTimeField(help_text='Begin of the verdicts that count.')),
                ('verdicts', models.PositiveIntegerField(default=0, help_text='Verdicts that count.')),
                ('evidence', models.JSONField(default=dict, help_text='The bounds of all cut-offs, and what was left out.')),
                ('universe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='universes.universe')),
            ],
            options={
                'verbose_name': 'error promise',
                'db_table': 'agent_error_promises',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['agent_type', 'universe', '-at'], name='agent_error_promises_history')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['kept', 'too_few', 'too_many'])), name='agent_error_promises_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('cut_off__isnull', False), ('state', 'kept')), models.Q(models.Q(('state', 'kept'), _negated=True), ('cut_off__isnull', True)), _connector='OR'), name='agent_error_promises_cut_off_if_kept'), models.CheckConstraint(condition=models.Q(('counts_from__lte', models.F('began_at'))), name='agent_error_promises_counts_from_before'), models.UniqueConstraint(condition=models.Q(('universe__isnull', True), ('until__isnull', True)), fields=('agent_type',), name='agent_error_promises_one_now'), models.UniqueConstraint(condition=models.Q(('universe__isnull', False), ('until__isnull', True)), fields=('agent_type', 'universe'), name='agent_error_promises_one_now_of_universe')],
            },
        ),
        migrations.RunPython(add_rows, migrations.RunPython.noop),
        migrations.RunPython(add_triggers, drop_triggers),
    ]
