"""Notifications of invitations, which are about no review."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0022_self_review'),
        ('universes', '0006_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notification',
            name='agent_notifications_kind_known',
        ),
        migrations.AddField(
            model_name='notification',
            name='invitation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='universes.invitation'),
        ),
        migrations.AlterField(
            model_name='notification',
            name='item',
            field=models.ForeignKey(blank=True, help_text='The review that it is about, if any.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='agents.reviewitem'),
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('mention', 'Mentioned'), ('hand_over', 'Handed over'), ('dispute', 'Disagreement'), ('invitation', 'Invited to a universe')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mention', 'hand_over', 'dispute', 'invitation'])), name='agent_notifications_kind_known'),
        ),
    ]
