"""Indexes of the outcomes, and their agreement with the status; the flag for a review is one of the outcomes."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0026_fill_job_outcomes"),
        ("universes", "0006_invitations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='agentjob',
            name='agent_jobs_by_person',
        ),
        migrations.RemoveIndex(
            model_name='agentjob',
            name='agent_jobs_newest',
        ),
        migrations.RemoveIndex(
            model_name='agentjob',
            name='agent_jobs_to_review',
        ),
        migrations.RemoveField(
            model_name='agentjob',
            name='human_review_required',
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.F('requested_by'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('status'), models.F('agent_type'), models.F('outcome'), name='agent_jobs_by_person'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('status'), models.F('agent_type'), models.F('outcome'), name='agent_jobs_newest'),
        ),
        migrations.AddIndex(
            model_name='agentjob',
            index=models.Index(models.F('outcome'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('requested_by'), models.F('agent_type'), condition=models.Q(('outcome__in', ('awaiting_review', 'approved', 'edited', 'rejected', 'asked_again', 'failed', 'cancelled'))), name='agent_jobs_rare_outcomes'),
        ),
        migrations.AddConstraint(
            model_name='agentjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('status__in', ('pending', 'processing'))), models.Q(('outcome__in', ('trusted', 'awaiting_review', 'approved', 'edited', 'rejected', 'asked_again')), ('status', 'completed')), models.Q(('outcome', models.F('status')), ('status__in', ('failed', 'cancelled'))), _connector='OR'), name='agent_jobs_outcome_of_status'),
        ),
    ]
