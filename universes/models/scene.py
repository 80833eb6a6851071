"""Scenes of a universe."""

from __future__ import annotations

import time
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import LessThanOrEqual

from universes import limits
from universes.choices import EntryKind, SceneKind
from universes.models.canon import CanonEntry, CanonEntryQuerySet


class SceneQuerySet(CanonEntryQuerySet["Scene"]):
    def in_story_order(self) -> Self:
        return self.order_by("story_position", "id")

    def with_beginning(self, length: int) -> Self:
        """Load ``beginning``, so many characters of the text, for lists, which need not load all of it."""
        return self.annotate(beginning=Left("text", length)).defer("text", "details", "mentions")


class Scene(CanonEntry):
    """A piece of story; ``services.canon`` sets ``word_count``."""

    entry_kind = EntryKind.SCENE

    title = models.CharField(max_length=limits.NAME)
    kind = models.CharField(
        max_length=20, choices=SceneKind, default=SceneKind.NARRATIVE, db_default=SceneKind.NARRATIVE
    )
    text = models.TextField(max_length=limits.SCENE_TEXT)
    # Validated by the agent that wrote them.
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        blank=True,
        default=dict,
        editable=False,
        help_text="What its kind has besides the text: shots, camera and mood of a video prompt.",
    )
    word_count = models.PositiveIntegerField(default=0, editable=False)

    story_position = models.FloatField(
        default=time.time,
        db_default=0.0,
        editable=False,
        help_text="Scenes are read in the order of this number.",
    )

    objects = SceneQuerySet.as_manager()

    class Meta(CanonEntry.Meta):
        abstract = False
        db_table = "scenes"
        indexes = [
            *CanonEntry.Meta.indexes,
            models.Index(fields=["universe", "story_position", "id"], name="scene_story_order"),
        ]
        constraints = [
            *CanonEntry.Meta.constraints,
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="scene_has_title_and_text"),
            models.CheckConstraint(condition=Q(kind__in=SceneKind.values), name="scene_kind_known"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), limits.SCENE_TEXT), name="scene_text_bounded"
            ),
        ]

    def __str__(self) -> str:
        return self.title
