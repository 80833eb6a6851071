"""Main text of a job's request and of its output, and the revision that a reviewer asked for."""

from __future__ import annotations

from typing import Final

from django.db.models import TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left

from agents.engine.results import Revision
from agents.models import AgentJob, SceneFix

# Input field of each agent that says the most about a request.
MAIN_INPUT = {"narrative": "prompt", "spatial": "location_name", "consistency": "content"}

# Output field of each agent with most of the text.
MAIN_OUTPUT = {"narrative": "content", "spatial": "description", "consistency": "explanation"}

# Characters of a request that lists load.
_LISTED: Final = 400


def listed_request_text() -> Coalesce:
    """Build the expression for the beginning of a request's main input, so that lists need not load all of it."""
    parts = (Left(KeyTextTransform(name, "input_data"), _LISTED) for name in MAIN_INPUT.values())
    return Coalesce(*parts, Value(""), output_field=TextField())


def request_text(job: AgentJob) -> str:
    data = job.input_data if isinstance(job.input_data, dict) else {}
    return str(data.get(MAIN_INPUT.get(job.agent_type, ""), "")) or str(data)


def output_text(job: AgentJob) -> str:
    output = job.output_data or {}
    return str(output.get(MAIN_OUTPUT.get(job.agent_type, ""), "")) or str(output)


def revision_request(job: AgentJob) -> Revision | None:
    """Return the note of a revision, with the output or the scene to revise; None for other jobs."""
    if not job.revision_note:
        return None
    if job.follows is not None:
        return Revision(note=job.revision_note, previous_output=job.follows.output_data or {})
    fix = SceneFix.objects.filter(job=job).first()
    previous = {"title": fix.title, "content": fix.text} if fix else {}
    return Revision(note=job.revision_note, previous_output=previous)
