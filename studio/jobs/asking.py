"""The values that the form for asking opens with, and the request that it makes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import User

from agents.choices import JobPriority
from agents.common.asking.input_form import read_input
from agents.common.asking.works import Work, work_named
from agents.jobs import actions
from agents.jobs.submission import JobRequest
from universes.models import Element, Scene
from universes.services import access

MAX_VARIANTS: Final = 4
# The end of a scene that is to be continued, in words.
CONTINUED_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class Start:
    """Values that the form opens with, and where they come from."""

    work: Work
    values: Mapping[str, Any]
    universe_id: uuid.UUID | None = None
    origin: str = ""


def start_of(query: Mapping[str, str], user: User) -> Start:
    """Return what an address asks for: a kind of work, perhaps about a scene or an element, or like an earlier job.

    Raises ``NotFound`` for what the person may not see.
    """
    universe_id = parsed_id(query.get("universe", ""))
    work = work_named(query.get("agent", ""), query.get("type", ""))
    if universe_id is not None:
        universe = access.find_universe(user, universe_id)
        scene_id, element_id = parsed_id(query.get("scene", "")), parsed_id(query.get("element", ""))
        scene = Scene.objects.filter(universe=universe, pk=scene_id).first() if scene_id else None
        element = Element.objects.filter(universe=universe, pk=element_id).first() if element_id else None
        if scene is not None:
            return Start(work, _about_scene(work, scene), universe_id, scene.title)
        if element is not None:
            return Start(work, _about_element(work, element), universe_id, element.name)
    job_id = parsed_id(query.get("like", ""))
    if job_id is not None:
        job = actions.get_job(job_id, user)
        work = work_named(job.agent_type, str(job.input_data.get("type", "")))
        return Start(work, job.input_data, universe_id or job.universe_id)
    return Start(work, {}, universe_id)


def _about_scene(work: Work, scene: Scene) -> dict[str, Any]:
    if work.agent_type == "consistency":
        return {"content": scene.text, "content_type": "narrative"}
    words = scene.text.split(" ")
    end = " ".join(words[-CONTINUED_WORDS:]).strip()
    told = f"…{end}" if len(words) > CONTINUED_WORDS else end
    verb = "Turn into shots the scene" if work.kind == "video_prompt" else "Continue the scene"
    return {"prompt": f"{verb} “{scene.title}”. It ends like this:\n\n{told}\n\n"}


def _about_element(work: Work, element: Element) -> dict[str, Any]:
    if work.agent_type == "spatial":
        return {"location_name": element.name, "details": element.summary}
    if work.agent_type == "consistency":
        return {"content": element.summary, "content_type": element.kind}
    named = {"characters": [element.name]} if element.kind == "character" else {}
    return {"prompt": "" if named else f"{element.name}: ", **named}


def parsed_id(raw: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(raw) if raw else None
    except ValueError:
        return None


def request_in(data: Mapping[str, str], work: Work, user: User) -> JobRequest:
    """Return the request that a form makes."""
    is_batch = data.get("priority") == JobPriority.BATCH
    return JobRequest(
        by=user,
        agent_type=work.agent_type,
        universe_id=parsed_id(data.get("universe", "")),
        input_data=read_input(work, data),
        priority=JobPriority.BATCH if is_batch else JobPriority.NORMAL,
        may_reuse="reuse" in data,
    )


def variants_in(data: Mapping[str, str]) -> int:
    raw = data.get("variants", "1")
    return int(raw) if raw in {str(number) for number in range(1, MAX_VARIANTS + 1)} else 1
