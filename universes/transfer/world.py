"""The common form of all formats: a world as entries with keys of their source, and the report of what was lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from universes.choices import CanonStatus, SceneKind

MAX_ENTRIES: Final = 50_000
# Lines of a report; the last one says how many more there would be.
MAX_LINES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the report: ``what`` happened to the entry at ``where``, and ``why``.

    ``what`` is a word: kept, cut, left out, renamed, conflict, unchanged.
    """

    what: str
    where: str
    why: str


class Report:
    """Record of everything that did not come into the world as it was."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._left = 0

    def add(self, what: str, where: str, why: str) -> None:
        if len(self.lines) < MAX_LINES:
            self.lines.append(Line(what, _cut(where, 300), _cut(why, 1_000)))
        else:
            self._left += 1

    def as_json(self) -> list[dict[str, str]]:
        more = [Line("cut", "report", f"{self._left} more lines of this report were left out.")]
        return [asdict(line) for line in self.lines + (more if self._left else [])]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


@dataclass(slots=True)
class ElementDraft:
    key: str
    kind: str
    name: str
    summary: str = ""
    traits: dict[str, Any] = field(default_factory=dict)
    mentions: list[dict[str, str]] = field(default_factory=list)
    status: str = CanonStatus.CANON
    origin_ref: str = ""
    created_at: str = ""
    # What the file says of what made it.
    declared: dict[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return self.name

    def content(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("name", "summary", "traits", "mentions")}


@dataclass(slots=True)
class SceneDraft:
    key: str
    title: str
    text: str
    mentions: list[dict[str, str]] = field(default_factory=list)
    status: str = CanonStatus.CANON
    origin_ref: str = ""
    created_at: str = ""
    # What the file says of what made it.
    declared: dict[str, Any] = field(default_factory=dict)
    kind: str = SceneKind.NARRATIVE
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return self.title

    def content(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in ("title", "text", "mentions")}
        # What scenes of other formats have not is no part of their hash.
        extra = {"kind": str(self.kind), "details": self.details}
        return content | (extra if self.kind != SceneKind.NARRATIVE or self.details else {})


@dataclass(slots=True)
class RuleDraft:
    key: str
    text: str

    @property
    def where(self) -> str:
        return self.text[:80]

    def content(self) -> dict[str, Any]:
        return {"text": self.text}


@dataclass(slots=True)
class RelationDraft:
    """A relation between the elements of two keys; a key without an element is a link that leads nowhere."""

    kind: str
    from_key: str
    to_key: str
    since: str = ""
    until: str = ""
    note: str = ""
    where: str = ""
    key: str = ""
    created_at: str = ""


@dataclass(slots=True)
class MomentDraft:
    """The moment of the scene of a key."""

    scene_key: str
    key: float
    label: str
    where: str = ""


@dataclass(slots=True)
class EventDraft:
    """An event of the timeline, at the element of one key and with those of others."""

    id: str
    kind: str
    title: str
    key: float
    label: str
    note: str = ""
    place_key: str | None = None
    participant_keys: list[str] = field(default_factory=list)
    created_at: str = ""


@dataclass(slots=True)
class World:
    """A world as read from a file. ``format`` and the keys of entries tell an entry again in a later import."""

    format: str
    name: str
    description: str = ""
    config: dict[str, str] = field(default_factory=dict)
    rules: list[RuleDraft] = field(default_factory=list)
    elements: list[ElementDraft] = field(default_factory=list)
    relations: list[RelationDraft] = field(default_factory=list)
    scenes: list[SceneDraft] = field(default_factory=list)
    events: list[EventDraft] = field(default_factory=list)
    moments: list[MomentDraft] = field(default_factory=list)
    history: Sequence[Mapping[str, Any]] = ()
    # Lists of the native format that other apps keep, by their names.
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    report: Report = field(default_factory=Report)

    def entries(self) -> list[ElementDraft | SceneDraft]:
        return [*self.elements, *self.scenes]

    def size(self) -> int:
        lists: tuple[Sequence[Any], ...] = (
            self.rules,
            self.elements,
            self.relations,
            self.scenes,
            self.events,
        )
        return sum(map(len, lists))


@dataclass(frozen=True, slots=True)
class Options:
    include_private: bool = False


def digest(content: Any) -> str:
    """Return a hash that is equal for equal content, on every database."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
