"""The native format as a schema; ``docs/worlds.schema.json`` is made from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from universes import limits
from universes.choices import (
    CanonStatus,
    ChangeAction,
    ElementKind,
    EntryKind,
    MentionKind,
    SceneKind,
    StoryEventKind,
)

FORMAT = "umam-world"
# 2: timeline, kinds of scenes, findings with marks, style guides, receipts, history of relations, world and timeline.
VERSION = 2

Short = Annotated[str, Field(max_length=200)]
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


class NativeCall(Part):
    """One answer of a language model."""

    at: Short = ""
    attempt: int = 0
    model: Short = ""
    prompt_name: Short = ""
    prompt_version: Short = ""
    input_tokens: int = 0
    output_tokens: int = 0
    error_code: Short = ""


class NativeVerdict(Part):
    """A reviewer's or the requester's word on an output, without their name."""

    at: Short = ""
    verdict: Short = ""
    is_edit: bool = False


class NativeReceipt(Part):
    """The record of the job that an entry came from, without its request and the names of people."""

    job_id: Short = ""
    agent: Short = ""
    model: Short = ""
    is_mock: bool = False
    world_hash: Short = ""
    created_at: Short = ""
    completed_at: Short = ""
    calls: Annotated[list[NativeCall], Field(max_length=200)] = []
    verdicts: Annotated[list[NativeVerdict], Field(max_length=200)] = []


class NativeMoment(Part):
    """A point of story time: a number by which moments are ordered, and its name in the world's own words."""

    key: Annotated[float, Field(allow_inf_nan=False)]
    label: Annotated[str, Field(min_length=1, max_length=limits.STORY_TIME)]


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
    receipt: NativeReceipt | None = None


class NativeRelation(Part):
    """A statement that one element is something to another; both are ids of elements."""

    id: Annotated[str, Field(max_length=200)] = ""
    kind: Annotated[str, Field(min_length=1, max_length=limits.RELATION_KIND)]
    from_element: Id
    to_element: Id
    since: str = ""
    until: str = ""
    note: str = ""
    created_at: datetime | None = None


class NativeEvent(NativeMoment):
    """An event of the timeline; its place and those who take part are ids of elements."""

    id: Id
    kind: StoryEventKind = StoryEventKind.EVENT
    title: Annotated[str, Field(min_length=1, max_length=limits.NAME)]
    note: Annotated[str, Field(max_length=limits.RELATION_NOTE)] = ""
    place: Id | None = None
    participants: list[Id] = []
    created_at: datetime | None = None


class NativeShot(Part):
    description: Annotated[str, Field(max_length=5_000)] = ""
    camera: Annotated[str, Field(max_length=1_000)] = ""
    duration_s: Annotated[int | float, Field(ge=0, le=86_400, allow_inf_nan=False)] | None = None


class NativeDetails(Part):
    """Shots, camera and mood of a video prompt."""

    shots: Annotated[list[NativeShot], Field(max_length=200)] | None = None
    camera: Annotated[str, Field(max_length=1_000)] | None = None
    mood: Annotated[str, Field(max_length=1_000)] | None = None


class NativeScene(Part):
    id: Id
    kind: SceneKind = SceneKind.NARRATIVE
    title: Annotated[str, Field(min_length=1, max_length=limits.NAME)]
    text: Annotated[str, Field(min_length=1, max_length=limits.SCENE_TEXT)]
    mentions: list[NativeMention] = []
    canon_status: CanonStatus = CanonStatus.CANON
    origin_ref: str = ""
    created_at: datetime | None = None
    passport: dict[str, Any] | None = None
    receipt: NativeReceipt | None = None
    details: Annotated[
        dict[str, Any], Field(description="Of a video prompt: its shots, camera and mood.")
    ] = {}
    moment: NativeMoment | None = None


class NativeChange(Part):
    """One step of an entry, a relation, the world or the timeline, with the content before and after."""

    target_kind: EntryKind
    target_id: Id
    action: ChangeAction
    by: str | None = None
    origin_ref: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] = {}
    at: datetime


class EntryState(Part):
    """Content of an entry before or after a step; a field that the step did not record is not there."""

    canon_status: CanonStatus = CanonStatus.CANON
    mentions: list[NativeMention] = []


class ElementState(EntryState):
    kind: ElementKind = ElementKind.CONCEPT
    name: Annotated[str, Field(min_length=1, max_length=limits.NAME)] = "?"
    summary: Annotated[str, Field(max_length=limits.SUMMARY)] = ""
    traits: dict[str, Any] = {}


