"""The timeline of a universe: events, and the moments at which scenes take place.

Calendars are free: a moment is a number, by which moments are ordered, and a label in the world's own words.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from universes import limits
from universes.choices import StoryEventKind
from universes.ids import new_id
from universes.models.element import Element
from universes.models.scene import Scene
from universes.models.universe import Universe


class StoryEvent(models.Model):
    """An event at a moment, with its place and those who take part.

    Rows change only through ``services.timeline``;
    each step inserts a CanonChange.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="story_events")
    kind = models.CharField(max_length=10, choices=StoryEventKind, default=StoryEventKind.EVENT)
    title = models.CharField(max_length=limits.NAME)
    key = models.FloatField(help_text="Events are ordered by this number: a year, a day, a count of tides.")
    label = models.CharField(max_length=limits.STORY_TIME, help_text="The moment in the world's own words.")
    note = models.CharField(max_length=limits.RELATION_NOTE, blank=True, default="")
    place = models.ForeignKey(
        Element, null=True, blank=True, on_delete=models.SET_NULL, related_name="events_here"
    )
    participants = models.ManyToManyField(Element, related_name="story_events", blank=True)
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "story_events"
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(label=""), name="story_event_is_named"),
            models.CheckConstraint(
                condition=Q(kind__in=StoryEventKind.values), name="story_event_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["universe", "key", "id"], name="story_event_in_order")]

    def __str__(self) -> str:
        return f"{self.title} ({self.label})"


class SceneMoment(models.Model):
    """The moment at which a scene takes place; each step inserts a CanonChange of the scene's id."""

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, primary_key=True, related_name="moment")
    key = models.FloatField()
    label = models.CharField(max_length=limits.STORY_TIME)

    class Meta:
        db_table = "scene_moments"
        constraints = [models.CheckConstraint(condition=~Q(label=""), name="scene_moment_is_named")]

    def __str__(self) -> str:
        return self.label
