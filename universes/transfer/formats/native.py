"""The native format, which loses nothing but ids and the names of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from universes.choices import CanonStatus
from universes.transfer.declared import declared_in
from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.formats.native_schema import FORMAT, VERSION, NativeFile
from universes.transfer.world import ElementDraft, Options, RelationDraft, RuleDraft, SceneDraft, World
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
                declared_in(element.passport, element.origin_ref),
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
                declared_in(scene.passport, scene.origin_ref),
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
        )
        for relation in file.relations
    ]
    world.history = [change.model_dump(mode="json") for change in file.history]
    _report_repetitions(world)
    if any(draft.origin_ref for draft in world.entries()):
        world.report.add(
            "left out", "origin_ref", "The jobs that made entries are on the site that they came from."
        )
    return world


def _report_repetitions(world: World) -> None:
    """Refuse ids that are there twice: relations and history could mean either entry."""
    seen: set[str] = set()
    for draft in world.entries():
        if draft.key in seen:
            raise refused("wrong_format", f"Two entries of the file have the id {draft.key}.")
        seen.add(draft.key)
    living: set[str] = set()
    for rule in world.rules:
        if rule.key in living:
            raise refused("wrong_format", f"Two rules of the file have the id {rule.key}.")
        living.add(rule.key)
    retired = sum(draft.status == CanonStatus.RETIRED for draft in world.entries())
    if retired:
        world.report.add("kept", f"{retired} entries", "They are retired in the source, and stay so.")


def _instant(at: datetime | None) -> str:
    return at.isoformat() if at else ""
