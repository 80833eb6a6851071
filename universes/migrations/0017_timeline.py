"""The timeline: events, and the moments of scenes."""

import django.db.models.deletion
import django.utils.timezone
import universes.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('universes', '0016_recheck_on_save'),
    ]

    operations = [
        migrations.CreateModel(
            name='Timeline',
            fields=[
                ('universe', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='timeline', serialize=False, to='universes.universe')),
                ('changes', models.PositiveIntegerField(default=0)),
            ],
            options={
                'db_table': 'timelines',
            },
        ),
        migrations.CreateModel(
            name='SceneMoment',
            fields=[
                ('scene', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='moment', serialize=False, to='universes.scene')),
                ('key', models.FloatField()),
                ('label', models.CharField(max_length=100)),
            ],
            options={
                'db_table': 'scene_moments',
                'constraints': [models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='scene_moment_is_named')],
            },
        ),
        migrations.CreateModel(
            name='StoryEvent',
            fields=[
                ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('event', 'Event'), ('birth', 'Birth'), ('death', 'Death')], default='event', max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('key', models.FloatField(help_text='Events are ordered by this number: a year, a day, a count of tides.')),
                ('label', models.CharField(help_text="The moment in the world's own words.", max_length=100)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('participants', models.ManyToManyField(blank=True, related_name='story_events', to='universes.element')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events_here', to='universes.element')),
                ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='story_events', to='universes.universe')),
            ],
            options={
                'db_table': 'story_events',
                'indexes': [models.Index(fields=['universe', 'key', 'id'], name='story_event_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('label', ''), _negated=True)), name='story_event_is_named'), models.CheckConstraint(condition=models.Q(('kind__in', ['event', 'birth', 'death'])), name='story_event_kind_known')],
            },
        ),
    ]
