"""World Anvil exports: one JSON file for each article, in BBCode."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from universes.choices import CanonStatus, ElementKind
from universes.fields import fold
from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.fitting import as_text
from universes.transfer.formats.common import is_true, kind_of, objects, report_odd_texts, text_at, texts
from universes.transfer.markup import bbcode_to_markdown, plain, text_of
from universes.transfer.world import ElementDraft, Options, RelationDraft, SceneDraft, World

NAME: Final = "worldanvil"
_MENTION: Final = re.compile(r"@\[([^\]\n]*)\]\(([a-z_ ]+):([0-9a-zA-Z-]+)\)", re.IGNORECASE)
_ABOUT: Final = {
    *(
        "id",
        "title",
        "slug",
        "state",
        "isWip",
        "isDraft",
        "entityClass",
        "templateType",
        "icon",
        "url",
        "tags",
    ),
    *(
        "updateDate",
        "creationDate",
        "publicationDate",
        "notificationDate",
        "wordcount",
        "likes",
        "views",
        "position",
    ),
    *("folderId", "seeded", "content", "cover", "portrait", "category", "articleParent", "articleNext"),
    *(
        "articlePrevious",
        "world",
        "author",
        "subscribergroups",
        "sections",
        "relations",
        "editURL",
        "coverSource",
    ),
    *("displayCss", "customArticleTemplate", "allowComments", "showSeeded", "metaTitle", "metaDescription"),
}
_RELATION: Final = {"siblings": "sibling", "children": "parent", "parents": "child", "spouses": "spouse"}
# Fields that only the author sees, and comments of readers.
_PRIVATE_FIELDS: Final = {"secrets", "scrapbook"}
_PRIVATE_SECTIONS: Final = {"seeded", "sidebarcontentprivate", "vignetteprivate", "secrets", "gmnotes"}


class _Export:
    def __init__(self, source: Source, options: Options, world: World) -> None:
        assert source.archive is not None
        self.world, self.options = world, options
        self.articles: dict[str, Mapping[str, Any]] = {}
        self.by_title: dict[str, str] = {}
        for member in sorted(source.archive.names):
            if not member.startswith("articles/") or not member.endswith(".json"):
                world.report.add("left out", member, f"Only articles are read{_title_in(source, member)}")
                continue
            data = source.json(member)
            if not isinstance(data, Mapping) or not text_at(data, "id"):
                world.report.add("left out", member, "The file has no article in it.")
                continue
            if text_at(data, "id") in self.articles:
                world.report.add("left out", member, f"Another file has the article {text_at(data, 'id')}.")
                continue
            self.articles[text_at(data, "id")] = data
            self.by_title.setdefault(fold(text_at(data, "title")), text_at(data, "id"))

    def add(self, article: Mapping[str, Any]) -> None:
        report = self.world.report
        name, key = plain(text_at(article, "title")), self.key(text_at(article, "id"))
        if text_at(article, "state") == "private" and not self.options.include_private:
            report.add("left out", name, "Private: read with include_private.")
            return
        report_odd_texts(article, ("title", "content"), name, report)
        status = CanonStatus.DRAFT if is_true(article.get("isDraft")) else CanonStatus.CANON
        words = text_at(article, "entityClass"), text_at(article, "templateType")
        text = self._text(article, text_at(article, "content"), name)
        if "prose" in {word.lower() for word in words} and text:
            # A scene has its text alone.
            for title, section in _mapping(article.get("sections")).items():
                self.world.report.add(
                    "left out", f"{name}: {title}", f"A section of a scene: {as_text(section)}"
                )
            for field, value in self._traits(article, name).items():
                report.add("left out", f"{name}: {field}", f"A scene has its text alone: {value}")
            for field in ("relations", "articleParent"):
                if linked := as_text(article.get(field) or ""):
                    report.add("left out", f"{name}: {field}", f"A scene has its text alone: {linked}")
            self.world.scenes.append(SceneDraft(key, name, text, status=status))
            self._report_about(article, name)
            return
        parts = [text, *self._sections(article, name)]
        traits = self._traits(article, name)
        kind = kind_of(*words) or ElementKind.CONCEPT
        self.world.elements.append(
            ElementDraft(key, kind, name, "\n\n".join(part for part in parts if part), traits, status=status)
        )
        self._relate(article, key, name)
        self._report_about(article, name)

    def key(self, article_id: str) -> str:
        return f"worldanvil/{article_id}"

    def _text(self, article: Mapping[str, Any], raw: str, name: str) -> str:
        def named(match: re.Match[str]) -> str:
            self._link(self.key(text_at(article, "id")), match[3], match[1], "linked to", name)
            return match[1]

        # Before the marks: a mention has the same brackets.
        text = bbcode_to_markdown(_MENTION.sub(named, raw), name, self.world.report, self.options)
        return text_of(text, name, self.world.report)

    def _sections(self, article: Mapping[str, Any], name: str) -> list[str]:
        sections = article.get("sections")
        if sections and not isinstance(sections, Mapping):
            why = f"It is no object: {as_text(sections)}"
            self.world.report.add("left out", f"{name}: sections", why)
        found: list[str] = []
        for title, section in sections.items() if isinstance(sections, Mapping) else ():
            raw = text_at(section, "content") if isinstance(section, Mapping) else str(section or "")
            if not raw.strip():
                continue
            if title.lower() in _PRIVATE_SECTIONS and not self.options.include_private:
                self.world.report.add("left out", f"{name}: {title}", "Private: read with include_private.")
            elif text := self._text(article, raw, f"{name}: {title}"):
                found.append(f"## {_words(title)}\n\n{text}")
        return found

    def _traits(self, article: Mapping[str, Any], name: str) -> dict[str, Any]:
        traits: dict[str, Any] = {}
        for field, value in article.items():
            if field in _ABOUT or value in (None, "", [], {}):
                continue
            if field == "comments":
                self.world.report.add("left out", f"{name}: {field}", "Comments of readers.")
                continue
            if field in _PRIVATE_FIELDS and not self.options.include_private:
                self.world.report.add("left out", f"{name}: {field}", "Private: read with include_private.")
                continue
            if isinstance(value, Mapping) and "title" in value:
                traits[_words(field).lower()] = plain(text_at(value, "title"))
            elif isinstance(value, str):
                traits[_words(field).lower()] = self._text(article, value, f"{name}: {field}")
            else:
                traits[_words(field).lower()] = as_text(value)
        if tags := texts(text_at(article, "tags")):
            traits["tags"] = ", ".join(tags)
        if isinstance(article.get("category"), Mapping) and (title := text_at(article["category"], "title")):
            traits["category"] = plain(title)
        return traits

    def _relate(self, article: Mapping[str, Any], key: str, name: str) -> None:
        relations = article.get("relations")
        if relations and not isinstance(relations, Mapping):
            why = f"It is no object: {as_text(relations)}"
            self.world.report.add("left out", f"{name}: relations", why)
        for label, group in relations.items() if isinstance(relations, Mapping) else ():
            kind = _RELATION.get(label.lower(), _words(label).lower())
            items = group.get("items") if isinstance(group, Mapping) else group
            for item in objects(items, f"{name}: {label}", self.world.report):
                self._link(key, text_at(item, "id"), text_at(item, "title"), kind, name)
        parent = article.get("articleParent")
        if isinstance(parent, Mapping):
            self._link(key, text_at(parent, "id"), text_at(parent, "title"), "part of", name)
        for field, value in article.items():
            is_link = isinstance(value, Mapping) and field not in _ABOUT and "title" in value
            if is_link and text_at(value, "id") in self.articles:
                kind = "located in" if "location" in field.lower() else _words(field).lower()
                self._link(key, text_at(value, "id"), text_at(value, "title"), kind, name)

    def _link(self, key: str, article_id: str, title: str, kind: str, where: str) -> None:
        target = article_id if article_id in self.articles else self.by_title.get(fold(title))
        if target is None:
            self.world.report.add(
                "left out", where, f"A link that leads nowhere: {kind} {title or article_id}"
            )
        else:
            self.world.relations.append(RelationDraft(kind, key, self.key(target), where=where))

    def _report_about(self, article: Mapping[str, Any], name: str) -> None:
        for field in ("cover", "portrait"):
            picture = article.get(field)
            if isinstance(picture, Mapping) and text_at(picture, "title") != "default":
                self.world.report.add("left out", f"{name}: {field}", "Only texts are read.")
        for field in ("seeded", "metaTitle", "metaDescription"):
            if words := plain(text_at(article, field)):
                self.world.report.add("left out", f"{name}: {field}", f"About the page: {words}")
        if is_true(article.get("isWip")):
            self.world.report.add("kept", name, "It is marked as work in progress in the source.")


def recognise(source: Source) -> bool:
    return source.archive is not None and any(
        name.startswith("articles/") and name.endswith(".json") for name in source.archive.names
    )


def read(source: Source, options: Options) -> World:
    if not recognise(source):
        raise refused("wrong_format", "The archive is no export of World Anvil: it has no articles.")
    world = World(NAME, source.name.rsplit(".", 1)[0])
    export = _Export(source, options, world)
    titles = [
        text_at(article["world"], "title")
        for article in export.articles.values()
        if isinstance(article.get("world"), Mapping)
    ]
    world.name = plain(next((title for title in titles if title), world.name))
    for article in export.articles.values():
        export.add(article)
    return world


def _words(field: str) -> str:
    """Write a name like ``dateOfBirth`` in words."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", field).replace("_", " ").lower()
    return words[:1].upper() + words[1:]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _title_in(source: Source, member: str) -> str:
    """Return the title of a file for its line of the report."""
    data = source.json(member) if member.endswith(".json") else None
    title = plain(text_at(data, "title")) if isinstance(data, Mapping) else ""
    return f": {title}" if title else "."
