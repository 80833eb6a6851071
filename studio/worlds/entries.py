"""Scenes and elements: lookup, the texts of their forms, and their history."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest

from agents.common.admin import diff
from agents.models import AgentJob
from studio.jobs.asking import parsed_id
from universes.choices import CanonStatus
from universes.errors import NotFound, PreconditionFailed
from universes.models import CanonChange, Element, Relation, Scene, Universe
from universes.models.canon import CanonEntry
from universes.relations import inverse_of, phrase
from universes.services import canon

EntryT = TypeVar("EntryT", bound=CanonEntry)

HISTORY: Final = 30
# How a change is told.
ACTIONS: Final = {
    "added": "Added",
    "revised": "Changed",
    "promoted": "Made canon",
    "retired": "Retired",
    "withdrawn": "Taken back",
}
_NOT_SHOWN: Final = frozenset({"canon_status", "word_count", "name_key"})
SPARE_TRAITS: Final = 2
MAX_RELATIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Step:
    """A change of an entry, with the differing words."""

    at: Any
    action: str
    by: str
    changes: list[diff.Change]


def find_scene(universe: Universe, scene_id: uuid.UUID) -> Scene:
    found = Scene.objects.select_related("created_by").filter(universe=universe, pk=scene_id).first()
    if found is None:
        raise NotFound("There is no such scene in this universe.", code="scene_not_found")
    return found


def find_element(universe: Universe, element_id: uuid.UUID) -> Element:
    found = Element.objects.select_related("created_by").filter(universe=universe, pk=element_id).first()
    if found is None:
        raise NotFound("There is no such element in this universe.", code="element_not_found")
    return found


def origin_of(entry: CanonEntry, user: User) -> dict[str, Any]:
    """Return the job that wrote an entry, and whether the person may open it: a member need not."""
    job_id = parsed_id(entry.origin_ref)
    may_open = job_id is not None and AgentJob.objects.visible_to(user).filter(pk=job_id).exists()
    return {"job_id": job_id, "may_open_job": may_open}


def history_of(entry: CanonEntry) -> list[Step]:
    """Return the last changes of an entry, the newest first."""
    rows = (
        CanonChange.objects.filter(target_kind=entry.entry_kind, target_id=entry.pk)
        .select_related("user")
        .order_by("-at", "-id")[:HISTORY]
    )
    return [
        Step(
            at=row.at,
            action=ACTIONS.get(row.action, row.get_action_display()),
            by=row.user.get_username() if row.user else "",
            changes=diff.changes(_shown(row.before), _shown(row.after)) if row.before and row.after else [],
        )
        for row in rows
    ]


def _shown(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in _NOT_SHOWN}


def refuse_changed(entry: CanonEntry, seen: str) -> None:
    """Raise ``PreconditionFailed`` if the entry is no longer what the form showed."""
    if seen and entry.updated_at.isoformat() != seen:
        raise PreconditionFailed(
            "Somebody has changed this since you opened the page. Your version is below and not saved yet; save "
            "again to replace theirs."
        )


@dataclass(frozen=True, slots=True)
class TraitRow:
    key: str
    value: str


def trait_rows(traits: Mapping[str, Any]) -> list[TraitRow]:
    rows = [TraitRow(key, _text(value)) for key, value in traits.items() if value is not None]
    return [*rows, *([TraitRow("", "")] * SPARE_TRAITS)]


def read_traits(keys: Sequence[str], values: Sequence[str], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the traits that a form names; one that was a list stays one, a line each."""
    found: dict[str, Any] = {}
    for key, value in zip(keys, values, strict=False):
        name, text = key.strip(), value.replace("\r\n", "\n").strip()
        if not name or not text:
            continue
        if name in before and text == _text(before[name]):
            found[name] = before[name]
        elif isinstance(before.get(name), list) or "\n" in text:
            found[name] = [line.strip() for line in text.split("\n") if line.strip()]
        else:
            found[name] = text
    return found


def _text(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation as one of its elements has it: "sister of", the other element, when, and a note."""

    words: str
    other: Element
    note: str


def relations_of(element: Element) -> list[RelationRow]:
    rows = (
        Relation.objects.of(element.pk).living().select_related("from_element", "to_element").order_by("pk")
    )
    return [_relation_row(element, relation) for relation in rows[:MAX_RELATIONS]]


def _relation_row(element: Element, relation: Relation) -> RelationRow:
    is_own = relation.from_element_id == element.pk
    other = relation.to_element if is_own else relation.from_element
    kind = relation.kind if is_own else inverse_of(relation.kind)
    if kind is None:
        return RelationRow(f"{relation.kind} (as {other.name} states)", other, relation.note)
    when = ", ".join(
        f"{word} {text}" for word, text in (("since", relation.since), ("until", relation.until)) if text
    )
    return RelationRow(phrase(kind, "").strip(), other, "; ".join(filter(None, (when, relation.note))))


def decide(request: HttpRequest, entry: Element | Scene, user: User) -> None:
    """Make a draft canon, or retire an entry, as the form asks."""
    to = CanonStatus.RETIRED if request.POST.get("to") == CanonStatus.RETIRED else CanonStatus.CANON
    canon.set_status(entry, to, by=user)
    is_canon = to == CanonStatus.CANON
    messages.success(
        request, "It is canon now." if is_canon else "Retired. It stays readable, but is no longer canon."
    )
