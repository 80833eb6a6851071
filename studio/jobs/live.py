"""The state of a job that has not ended, in words, and in steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from agents.choices import EventKind, JobStatus
from agents.engine.agents.narrative import NARRATIVE_WORDS, VIDEO_PROMPT_WORDS
from agents.engine.agents.spatial import DESCRIPTION_WORDS
from agents.jobs.live_text import live_texts
from agents.models import AgentJob

STEPS: Final = ("Requested", "Being written", "Being checked")
PHASES: Final = {
    "writing": "Writing",
    "repairing": "Correcting the format",
    "second_opinion": "Asking for a second opinion",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """``at``: index of the present step. ``words`` of about ``expected`` are written; ``text`` has those known here."""

    at: int
    sentence: str
    words: int
    expected: int
    since: datetime
    text: str = ""

    @property
    def steps(self) -> list[tuple[str, str]]:
        looks = [
            "done" if index < self.at else "now" if index == self.at else "" for index in range(len(STEPS))
        ]
        return list(zip(STEPS, looks, strict=True))


def progress_of(job: AgentJob) -> Progress:
    if job.status == JobStatus.PENDING:
        return Progress(0, _waiting(job), 0, _expected(job), job.created_at)
    last = (
        job.events.filter(kind=EventKind.PROGRESS, attempt=job.attempts)
        .order_by("-pk")
        .values_list("data", flat=True)
        .first()
    )
    told = last or {}
    words, phase = int(told.get("words", 0)), str(told.get("phase", ""))
    text = live_texts().read({job.pk: job.attempts}).get(job.pk)
    if text is not None:
        words, phase = len(text.text.split()), text.phase
    sentence = PHASES.get(phase, "Working on it")
    if words:
        sentence = f"{sentence}: {words} words so far"
    at = 2 if phase == "second_opinion" else 1
    return Progress(
        at, sentence, words, _expected(job), job.started_at or job.created_at, text.text if text else ""
    )


def _waiting(job: AgentJob) -> str:
    if job.batch_until is not None:
        return "Waiting for a batch, which is cheaper and may take hours"
    if job.attempts:
        wait_s = (job.available_at - timezone.now()).total_seconds()
        when = f" in {wait_s:.0f} seconds" if wait_s > 1 else " in a moment"
        return f"The last attempt failed; the next one starts{when}"
    return "Waiting in the queue"


def _expected(job: AgentJob) -> int:
    """Return about how many words the text will have, for a bar that is never quite full before the end."""
    data = job.input_data if isinstance(job.input_data, dict) else {}
    wanted = data.get("word_range")
    if isinstance(wanted, list) and len(wanted) == 2 and isinstance(wanted[1], int):
        return max(1, int(wanted[1]))
    if data.get("type") == "video_prompt":
        return VIDEO_PROMPT_WORDS[1]
    return NARRATIVE_WORDS[1] if job.agent_type == "narrative" else DESCRIPTION_WORDS[1]
