"""Job: one request for one agent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agents.choices import COMPLETED_OUTCOMES, AgentType, JobOutcome, JobPriority, JobStatus
from agents.models.access import may_view_all
from agents.models.jobs.job_indexes import INDEXES
from agents.models.jobs.states import FINISHED, UNCOUNTED, UNFINISHED, UNSUCCESSFUL
from agents.models.jobs.transitions import JobTransitions
from universes.ids import new_id
from universes.models.loading import DirectlyLoaded

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class AgentJobQuerySet(JobTransitions["AgentJob"]):
    """Named selections of jobs."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Select the person's own jobs, or all jobs for those who may view them."""
        return self if may_view_all(user, "agentjob") else self.filter(requested_by_id=user.pk)

    def unsent(self, now: datetime, resend_after: timedelta) -> Self:
        """Select jobs that were never sent to the broker, or so long ago that it may have lost the message.

        A time so far ahead was written by a process whose clock was wrong.
        """
        is_old = Q(sent_at__lt=now - resend_after) | Q(sent_at__gt=now + resend_after)
        return self.filter(Q(sent_at__isnull=True) | is_old)

    def people_first(self) -> Self:
        """Order as the queues do: jobs that people wait for, those of schedules and batches, those of a crowd."""
        is_background = Q(schedule__isnull=False) | Q(priority=JobPriority.BATCH)
        return self.alias(is_background=is_background).order_by("is_crowded", "is_background", "available_at")

    def for_queue(self) -> Self:
        """Load only the columns that ``dispatch.enqueue`` needs."""
        return self.only("schedule", "priority", "is_crowded")

    def for_batch(self, after: datetime) -> Self:
        """Select pending jobs that may still wait for a batch after the given time."""
        return self.filter(status=JobStatus.PENDING, batch_until__gt=after)

    def uncounted(self) -> Self:
        """Select jobs that the totals do not hold, or under another status."""
        return self.filter(UNCOUNTED)

    def unfinished(self) -> Self:
        return self.filter(status__in=UNFINISHED)

    def finished_before(self, moment: datetime) -> Self:
        return self.filter(status__in=FINISHED, completed_at__lt=moment)


