"""The native format as a schema; ``docs/worlds.schema.json`` is made from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from universes import limits
from universes.choices import CanonStatus, ChangeAction, ElementKind, EntryKind, MentionKind

FORMAT = "umam-world"
VERSION = 1

Id = Annotated[str, Field(min_length=1, max_length=200, description="Tells an entry apart within its world.")]


class Part(BaseModel):
    """An object of the format; unknown keys are ignored, so that older sites read newer files."""

    model_config = ConfigDict(extra="ignore", use_enum_values=True)


class NativeMention(Part):
    name: str
    how: MentionKind


class NativeRule(Part):
    id: Id
    text: Annotated[str, Field(max_length=limits.RULE_TEXT)]


class NativeWorld(Part):
    """Genre, technology, magic and physics, and the rules in the author's order."""

    genre: str = ""
    tone: str = ""
    tech_level: str = ""
    magic_system: str = ""
    physics: str = ""
    rules: list[NativeRule] = []


class NativeElement(Part):
    """An element; a declared trait has the type of its kind, any other trait is a text."""

    id: Id
    kind: ElementKind
    name: Annotated[str, Field(min_length=1, max_length=limits.NAME)]
    summary: Annotated[str, Field(max_length=limits.SUMMARY)] = ""
    traits: dict[str, Any] = {}
    mentions: list[NativeMention] = []
    canon_status: CanonStatus = CanonStatus.CANON
    origin_ref: str = ""
    created_at: datetime | None = None
    passport: dict[str, Any] | None = None


class NativeRelation(Part):
    """A statement that one element is something to another; both are ids of elements."""

    kind: Annotated[str, Field(min_length=1, max_length=limits.RELATION_KIND)]
    from_element: Id
    to_element: Id
    since: str = ""
    until: str = ""
    note: str = ""


class NativeScene(Part):
    id: Id
    title: Annotated[str, Field(min_length=1, max_length=limits.NAME)]
    text: Annotated[str, Field(min_length=1, max_length=limits.SCENE_TEXT)]
    mentions: list[NativeMention] = []
    canon_status: CanonStatus = CanonStatus.CANON
    origin_ref: str = ""
    created_at: datetime | None = None
    passport: dict[str, Any] | None = None


class NativeChange(Part):
    """One step of an entry, with its content before and after."""

    target_kind: EntryKind
    target_id: Id
    action: ChangeAction
    by: str | None = None
    origin_ref: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] = {}
    at: datetime


class NativeUniverse(Part):
    name: Annotated[str, Field(min_length=1, max_length=limits.NAME)]
    description: Annotated[str, Field(max_length=limits.DESCRIPTION)] = ""


class NativeFile(Part):
    """A whole world of Unified Media Asset Manager."""

    format: Literal["umam-world"]
    version: Annotated[int, Field(ge=1, le=VERSION)]
    exported_at: datetime | None = None
    universe: NativeUniverse
    world: NativeWorld = NativeWorld()
    elements: list[NativeElement] = []
    relations: list[NativeRelation] = []
    scenes: list[NativeScene] = []
    history: list[NativeChange] = []


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the format, as ``docs/worlds.schema.json`` has it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **NativeFile.model_json_schema()}
