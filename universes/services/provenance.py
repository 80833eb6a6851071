"""How an entry came to be what it is, for those who know where it came from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from universes.models import CanonChange
from universes.services.canon_origins import entry_from


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one entry; ``by`` None is the review policy, a status None: there was, or is, no entry."""

    id: uuid.UUID
    entry_kind: str
    entry_id: uuid.UUID
    name: str
    action: str
    by: str | None
    at: datetime
    status_before: str | None
    status_after: str | None


def steps_from(origin_ref: str, *, also: Iterable[uuid.UUID] = ()) -> list[Step]:
    """The steps of what came from ``origin_ref``, the oldest first; ``also`` are steps of entries that may be gone."""
    entry = entry_from(origin_ref)
    targets = set(CanonChange.objects.filter(pk__in=list(also)).values_list("target_kind", "target_id"))
    if entry is not None:
        targets.add((entry.entry_kind.value, entry.pk))
    if not targets:
        return []
    of_targets = Q()
    for kind, target_id in targets:
        of_targets |= Q(target_kind=kind, target_id=target_id)
    changes = CanonChange.objects.filter(of_targets).select_related("user").order_by("at", "id")
    return [_step(change) for change in changes]


def _step(change: CanonChange) -> Step:
    before, after = change.before or {}, change.after
    content = after or before
    return Step(
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
