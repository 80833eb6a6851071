"""Origins of the texts in canon, as recorded by the jobs: the witness of passports."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from agents.canon import evidence
from agents.canon.evidence import Evidence
from agents.choices import ACCEPTED_VERDICTS, EventKind
from agents.models import AgentJob, AgentJobEvent, ModelCall, ReviewDecision
from universes.passports import machines as passports
from universes.passports.machines import Machine, Reading, Testimony
from universes.passports.passport import Passport, made_here

# The only provider that there is a client for, unless another address answers in its place.
_PROVIDER: Final = "Anthropic"
_CALL_FIELDS: Final = (
    *("attempt", "model", "prompt_name", "prompt_version"),
    *("input_tokens", "output_tokens", "error_code"),
)


def passport_of(job: AgentJob) -> Passport | None:
    """Return the passport of the output of a job; None if it has none."""
    if job.output_data is None:
        return None
    machine = _machines(evidence.read([job.pk]))[job.pk]
    return made_here([machine], [], has_edits=False)


def passport_from(
    job: AgentJob,
    calls: Iterable[ModelCall],
    verdicts: Iterable[ReviewDecision],
    words: Iterable[AgentJobEvent],
) -> Passport | None:
    """Return ``passport_of`` a job whose evidence the caller has read, with that of a job whose output was reused.

    ``verdicts`` are those in force, ``words`` those of the requesters, oldest first.
    """
    if job.output_data is None:
        return None
    by_attempt = sorted(calls, key=lambda call: (-call.attempt, call.pk))
    prompts = _first_prompts((call.job_id, call.prompt_version) for call in by_attempt if not call.error_code)
    readings = _newest_readings(
        [
            (one.item.job_id, Reading(_role(one), _reader(one), one.at, one.after is not None))
            for one in verdicts
            if one.verdict in ACCEPTED_VERDICTS
        ],
        [(event.job_id, event.kind, _own_reading(event)) for event in words],
    )
    machine = _machine(
        job.pk, job.reused_from_id, job.model, job.is_mock, job.completed_at, prompts, readings
    )
    return made_here([machine], [], has_edits=False)


def _machines(rows: Collection[Evidence]) -> dict[uuid.UUID, Machine]:
    """Return what wrote the outputs of the jobs, and who approved them."""
    calls = sorted((row for row in rows if row.part == "call"), key=lambda row: (-row.attempt, row.number))
    words = sorted((row for row in rows if row.part == "word"), key=attrgetter("number"))
    prompts = _first_prompts((row.job_id, row.text) for row in calls)
    readings = _newest_readings(
        [
            (row.job_id, Reading(row.code, row.text, row.at, row.flag))
            for row in rows
            if row.part == "verdict"
        ],
        [(row.job_id, row.code, Reading("requester", row.text, row.at, row.flag)) for row in words],
    )
    return {
        row.job_id: _machine(row.job_id, row.other_id, row.text, row.flag, row.at, prompts, readings)
        for row in rows
        if row.part == "job"
    }


def _machine(
    job_id: uuid.UUID,
    reused_from_id: uuid.UUID | None,
    model: str,
    is_mock: bool,
    made_at: datetime | None,
    prompts: Mapping[uuid.UUID, str],
    readings: Mapping[uuid.UUID, Reading],
) -> Machine:
    # A reused output was written, and perhaps read, for the job that it came from.
    written_by = reused_from_id or job_id
    return Machine(
        model="" if is_mock else model,
        provider="" if is_mock else _provider(),
        is_mock=is_mock,
        prompt_hash=prompts.get(written_by, ""),
        made_at=made_at,
        receipt_url=f"{settings.SITE_URL}/agents/jobs/{job_id}/receipt",
        reading=readings.get(job_id) or readings.get(written_by),
    )


def _provider() -> str:
    return urlsplit(settings.ANTHROPIC_BASE_URL or "").hostname or _PROVIDER


def _first_prompts(versions: Iterable[tuple[uuid.UUID | None, str]]) -> dict[uuid.UUID, str]:
    """Return the hash of the prompt that wrote each output: that of the first answer which was used.

    Calls after it are of second opinions.
    """
    prompts: dict[uuid.UUID, str] = {}
    for job_id, version in versions:
        if job_id is not None:
            prompts.setdefault(job_id, version)
    return prompts


def _newest_readings(
    verdicts: Iterable[tuple[uuid.UUID, Reading]], words: Iterable[tuple[uuid.UUID, str, Reading]]
) -> dict[uuid.UUID, Reading]:
    """Return the newest approval of each output: of a reviewer, or of the person for whom it was written.

    ``words`` are oldest first; a later one takes an earlier one back.
    """
    readings: defaultdict[uuid.UUID, list[Reading]] = defaultdict(list)
    for job_id, reading in verdicts:
        readings[job_id].append(reading)
    newest = {job_id: (kind, reading) for job_id, kind, reading in words}
    for job_id, (kind, reading) in newest.items():
        if kind == EventKind.ACCEPTED:
            readings[job_id].append(reading)
    return {job_id: max(of, key=lambda reading: str(reading.at)) for job_id, of in readings.items()}


def _own_reading(event: AgentJobEvent) -> Reading:
    by = event.by.get_username() if event.by else ""
    return Reading("requester", by, event.at, bool(event.data.get("edited")))


def _reader(verdict: ReviewDecision) -> str:
    return verdict.guest_opinion.name if verdict.guest_opinion else verdict.by.get_username()


def _role(verdict: ReviewDecision) -> str:
    if verdict.guest_opinion_id:
        return "guest"
    if verdict.is_lead:
        return "lead reviewer"
    return "requester" if verdict.self_review_allowed_by_id else "reviewer"


class JobWitness:
    """The jobs as the witness of passports."""

    def testify(self, refs: Collection[str], change_ids: Collection[uuid.UUID]) -> Testimony:
        ids = [job_id for ref in refs if (job_id := _as_id(ref)) is not None]
        rows = evidence.read(ids, change_ids)
        return Testimony(
            {str(job_id): machine for job_id, machine in _machines(rows).items()},
            {row.other_id: str(row.job_id) for row in rows if row.part == "judged" and row.other_id},
        )

    def receipts(self, refs: Collection[str]) -> Mapping[str, dict[str, Any]]:
        """Return who wrote and judged each output: models, calls and verdicts, without requests and names."""
        ids = [job_id for ref in refs if (job_id := _as_id(ref)) is not None]
        calls: defaultdict[uuid.UUID | None, list[dict[str, Any]]] = defaultdict(list)
        for call in ModelCall.objects.filter(job__in=ids).order_by("id"):
            calls[call.job_id].append(
                {"at": call.at.isoformat(), **{name: getattr(call, name) for name in _CALL_FIELDS}}
            )
        verdicts: defaultdict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
        made = ReviewDecision.objects.effective().filter(item__job__in=ids).select_related("item")
        for decision in made.order_by("at", "pk"):
            verdicts[decision.item.job_id].append(
                {
                    "at": decision.at.isoformat(),
                    "verdict": str(decision.verdict),
                    "is_edit": decision.after is not None,
                }
            )
        wanted = ("agent_type", "model", "is_mock", "world_hash", "created_at", "completed_at")
        return {
            str(job.pk): {
                "job_id": str(job.pk),
                "agent": str(job.agent_type),
                "model": job.model,
                "is_mock": job.is_mock,
                "world_hash": job.world_hash,
                "created_at": job.created_at.isoformat(),
                "completed_at": job.completed_at.isoformat() if job.completed_at else "",
                "calls": calls[job.pk],
                "verdicts": verdicts[job.pk],
            }
            for job in AgentJob.objects.filter(pk__in=ids).only(*wanted)
        }


def _as_id(ref: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(ref)
    except ValueError:
        return None


passports.register(JobWitness())
