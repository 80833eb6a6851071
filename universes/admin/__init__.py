"""The staff's door to the world. Every change goes through a service; its records are read-only."""

from __future__ import annotations

from universes.admin.canon import ElementAdmin, SceneAdmin
from universes.admin.changes import CanonChangeAdmin
from universes.admin.universe import UniverseAdmin

__all__ = ["CanonChangeAdmin", "ElementAdmin", "SceneAdmin", "UniverseAdmin"]
