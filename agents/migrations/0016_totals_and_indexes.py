"""Totals of jobs, verdicts and calls, and indexes for lists of a million jobs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0015_data_versions'),
        ('universes', '0004_mentions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='JobTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agent_type', models.CharField(max_length=32)),
                ('outcome', models.CharField(max_length=16)),
                ('number', models.BigIntegerField(default=0)),
                ('confidence_sum', models.FloatField(default=0)),
            ],
            options={
                'db_table': 'agent_job_totals',
            },
        ),
        migrations.CreateModel(
            name='UsageDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('is_of_all', models.BooleanField(default=False)),
                ('agent_type', models.CharField(max_length=32)),
                ('model', models.CharField(max_length=100)),
                ('calls', models.BigIntegerField(default=0)),
                ('unknown_calls', models.BigIntegerField(default=0)),
                ('mock_calls', models.BigIntegerField(default=0)),
                ('batch_calls', models.BigIntegerField(default=0)),
                ('input_tokens', models.BigIntegerField(default=0)),
                ('output_tokens', models.BigIntegerField(default=0)),
                ('cache_read_tokens', models.BigIntegerField(default=0)),
                ('cache_write_tokens', models.BigIntegerField(default=0)),
                ('pico_usd', models.BigIntegerField(default=0)),
                ('jobs_completed', models.BigIntegerField(default=0)),
                ('jobs_trusted', models.BigIntegerField(default=0)),
                ('jobs_accepted', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'agent_usage_days',
            },
        ),
        migrations.RemoveIndex(
            model_name='agentjob',
            name='agent_jobs_by_person',
        ),
        migrations.RemoveIndex(
            model_name='agentjob',
            name='agent_jobs_by_universe',
        ),
        migrations.RemoveIndex(
            model_name='agentjob',
            name='agent_jobs_newest',
        ),
        migrations.AddField(
            model_name='agentjob',
            name='counted_as',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text='The final status that the totals hold; empty: none.', max_length=16),
        ),
        migrations.AddField(
            model_name='agentjob',
            name='is_counted',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Already included in the totals.'),
        ),
        migrations.AddField(
            model_name='modelcall',
            name='is_counted',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Already included in the totals.'),
        ),
        migrations.AddField(
            model_name='reviewdecision',
            name='is_counted',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Already included in the totals.'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.F('requested_by'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('status'), models.F('agent_type'), models.F('human_review_required'), name='agent_jobs_by_person'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.F('universe'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('status'), models.F('agent_type'), models.F('requested_by'), name='agent_jobs_by_universe'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('status'), models.F('agent_type'), models.F('human_review_required'), name='agent_jobs_newest'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.F('status'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('requested_by'), models.F('agent_type'), condition=models.Q(('status__in', ('failed', 'cancelled'))), name='agent_jobs_unsuccessful'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.F('status'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('requested_by'), models.F('agent_type'), condition=models.Q(('status__in', ('pending', 'processing'))), name='agent_jobs_unfinished'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('requested_by'), condition=models.Q(('human_review_required', True)), name='agent_jobs_to_review'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('is_mock', True)), name='agent_jobs_mock'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('priority', 'batch')), name='agent_jobs_batch'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(condition=models.Q(('is_counted', False), models.Q(('status__in', ('completed', 'failed', 'cancelled')), models.Q(('counted_as', ''), _negated=True), _connector='OR')), fields=['requested_by', 'completed_at'], name='agent_jobs_uncounted'),
        ),
        migrations.AddIndex(
            model_name='agentjobevent',
            index=models.Index(condition=models.Q(('kind__in', ['submitted', 'claimed', 'completed']), _negated=True), fields=['kind', '-id'], name='agent_job_events_rare'),
        ),
        migrations.AddIndex(
            model_name='modelcall',
            index=models.Index(condition=models.Q(('is_counted', False)), fields=['requested_by', 'at'], name='agent_calls_uncounted'),
        ),
        migrations.AddIndex(
            model_name='modelcall',
            index=models.Index(models.OrderBy(models.F('at'), descending=True), condition=models.Q(('is_mock', True)), name='agent_model_calls_mock'),
        ),
        migrations.AddIndex(
            model_name='modelcall',
            index=models.Index(models.OrderBy(models.F('at'), descending=True), condition=models.Q(('is_batch', True)), name='agent_model_calls_batch'),
        ),
        migrations.AddIndex(
            model_name='modelcall',
            index=models.Index(condition=models.Q(('request_id', ''), _negated=True), fields=['request_id'], name='agent_model_calls_request', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='reviewdecision',
            index=models.Index(condition=models.Q(models.Q(('is_counted', False), ('takes_effect', True), ('undone_at__isnull', True)), models.Q(('is_counted', True), ('undone_at__isnull', False)), _connector='OR'), fields=['at'], name='agent_decisions_uncounted'),
        ),
        migrations.AddIndex(
            model_name='reviewitem',
            index=models.Index(fields=['due_at', 'priority', 'opened_at', 'id'], name='agent_review_items_order'),
        ),
        migrations.AddIndex(
            model_name='reviewitem',
            index=models.Index(condition=models.Q(('state', 'closed')), fields=['-closed_at', 'id'], name='agent_review_items_closed'),
        ),
        migrations.AddIndex(
            model_name='reviewitem',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['only_for', 'job'], name='agent_review_items_open'),
        ),
        migrations.AddField(
            model_name='jobtotal',
            name='requested_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='usageday',
            name='requested_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='usageday',
            name='universe',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='universes.universe'),
        ),
        migrations.AddIndex(
            model_name='jobtotal',
            index=models.Index(fields=['requested_by', 'agent_type'], name='agent_job_totals_by_person'),
        ),
        migrations.AddIndex(
            model_name='usageday',
            index=models.Index(fields=['is_of_all', 'day'], name='agent_usage_days_of_all'),
        ),
        migrations.AddIndex(
            model_name='usageday',
            index=models.Index(fields=['requested_by', 'day'], name='agent_usage_days_by_person'),
        ),
    ]
