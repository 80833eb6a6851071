"""Rechecks: consistency checks of existing canon after the rules of its universe have changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

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

MAX_TEXTS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonText:
    """A canon text with its mentions; ``kind`` is its content type for the consistency agent."""

    kind: str
    id: str
    name: str
    text: str
    mentions: list[dict[str, str]]


@dataclass(slots=True, kw_only=True)
class Recheck:
    """The submitted jobs, the number of texts left out, and the refusal of a budget that ended it early."""

    jobs: list[tuple[CanonText, AgentJob]] = field(default_factory=list)
    left_out: int = 0
    stopped: str = ""


def recheck_canon(*, by: User, universe_id: uuid.UUID) -> Recheck:
    """Submit one batch-priority consistency job per canon scene and location, newest first.

    A text already checked against exactly this world reuses that report. Left out are texts beyond ``MAX_TEXTS`` or
    too long for one check. Raises the errors of ``submit_job``; ``BudgetExceeded`` only if there is no room for the
    first job.
    """
    universe = world_context.writable_universe(by, universe_id)
    agent, world = get_agent(AgentType.CONSISTENCY), world_context.world_view(universe)
    result = Recheck()
    for text in _texts(universe):
        # Before validation, because there may be many more texts.
        if len(result.jobs) >= MAX_TEXTS or result.stopped:
            result.left_out += 1
            continue
        input_data: dict[str, Any] = {"content": text.text, "content_type": text.kind}
        if text.mentions:
            input_data["mentions"] = text.mentions
        try:
            agent.validate_input(input_data, world=world)
        except InvalidInput:
            result.left_out += 1
            continue
        try:
            request = submission.JobRequest(
                by=by,
                agent_type=AgentType.CONSISTENCY,
                input_data=input_data,
                universe_id=universe.pk,
                priority=JobPriority.BATCH,
                may_reuse=True,
            )
            job = submission.create_job(submission.prepare_job(request, universe, world))
        except BudgetExceeded as refusal:
            if not result.jobs:
                raise
            result.stopped = refusal.message
            result.left_out += 1
        else:
            result.jobs.append((text, job))
    return result


def _texts(universe: Universe) -> Iterator[CanonText]:
    scenes = Scene.objects.filter(universe=universe).canon().newest_first()
    for scene in scenes.iterator():
        yield CanonText(
            kind="scene", id=str(scene.pk), name=scene.title, text=scene.text, mentions=scene.mentions
        )
    places = Element.objects.filter(universe=universe, kind=ElementKind.LOCATION).canon().newest_first()
    for place in places.exclude(summary="").iterator():
        yield CanonText(
            kind="location", id=str(place.pk), name=place.name, text=place.summary, mentions=place.mentions
        )