class SceneState(EntryState):
    kind: SceneKind = SceneKind.NARRATIVE
    title: Annotated[str, Field(min_length=1, max_length=limits.NAME)] = "?"
    text: Annotated[str, Field(min_length=1, max_length=limits.SCENE_TEXT)] = "?"
    details: dict[str, Any] = {}


class RelationState(Part):
    name: str = ""
    from_element: Id = "?"
    to_element: Id = "?"
    kind: Annotated[str, Field(min_length=1, max_length=limits.RELATION_KIND)] = "?"
    since: Annotated[str, Field(max_length=limits.STORY_TIME)] = ""
    until: Annotated[str, Field(max_length=limits.STORY_TIME)] = ""
    note: Annotated[str, Field(max_length=limits.RELATION_NOTE)] = ""


class WorldState(NativeWorld):
    genre: Annotated[str, Field(max_length=limits.WORLD_LABEL)] = ""
    tone: Annotated[str, Field(max_length=limits.WORLD_LABEL)] = ""
    tech_level: Annotated[str, Field(max_length=limits.WORLD_LABEL)] = ""
    magic_system: Annotated[str, Field(max_length=limits.WORLD_TEXT)] = ""
    physics: Annotated[str, Field(max_length=limits.WORLD_TEXT)] = ""


class EventState(NativeMoment):
    kind: StoryEventKind = StoryEventKind.EVENT
    title: Annotated[str, Field(min_length=1, max_length=limits.NAME)]
    note: Annotated[str, Field(max_length=limits.RELATION_NOTE)] = ""
    place: str = ""
    place_id: Id | None = None
    participants: list[str] = []
    participant_ids: list[Id] = []


class MomentState(NativeMoment):
    title: str = ""


# The content of a step by the kind of its target.
STATES: dict[str, type[Part]] = {
    EntryKind.ELEMENT: ElementState,
    EntryKind.SCENE: SceneState,
    EntryKind.RELATION: RelationState,
    EntryKind.WORLD: WorldState,
    EntryKind.EVENT: EventState,
    EntryKind.MOMENT: MomentState,
}


class NativeFinding(Part):
    """A contradiction between a scene and its world, by the words of both, on the work list."""

    scene: Id
    finding_id: Annotated[str, Field(min_length=1, max_length=16)]
    kind: Annotated[str, Field(max_length=16)]
    strength: Literal["proven", "likely", "hint"]
    source_id: Annotated[
        str, Field(max_length=200, description="A rule, an element or a field of the world.")
    ]
    statement: str
    quote: str
    start: Annotated[int, Field(ge=0, le=limits.SCENE_TEXT)]
    end: Annotated[int, Field(ge=0, le=limits.SCENE_TEXT)]
    why: str
    state: Literal["open", "fixed", "gone"] = "open"
    found_at: datetime | None = None
    closed_at: datetime | None = None


class NativeMark(Part):
    """The mark of a finding that is intentional: its words count in no check of the universe."""

    finding_id: Annotated[str, Field(min_length=1, max_length=16)]
    source_id: Short
    statement: str
    quote: str
    reason: str = ""
    at: datetime | None = None


class NativeGuideRule(Part):
    id: Id
    text: str


class NativeGuide(Part):
    """One version of the style guide of an agent; the newest applies."""

    agent: Short
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    rules: list[NativeGuideRule] = []
    cause: Short = "edited"
    note: Annotated[str, Field(max_length=500)] = ""
    at: datetime | None = None
    on_trial: list[Id] = []
    trial_ended_at: datetime | None = None
    trial_result: dict[str, Any] | None = None


class NativeExemplar(Part):
    """An accepted output that later jobs of its kind read as an example, with what was asked for."""

    agent: Short
    kind: Annotated[str, Field(max_length=100)] = ""
    request: Annotated[str, Field(max_length=limits.SCENE_TEXT)] = ""
    output: dict[str, Any]
    at: datetime | None = None


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
    events: list[NativeEvent] = []
    findings: list[NativeFinding] = []
    marks: list[NativeMark] = []
    guides: list[NativeGuide] = []
    exemplars: list[NativeExemplar] = []
    history: list[NativeChange] = []


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the format, as ``docs/worlds.schema.json`` has it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **NativeFile.model_json_schema()}
