"""Re-checks of a universe's canon scenes against its world, and the list of work that they leave."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from agents.choices import FindingState
from agents.models.review.intentional import IntentionalFinding
from universes.ids import new_id


class WorldRecheck(models.Model):
    """The world against which the scenes of a universe were checked last.

    ``stored`` counts the stored parts of re-checks and is their fence: one that began with another ``revision`` of the
    world stores nothing. ``steps`` is the number of recorded steps at the last complete re-check.
    """

    universe = models.OneToOneField(
        "universes.Universe", on_delete=models.CASCADE, primary_key=True, related_name="recheck"
    )
    world: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    timeline: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    is_wanted = models.BooleanField(default=False)
    tried_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agent_world_rechecks"

    def __str__(self) -> str:
        return f"Re-check of {self.universe_id}"


class CheckedScene(models.Model):
    """A scene that a re-check has read, in the state of ``seen_at``; it is read again when it or its world changes.

    ``part`` is the number of the stored part (``WorldRecheck.stored``) that has it.
    """

    scene = models.OneToOneField(
        "universes.Scene", on_delete=models.CASCADE, primary_key=True, related_name="checked"
    )
    universe = models.ForeignKey("universes.Universe", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    part = models.PositiveIntegerField()
    is_due = models.BooleanField(default=False)

    class Meta:
        db_table = "agent_checked_scenes"

    def __str__(self) -> str:
        return f"Check of {self.scene_id}"


class WorldFindingQuerySet(models.QuerySet["WorldFinding"]):
    def with_state(self) -> Self:
        """Add ``now``: the state, which is intentional for an open finding with a mark."""
        marks = IntentionalFinding.objects.filter(
            universe=OuterRef("universe"), finding_id=OuterRef("finding_id")
        )
        return self.annotate(
            now=Case(
                When(Q(Exists(marks), state=FindingState.OPEN), then=Value(FindingState.INTENTIONAL.value)),
                default="state",
            )
        )


class WorldFinding(models.Model):
    """A contradiction between a canon scene and its world: a piece of work.

    A re-check opens it, closes it when it is no longer there, and opens it again. Whether it is intentional is told by
    the mark ``IntentionalFinding`` alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey("universes.Universe", on_delete=models.CASCADE, related_name="findings")
    scene = models.ForeignKey("universes.Scene", on_delete=models.CASCADE, related_name="findings")
    finding_id = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    strength = models.CharField(max_length=16)
    source_id = models.CharField("source", max_length=200)
    statement = models.TextField()
    quote = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    why = models.TextField()
    state = models.CharField(
        max_length=16,
        choices=[(state.value, state.label) for state in FindingState if state != FindingState.INTENTIONAL],
        default=FindingState.OPEN,
    )
    # Set by ``with_state``.
    now: str

    found_at = models.DateTimeField("found", default=timezone.now)
    closed_at = models.DateTimeField("closed", null=True)

    objects = WorldFindingQuerySet.as_manager()

    class Meta:
        db_table = "agent_world_findings"
        verbose_name = "contradiction in canon"
        verbose_name_plural = "contradictions in canon"
        constraints = [
            models.UniqueConstraint(fields=["scene", "finding_id"], name="agent_world_findings_once"),
            models.CheckConstraint(
                condition=Q(state__in=[FindingState.OPEN, FindingState.FIXED, FindingState.GONE]),
                name="agent_world_findings_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["universe", "state", "-found_at", "-id"], name="agent_world_findings_by_state"
            )
        ]

    def __str__(self) -> str:
        return f"“{self.quote}” contradicts “{self.statement}”"


class SceneFix(models.Model):
    """A job that rewrites a scene because of a finding; accepted, its text replaces that of the scene.

    ``title`` and ``text`` are those of the scene when the job was asked for.
    """

    job = models.OneToOneField(
        "agents.AgentJob", on_delete=models.CASCADE, primary_key=True, related_name="fix"
    )
    scene = models.ForeignKey("universes.Scene", on_delete=models.CASCADE, related_name="fixes")
    finding = models.ForeignKey(WorldFinding, null=True, on_delete=models.SET_NULL, related_name="fixes")
    title = models.TextField()
    text = models.TextField()

    class Meta:
        db_table = "agent_scene_fixes"

    def __str__(self) -> str:
        return f"Fix of {self.scene_id}"
