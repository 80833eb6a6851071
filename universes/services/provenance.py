"""Read-only history of the canon entry that a job made."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from universes.models import CanonChange
from universes.services.history.canon_origins import entry_from


@dataclass(frozen=True, slots=True)
class CanonStep:
    """A step of an entry.

    ``by`` is ``None`` if the review policy acted. A status is ``None`` if the entry did not exist before or
    does not exist after.
    """

    id: uuid.UUID
    entry_kind: str
    entry_id: uuid.UUID
    name: str
    action: str
    by: str | None
    at: datetime
    status_before: str | None
    status_after: str | None


def steps_from(origin_ref: str, *, also: Iterable[uuid.UUID] = ()) -> list[CanonStep]:
    """Return the steps of the entry that ``origin_ref`` made, oldest first.

    ``also`` names further CanonChange rows, whose entries may be deleted; all steps of those entries are included.
    """
    entry = entry_from(origin_ref)
    targets = set(CanonChange.objects.filter(pk__in=list(also)).values_list("target_kind", "target_id"))
    if entry is not None:
        targets.add((entry.entry_kind.value, entry.pk))
    if not targets:
        return []
    is_target = Q()
    for kind, target_id in targets:
        is_target |= Q(target_kind=kind, target_id=target_id)
    changes = CanonChange.objects.filter(is_target).select_related("user").order_by("at", "id")
    return [_step(change) for change in changes]


def _step(change: CanonChange) -> CanonStep:
    before, after = change.before or {}, change.after
    content = after or before
    return CanonStep(
        id=change.pk,
        entry_kind=change.target_kind,
        entry_id=change.target_id,
        name=str(content.get("title") or content.get("name") or ""),
        action=change.action,
        by=change.user.get_username() if change.user else None,
        at=change.at,
        status_before=before.get("canon_status"),
        status_after=after.get("canon_status"),
    )
