"""The setting by which the canon scenes of a universe are checked again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('universes', '0015_story_order')]

    operations = [
        migrations.AddField(
            model_name='universe',
            name='recheck_on_save',
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text='Canon scenes are checked again whenever the world or a scene changes.',
                verbose_name='re-check on saving',
            ),
        ),
    ]
