"""What a job was asked for: in the one text that says most of it, and by a reviewer who wants it again."""

from __future__ import annotations

from agents.engine.results import Revision
from agents.models import AgentJob

# The field of each agent's input that holds that text.
MAIN_INPUT = {"narrative": "prompt", "spatial": "location_name", "consistency": "content"}


def request_text(job: AgentJob) -> str:
    data = job.input_data if isinstance(job.input_data, dict) else {}
    return str(data.get(MAIN_INPUT.get(job.agent_type, ""), "")) or str(data)


def revision_request(job: AgentJob) -> Revision | None:
    """What a reviewer asked for, and the text that it was asked about."""
    if not job.revision_note:
        return None
    previous = job.follows.output_data if job.follows else None
    return Revision(note=job.revision_note, previous_output=previous or {})
