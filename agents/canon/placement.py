"""Placement of agent outputs in their universe, as drafts or as canon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from agents.choices import AgentType
from agents.errors import Conflict, DomainError
from agents.models import AgentJob, SceneFix
from universes.choices import CanonStatus, ElementKind, EntryKind, SceneKind
from universes.fields import fold
from universes.models import Element, Scene
from universes.services import canon as universe_canon
from universes.services.history import canon_origins
from universes.services.history.canon_steps import last_step

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from universes.models import CanonChange, Universe

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

    Returns None for a job without a universe, for an agent whose output is a report, and for a text that mends a scene
    while it is not canon. Raises ``Conflict`` for an archived universe.
    """
    route = ROUTES[AgentType(job.agent_type)]
    if job.universe is None or route is None:
        return None
    if by is None and namesake(job, output) is not None:
        status = CanonStatus.DRAFT
    return route(job, job.universe, output, status, revise, by)


def place_new(
    placings: Sequence[tuple[AgentJob, Mapping[str, Any]]],
) -> list[Entry | DomainError | None]:
    """Place outputs by policy, each as ``place`` does with the trusted status of its universe.

    Return for each what ``place`` returns or raises. The caller has locked the universes of the jobs, and read them
    since. New entries are inserted together; those that are there already, whose name is taken or that mend a scene
    are placed one by one.
    """
    results: list[Entry | DomainError | None] = [None] * len(placings)
    new: dict[int, Scene | Element] = {}
    alone: list[int] = []
    for number, (job, output) in enumerate(placings):
        make = _NEW[AgentType(job.agent_type)]
        if job.universe is None or make is None:
            continue
        if job.revision_note:
            alone.append(number)
            continue
        try:
            new[number] = make(job, job.universe, output)
        except DomainError as refusal:
            results[number] = refusal
    inserted = universe_canon.insert_new(list(new.values()))
    for number, entry in new.items():
        if entry.pk in inserted:
            results[number] = _as_entry(entry)
        else:
            alone.append(number)
    for number in sorted(alone):
        results[number] = _place_alone(*placings[number])
    return results


def _place_alone(job: AgentJob, output: Mapping[str, Any]) -> Entry | DomainError | None:
    assert job.universe is not None
    try:
        with transaction.atomic():
            return place(job, output, status=job.universe.trusted_output, by=None)
    except DomainError as refusal:
        return refusal


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
    fix = _fix_of(job)
    entry = canon_origins.entry_from(str(job.pk)) if fix is None else _mended_scene(fix, job)
    if entry is None:
        return None
    return _as_entry(entry)


def _as_entry(entry: Scene | Element) -> Entry:
    if isinstance(entry, Scene):
        return Entry("scene", str(entry.pk), entry.title, entry.canon_status)
    return Entry(entry.kind, str(entry.pk), entry.name, entry.canon_status)


def latest_change(job: AgentJob) -> CanonChange | None:
    """Return the last step of the entry of the job's output, or of the scene that it is to mend."""
    fix = _fix_of(job)
    return (
        canon_origins.latest_change(str(job.pk)) if fix is None else last_step(EntryKind.SCENE, fix.scene_id)
    )


def _fix_of(job: AgentJob) -> SceneFix | None:
    """Return the mending that a job was asked for, or that the job was which it follows."""
    asked: AgentJob | None = job
    while asked is not None and asked.revision_note:
        fix = SceneFix.objects.select_related("scene").filter(job=asked).first()
        if fix is not None:
            return fix
        asked = asked.follows
    return None


def _mended_scene(fix: SceneFix, job: AgentJob) -> Scene | None:
    """Return the scene once it has taken the text of the job."""
    step = last_step(EntryKind.SCENE, fix.scene_id)
    return fix.scene if step is not None and step.origin_ref == str(job.pk) else None


