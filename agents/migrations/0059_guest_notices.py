"""Notifications of guests' opinions: one unread notification for each link and person, with a count."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0058_more_job_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notification',
            name='agent_notifications_kind_known',
        ),
        migrations.AddField(
            model_name='notification',
            name='count',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='Opinions of guests that it stands for; 1 for other kinds.'),
        ),
        migrations.AddField(
            model_name='notification',
            name='guest_link',
            field=models.ForeignKey(blank=True, db_index=False, help_text='The link by which guests gave the opinions.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agents.reviewlink'),
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('mention', 'Mentioned'), ('hand_over', 'Handed over'), ('dispute', 'Disagreement'), ('invitation', 'Invited to a universe'), ('verdict', 'A verdict on own work'), ('drafts', 'Drafts wait'), ('schedule', 'A schedule was switched off'), ('guest_opinion', "A guest's opinion")], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mention', 'hand_over', 'dispute', 'invitation', 'verdict', 'drafts', 'schedule', 'guest_opinion'])), name='agent_notifications_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('guest_link__isnull', False), ('kind', 'guest_opinion')), models.Q(models.Q(('kind', 'guest_opinion'), _negated=True), ('guest_link__isnull', True)), _connector='OR'), name='agent_notifications_link_of_guests'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(condition=models.Q(('guest_link__isnull', False), ('read_at__isnull', True)), fields=('guest_link', 'to'), name='agent_notifications_one_unread_of_link'),
        ),
    ]
