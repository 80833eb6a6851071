"""Origins of the texts in canon, as recorded by the jobs: the witness of passports."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from agents.choices import ACCEPTED_VERDICTS, EventKind
from agents.models import AgentJob, AgentJobEvent, ModelCall, ReviewDecision
from universes.passports import machines as passports
from universes.passports.machines import Machine, Reading
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
    machine = machines_of([job])[job.pk]
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
    readings = _newest_readings((one for one in verdicts if one.verdict in ACCEPTED_VERDICTS), words)
    return made_here([_machine(job, prompts, readings)], [], has_edits=False)


def machines_of(jobs: Iterable[AgentJob]) -> dict[uuid.UUID, Machine]:
    """Return what wrote the outputs of the jobs, and who approved them."""
    listed = list(jobs)
    concerned = {job.pk for job in listed} | {job.reused_from_id or job.pk for job in listed}
    readings = _readings(concerned)
    prompts = _prompts(concerned)
    return {job.pk: _machine(job, prompts, readings) for job in listed}


def _machine(
    job: AgentJob, prompts: Mapping[uuid.UUID, str], readings: Mapping[uuid.UUID, Reading]
) -> Machine:
    # A reused output was written, and perhaps read, for the job that it came from.
    written_by = job.reused_from_id or job.pk
    return Machine(
        model="" if job.is_mock else job.model,
        provider="" if job.is_mock else _provider(),
        is_mock=job.is_mock,
        prompt_hash=prompts.get(written_by, ""),
        made_at=job.completed_at,
        receipt_url=f"{settings.SITE_URL}/agents/jobs/{job.pk}/receipt",
        reading=readings.get(job.pk) or readings.get(written_by),
    )


def _provider() -> str:
    return urlsplit(settings.ANTHROPIC_BASE_URL or "").hostname or _PROVIDER


def _prompts(jobs: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the hash of the prompt that wrote each output: that of the first answer which was used.

    Calls after it are of second opinions.
    """
    calls = ModelCall.objects.filter(job__in=jobs, error_code="").order_by("-attempt", "id")
    return _first_prompts(calls.values_list("job_id", "prompt_version"))


def _first_prompts(versions: Iterable[tuple[uuid.UUID | None, str]]) -> dict[uuid.UUID, str]:
    prompts: dict[uuid.UUID, str] = {}
    for job_id, version in versions:
        if job_id is not None:
            prompts.setdefault(job_id, version)
    return prompts


def _readings(jobs: Collection[uuid.UUID]) -> dict[uuid.UUID, Reading]:
    """Return the newest approval of each output: of a reviewer, or of the person for whom it was written."""
    verdicts = ReviewDecision.objects.effective().filter(item__job__in=jobs, verdict__in=ACCEPTED_VERDICTS)
    words = AgentJobEvent.objects.filter(job__in=jobs, kind__in=[EventKind.ACCEPTED, EventKind.DISCARDED])
    return _newest_readings(
        verdicts.select_related("by", "item", "guest_opinion"), words.select_related("by").order_by("id")
    )


def _newest_readings(
    verdicts: Iterable[ReviewDecision], words: Iterable[AgentJobEvent]
) -> dict[uuid.UUID, Reading]:
    readings: defaultdict[uuid.UUID, list[Reading]] = defaultdict(list)
    for verdict in verdicts:
        readings[verdict.item.job_id].append(
            Reading(_role(verdict), _reader(verdict), verdict.at, verdict.after is not None)
        )
    newest = {event.job_id: event for event in words}
    for job_id, event in newest.items():
        if event.kind == EventKind.ACCEPTED:
            by = event.by.get_username() if event.by else ""
            readings[job_id].append(Reading("requester", by, event.at, bool(event.data.get("edited"))))
    return {job_id: max(of, key=lambda reading: str(reading.at)) for job_id, of in readings.items()}


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

    def machines(self, refs: Collection[str]) -> Mapping[str, Machine]:
        ids = [job_id for ref in refs if (job_id := _as_id(ref)) is not None]
        jobs = AgentJob.objects.filter(pk__in=ids).only("model", "is_mock", "completed_at", "reused_from")
        return {str(job_id): machine for job_id, machine in machines_of(jobs).items()}

    def judged(self, change_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
        verdicts = ReviewDecision.objects.filter(
            canon_change_id__in=change_ids, verdict__in=ACCEPTED_VERDICTS
        )
        return {
            change_id: str(job_id)
            for change_id, job_id in verdicts.order_by().values_list("canon_change_id", "item__job_id")
            if change_id is not None
        }

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
