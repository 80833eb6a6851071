"""The native format, which loses nothing but ids and the names of accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from universes.choices import CanonStatus
from universes.transfer.declared import declared_in
from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.formats.native_schema import (
    FORMAT,
    STATES,
    VERSION,
    NativeDetails,
    NativeElement,
    NativeFile,
    NativeScene,
)
from universes.transfer.world import (
    ElementDraft,
    EventDraft,
    MomentDraft,
    Options,
    RelationDraft,
    RuleDraft,
    SceneDraft,
    World,
)
from universes.words import validation_words

NAME: Final = "native"
CONFIG: Final = ("genre", "tone", "tech_level", "magic_system", "physics")
_MAX_PROBLEMS: Final = 5


def recognise(source: Source) -> bool:
    return isinstance(source.value, Mapping) and source.value.get("format") == FORMAT


def read(source: Source, options: Options) -> World:
    value = source.value
    if not recognise(source):
        raise refused("wrong_format", f'The file is no world of this site: it has no "format": "{FORMAT}".')
    version = value.get("version")
    if isinstance(version, int) and version > VERSION:
        raise refused("version_too_new", f"The file has version {version}; this site reads up to {VERSION}.")
    try:
        file = NativeFile.model_validate(value)
    except ValidationError as error:
        problems = [
            f"{'/'.join(str(part) for part in item['loc'])}: {validation_words(item)}"
            for item in error.errors(include_url=False)[:_MAX_PROBLEMS]
        ]
        raise refused("wrong_format", f"The file does not fit its schema: {' '.join(problems)}") from None
    world = World(NAME, file.universe.name, file.universe.description)
    world.config = {name: getattr(file.world, name) for name in CONFIG}
    world.rules = [RuleDraft(rule.id, rule.text) for rule in file.world.rules]
    for element in file.elements:
        world.elements.append(
            ElementDraft(
                element.id,
                element.kind,
                element.name,
                element.summary,
                dict(element.traits),
                [mention.model_dump() for mention in element.mentions],
                element.canon_status,
                element.origin_ref,
                _instant(element.created_at),
                _declared(element),
            )
        )
    for scene in file.scenes:
        world.scenes.append(
            SceneDraft(
                scene.id,
                scene.title,
                scene.text,
                [mention.model_dump() for mention in scene.mentions],
                scene.canon_status,
                scene.origin_ref,
                _instant(scene.created_at),
                _declared(scene),
                scene.kind,
                _details(scene, world),
            )
        )
        if (moment := scene.moment) is not None:
            world.moments.append(MomentDraft(scene.id, moment.key, moment.label, scene.title))
    for event in file.events:
        world.events.append(
            EventDraft(
                event.id,
                event.kind,
                event.title,
                event.key,
                event.label,
                event.note,
                event.place,
                list(dict.fromkeys(event.participants)),
                _instant(event.created_at),
            )
        )
    names = {element.id: element.name for element in file.elements}
    world.relations = [
        RelationDraft(
            relation.kind,
            relation.from_element,
            relation.to_element,
            relation.since,
            relation.until,
            relation.note,
            names.get(relation.from_element, relation.from_element),
            relation.id,
            _instant(relation.created_at),
        )
        for relation in file.relations
    ]
    world.parts = {
        name: [row.model_dump(mode="json") for row in getattr(file, name)]
        for name in ("findings", "marks", "guides", "exemplars")
    }
    world.history = list(_history(file, world))
    _report_repetitions(world)
    if any(draft.origin_ref for draft in world.entries()):
        world.report.add(
            "left out", "origin_ref", "The jobs that made entries are on the site that they came from."
        )
    return world


def _history(file: NativeFile, world: World) -> Iterator[dict[str, Any]]:
    """Yield the steps, each with the fields alone that a step of its kind records: reverting it writes them."""
    for change in file.history:
        try:
            before = None if change.before is None else _state(change.target_kind, change.before)
            after = _state(change.target_kind, change.after)
        except ValidationError:
            world.report.add(
                "left out", "history", f"A step with content that does not fit: {change.target_id}"
            )
            continue
        yield {**change.model_dump(mode="json"), "before": before, "after": after}


def _state(kind: str, state: dict[str, Any]) -> dict[str, Any]:
    """Return a recorded state; that of something which is gone is empty."""
    return STATES[kind].model_validate(state).model_dump(mode="json", exclude_unset=True) if state else {}


def _details(scene: NativeScene, world: World) -> dict[str, Any]:
    """Return what a video prompt has besides its text, as agents write it; anything else is reported."""
    try:
        kept = NativeDetails.model_validate(scene.details).model_dump(exclude_unset=True, exclude_none=True)
    except ValidationError:
        kept = {}
    if kept != scene.details:
        world.report.add("left out", scene.title, "Details that no kind of scene has.")
    return kept


def _declared(entry: NativeElement | NativeScene) -> dict[str, Any]:
    receipt = {"receipt": entry.receipt.model_dump(mode="json")} if entry.receipt else {}
    return {**declared_in(entry.passport, entry.origin_ref), **receipt}


def _report_repetitions(world: World) -> None:
    """Refuse ids that are there twice: relations, events and history could mean either."""
    for noun, keys in (
        ("entries", [draft.key for draft in world.entries()]),
        ("rules", [rule.key for rule in world.rules]),
        ("relations", [relation.key for relation in world.relations if relation.key]),
        ("events", [event.id for event in world.events]),
    ):
        seen: set[str] = set()
        for key in keys:
            if key in seen:
                raise refused("wrong_format", f"Two {noun} of the file have the id {key}.")
            seen.add(key)
    retired = sum(draft.status == CanonStatus.RETIRED for draft in world.entries())
    if retired:
        world.report.add("kept", f"{retired} entries", "They are retired in the source, and stay so.")


def _instant(at: datetime | None) -> str:
    return at.isoformat() if at else ""
