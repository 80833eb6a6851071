"""Help texts and labels in plain words; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("universes", "0006_invitations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="element",
            name="mentions",
            field=models.JSONField(
                blank=True, default=list, help_text="Characters that the text only mentions."
            ),
        ),
        migrations.AlterField(
            model_name="element",
            name="origin_ref",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="The job that created it. Empty: created by hand.",
                max_length=100,
            ),
        ),
        migrations.AlterField(
            model_name="scene",
            name="mentions",
            field=models.JSONField(
                blank=True, default=list, help_text="Characters that the text only mentions."
            ),
        ),
        migrations.AlterField(
            model_name="scene",
            name="origin_ref",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="The job that created it. Empty: created by hand.",
                max_length=100,
            ),
        ),
        migrations.AlterField(
            model_name="universe",
            name="audit_share",
            field=models.FloatField(
                blank=True,
                help_text="Share of trusted output that is reviewed anyway, 0 to 1. Empty: the site's default.",
                null=True,
                verbose_name="share audited",
            ),
        ),
        migrations.AlterField(
            model_name="universe",
            name="opinions_wanted",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="Independent reviews per output, 1 to 3. A lead settles disagreements.",
                verbose_name="independent reviews",
            ),
        ),
        migrations.AlterField(
            model_name="universe",
            name="review_within_h",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Hours until an open review is overdue. Empty: the site's default.",
                null=True,
                verbose_name="review within (hours)",
            ),
        ),
        migrations.AlterField(
            model_name="universe",
            name="second_opinion",
            field=models.BooleanField(
                default=False,
                help_text="The consistency agent checks each scene and place before its confidence is computed.",
            ),
        ),
        migrations.AlterField(
            model_name="universe",
            name="trusted_output",
            field=models.CharField(
                choices=[("draft", "Drafts"), ("canon", "Canon")],
                default="draft",
                help_text="Where trusted agent output goes.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="worldconfig",
            name="tech_level",
            field=models.CharField(
                blank=True,
                default="",
                help_text="For example: medieval. Output is checked against it.",
                max_length=200,
            ),
        ),
    ]
