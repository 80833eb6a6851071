"""Help texts and labels in plain words; nothing changes in the database."""

import agents.models.review.item
import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0025_edited_comments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="agentjob",
            name="attempt_limit",
            field=models.PositiveIntegerField(help_text="Maximum number of automatic attempts."),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="available_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, help_text="Not started before this time."
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="batch_until",
            field=models.DateTimeField(
                blank=True, help_text="May be sent in a batch until then. Empty: sent directly.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="claimed_until",
            field=models.DateTimeField(
                blank=True,
                help_text="The attempt counts as lost after this time, even if its worker is alive.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="counted_as",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Final status included in the totals. Empty: none.",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                help_text="The job whose output a reviewer asked to have revised.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="follow_ups",
                to="agents.agentjob",
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="input_data",
            field=models.JSONField(help_text="The request as it was sent."),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="is_counted",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Already included in the totals."
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="is_crowded",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="The requester had many waiting jobs, so others go first.",
                verbose_name="crowded",
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="may_reuse",
            field=models.BooleanField(
                default=False, help_text="An earlier output for the same request may be reused."
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="output_data",
            field=models.JSONField(blank=True, help_text="The agent's output.", null=True),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="question_hash",
            field=models.CharField(
                blank=True, help_text="SHA-256 of model, prompt, world and input.", max_length=64
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="reused_from",
            field=models.ForeignKey(
                blank=True,
                help_text="The earlier job whose output was reused.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reused_by",
                to="agents.agentjob",
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="revision_note",
            field=models.TextField(blank=True, help_text="The reviewer's note."),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="sent_at",
            field=models.DateTimeField(
                blank=True, help_text="Last queued at. Empty: not queued yet.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="signals",
            field=models.JSONField(blank=True, default=list, help_text="Signals behind the confidence."),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="started_at",
            field=models.DateTimeField(blank=True, help_text="When the latest attempt started.", null=True),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="worker",
            field=models.UUIDField(
                blank=True,
                editable=False,
                help_text="Process of the latest attempt. Empty: in a batch.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="world_choice",
            field=models.JSONField(
                blank=True,
                help_text="Elements chosen from a world too large for the prompt, and why.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="agentjob",
            name="world_hash",
            field=models.CharField(blank=True, help_text="SHA-256 of the world context.", max_length=64),
        ),
        migrations.AlterField(
            model_name="agentjobevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("submitted", "Submitted"),
                    ("claimed", "Claimed by a worker"),
                    ("progress", "Progress"),
                    ("batched", "Sent in a batch"),
                    ("batch_left", "Left the batch, sent directly instead"),
                    ("reused", "Reused an earlier output"),
                    ("completed", "Completed"),
                    ("rescheduled", "Will be retried"),
                    ("postponed", "Waiting for model capacity"),
                    ("failed", "Failed"),
                    ("rescued", "Recovered from a lost worker"),
                    ("retried", "Retried manually"),
                    ("cancelled", "Cancelled"),
                    ("late_result_dropped", "Late result dropped"),
                    ("review_opened", "Review opened"),
                    ("review_skipped", "Skipped by a reviewer"),
                    ("review_handed", "Handed to another reviewer"),
                    ("review_claim_broken", "A reviewer's claim was broken"),
                    ("review_commented", "Commented on"),
                    ("review_opinion", "A reviewer's opinion"),
                    ("review_disputed", "Reviewers disagree"),
                    ("review_decided", "Review decided"),
                    ("review_undone", "A verdict was undone"),
                    ("finding_marked", "A finding was marked as intentional"),
                    ("finding_unmarked", "A finding is no longer intentional"),
                    ("canon_added", "Added to the universe"),
                    ("canon_withdrawn", "Removed from the universe"),
                ],
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="batchitem",
            name="held_until",
            field=models.DateTimeField(
                blank=True, help_text="A worker is applying the result until then.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="batchitem",
            name="result",
            field=models.JSONField(blank=True, help_text="The provider's answer.", null=True),
        ),
        migrations.AlterField(
            model_name="budget",
            name="limit_usd",
            field=models.DecimalField(
                decimal_places=6,
                help_text="0 blocks all spending.",
                max_digits=12,
                verbose_name="limit (US dollars)",
            ),
        ),
        migrations.AlterField(
            model_name="generationschedule",
            name="input_data",
            field=models.JSONField(help_text="Input of every job."),
        ),
        migrations.AlterField(
            model_name="generationschedule",
            name="next_run_at",
            field=models.DateTimeField(blank=True, help_text="Empty while disabled.", null=True),
        ),
        migrations.AlterField(
            model_name="generationschedule",
            name="overlap",
            field=models.CharField(
                choices=[("skip", "Skip the run"), ("queue", "Submit another job")],
                default="skip",
                help_text="What to do if an earlier job has not finished.",
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="goldstandard",
            name="answer",
            field=models.CharField(choices=[("accept", "Approve"), ("refuse", "Reject")], max_length=16),
        ),
        migrations.AlterField(
            model_name="goldstandard",
            name="is_active",
            field=models.BooleanField(default=True, help_text="In use."),
        ),
        migrations.AlterField(
            model_name="goldstandard",
            name="why",
            field=models.TextField(help_text="Why the verdict is right, for those who look at the results."),
        ),
        migrations.AlterField(
            model_name="languagemodel",
            name="check_error",
            field=models.TextField(blank=True, help_text="Why the last check failed."),
        ),
        migrations.AlterField(
            model_name="languagemodel",
            name="checked_at",
            field=models.DateTimeField(blank=True, help_text="Last checked with the provider.", null=True),
        ),
        migrations.AlterField(
            model_name="languagemodel",
            name="lifecycle",
            field=models.CharField(
                choices=[
                    ("unknown", "Not checked yet"),
                    ("active", "Active"),
                    ("deprecated", "Deprecated"),
                    ("retired", "Retired"),
                ],
                default="unknown",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="languagemodel",
            name="replaced_at",
            field=models.DateTimeField(blank=True, help_text="When its successor took over.", null=True),
        ),
        migrations.AlterField(
            model_name="languagemodel",
            name="retires_at",
            field=models.DateTimeField(blank=True, help_text="The provider's date.", null=True),
        ),
        migrations.AlterField(
            model_name="languagemodel",
            name="successor",
            field=models.CharField(
                blank=True,
                help_text="Replaces this model when it is retired. Empty: as MODEL_SUCCESSORS says, if at all.",
                max_length=100,
            ),
        ),
        migrations.AlterField(
            model_name="messagebatch",
            name="checked_at",
            field=models.DateTimeField(blank=True, help_text="Last checked with the provider.", null=True),
        ),
        migrations.AlterField(
            model_name="messagebatch",
            name="error",
            field=models.TextField(blank=True, help_text="Latest error."),
        ),
        migrations.AlterField(
            model_name="messagebatch",
            name="fall_back_at",
            field=models.DateTimeField(help_text="Jobs without a result are sent directly after this time."),
        ),
        migrations.AlterField(
            model_name="messagebatch",
            name="provider_id",
            field=models.CharField(
                blank=True,
                help_text="The provider's id. Empty: not confirmed by the provider.",
                max_length=100,
            ),
        ),
        migrations.AlterField(
            model_name="messagebatch",
            name="requests",
            field=models.PositiveIntegerField(help_text="Number of items sent."),
        ),
        migrations.AlterField(
            model_name="messagebatch",
            name="sent_at",
            field=models.DateTimeField(blank=True, help_text="When the provider accepted it.", null=True),
        ),
        migrations.AlterField(
            model_name="messagebatch",
            name="state",
            field=models.CharField(
                choices=[("sending", "Sending"), ("running", "In progress"), ("ended", "Ended")],
                default="sending",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="modelcall",
            name="cost_usd",
            field=models.DecimalField(
                decimal_places=12, help_text="Empty: unknown.", max_digits=18, null=True
            ),
        ),
        migrations.AlterField(
            model_name="modelcall",
            name="is_batch",
            field=models.BooleanField(default=False, help_text="Sent in a batch."),
        ),
        migrations.AlterField(
            model_name="modelcall",
            name="is_counted",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Already included in the totals."
            ),
        ),
        migrations.AlterField(
            model_name="modelprice",
            name="batch_share",
            field=models.DecimalField(
                decimal_places=3,
                default=Decimal("0.5"),
                help_text="Share of these prices that a batch costs.",
                max_digits=4,
            ),
        ),
        migrations.AlterField(
            model_name="modelprice",
            name="cache_write_usd",
            field=models.DecimalField(
                decimal_places=4, help_text="Cache writes with a lifetime of 5 minutes.", max_digits=10
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="item",
            field=models.ForeignKey(
                blank=True,
                help_text="The review that it is about, if any.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notifications",
                to="agents.reviewitem",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="mail_due",
            field=models.BooleanField(default=False, help_text="Waiting to be mailed."),
        ),
        migrations.AlterField(
            model_name="notification",
            name="text",
            field=models.TextField(blank=True, help_text="The message."),
        ),
        migrations.AlterField(
            model_name="rejectreason",
            name="code",
            field=models.SlugField(help_text="Used by API clients. Cannot be changed.", unique=True),
        ),
        migrations.AlterField(
            model_name="rejectreason",
            name="name",
            field=models.CharField(help_text="Shown to reviewers.", max_length=100),
        ),
        migrations.AlterField(
            model_name="rejectreason",
            name="position",
            field=models.PositiveSmallIntegerField(default=100, help_text="Lower numbers come first."),
        ),
        migrations.AlterField(
            model_name="reviewdecision",
            name="after",
            field=models.JSONField(help_text="The reviewer's edit. Empty: unchanged.", null=True),
        ),
        migrations.AlterField(
            model_name="reviewdecision",
            name="before",
            field=models.JSONField(help_text="The output before the decision."),
        ),
        migrations.AlterField(
            model_name="reviewdecision",
            name="canon_change_id",
            field=models.UUIDField(blank=True, help_text="The resulting change in canon, if any.", null=True),
        ),
        migrations.AlterField(
            model_name="reviewdecision",
            name="is_counted",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Already included in the totals."
            ),
        ),
        migrations.AlterField(
            model_name="reviewdecision",
            name="note",
            field=models.TextField(
                blank=True, help_text="Explanation of a rejection, or the request for a revision."
            ),
        ),
        migrations.AlterField(
            model_name="reviewdecision",
            name="self_review_allowed_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The lead who allowed self-review. Empty: somebody else requested the job.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                help_text="The reviewer it was handed to. Empty: anybody.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="confidence",
            field=models.FloatField(help_text="The output's confidence when the item was opened."),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="disputed_at",
            field=models.DateTimeField(
                blank=True, help_text="Waiting for a lead since then, because reviewers disagree.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="draw_rate",
            field=models.FloatField(
                default=1, help_text="Probability that such a job is reviewed; 1 for low confidence."
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="due_at",
            field=models.DateTimeField(
                default=agents.models.review.item.default_due, help_text="When a decision is due."
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="only_for",
            field=models.ForeignKey(
                blank=True,
                help_text="The only reviewer who sees it (gold items).",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Requested by a person"), (1, "From a schedule")], default=0
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="reasons",
            field=models.JSONField(help_text="Reasons for the review."),
        ),
        migrations.AlterField(
            model_name="workerprocess",
            name="calling",
            field=models.JSONField(
                blank=True, default=list, help_text="Running jobs that have called the model."
            ),
        ),
        migrations.AlterField(
            model_name="workerprocess",
            name="seen_at",
            field=models.DateTimeField(help_text="Last heartbeat, by the database's clock."),
        ),
    ]
