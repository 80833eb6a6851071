"""Text of a job's request, and the revision that a reviewer asked for."""

from __future__ import annotations

from agents.engine.results import Revision
from agents.models import AgentJob

# Input field of each agent that says the most about a request.
MAIN_INPUT = {"narrative": "prompt", "spatial": "location_name", "consistency": "content"}


def request_text(job: AgentJob) -> str:
    data = job.input_data if isinstance(job.input_data, dict) else {}
    return str(data.get(MAIN_INPUT.get(job.agent_type, ""), "")) or str(data)


def revision_request(job: AgentJob) -> Revision | None:
    """Return the note of the reviewer who asked for a revision, with the output to revise; None for other jobs."""
    if not job.revision_note:
        return None
    previous = job.follows.output_data if job.follows else None
    return Revision(note=job.revision_note, previous_output=previous or {})
