"""Tables of the world, each model with its queryset.

Rows change only through ``universes.services``; constraints refuse inconsistent rows.
"""

from __future__ import annotations

from universes.models.canon import CanonChange, CanonEntry
from universes.models.element import Element
from universes.models.invitation import Invitation
from universes.models.invitation_link import InvitationLink
from universes.models.relation import Relation
from universes.models.scene import Scene
from universes.models.timeline import SceneMoment, StoryEvent
from universes.models.universe import Membership, Universe
from universes.models.world import WorldConfig, WorldRule
from universes.models.world_import import ImportedEntry, ImportFilePart, WorldImport

__all__ = [
    "CanonChange",
    "CanonEntry",
    "Element",
    "ImportFilePart",
    "ImportedEntry",
    "Invitation",
    "InvitationLink",
    "Membership",
    "Relation",
    "Scene",
    "SceneMoment",
    "StoryEvent",
    "Universe",
    "WorldConfig",
    "WorldImport",
    "WorldRule",
]
