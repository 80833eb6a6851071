"""Obsidian vaults: Markdown with front matter, links in double brackets, comments and callouts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

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
_LINK: Final = re.compile(r"\[\[([^\[\]|#^\n]*)(?:[#^]+([^\[\]|\n]*))?(?:\|([^\[\]\n]*))?\]\]")
# "[Tom](../People/Tom%20Hale.md#Youth)"
_FILE_LINK: Final = re.compile(
    r"(?<!!)\[([^\[\]\n]*)\]\(<?([^()<>\n:]+\.md)(?:#[^()<>\n]*)?>?\)", re.IGNORECASE
)
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
        self._told: set[tuple[str, str]] = set()
        # A link has as much of the path as its author wants.
        self.paths: dict[str, list[str]] = {}
        for path in notes:
            parts = path.split("/")
            for start in range(len(parts)):
                name = "/".join(parts[start:])
                for form in (name, name.rsplit(".", 1)[0]):
                    self.paths.setdefault(fold(form), []).append(path)

    def add(self, path: str) -> None:
        report, key = self.world.report, f"obsidian/{path}"
        front, body = self._front_matter(path)
        heading = _HEADING.match(body)
        name = heading[1].strip() if heading else _stem(path)
        if heading:
            body = body[heading.end() :]
        text = text_of(self._body(body, path, name), name, report)
        tags = [tag.lstrip("#") for tag in texts(front.pop("tags", front.pop("tag", None)))]
        aliases = texts(front.pop("aliases", front.pop("alias", None)))
        kind = kind_of(
            front.pop("kind", None),
            front.get("type"),
            front.get("category"),
            *(part for tag in tags for part in reversed(tag.split("/"))),
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
                traits[trait] = self._links(value, path, name)
        if not text and not traits and _FRONT.match(self.notes[path]) is None:
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

    def _body(self, text: str, path: str, name: str) -> str:
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
            if self._target(re.split(r"[#^|]", match[1])[0], path, name) is not None:
                report.add("kept", name, f"An embedded note is an element of its own: {match[0]}")
                return f"[[{match[1]}]]"
            report.add("left out", name, f"Only texts are read: {match[0]}")
            return ""

        return self._links(_EMBED.sub(embed, _CALLOUT.sub(callout, text)), path, name)

    def _links(self, text: str, path: str, name: str) -> str:
        def link(match: re.Match[str]) -> str:
            if not match[1].strip():
                # A heading of the same note.
                return match[3] or match[2] or ""
            self._link(match[1], path, name, match[0])
            return (match[3] or match[1].rsplit("/", 1)[-1]).strip()

        def file_link(match: re.Match[str]) -> str:
            target = unquote(match[2])
            while target.startswith(("./", "../")):
                target = target.split("/", 1)[1]
            self._link(target, path, name, match[0])
            return match[1] or _stem(target)

        return _FILE_LINK.sub(file_link, _LINK.sub(link, text))

    def _link(self, target: str, path: str, name: str, words: str) -> None:
        found = self._target(target, path, name)
        if found is None:
            self.world.report.add("left out", name, f"A link that leads nowhere: {words}")
        else:
            relation = RelationDraft("linked to", f"obsidian/{path}", f"obsidian/{found}", where=name)
            self.world.relations.append(relation)

    def _target(self, link: str, path: str, name: str) -> str | None:
        """Return the note that a link means, of several one in the same folder or with the shortest path."""
        found = self.paths.get(fold(link.strip()), [])
        if len(found) < 2:
            return found[0] if found else None
        folder = path.rpartition("/")[0]
        meant = min(found, key=lambda each: (each.rpartition("/")[0] != folder, each.count("/"), each))
        if (path, meant) not in self._told:
            self._told.add((path, meant))
            why = f"{len(found)} notes are called {link.strip()}; linked to {meant}."
            self.world.report.add("kept", name, why)
        return meant


def recognise(source: Source) -> bool:
    if source.text is not None:
        return True
    return source.archive is not None and any(name.lower().endswith(_NOTE) for name in source.archive.names)


def read(source: Source, options: Options) -> World:
    if not recognise(source):
        raise refused("wrong_format", "The archive has no notes of Obsidian.")
    world, settings = World(NAME, source.name.rsplit(".", 1)[0]), Counter[str]()
    if source.archive is None:
        notes = {source.name: source.text or ""}
    else:
        notes = {}
        for member in sorted(source.archive.names):
            hidden = next((part for part in member.split("/") if part.startswith(".")), "")
            if hidden and hidden != ".trash":
                settings[hidden] += 1
            elif hidden:
                world.report.add("left out", member, "In the trash.")
            elif member.lower().endswith(_NOTE):
                notes[member] = source.markdown(member)
            else:
                world.report.add("left out", member, "Only notes are read.")
    for folder, count in settings.items():
        world.report.add("left out", folder, f"{count} file(s) with settings of a program.")
    vault = _Vault(notes, options, world)
    for path in notes:
        vault.add(path)
    return world


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
