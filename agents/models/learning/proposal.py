"""Rules that verdicts suggest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import AgentType, ProposalState
from universes.ids import new_id


class RuleProposal(models.Model):
    """A rule for the style guide of a universe, proposed by a pattern in its verdicts.

    There is one for each ``pattern``, such as "mark:—:out", so that a refused one is not proposed again. ``evidence``
    lists the verdicts that point this way; ``chances`` is how many could have.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey("universes.Universe", on_delete=models.CASCADE, related_name="+")
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    pattern = models.CharField(max_length=200)
    text = models.CharField(max_length=300, help_text="The proposed rule; once accepted, as it was accepted.")
    is_worded_by_model = models.BooleanField("worded by the model", default=False)
    evidence = models.JSONField(default=list)
    chances = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=16, choices=ProposalState, default=ProposalState.OPEN)
    created_at = models.DateTimeField("proposed", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("decided", null=True, blank=True)
    guide_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="Version of the guide that first has the rule."
    )

    class Meta:
        db_table = "agent_rule_proposals"
        ordering = ["-created_at", "-id"]
        verbose_name = "proposed rule"
        constraints = [
            models.UniqueConstraint(
                fields=["universe", "agent_type", "pattern"], name="agent_rule_proposals_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, decided_at__isnull=True)
                | Q(state__in=[ProposalState.ACCEPTED, ProposalState.REFUSED], decided_at__isnull=False),
                name="agent_rule_proposals_decided_at",
            ),
        ]

    def __str__(self) -> str:
        return self.text
