"""Indexes for lists of decisions, and for their counts, which read no rows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('agents', '0055_review_words')]

    operations = [
        migrations.RemoveIndex(
            model_name='reviewdecision',
            name='agent_review_decisions_by',
        ),
        migrations.RemoveIndex(
            model_name='reviewdecision',
            name='agent_review_decisions_newest',
        ),
        migrations.AddIndex(
            model_name='reviewdecision',
            index=models.Index(fields=['by', '-at', '-id'], include=('item',), name='agent_review_decisions_by'),
        ),
        migrations.AddIndex(
            model_name='reviewdecision',
            index=models.Index(fields=['-at', '-id'], include=('item', 'by'), name='agent_review_decisions_newest'),
        ),
        migrations.AddIndex(
            model_name='reviewdecision',
            index=models.Index(fields=['verdict', '-at', '-id'], include=('item', 'by'), name='agent_review_decisions_verdict'),
        ),
    ]
