"""Enumerations stored in database columns."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """A member's role: a viewer reads, an editor also writes, the owner also manages the universe."""

    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"


class CanonStatus(models.TextChoices):
    """Status of an entry in its universe.

    draft -> canon -> retired, and draft -> retired. Retired is final; no transition leads back to draft.
    """

    DRAFT = "draft", "Draft"
    CANON = "canon", "Canon"
    RETIRED = "retired", "Retired"


class TrustedOutput(models.TextChoices):
    """Initial status of agent output that needs no review."""

    DRAFT = "draft", "Drafts"
    CANON = "canon", "Canon"


class ElementKind(models.TextChoices):
    CHARACTER = "character", "Character"
    LOCATION = "location", "Location"
    ITEM = "item", "Item"
    FACTION = "faction", "Faction"
    EVENT = "event", "Event"
    CONCEPT = "concept", "Concept"
    SPECIES = "species", "Species"
    TECHNOLOGY = "technology", "Technology"


class SceneKind(models.TextChoices):
    NARRATIVE = "narrative", "Narrative"
    VIDEO_PROMPT = "video_prompt", "Video prompt"


class MentionKind(models.TextChoices):
    """Ways to speak of a character who is not present."""

    POSTHUMOUS = "posthumous", "After their death"
    FLASHBACK = "flashback", "At an earlier time"
    LEGEND = "legend", "As a story tells it"


class EntryKind(models.TextChoices):
    """Tables whose changes are recorded."""

    ELEMENT = "element", "Element"
    SCENE = "scene", "Scene"
    RELATION = "relation", "Relation"
    WORLD = "world", "World config"
    EVENT = "event", "Event of the timeline"
    MOMENT = "moment", "Moment of a scene"


class Disclosure(models.TextChoices):
    """Origins of a text: people, or a machine whose text a person has read or not."""

    HUMAN_ONLY = "human-only", "Written by people"
    AI_ASSISTED = "ai-assisted", "Written by a machine, approved or edited by a person"
    AI_AUTONOMOUS = "ai-autonomous", "Written by a machine, passed unread"


class DisclosureBasis(models.TextChoices):
    """The ground for a disclosure."""

    RECORDED = "recorded", "Recorded here as it was made"
    DECLARED = "declared", "Declared by an import"


class ImportStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    RUNNING = "running", "Running"
    COMPLETED = "completed", "Completed"
    FAILED = "failed", "Failed"
    UNDONE = "undone", "Undone"


class ChangeAction(models.TextChoices):
    ADDED = "added", "Added"
    REVISED = "revised", "Revised"
    PROMOTED = "promoted", "Promoted to canon"
    RETIRED = "retired", "Retired"
    WITHDRAWN = "withdrawn", "Withdrawn: the step before was undone"


class StoryEventKind(models.TextChoices):
    """Kinds of events of a timeline, by their effect on those who take part."""

    EVENT = "event", "Event"
    BIRTH = "birth", "Birth"
    DEATH = "death", "Death"
