"""Placement of agent outputs in their universe, as drafts or as canon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agents.choices import AgentType
from agents.models import AgentJob
from universes.choices import CanonStatus, ElementKind, SceneKind
from universes.fields import fold
from universes.models import Scene
from universes.services import canon as universe_canon
from universes.services.history import canon_origins

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from universes.models import CanonChange, Element, Universe

TITLE_LENGTH = 80
# What a video prompt has besides its text.
_SCENE_DETAILS = ("shots", "camera", "mood")


@dataclass(frozen=True, slots=True)
class Entry:
    """Entry of a universe that an output became. ``kind`` is "scene" or the kind of the element."""

    kind: str
    id: str
    name: str
    status: str

    def as_event(self) -> dict[str, Any]:
        return {"entry_kind": self.kind, "entry_id": self.id, "name": self.name, "status": self.status}


def place(
    job: AgentJob, output: Mapping[str, Any], *, status: str, by: User | None, revise: bool = False
) -> Entry | None:
    """Place an output in the job's universe. Idempotent. ``by`` None: placed by policy, not by a person.

    A name that another entry has: the policy places a draft, which has a number behind its name, for a person to
    decide; callers who act for a person ask ``namesake`` first.

    ``revise``: an entry that is canon already takes the text of the output, as a reviewer has edited it.

    Returns None for a job without a universe and for an agent whose output is a report. Raises ``Conflict`` for an
    archived universe.
    """
    route = ROUTES[AgentType(job.agent_type)]
    if job.universe is None or route is None:
        return None
    if by is None and namesake(job, output) is not None:
        status = CanonStatus.DRAFT
    return route(job, job.universe, output, status, revise, by)


def namesake(job: AgentJob, output: Mapping[str, Any]) -> Element | None:
    """Return the entry that has the name of the output already, unless the job made it itself; None for scenes."""
    if job.universe is None or job.agent_type != AgentType.SPATIAL:
        return None
    name, kind = str(output.get("location_name", "")), ElementKind.LOCATION
    return universe_canon.namesake(job.universe, kind, name, origin_ref=str(job.pk))


def merge(job: AgentJob, output: Mapping[str, Any], into: Element, *, by: User) -> CanonChange | None:
    """Add the description of a place to the entry of its name; return the step, or None if nothing was new."""
    content = _place_content(output)
    return universe_canon.merge_into(into, summary=content["summary"], traits=content["traits"], by=by)


def entry_of(job: AgentJob) -> Entry | None:
    """Return the present entry of the job's output; None if there is none."""
    entry = canon_origins.entry_from(str(job.pk))
    if entry is None:
        return None
    if isinstance(entry, Scene):
        return Entry("scene", str(entry.pk), entry.title, entry.canon_status)
    return Entry(entry.kind, str(entry.pk), entry.name, entry.canon_status)


def _scene(
    job: AgentJob, universe: Universe, output: Mapping[str, Any], status: str, revise: bool, by: User | None
) -> Entry:
    scene = universe_canon.add_scene(
        universe,
        title=str(output.get("title") or _title(str(job.input_data.get("prompt", "")))),
        text=str(output["content"]),
        kind=str(output.get("type") or SceneKind.NARRATIVE),
        details={name: output[name] for name in _SCENE_DETAILS if name in output},
        mentions=_mentions(job),
        origin_ref=str(job.pk),
        status=status,
        revise=revise,
        by=by,
    )
    return Entry("scene", str(scene.pk), scene.title, scene.canon_status)


def _location(
    job: AgentJob, universe: Universe, output: Mapping[str, Any], status: str, revise: bool, by: User | None
) -> Entry:
    element = universe_canon.add_element(
        universe,
        kind="location",
        name=str(output["location_name"]),
        **_place_content(output),
        mentions=_mentions(job),
        origin_ref=str(job.pk),
        status=status,
        revise=revise,
        by=by,
    )
    return Entry("location", str(element.pk), element.name, element.canon_status)


def _place_content(output: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "summary": str(output["description"]),
        "traits": {
            "atmosphere": str(output["atmosphere"]),
            "map_layout": str(output["map_layout"]),
            "landmarks": [_landmark(landmark) for landmark in output["landmarks"]],
        },
    }


def _landmark(landmark: Any) -> str:
    if isinstance(landmark, Mapping):
        return ": ".join(str(value) for value in (landmark.get("name"), landmark.get("description")) if value)
    return str(landmark)


def _mentions(job: AgentJob) -> list[dict[str, str]]:
    """Return the mentions of the request, the first of each name: a request may repeat one."""
    first: dict[str, dict[str, str]] = {}
    for mention in job.input_data.get("mentions") or []:
        first.setdefault(fold(mention["name"]), {"name": mention["name"], "how": mention["how"]})
    return list(first.values())


def _title(prompt: str) -> str:
    """Return the first line of the prompt, cut at a word boundary."""
    line = next((part.strip() for part in prompt.splitlines() if part.strip()), "Untitled")
    if len(line) <= TITLE_LENGTH:
        return line.rstrip(".")
    return line[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


Route = Callable[[AgentJob, "Universe", Mapping[str, Any], str, bool, "User | None"], Entry]

# None: the output of the agent is a report and is not placed.
ROUTES: Mapping[AgentType, Route | None] = {
    AgentType.NARRATIVE: _scene,
    AgentType.SPATIAL: _location,
    AgentType.CONSISTENCY: None,
}

# The effect of an approval, as the review page announces it.
EFFECTS: Mapping[AgentType, str] = {
    AgentType.NARRATIVE: "Approving adds it to the universe’s scenes.",
    AgentType.SPATIAL: "Approving adds it to the universe’s locations.",
    AgentType.CONSISTENCY: "Approving confirms the report. Nothing is added to the universe.",
}
