"""Steps of the timeline in the record of changes, in the place of its counter."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('universes', '0017_timeline'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='canonchange',
            name='canon_change_target_known',
        ),
        migrations.AlterField(
            model_name='canonchange',
            name='target_kind',
            field=models.CharField(choices=[('element', 'Element'), ('scene', 'Scene'), ('relation', 'Relation'), ('world', 'World config'), ('event', 'Event of the timeline'), ('moment', 'Moment of a scene')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='canonchange',
            constraint=models.CheckConstraint(condition=models.Q(('target_kind__in', ['element', 'scene', 'relation', 'world', 'event', 'moment'])), name='canon_change_target_known'),
        ),
        migrations.DeleteModel(
            name='Timeline',
        ),
    ]
