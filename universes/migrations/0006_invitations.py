"""Invitations to a universe."""

import django.db.models.deletion
import django.utils.timezone
import universes.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('universes', '0005_name_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=150)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('viewer', 'Viewer')], max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField()),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='universes.universe')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'universe_invitations',
                'constraints': [models.UniqueConstraint(fields=('universe', 'username'), name='invitation_once_per_name'), models.CheckConstraint(condition=models.Q(('role__in', ['editor', 'viewer'])), name='invitation_role_known')],
            },
        ),
    ]
