"""Elements that texts of a universe name: scenes, and the outputs of jobs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class KnownNames(models.Model):
    """The names of a universe's elements by which its texts were read last.

    ``names`` holds the id, kind, status and name of each living element. ``revision`` is the fence: a reader whose
    names are out of date stores nothing.
    """

    universe = models.OneToOneField(
        "universes.Universe", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    names = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "agent_known_names"

    def __str__(self) -> str:
        return f"Names of {self.universe_id}"


class ReadText(models.Model):
    """A text whose names are known: a scene, or the output of a job as it counts.

    ``seen_at`` and ``seen_outcome`` tell its state when it was read; it is read again when they are out of date.
    """

    universe = models.ForeignKey("universes.Universe", on_delete=models.CASCADE, related_name="+")
    scene = models.OneToOneField(
        "universes.Scene", null=True, on_delete=models.CASCADE, related_name="read_text"
    )
    job = models.OneToOneField(
        "agents.AgentJob", null=True, on_delete=models.CASCADE, related_name="read_text"
    )
    # The id of either, by which lists of texts are ordered.
    text_id = models.UUIDField()
    seen_at = models.DateTimeField()
    seen_outcome = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        db_table = "agent_read_texts"
        constraints = [
            models.CheckConstraint(
                condition=Q(scene__isnull=False, job__isnull=True) | Q(scene__isnull=True, job__isnull=False),
                name="agent_read_texts_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"Text of {self.scene_id or self.job_id}"


class Naming(models.Model):
    """An element that a text names. ``spans`` are pairs of start and end, in characters of the text."""

    text = models.ForeignKey(ReadText, on_delete=models.CASCADE, related_name="namings")
    element = models.ForeignKey("universes.Element", on_delete=models.CASCADE, related_name="namings")
    spans: models.JSONField[list[list[int]], list[list[int]]] = models.JSONField()

    class Meta:
        db_table = "agent_namings"
        constraints = [models.UniqueConstraint(fields=["text", "element"], name="agent_namings_once")]

    def __str__(self) -> str:
        return f"{self.element_id} in {self.text_id}"
