"""The receipt of a job: where it came from, what it took, who looked at it, and what has become of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from agents.canon import placement
from agents.choices import EventKind, ReviewKind
from agents.common import money, visibility
from agents.jobs import stats
from agents.models import AgentJob, ModelCall, ReviewDecision
from universes.services import provenance

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# How many steps of a chain of follow-ups are told, each way.
CHAIN = 50
LINK_FIELDS = ("id", "status", "created_at", "revision_note")
# How an attempt begins, and how it can end; of a job's events the first of each with its number.
BEGINNINGS = (EventKind.CLAIMED, EventKind.BATCHED)
OUTCOMES = (
    EventKind.COMPLETED,
    EventKind.RESCHEDULED,
    EventKind.POSTPONED,
    EventKind.BATCH_LEFT,
    EventKind.FAILED,
    EventKind.CANCELLED,
)


def receipt_of(job: AgentJob, reader: User) -> dict[str, Any]:
    """Everything about one job, from the request to its entry in canon; ``job`` is one that ``reader`` may see.

    While it is ``withheld`` from the reader, ``confidence``, ``signals``, ``reviews``, ``canon``, the follow-ups
    and the job whose output it is are None. Gold is no review of the job and never in it.
    """
    withheld = visibility.is_withheld(job, reader)
    calls = list(ModelCall.objects.filter(job=job).order_by("id"))
    reviews = None if withheld else _reviews(job, reader)
    return {
        "job": _job(job, withheld=withheld),
        "attempts": _attempts(job),
        "models": list(dict.fromkeys(call.model for call in calls)),
        "prompts": [
            {"name": name, "version": version}
            for name, version in dict.fromkeys((call.prompt_name, call.prompt_version) for call in calls)
            if name
        ],
        "calls": [_call(call) for call in calls],
        "usage": {
            **stats.usage_of(job),
            "unknown_calls": sum(call.cost_usd is None for call in calls),
        },
        "withheld": withheld,
        "confidence": None if withheld else job.confidence_score,
        "signals": None if withheld else job.signals,
        "reviews": reviews,
        "follows": _earlier(job),
        "follow_ups": None if withheld else _later(job),
        "canon": None if withheld else _canon(job),
    }


def _job(job: AgentJob, *, withheld: bool) -> dict[str, Any]:
    universe = job.universe
    return {
        "job_id": job.pk,
        "agent_type": job.agent_type,
        "status": job.status,
        "priority": job.priority,
        "universe": None if universe is None else {"id": universe.pk, "name": universe.name},
        "requested_by": job.requested_by.get_username(),
        "schedule_id": job.schedule_id,
        "created_at": job.created_at,
        "completed_at": job.completed_at,
        "input_data": job.input_data,
        "revision_note": job.revision_note,
        "world_hash": job.world_hash,
        "is_mock": job.is_mock,
        "model": job.model,
        "reused_from_job_id": None if withheld else job.reused_from_id,
    }


def _attempts(job: AgentJob) -> list[dict[str, Any]]:
    attempts: dict[int, dict[str, Any]] = {}
    for event in job.events.order_by("id"):
        if event.kind in BEGINNINGS:
            begun = {
                "number": event.attempt,
                "in_batch": event.kind == EventKind.BATCHED,
                "started_at": event.at,
                "ended_at": None,
                "outcome": None,
                "error_code": "",
                "error_message": "",
            }
            attempts.setdefault(event.attempt, begun)
        elif event.kind in OUTCOMES and (attempt := attempts.get(event.attempt)) and not attempt["outcome"]:
            attempt["ended_at"] = event.at
            attempt["outcome"] = event.kind
            attempt["error_code"] = str(event.data.get("code", ""))
            attempt["error_message"] = str(event.data.get("message", ""))
    return list(attempts.values())


def _call(call: ModelCall) -> dict[str, Any]:
    names = (
        "attempt",
        "at",
        "model",
        "prompt_name",
        "prompt_version",
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "tokens",
        "latency_ms",
        "stop_reason",
        "error_code",
        "is_mock",
        "is_batch",
    )
    cost = None if call.cost_usd is None else money.format_usd(call.cost_usd)
    return {**{name: getattr(call, name) for name in names}, "cost_usd": cost}


def _reviews(job: AgentJob, reader: User) -> list[dict[str, Any]]:
    items = list(job.review_items.exclude(kind=ReviewKind.GOLD).order_by("opened_at", "id"))
    decisions = (
        visibility.visible_decisions(reader)
        .filter(item__in=items)
        .select_related("by", "reason", "undone_by")
        .order_by("at", "id")
    )
    said: dict[Any, list[dict[str, Any]]] = {item.pk: [] for item in items}
    for decision in decisions:
        said[decision.item_id].append(_decision(decision))
    return [
        {
            "id": item.pk,
            "kind": visibility.kind_of(item),
            "state": item.state,
            "is_blind": item.is_blind,
            "reasons": item.reasons,
            "opinions_wanted": item.opinions_wanted,
            "opened_at": item.opened_at,
            "due_at": item.due_at,
            "closed_at": item.closed_at,
            "decisions": said[item.pk],
        }
        for item in items
    ]


def _decision(decision: ReviewDecision) -> dict[str, Any]:
    reason, after = decision.reason, decision.after
    return {
        "id": decision.pk,
        "verdict": decision.verdict,
        "by": decision.by.get_username(),
        "at": decision.at,
        "reason": None if reason is None else {"code": reason.code, "name": reason.name},
        "note": decision.note,
        "work_s": decision.work_s,
        "takes_effect": decision.takes_effect,
        "is_lead": decision.is_lead,
        "undone_at": decision.undone_at,
        "undone_by": decision.undone_by.get_username() if decision.undone_by else None,
        "edit": None if after is None else {"before": decision.before, "after": after},
        "follow_up_job_id": decision.follow_up_id,
        "canon_change_id": decision.canon_change_id,
    }


def _earlier(job: AgentJob) -> list[dict[str, Any]]:
    """The jobs that it was asked again after, the first one first."""
    found: list[AgentJob] = []
    before = job.follows_id
    while before is not None and len(found) < CHAIN:
        earlier = AgentJob.objects.only(*LINK_FIELDS, "follows").filter(pk=before).first()
        if earlier is None:
            break
        found.insert(0, earlier)
        before = earlier.follows_id
    return [_link(one) for one in found]


def _later(job: AgentJob) -> list[dict[str, Any]]:
    """The jobs that came of asking again, and of asking those again; each after the one that it follows."""
    found: list[AgentJob] = []
    newest = [job.pk]
    while newest and len(found) < CHAIN:
        later = list(
            AgentJob.objects.filter(follows__in=newest).order_by("created_at", "id").only(*LINK_FIELDS)
        )
        found += later
        newest = [one.pk for one in later]
    return [_link(one) for one in found]


def _link(job: AgentJob) -> dict[str, Any]:
    return {
        "job_id": job.pk,
        "status": job.status,
        "created_at": job.created_at,
        "revision_note": job.revision_note,
    }


def _canon(job: AgentJob) -> dict[str, Any]:
    """What it is in its universe now, and each step on the way, of entries that are gone as well."""
    entry = placement.entry_of(job)
    decisions = ReviewDecision.objects.filter(item__job=job).order_by()
    made = [pk for pk in decisions.values_list("canon_change_id", flat=True) if pk is not None]
    steps = provenance.steps_from(str(job.pk), also=made)
    return {
        "entry": None if entry is None else asdict(entry),
        "changes": [asdict(step) for step in steps],
    }