class AgentJob(DirectlyLoaded):
    """Request for one agent, and the authoritative record of its state.

        pending -> processing -> completed                    (terminal)
                      |  ^
                      |  '-- rescue: the worker died
                      +----> pending, available_at later: transient error, retries left
                      +----> pending, available_at later: postponed by the model's limits, no retry used
                      '----> failed                           (until a person retries)
        pending | processing -> cancelled                     (terminal)

    A job in a batch is ``processing`` while the batch is under way; without a result in time it becomes ``pending``
    again and is asked directly.

    Rows change only through AgentJobQuerySet; each change leaves an AgentJobEvent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(
        "universes.Universe",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="jobs",
        db_index=False,  # covered by the index of the list
    )
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    status = models.CharField(max_length=16, choices=JobStatus, default=JobStatus.PENDING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs", db_index=False
    )
    schedule = models.ForeignKey(
        "agents.GenerationSchedule",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="jobs",
        db_index=False,  # few jobs have one; INDEXES has those
    )
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
        db_index=False,
        help_text="The job whose output a reviewer asked to have revised.",
    )
    variants_id = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text="Shared by the variants of one request, of which one is chosen.",
    )
    revision_note = models.TextField(blank=True, help_text="The reviewer's note.")

    priority = models.CharField(max_length=16, choices=JobPriority, default=JobPriority.NORMAL)
    is_crowded = models.BooleanField(
        "crowded",
        default=False,
        db_default=False,
        editable=False,
        help_text="The requester had many waiting jobs, so others go first.",
    )
    batch_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="May be sent in a batch until then. Empty: sent directly.",
    )
    may_reuse = models.BooleanField(
        default=False, help_text="An earlier output for the same request may be reused."
    )

    input_data = models.JSONField(help_text="The request as it was sent.")
    output_data = models.JSONField(null=True, blank=True, help_text="The agent's output.")
    signals = models.JSONField(default=list, blank=True, help_text="Signals behind the confidence.")
    confidence_score = models.FloatField(null=True, blank=True)
    outcome = models.CharField(
        max_length=16,
        blank=True,
        choices=JobOutcome,
        default="",
        db_default="",
        help_text="What became of it; empty: it is not finished.",
    )
    is_mock = models.BooleanField(
        "mock model", default=False, help_text="Answered by the built-in mock model."
    )
    model = models.CharField(
        max_length=100, blank=True, help_text="The language model that wrote the output."
    )
    world_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the world context.")
    world_choice = models.JSONField(
        null=True, blank=True, help_text="Elements chosen from a world too large for the prompt, and why."
    )
    guide_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="Version of the style guide that applied; 0 or empty: none."
    )
    guidance = models.JSONField(
        null=True, blank=True, help_text="Style guide, examples and preferences that applied."
    )
    question_hash = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of model, prompt, world and input."
    )
    reused_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reused_by",
        db_index=False,
        help_text="The earlier job whose output was reused.",
    )
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)

    # The fence: the writes of an attempt count only while this is still its number.
    attempts = models.PositiveIntegerField(default=0, help_text="Attempts so far.")
    attempt_limit = models.PositiveIntegerField(help_text="Maximum number of automatic attempts.")
    available_at = models.DateTimeField(
        "due", default=timezone.now, help_text="Not started before this time."
    )
    sent_at = models.DateTimeField(
        "last queued", null=True, blank=True, help_text="Last queued at. Empty: not queued yet."
    )
    claimed_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="The attempt counts as lost after this time, even if its worker is alive.",
    )
    # No foreign key: the row of a worker that stops is deleted, and a claim must not wait for it.
    worker = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text="Process of the latest attempt. Empty: in a batch.",
    )

    is_counted = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Already included in the totals."
    )
    counted_as = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Outcome included in the totals. Empty: none.",
    )

    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    started_at = models.DateTimeField(
        "started", null=True, blank=True, help_text="When the latest attempt started."
    )
    completed_at = models.DateTimeField(
        "finished", null=True, blank=True, help_text="When it reached its final state."
    )

    objects = AgentJobQuerySet.as_manager()

    # Its review items, once ``reviews_of_jobs()`` or ``whole.load_reviews`` has loaded them.
    reviews: list[Any]

    class Meta:
        db_table = "agent_jobs"
        ordering = ["-created_at", "-id"]
        verbose_name = "job"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=JobStatus.values), name="agent_jobs_status_known"),
            models.CheckConstraint(
                condition=Q(agent_type__in=AgentType.values), name="agent_jobs_type_known"
            ),
            models.CheckConstraint(
                condition=Q(priority__in=JobPriority.values), name="agent_jobs_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence_score__isnull=True)
                | Q(confidence_score__gte=0, confidence_score__lte=1),
                name="agent_jobs_confidence_range",
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.COMPLETED)
                | Q(output_data__isnull=False, confidence_score__isnull=False, completed_at__isnull=False),
                name="agent_jobs_completed_has_output",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNFINISHED, outcome="")
                | Q(status=JobStatus.COMPLETED, outcome__in=COMPLETED_OUTCOMES)
                | Q(status__in=UNSUCCESSFUL, outcome=F("status")),
                name="agent_jobs_outcome_of_status",
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.FAILED) | ~Q(error_code=""), name="agent_jobs_failed_has_code"
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.PROCESSING)
                | Q(claimed_until__isnull=False, started_at__isnull=False, attempts__gte=1),
                name="agent_jobs_processing_is_claimed",
            ),
        ]
        indexes = INDEXES

    def __str__(self) -> str:
        return f"{self.get_agent_type_display()} job {self.pk}"

    @property
    def human_review_required(self) -> bool:
        """True while the output counts only after a review."""
        return self.outcome == JobOutcome.AWAITING_REVIEW

    @property
    def is_background(self) -> bool:
        """True for jobs of schedules and batches, which are served after the requests of people."""
        return self.schedule_id is not None or self.priority == JobPriority.BATCH
