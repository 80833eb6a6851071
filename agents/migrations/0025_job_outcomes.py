"""The column of what became of a job."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0024_webhooks")]

    operations = [
        migrations.AddField(
            model_name='agentjob',
            name='outcome',
            field=models.CharField(blank=True, choices=[('trusted', 'Trusted'), ('awaiting_review', 'Awaiting review'), ('approved', 'Approved'), ('edited', 'Edited and approved'), ('rejected', 'Rejected'), ('asked_again', 'Asked again'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], db_default='', default='', help_text='What became of it; empty: it is not finished.', max_length=16),
        ),
        migrations.AlterField(
            model_name='agentjob',
            name='counted_as',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text='Outcome included in the totals. Empty: none.', max_length=16),
        ),
        migrations.AlterField(
            model_name='jobtotal',
            name='outcome',
            field=models.CharField(max_length=32),
        ),
    ]
