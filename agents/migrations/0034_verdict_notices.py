"""Verdicts of members, and notifications of verdicts."""


from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0033_review_links'),
        ('universes', '0010_invitation_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='agentjobevent',
            name='agent_job_events_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='notification',
            name='agent_notifications_kind_known',
        ),
        migrations.AlterField(
            model_name='agentjobevent',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Submitted'), ('claimed', 'Claimed by a worker'), ('progress', 'Progress'), ('batched', 'Sent in a batch'), ('batch_left', 'Left the batch, sent directly instead'), ('reused', 'Reused an earlier output'), ('completed', 'Completed'), ('rescheduled', 'Will be retried'), ('postponed', 'Waiting for model capacity'), ('failed', 'Failed'), ('rescued', 'Recovered from a lost worker'), ('retried', 'Retried manually'), ('cancelled', 'Cancelled'), ('late_result_dropped', 'Late result dropped'), ('review_opened', 'Review opened'), ('review_skipped', 'Skipped by a reviewer'), ('review_handed', 'Handed to another reviewer'), ('review_claim_broken', "A reviewer's claim was broken"), ('review_commented', 'Commented on'), ('review_opinion', "A reviewer's opinion"), ('review_disputed', 'Reviewers disagree'), ('review_decided', 'Review decided'), ('review_undone', 'A verdict was undone'), ('review_reopened', 'A lead reopened the review'), ('review_shared', 'Shown to a guest by link'), ('review_unshared', 'A link for a guest was revoked'), ('guest_opinion', 'A guest gave an opinion'), ('finding_marked', 'A finding was marked as intentional'), ('finding_unmarked', 'A finding is no longer intentional'), ('canon_added', 'Added to the universe'), ('canon_withdrawn', 'Removed from the universe'), ('accepted', 'Accepted by a member'), ('discarded', 'Rejected by a member')], max_length=32),
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('mention', 'Mentioned'), ('hand_over', 'Handed over'), ('dispute', 'Disagreement'), ('invitation', 'Invited to a universe'), ('verdict', 'A verdict on own work'), ('drafts', 'Drafts wait'), ('schedule', 'A schedule was switched off')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='agentjobevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['submitted', 'claimed', 'progress', 'batched', 'batch_left', 'reused', 'completed', 'rescheduled', 'postponed', 'failed', 'rescued', 'retried', 'cancelled', 'late_result_dropped', 'review_opened', 'review_skipped', 'review_handed', 'review_claim_broken', 'review_commented', 'review_opinion', 'review_disputed', 'review_decided', 'review_undone', 'review_reopened', 'review_shared', 'review_unshared', 'guest_opinion', 'finding_marked', 'finding_unmarked', 'canon_added', 'canon_withdrawn', 'accepted', 'discarded'])), name='agent_job_events_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mention', 'hand_over', 'dispute', 'invitation', 'verdict', 'drafts', 'schedule'])), name='agent_notifications_kind_known'),
        ),
    ]
