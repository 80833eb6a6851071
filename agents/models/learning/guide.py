"""Style guides of universes."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import AgentType, GuideCause
from universes.ids import new_id


class StoredRule(TypedDict):
    """A rule of a guide. Its id stays the same in all versions that have this wording."""

    id: str
    text: str


class StyleGuide(models.Model):
    """One version of the rules that an agent keeps when it writes in a universe; the newest version applies.

    Rules that a version adds are on trial: a share of the jobs goes without them, until the comparison ends.
    Rows are added; the only later change is the end of the trial.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey("universes.Universe", on_delete=models.CASCADE, related_name="+")
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    version = models.PositiveIntegerField()
    rules = models.JSONField(default=list)
    cause = models.CharField(max_length=16, choices=GuideCause, default=GuideCause.EDITED)
    note = models.CharField(max_length=500, blank=True, help_text="Why it was changed.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("time", default=timezone.now)
    on_trial = models.JSONField(default=list, blank=True, help_text="Ids of the rules that it added.")
    trial_ended_at = models.DateTimeField(null=True, blank=True)
    trial_result = models.JSONField(
        null=True, blank=True, help_text="The comparison at the end of the trial."
    )

    class Meta:
        db_table = "agent_style_guides"
        ordering = ["-at", "-id"]
        verbose_name = "style guide"
        constraints = [
            models.UniqueConstraint(
                fields=["universe", "agent_type", "version"], name="agent_style_guides_one_version"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="agent_style_guides_version_range"),
            models.CheckConstraint(
                condition=Q(cause__in=GuideCause.values), name="agent_style_guides_cause_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_agent_type_display()} guide, version {self.version}"

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(rule["text"] for rule in self.rules)

    @property
    def has_trial(self) -> bool:
        return bool(self.on_trial) and self.trial_ended_at is None
