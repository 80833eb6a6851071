"""Passports of canon entries, derived from their recorded steps."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import BooleanField, Case, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.lookups import Exact

from universes.choices import ChangeAction, EntryKind
from universes.models import CanonChange, Element, Membership, Scene
from universes.passports import machines as witness
from universes.passports.machines import Machine, Reading
from universes.passports.passport import Passport, imported, made_here

Entry = Element | Scene

_CONTENT: Final = {
    EntryKind.SCENE: ("title", "text", "mentions"),
    EntryKind.ELEMENT: ("name", "summary", "traits", "mentions"),
}
_READERS: Final = (ChangeAction.REVISED, ChangeAction.PROMOTED)
# Role of a person who is no member of the universe, but may write in it.
_STAFF: Final = "staff"
_ROLE: Final = Subquery(
    Membership.objects.filter(universe=OuterRef("universe"), user=OuterRef("user")).values("role")[:1]
)


@dataclass(frozen=True, slots=True)
class _Step:
    id: uuid.UUID
    action: str
    user_id: int | None
    username: str | None
    at: datetime
    is_import: bool
    has_new_content: bool
    # The job that wrote the new content, if it is not the one that made the entry.
    origin_ref: str
    # That of the person in the universe.
    role: str

    @property
    def is_by_person(self) -> bool:
        """A person has changed the entry or made it canon, here; whoever added one needs no mention."""
        return self.user_id is not None and not self.is_import and self.action in _READERS


def passport_of(entry: Entry) -> Passport:
    return passports_of([entry])[entry.pk]


def passports_of(entries: Iterable[Entry]) -> dict[uuid.UUID, Passport]:
    """Return the passports of the entries by their ids, with a number of queries that does not grow with them."""
    listed = list(entries)
    steps = _steps_in_force(listed)
    # Not of the job that made the entry: what wrote a part of it later.
    writers = {
        step.id: step.origin_ref
        for entry in listed
        for step in steps[entry.pk]
        if step.origin_ref and step.origin_ref != entry.origin_ref
    }
    told = witness.testify(
        {entry.origin_ref for entry in listed if entry.origin_ref} | set(writers.values()),
        {step.id for of in steps.values() for step in of if step.is_by_person},
    )
    judged = {**told.judged, **writers}
    return {entry.pk: _passport(entry, steps[entry.pk], judged, told.machines) for entry in listed}


def _passport(
    entry: Entry,
    steps: Sequence[_Step],
    judged: Mapping[uuid.UUID, str],
    known: Mapping[str, Machine],
) -> Passport:
    refs = [entry.origin_ref] if entry.origin_ref else []
    # A verdict on another job than its own has merged that one's text into it.
    others = (judged[step.id] for step in steps if step.id in judged)
    refs = list(dict.fromkeys([*refs, *others]))
    # The job of an entry that is no canon may have been deleted; a machine wrote it nevertheless.
    makers = [known.get(ref, Machine()) for ref in refs]
    own = [step for step in steps if step.is_by_person and step.id not in judged]
    readings = [Reading(step.role, step.username or "", step.at) for step in own]
    has_edits = any(step.has_new_content for step in own)
    if entry.declared is not None:
        return imported(entry.declared, makers, readings, has_edits=has_edits)
    was_there = bool(makers) and not entry.origin_ref
    return made_here(makers, readings, has_edits=has_edits or was_there)


def _steps_in_force(entries: Sequence[Entry]) -> dict[uuid.UUID, list[_Step]]:
    """Return the steps of each entry that were not undone, oldest first."""
    in_force: defaultdict[uuid.UUID, list[_Step]] = defaultdict(list)
    if not entries:
        return in_force
    promoted = Case(
        *(
            When(
                Q(action=ChangeAction.PROMOTED, target_kind=kind)
                & ~Q(*(Exact(KT(f"before__{name}"), KT(f"after__{name}")) for name in names)),
                then=Value(True),
            )
            for kind, names in _CONTENT.items()
        ),
        When(action=ChangeAction.REVISED, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    rows = CanonChange.objects.filter(
        target_kind__in={entry.entry_kind for entry in entries}, target_id__in=[entry.pk for entry in entries]
    ).annotate(has_new_content=promoted, role=_ROLE)
    for target_id, world_import_id, *row in rows.order_by("at", "id").values_list(
        "target_id",
        "world_import_id",
        "id",
        "action",
        "user_id",
        "user__username",
        "at",
        "has_new_content",
        "origin_ref",
        "role",
    ):
        step_id, action, user_id, username, at, has_new_content, origin_ref, role = row
        steps = in_force[target_id]
        if action == ChangeAction.WITHDRAWN:
            del steps[-1:]
        else:
            is_import = world_import_id is not None
            steps.append(
                _Step(
                    step_id,
                    action,
                    user_id,
                    username,
                    at,
                    is_import,
                    has_new_content,
                    origin_ref,
                    role or _STAFF,
                )
            )
    return in_force
