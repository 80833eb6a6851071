"""Scenes of a universe."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from universes import limits
from universes.choices import EntryKind
from universes.models.canon import CanonEntry, CanonEntryQuerySet


class Scene(CanonEntry):
    """A piece of story; ``services.canon`` sets ``word_count``."""

    entry_kind = EntryKind.SCENE

    title = models.CharField(max_length=limits.NAME)
    text = models.TextField(max_length=limits.SCENE_TEXT)
    word_count = models.PositiveIntegerField(default=0, editable=False)

    objects = CanonEntryQuerySet["Scene"].as_manager()

    class Meta(CanonEntry.Meta):
        abstract = False
        db_table = "scenes"
        constraints = [
            *CanonEntry.Meta.constraints,
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="scene_has_title_and_text"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), limits.SCENE_TEXT), name="scene_text_bounded"
            ),
        ]

    def __str__(self) -> str:
        return self.title
