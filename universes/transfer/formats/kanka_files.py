"""Entities of a Kanka export, one file each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from universes.transfer.files.source import Source
from universes.transfer.formats.common import is_true, text_at
from universes.transfer.markup import plain
from universes.transfer.world import World


@dataclass(frozen=True, slots=True)
class Entity:
    module: str
    member: str
    data: Mapping[str, Any]
    # Tells apart in the report what has the same name.
    has_namesake: bool = False

    @property
    def entity(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.data["entity"]
        return found

    @property
    def id(self) -> str:
        return text_at(self.entity, "id")

    @property
    def name(self) -> str:
        return plain(text_at(self.entity, "name") or text_at(self.data, "name"))

    @property
    def label(self) -> str:
        return f"{self.name} (entity {self.id})" if self.has_namesake else self.name

    @property
    def is_private(self) -> bool:
        return is_true(self.entity.get("is_private")) or is_true(self.data.get("is_private"))


def entities(source: Source, world: World) -> Iterator[Entity]:
    assert source.archive is not None
    for member in sorted(source.archive.names):
        folder, _, file = member.rpartition("/")
        if member in {"info.json", "campaign.json"} or folder.startswith("settings"):
            continue
        if folder.startswith("gallery") or not file.endswith(".json"):
            world.report.add("left out", member, "Only texts are read.")
            continue
        data = source.json(member)
        if not isinstance(data, Mapping) or not isinstance(data.get("entity"), Mapping):
            world.report.add("left out", member, "The file has no entity in it.")
        elif not text_at(data["entity"], "id"):
            world.report.add("left out", member, "The entity has no id.")
        else:
            yield Entity(folder.rsplit("/", 1)[-1], member, data)


def custom_modules(source: Source) -> dict[str, tuple[str, ...]]:
    """Return the words for modules of a user's own by their folder, "ships_101"."""
    assert source.archive is not None
    if "settings/custom-modules.json" not in source.archive.names:
        return {}
    modules = source.json("settings/custom-modules.json")
    return (
        {
            f"{text_at(module, 'code')}_{text_at(module, 'id')}": (
                text_at(module, "code"),
                text_at(module, "singular"),
                text_at(module, "plural"),
            )
            for module in modules
            if isinstance(module, Mapping)
        }
        if isinstance(modules, list)
        else {}
    )
