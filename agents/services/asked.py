"""What a job was asked for, in the one text that says most of it."""

from __future__ import annotations

from agents.models import AgentJob

# The field of each agent's input that holds that text.
MAIN_INPUT = {"narrative": "prompt", "spatial": "location_name", "consistency": "content"}


def asked_of(job: AgentJob) -> str:
    data = job.input_data if isinstance(job.input_data, dict) else {}
    return str(data.get(MAIN_INPUT.get(job.agent_type, ""), "")) or str(data)
