"""Read a universe's canon anew: after its rules have changed, what is canon may contradict them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from agents.choices import AgentType, JobPriority
from agents.common import world_context
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.errors import BudgetExceeded
from agents.jobs import submission
from agents.models import AgentJob
from universes.choices import ElementKind
from universes.models import Element, Scene, Universe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonText:
    """One text of the canon; ``kind`` as the consistency agent calls it."""

    kind: str
    id: str
    name: str
    text: str


@dataclass(slots=True, kw_only=True)
class Recheck:
    """``left_out`` texts are too long for one check, or beyond the most. ``stopped`` is what a budget said."""

    made: list[tuple[CanonText, AgentJob]] = field(default_factory=list)
    left_out: int = 0
    stopped: str = ""


def recheck(*, by: User, universe_id: uuid.UUID) -> Recheck:
    """Submit one consistency job for each scene and place that is canon, the newest first; they may wait for a batch.

    A text that has been checked against exactly this world already is not checked again: its job takes that report.
    Raises what ``jobs.submit_job`` raises; ``BudgetExceeded`` only where there is not enough left for the first.
    """
    universe = world_context.writable_universe(by, universe_id)
    agent, world = get_agent(AgentType.CONSISTENCY), world_context.world_view(universe)
    done = Recheck()
    for text in _texts(universe):
        # Before it is looked at: there may be a hundred times as many.
        if len(done.made) >= MOST or done.stopped:
            done.left_out += 1
            continue
        asked = {"content": text.text, "content_type": text.kind}
        try:
            agent.validate_input(asked, world=world)
        except InvalidInput:
            done.left_out += 1
            continue
        try:
            request = submission.JobRequest(
                by=by,
                agent_type=AgentType.CONSISTENCY,
                input_data=asked,
                universe_id=universe.pk,
                priority=JobPriority.BATCH,
                may_reuse=True,
            )
            job = submission.create_job(submission.prepare_job(request, universe, world))
        except BudgetExceeded as refusal:
            if not done.made:
                raise
            done.stopped = refusal.message
            done.left_out += 1
        else:
            done.made.append((text, job))
    return done


def _texts(universe: Universe) -> Iterator[CanonText]:
    scenes = Scene.objects.filter(universe=universe).canon().newest_first()
    for scene in scenes.iterator():
        yield CanonText(kind="scene", id=str(scene.pk), name=scene.title, text=scene.text)
    places = Element.objects.filter(universe=universe, kind=ElementKind.LOCATION).canon().newest_first()
    for place in places.exclude(summary="").iterator():
        yield CanonText(kind="location", id=str(place.pk), name=place.name, text=place.summary)
