"""The table of idempotency keys."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=64)),
                ('request_hash', models.CharField(max_length=64)),
                ('token', models.UUIDField(default=uuid.uuid4)),
                ('claimed_until', models.DateTimeField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(null=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('headers', models.JSONField(default=dict)),
                ('body', models.BinaryField(default=b'')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'idempotent_requests',
                'indexes': [models.Index(fields=['created_at'], name='idempotent_request_by_age')],
                'constraints': [models.UniqueConstraint(fields=('user', 'scope'), name='idempotent_request_once'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('status__isnull', True)), models.Q(('answered_at__isnull', False), ('status__isnull', False)), _connector='OR'), name='idempotent_request_answer_has_status')],
            },
        ),
    ]
