"""The name of one universe in which guests decide, as the admin shows it."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0056_decision_indexes'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='guestsdecide',
            options={'ordering': ['-allowed_at', '-universe'], 'verbose_name': 'universe where guests decide', 'verbose_name_plural': 'universes where guests decide'},
        ),
    ]
