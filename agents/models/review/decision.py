"""Decisions of reviewers, and the reasons for a rejection."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import VARIANT_REASONS, ReviewKind, Verdict
from universes.ids import new_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class RejectReasonQuerySet(models.QuerySet["RejectReason"]):
    def offered(self) -> RejectReasonQuerySet:
        """Return the active reasons, without those that only a choice between variants gives."""
        return self.filter(is_active=True).exclude(code__in=VARIANT_REASONS)


class RejectReason(models.Model):
    """A reason for rejecting an output, from a list that administrators edit."""

    code = models.SlugField(max_length=50, unique=True, help_text="Used by API clients. Cannot be changed.")
    name = models.CharField(max_length=100, help_text="Shown to reviewers.")
    position = models.PositiveSmallIntegerField(default=100, help_text="Lower numbers come first.")
    is_active = models.BooleanField("in use", default=True, help_text="Offered to reviewers.")
    agent_types = models.CharField(
        "agents",
        max_length=200,
        blank=True,
        default="",
        help_text="Types of the agents whose outputs it is offered for, with spaces between them; empty: all.",
    )

    objects = RejectReasonQuerySet.as_manager()

    class Meta:
        db_table = "agent_reject_reasons"
        ordering = ["position", "name"]
        verbose_name = "reject reason"

    def __str__(self) -> str:
        return self.name

    def suits(self, agent_type: str) -> bool:
        """Return whether the reason is offered for outputs of this agent."""
        return not self.agent_types or agent_type in self.agent_types.split()


# Verdicts that the totals lack, and undone ones that they still hold.
UNCOUNTED = Q(is_counted=False, takes_effect=True, undone_at__isnull=True) | Q(
    is_counted=True, undone_at__isnull=False
)


class ReviewDecisionQuerySet(models.QuerySet["ReviewDecision"]):
    """Named selections of decisions, and their only transition: undo."""

    def in_force(self) -> ReviewDecisionQuerySet:
        """Return decisions that were not undone."""
        return self.filter(undone_at__isnull=True)

    def effective(self) -> ReviewDecisionQuerySet:
        """Return the verdicts that count: one per closed item, without gold items, which measure the reviewer."""
        return self.in_force().filter(takes_effect=True).exclude(item__kind=ReviewKind.GOLD)

    def uncounted(self) -> ReviewDecisionQuerySet:
        return self.filter(UNCOUNTED)

    def undo(self, decision_id: uuid.UUID, user: AbstractBaseUser, *, since: datetime) -> bool:
        """Undo a decision once, if it was given at or after ``since``."""
        return bool(
            self.in_force()
            .filter(pk=decision_id, at__gte=since)
            .update(undone_at=timezone.now(), undone_by=user.pk)
        )


class ReviewDecision(models.Model):
    """A reviewer's verdict on one item.

    Per item, at most one decision that takes effect is in force; per item and reviewer at most one is in force, not
    counting a lead's verdict on a disagreement. Rows are added; the only later change is an undo.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey("agents.ReviewItem", on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=16, choices=Verdict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_decisions"
    )
    at = models.DateTimeField("time", default=timezone.now)
    reason = models.ForeignKey(
        RejectReason, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    note = models.TextField(
        blank=True, help_text="Explanation of a rejection, or the request for a revision."
    )
    before = models.JSONField(help_text="The output before the decision.")
    after = models.JSONField(null=True, help_text="The reviewer's edit. Empty: unchanged.")
    takes_effect = models.BooleanField("takes effect", default=True, help_text="No: one of several opinions.")
    is_lead = models.BooleanField(default=False, help_text="A lead's verdict on a disagreement.")
    self_review_allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The lead who allowed self-review. Empty: somebody else requested the job.",
    )
    guest_opinion = models.ForeignKey(
        "agents.GuestOpinion",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The guest whose verdict it is; the reviewer is the one who made their link.",
    )
    work_s = models.FloatField(
        null=True, blank=True, help_text="Seconds from the reviewer's claim to the verdict; empty: no claim."
    )
    follow_up = models.ForeignKey(
        "agents.AgentJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Not a foreign key: canon is only accessed through the services of universes.
    canon_change_id = models.UUIDField(
        null=True, blank=True, help_text="The resulting change in canon, if any."
    )
    bulk_id = models.UUIDField(
        null=True, blank=True, editable=False, help_text="The bulk decision that it was part of."
    )
    is_counted = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Already included in the totals."
    )
    undone_at = models.DateTimeField("undone", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReviewDecisionQuerySet.as_manager()

    class Meta:
        db_table = "agent_review_decisions"
        ordering = ["-at", "-id"]
        verbose_name = "review decision"
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(takes_effect=True, undone_at__isnull=True),
                name="agent_review_decisions_one_counts",
            ),
            models.UniqueConstraint(
                fields=["item", "by"],
                condition=Q(undone_at__isnull=True, is_lead=False),
                name="agent_review_decisions_one_a_person",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="agent_review_decisions_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REJECTED) | ~Q(note="") | Q(reason__isnull=False),
                name="agent_review_decisions_no_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.ASKED_AGAIN) | ~Q(note=""),
                name="agent_review_decisions_again_has_note",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.EDITED, after__isnull=False)
                | Q(after__isnull=True) & ~Q(verdict=Verdict.EDITED),
                name="agent_review_decisions_edit_has_text",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="agent_review_decisions_undone_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(work_s__isnull=True) | Q(work_s__gte=0), name="agent_review_decisions_work_range"
            ),
        ]
        indexes = [
            # Lists and their counts read no rows: item and person decide who may see a decision.
            models.Index(fields=["by", "-at", "-id"], include=["item"], name="agent_review_decisions_by"),
            models.Index(fields=["-at", "-id"], include=["item", "by"], name="agent_review_decisions_newest"),
            models.Index(
                fields=["verdict", "-at", "-id"],
                include=["item", "by"],
                name="agent_review_decisions_verdict",
            ),
            # Statistics: verdicts that are not in the totals.
            models.Index(fields=["at"], condition=UNCOUNTED, name="agent_decisions_uncounted"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.by}"