def _mend(
    fix: SceneFix, job: AgentJob, output: Mapping[str, Any], status: str, revise: bool, by: User | None
) -> Entry | None:
    """Give a scene the text that mends it; nothing happens before a person or the policy makes it canon.

    Raises ``Conflict`` ``canon_moved_on`` if the scene has another text by now than the one to be mended.
    """
    is_done = _mended_scene(fix, job) is not None
    if status != CanonStatus.CANON or (is_done and not revise):
        return entry_of(job)
    if not is_done and (fix.scene.title, fix.scene.text) != (fix.title, fix.text):
        if by is None:
            return None
        raise Conflict(
            f"“{fix.scene.title}” has been changed since the job was asked for.", code="canon_moved_on"
        )
    title, text = str(output.get("title") or fix.title), str(output["content"])
    scene = universe_canon.revise_scene(fix.scene, title=title, text=text, origin_ref=str(job.pk), by=by)
    return Entry("scene", str(scene.pk), scene.title, scene.canon_status)


def _scene(
    job: AgentJob, universe: Universe, output: Mapping[str, Any], status: str, revise: bool, by: User | None
) -> Entry | None:
    fix = _fix_of(job)
    if fix is not None:
        return _mend(fix, job, output, status, revise, by)
    scene = universe_canon.add_scene(
        universe, **_scene_content(job, output), status=status, revise=revise, by=by
    )
    return _as_entry(scene)


def _new_scene(job: AgentJob, locked: Universe, output: Mapping[str, Any]) -> Scene:
    return universe_canon.new_scene(locked, **_scene_content(job, output), status=locked.trusted_output)


def _scene_content(job: AgentJob, output: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": str(output.get("title") or _title(str(job.input_data.get("prompt", "")))),
        "text": str(output["content"]),
        "kind": str(output.get("type") or SceneKind.NARRATIVE),
        "details": {name: output[name] for name in _SCENE_DETAILS if name in output},
        "mentions": _mentions(job),
        "origin_ref": str(job.pk),
    }


def _location(
    job: AgentJob, universe: Universe, output: Mapping[str, Any], status: str, revise: bool, by: User | None
) -> Entry:
    element = universe_canon.add_element(
        universe, **_location_content(job, output), status=status, revise=revise, by=by
    )
    return _as_entry(element)


def _new_location(job: AgentJob, locked: Universe, output: Mapping[str, Any]) -> Element:
    content = _location_content(job, output)
    return universe_canon.new_element(locked, **content, status=locked.trusted_output)


def _location_content(job: AgentJob, output: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": ElementKind.LOCATION,
        "name": str(output["location_name"]),
        **_place_content(output),
        "mentions": _mentions(job),
        "origin_ref": str(job.pk),
    }


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


Route = Callable[[AgentJob, "Universe", Mapping[str, Any], str, bool, "User | None"], Entry | None]

# None: the output of the agent is a report and is not placed.
ROUTES: Mapping[AgentType, Route | None] = {
    AgentType.NARRATIVE: _scene,
    AgentType.SPATIAL: _location,
    AgentType.CONSISTENCY: None,
}

# Makes the entry of an output that is not in its universe yet.
_New = Callable[[AgentJob, "Universe", Mapping[str, Any]], "Scene | Element"]
_NEW: Mapping[AgentType, _New | None] = {
    AgentType.NARRATIVE: _new_scene,
    AgentType.SPATIAL: _new_location,
    AgentType.CONSISTENCY: None,
}

EFFECTS: Mapping[AgentType, str] = {
    AgentType.NARRATIVE: "Approving adds it to the universe’s scenes.",
    AgentType.SPATIAL: "Approving adds it to the universe’s locations.",
    AgentType.CONSISTENCY: "Approving confirms the report. Nothing is added to the universe.",
}


def effect_of(job: AgentJob, *, may_name_entry: bool) -> str:
    """Return the effect of an approval, as the review page announces it.

    ``may_name_entry``: a trusted output has an entry already, whose name reveals that it was trusted.
    """
    fix = _fix_of(job)
    if fix is not None:
        return f"Approving changes “{fix.scene.title}”."
    entry = entry_of(job) if may_name_entry else None
    if entry is None:
        return EFFECTS[AgentType(job.agent_type)]
    return {
        CanonStatus.DRAFT: f"Approving makes “{entry.name}” canon.",
        CanonStatus.CANON: f"Approving keeps “{entry.name}” in canon.",
        CanonStatus.RETIRED: f"“{entry.name}” stays retired, even if it is approved.",
    }[CanonStatus(entry.status)]
