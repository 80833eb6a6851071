"""The world config of a universe and its rules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from universes import limits
from universes.ids import new_id
from universes.models.universe import Universe


class WorldConfig(models.Model):
    """Genre, technology, magic and physics of a world; exactly one per universe. Empty means unspecified."""

    universe = models.OneToOneField(
        Universe, on_delete=models.CASCADE, primary_key=True, related_name="world_config"
    )
    genre = models.CharField(
        max_length=limits.WORLD_LABEL, blank=True, default="", help_text="For example: low fantasy."
    )
    tone = models.CharField(
        max_length=limits.WORLD_LABEL, blank=True, default="", help_text="For example: wry, melancholic."
    )
    tech_level = models.CharField(
        max_length=limits.WORLD_LABEL,
        blank=True,
        default="",
        help_text="For example: medieval. Output is checked against it.",
    )
    magic_system = models.TextField(
        max_length=limits.WORLD_TEXT, blank=True, default="", help_text="What magic can do and what it costs."
    )
    physics = models.TextField(
        max_length=limits.WORLD_TEXT, blank=True, default="", help_text="Where nature differs from ours."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "world_configs"
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("magic_system"), limits.WORLD_TEXT)
                & LessThanOrEqual(Length("physics"), limits.WORLD_TEXT),
                name="world_config_texts_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"World of {self.universe}"


class WorldRule(models.Model):
    """A sentence that no content of the universe may contradict, in the author's order.

    ``services.rules`` changes one rule or replaces the whole list; a rule keeps its id.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="world_rules")
    position = models.PositiveSmallIntegerField(help_text="Counted from 1.")
    text = models.CharField(max_length=limits.RULE_TEXT, help_text="For example: No one can teleport.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "world_rules"
        ordering = ["universe", "position"]
        constraints = [
            models.UniqueConstraint(fields=["universe", "position"], name="world_rule_one_per_position"),
            models.CheckConstraint(condition=Q(position__gte=1), name="world_rule_position_from_one"),
            models.CheckConstraint(condition=~Q(text=""), name="world_rule_has_text"),
        ]

    def __str__(self) -> str:
        return self.text
