"""Links for guests, and their opinions."""

import django.db.models.deletion
import django.utils.timezone
import universes.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0032_variants'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GuestOpinion',
            fields=[
                ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('verdict', models.CharField(choices=[('approved', 'Approved'), ('rejected', 'Rejected')], max_length=16)),
                ('comment', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'db_table': 'agent_guest_opinions',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReviewLink',
            fields=[
                ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(help_text='Who it is for.', max_length=100)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'db_table': 'agent_review_links',
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='agentjobevent',
            name='agent_job_events_kind_known',
        ),
        migrations.AlterField(
            model_name='agentjobevent',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Submitted'), ('claimed', 'Claimed by a worker'), ('progress', 'Progress'), ('batched', 'Sent in a batch'), ('batch_left', 'Left the batch, to be asked directly'), ('reused', 'An earlier output was used again'), ('completed', 'Completed'), ('rescheduled', 'Will be tried again'), ('postponed', "Waits for the model's limits"), ('failed', 'Failed'), ('rescued', 'Taken back from a lost worker'), ('retried', 'Retried by a person'), ('cancelled', 'Cancelled'), ('late_result_dropped', 'Late result dropped'), ('review_opened', 'Review opened'), ('review_skipped', 'Skipped by a reviewer'), ('review_handed', 'Handed to another reviewer'), ('review_claim_broken', "A reviewer's claim was broken"), ('review_commented', 'Commented on'), ('review_opinion', "A reviewer's opinion"), ('review_disputed', 'Reviewers disagree'), ('review_decided', 'Review decided'), ('review_undone', 'A verdict was undone'), ('review_reopened', 'A lead reopened the review'), ('review_shared', 'Shown to a guest by link'), ('review_unshared', 'A link for a guest was revoked'), ('guest_opinion', 'A guest gave an opinion'), ('finding_marked', 'A finding was marked as intentional'), ('finding_unmarked', 'A finding is no longer intentional'), ('canon_added', 'Entered the universe'), ('canon_withdrawn', 'Taken out of the universe')], max_length=32),
        ),
        migrations.AddConstraint(
            model_name='agentjobevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['submitted', 'claimed', 'progress', 'batched', 'batch_left', 'reused', 'completed', 'rescheduled', 'postponed', 'failed', 'rescued', 'retried', 'cancelled', 'late_result_dropped', 'review_opened', 'review_skipped', 'review_handed', 'review_claim_broken', 'review_commented', 'review_opinion', 'review_disputed', 'review_decided', 'review_undone', 'review_reopened', 'review_shared', 'review_unshared', 'guest_opinion', 'finding_marked', 'finding_unmarked', 'canon_added', 'canon_withdrawn'])), name='agent_job_events_kind_known'),
        ),
        migrations.AddField(
            model_name='guestopinion',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guest_opinions', to='agents.reviewitem'),
        ),
        migrations.AddField(
            model_name='reviewlink',
            name='items',
            field=models.ManyToManyField(db_table='agent_review_link_items', related_name='links', to='agents.reviewitem'),
        ),
        migrations.AddField(
            model_name='reviewlink',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='guestopinion',
            name='link',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='agents.reviewlink'),
        ),
        migrations.AddConstraint(
            model_name='reviewlink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='agent_review_links_expire_later'),
        ),
        migrations.AddConstraint(
            model_name='guestopinion',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['approved', 'rejected'])), name='agent_guest_opinions_verdict_known'),
        ),
    ]
