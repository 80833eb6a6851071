"""Obsidian vaults: Markdown with front matter, links in double brackets, comments and callouts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from universes.choices import ElementKind
from universes.fields import fold
from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.fitting import as_text
from universes.transfer.formats.common import kind_of, texts
from universes.transfer.markup import text_of
from universes.transfer.world import ElementDraft, Options, RelationDraft, World

NAME: Final = "obsidian"
_FRONT: Final = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_COMMENT: Final = re.compile(r"%%.*?%%", re.DOTALL)
_EMBED: Final = re.compile(r"!\[\[([^\[\]\n]+)\]\]")
_LINK: Final = re.compile(r"\[\[([^\[\]|#^\n]*)(?:[#^][^\[\]|\n]*)?(?:\|([^\[\]\n]*))?\]\]")
_CALLOUT: Final = re.compile(r"^> ?\[!([\w-]+)\][+-]?[ \t]*([^\n]*)(?:\n(?:>[^\n]*|(?=\n)\Z))*", re.MULTILINE)
_PRIVATE: Final = re.compile(
    r"\b(?:secrets?|spoilers?|private|hidden|gm|dm|not for players)\b", re.IGNORECASE
)
_HEADING: Final = re.compile(r"\A\s*# +([^\n]+)\n?")
_NOTE: Final = (".md", ".markdown")
_MAX_FRONT_CHARS: Final = 100_000


class _Texts(yaml.BaseLoader):
    """A loader that reads every value as text ("no" stays "no"), and no references, which can be bombs."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not read")
        return super().compose_node(parent, index)


class _Vault:
    def __init__(self, notes: Mapping[str, str], options: Options, world: World) -> None:
        self.notes, self.options, self.world = notes, options, world
        self.paths: dict[str, str] = {}
        for path in notes:
            for name in (path, path.rsplit(".", 1)[0], _stem(path)):
                self.paths.setdefault(fold(name), path)

    def add(self, path: str) -> None:
        report, key = self.world.report, f"obsidian/{path}"
        front, body = self._front_matter(path)
        heading = _HEADING.match(body)
        name = heading[1].strip() if heading else _stem(path)
        if heading:
            body = body[heading.end() :]
        text = text_of(self._body(body, key, name), name, report)
        tags = [tag.lstrip("#") for tag in texts(front.pop("tags", front.pop("tag", None)))]
        aliases = texts(front.pop("aliases", front.pop("alias", None)))
        kind = kind_of(
            front.pop("kind", None),
            front.get("type"),
            front.get("category"),
            *tags,
            *reversed(path.split("/")[:-1]),
        )
        traits: dict[str, Any] = {trait: as_text(value) for trait, value in front.items()}
        if len(self.notes) > 1 and fold(_stem(path)) != fold(name):
            aliases = texts([*aliases, _stem(path)])
        if others := [alias for alias in aliases if fold(alias) != fold(name)]:
            traits["aliases"] = ", ".join(others)
        if tags:
            traits["tags"] = ", ".join(tags)
        for trait, value in list(traits.items()):
            if isinstance(value, str) and "[[" in value:
                traits[trait] = self._links(value, key, name)
        if not text and not traits:
            report.add("left out", path, "The note is empty.")
            return
        self.world.elements.append(ElementDraft(key, kind or ElementKind.CONCEPT, name, text, traits))

    def _front_matter(self, path: str) -> tuple[dict[str, Any], str]:
        text = self.notes[path]
        found = _FRONT.match(text)
        if found is None:
            return {}, text
        try:
            if len(found[1]) > _MAX_FRONT_CHARS:
                raise yaml.YAMLError("it is too long")
            front = yaml.load(found[1], Loader=_Texts)  # noqa: S506 - BaseLoader makes texts only
        except (yaml.YAMLError, RecursionError) as error:
            why = str(error).splitlines()[0]
            self.world.report.add(
                "kept", path, f"The front matter cannot be read ({why}); it stands in the text."
            )
            return {}, text
        if not isinstance(front, dict):
            if front:
                self.world.report.add("kept", path, "The front matter has no names; it stands in the text.")
                return {}, text
            return {}, text[found.end() :]
        return {str(name): value for name, value in front.items() if value not in ("", [], {})}, text[
            found.end() :
        ]

    def _body(self, text: str, key: str, name: str) -> str:
        report = self.world.report
        if not self.options.include_private:
            text, comments = _COMMENT.subn("", text)
            if comments:
                report.add(
                    "left out", name, f"{comments} comment(s): private parts are read with include_private."
                )
        text = text.replace("%%", "")

        def callout(match: re.Match[str]) -> str:
            if not (_PRIVATE.search(match[1]) or _PRIVATE.search(match[2])) or self.options.include_private:
                return match[0].replace(f"[!{match[1]}]", f"**{match[1].capitalize()}**", 1)
            report.add("left out", f"{name}: {match[2] or match[1]}", "Private: read with include_private.")
            return ""

        def embed(match: re.Match[str]) -> str:
            report.add("left out", name, f"Only texts are read: {match[0]}")
            return ""

        return self._links(_EMBED.sub(embed, _CALLOUT.sub(callout, text)), key, name)

    def _links(self, text: str, key: str, name: str) -> str:
        def link(match: re.Match[str]) -> str:
            target = self.paths.get(fold(match[1]))
            if not match[1].strip():
                return match[2] or ""
            if target is None:
                self.world.report.add("left out", name, f"A link that leads nowhere: {match[0]}")
            else:
                relation = RelationDraft("linked to", key, f"obsidian/{target}", where=name)
                self.world.relations.append(relation)
            return (match[2] or match[1].rsplit("/", 1)[-1]).strip()

        return _LINK.sub(link, text)


def recognise(source: Source) -> bool:
    if source.text is not None:
        return True
    return source.archive is not None and any(name.lower().endswith(_NOTE) for name in source.archive.names)


def read(source: Source, options: Options) -> World:
    if not recognise(source):
        raise refused("wrong_format", "The archive has no notes of Obsidian.")
    world = World(NAME, source.name.rsplit(".", 1)[0])
    if source.archive is None:
        notes = {source.name: source.text or ""}
    else:
        notes = {}
        for member in sorted(source.archive.names):
            if member.startswith((".obsidian/", ".trash/")) or "/.obsidian/" in member:
                continue
            if member.lower().endswith(_NOTE):
                notes[member] = source.markdown(member)
            else:
                world.report.add("left out", member, "Only notes are read.")
    vault = _Vault(notes, options, world)
    for path in notes:
        vault.add(path)
    return world


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
