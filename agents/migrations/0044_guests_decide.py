"""Universes in which guests decide, and the guests whose verdicts did."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0043_webhook_delivery_names"),
        ("universes", "0015_story_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GuestsDecide",
            fields=[
                (
                    "universe",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="universes.universe",
                    ),
                ),
                ("allowed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "allowed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "universes where guests decide",
                "verbose_name_plural": "universes where guests decide",
                "db_table": "agent_guests_decide",
                "ordering": ["-allowed_at", "-universe"],
            },
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="guest_opinion",
            field=models.ForeignKey(
                blank=True,
                help_text="The guest whose verdict it is; the reviewer is the one who made their link.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="agents.guestopinion",
            ),
        ),
    ]
