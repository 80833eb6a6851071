"""Admin pages of the world. Changes go through the services; records of canon are read-only."""

from __future__ import annotations

from universes.admin.canon import ElementAdmin, SceneAdmin
from universes.admin.imports import WorldImportAdmin
from universes.admin.timeline import StoryEventAdmin
from universes.admin.universe import UniverseAdmin

__all__ = ["ElementAdmin", "SceneAdmin", "StoryEventAdmin", "UniverseAdmin", "WorldImportAdmin"]
