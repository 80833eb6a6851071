"""Lookups that the pages of a universe share."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q

from agents.choices import JobOutcome
from agents.models import AgentJob
from universes.choices import CanonStatus, Role
from universes.models import Element, Membership, Scene, Universe
from universes.services import access


@dataclass(frozen=True, slots=True)
class Frame:
    """A universe with what its reader may do there, and the numbers on its tabs."""

    membership: Membership
    counts: dict[str, int]

    @property
    def universe(self) -> Universe:
        return self.membership.universe

    @property
    def may_write(self) -> bool:
        return self.membership.role in {Role.OWNER, Role.EDITOR} and not self.universe.archived

    @property
    def is_owner(self) -> bool:
        return self.membership.role == Role.OWNER


def open_universe(user: User, universe_id: uuid.UUID, *, at_least: Role = Role.VIEWER) -> Frame:
    """Return a universe that the person may see; raises what ``access.find_membership`` raises."""
    membership = access.find_membership(user, universe_id, at_least=at_least)
    scenes = Scene.objects.filter(universe=universe_id).living().count()
    elements = Element.objects.filter(universe=universe_id).living().count()
    return Frame(membership, {"scenes": scenes, "elements": elements})


def context_of(frame: Frame, tab: str, **more: Any) -> dict[str, Any]:
    return {"section": "home", "frame": frame, "universe": frame.universe, "tab": tab, **more}


def counts_by_universe(universes: list[uuid.UUID], user: User) -> dict[uuid.UUID, dict[str, int]]:
    """Return the numbers of scenes, elements and own texts in review of some universes, in three queries."""
    counts: dict[uuid.UUID, dict[str, int]] = {
        universe_id: {"scenes": 0, "elements": 0, "drafts": 0, "waiting": 0} for universe_id in universes
    }
    living = ~Q(canon_status=CanonStatus.RETIRED)
    drafts = Q(canon_status=CanonStatus.DRAFT)
    for name, model in (("scenes", Scene), ("elements", Element)):
        rows = model._default_manager.filter(universe__in=universes).order_by().values("universe")
        for row in rows.annotate(living=Count("pk", living), drafts=Count("pk", drafts)):
            counts[row["universe"]][name] += row["living"]
            counts[row["universe"]]["drafts"] += row["drafts"]
    own = AgentJob.objects.filter(
        requested_by=user, outcome=JobOutcome.AWAITING_REVIEW, universe__in=universes
    )
    waiting = own.order_by().values("universe")
    for universe_id, count in waiting.annotate(count=Count("pk")).values_list("universe", "count"):
        counts[universe_id]["waiting"] = count
    return counts


def writable_memberships(user: User, limit: int) -> list[Membership]:
    """Return the universes in which the person may ask, by name."""
    own = Membership.objects.filter(user=user, role__in=(Role.OWNER, Role.EDITOR), universe__archived=False)
    return list(own.select_related("universe").order_by("universe__name", "pk")[:limit])
