"""Receipts: the origin of a job, its attempts, calls, costs, reviews and canon entry."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from agents.canon import placement, witness
from agents.choices import EventKind, ReviewKind
from agents.common import findings, promises, visibility
from agents.common.text import results
from agents.engine.confidence.signals import hand_set_score
from agents.errors import Conflict
from agents.jobs import stats
from agents.models import AgentJob, Exemplar, ModelCall, ReviewDecision, StyleGuide
from agents.quality.promise import wording
from agents.receipts.types import (
    Attempt,
    Canon,
    Decision,
    KeptPromise,
    ReadGuidance,
    Receipt,
    RequestedJob,
    Review,
)
from universes.passports import documents
from universes.passports.passport import instant
from universes.services import provenance

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Length of the listed chain of follow-ups, in each direction.
MAX_CHAIN = 50
LINK_FIELDS = ("id", "status", "created_at", "revision_note")
# Events that begin and end an attempt; the first one of each attempt counts.
BEGINNINGS = (EventKind.CLAIMED, EventKind.BATCHED)
OUTCOMES = (
    EventKind.COMPLETED,
    EventKind.RESCHEDULED,
    EventKind.POSTPONED,
    EventKind.BATCH_LEFT,
    EventKind.FAILED,
    EventKind.CANCELLED,
)


def receipt_of(job: AgentJob, reader: User) -> Receipt:
    """Build the receipt of a job that ``reader`` may see; gold items are never part of it."""
    withheld = visibility.is_withheld(job, reader)
    calls = list(ModelCall.objects.filter(job=job).order_by("id"))
    reviews = None if withheld else _reviews(job, reader)
    passport = None if withheld else witness.passport_of(job)
    return {
        "job": _job(job, withheld=withheld),
        "attempts": _attempts(job),
        "models": list(dict.fromkeys(call.model for call in calls)),
        "prompts": [
            {"name": name, "version": version}
            for name, version in dict.fromkeys((call.prompt_name, call.prompt_version) for call in calls)
            if name
        ],
        "calls": calls,
        "usage": {
            **stats.usage_of(job),
            "unknown_calls": sum(call.cost_usd is None for call in calls),
        },
        "guidance": _guidance(job),
        "withheld": withheld,
        "confidence": None if withheld else job.confidence_score,
        "score": None if withheld or not job.signals else hand_set_score(job.signals),
        "promise": None if withheld else _promise(job),
        "signals": None if withheld else findings.signals_of(job, findings.marks_on([job])),
        "passport": None if passport is None else passport.as_dict(),
        "reviews": reviews,
        "follows": _earlier(job),
        "follow_ups": None if withheld else _later(job),
        "canon": None if withheld else _canon(job),
    }


def passport_document(job: AgentJob, reader: User) -> dict[str, Any]:
    """Return the signed passport of a job's output; raise ``Conflict`` without one that the reader may know."""
    passport = None if visibility.is_withheld(job, reader) else witness.passport_of(job)
    if passport is None:
        raise Conflict(f"Job {job.pk} has no output to speak of yet.", code="no_passport")
    # While no text counts, what the machine wrote is meant.
    output = results.result_of(job) or job.output_data or {}
    name = f"{job.get_agent_type_display()} {job.pk}"
    return documents.document(
        f"/agents/jobs/{job.pk}", name, output, passport, changed_at=instant(job.completed_at)
    )


def _job(job: AgentJob, *, withheld: bool) -> RequestedJob:
    universe = job.universe
    return {
        "job_id": job.pk,
        "agent_type": job.agent_type,
        "status": job.status,
        "outcome": None if withheld else job.outcome or None,
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


def _promise(job: AgentJob) -> KeptPromise | None:
    if job.completed_at is None or job.confidence_score is None:
        return None
    promise = promises.kept_at(job.agent_type, job.universe_id, job.completed_at)
    if promise is None:
        return None
    return {
        "id": promise.pk,
        "cut_off": promise.cut_off,
        "alpha": promise.alpha,
        "delta": promise.delta,
        "at": promise.at,
        "sentence": wording.sentence(promise),
    }


def _guidance(job: AgentJob) -> ReadGuidance | None:
    if job.guidance is None:
        return None
    stored = job.guidance
    guide = None
    if stored["guide_version"] and job.universe_id is not None:
        of_universe = StyleGuide.objects.filter(universe=job.universe_id, agent_type=job.agent_type)
        guide = of_universe.filter(version=stored["guide_version"]).first()
    left_out = guide.on_trial if guide is not None and stored["without_new_rules"] else ()
    ids = stored["examples"]
    known = {str(row.pk): row for row in Exemplar.objects.filter(pk__in=ids)} if ids else {}
    return {
        "guide_version": stored["guide_version"],
        "rules": [rule["text"] for rule in (guide.rules if guide else ()) if rule["id"] not in left_out],
        "without_new_rules": stored["without_new_rules"],
        "examples": [
            {
                "id": pk,
                "request": known[pk].request if pk in known else None,
                "job_id": known[pk].job_id if pk in known else None,
            }
            for pk in ids
        ],
        "tone": stored["tone"],
        "language": stored["language"],
        "word_range": stored["word_range"],
    }


def _attempts(job: AgentJob) -> list[Attempt]:
    attempts: dict[int, Attempt] = {}
    for event in job.events.order_by("id"):
        if event.kind in BEGINNINGS:
            new_attempt: Attempt = {
                "number": event.attempt,
                "in_batch": event.kind == EventKind.BATCHED,
                "started_at": event.at,
                "ended_at": None,
                "outcome": None,
                "error_code": "",
                "error_message": "",
            }
            attempts.setdefault(event.attempt, new_attempt)
        elif event.kind in OUTCOMES and (attempt := attempts.get(event.attempt)) and not attempt["outcome"]:
            attempt["ended_at"] = event.at
            attempt["outcome"] = event.kind
            attempt["error_code"] = str(event.data.get("code", ""))
            attempt["error_message"] = str(event.data.get("message", ""))
    return list(attempts.values())


def _reviews(job: AgentJob, reader: User) -> list[Review]:
    items = list(job.review_items.exclude(kind=ReviewKind.GOLD).order_by("opened_at", "id"))
    decisions = (
        visibility.visible_decisions(reader)
        .filter(item__in=items)
        .select_related("by", "reason", "undone_by", "self_review_allowed_by", "guest_opinion")
        .order_by("at", "id")
    )
    by_item: dict[uuid.UUID, list[Decision]] = {item.pk: [] for item in items}
    for decision in decisions:
        by_item[decision.item_id].append(_decision(decision))
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
            "decisions": by_item[item.pk],
        }
        for item in items
    ]


def _decision(decision: ReviewDecision) -> Decision:
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
        "self_review_allowed_by": decision.self_review_allowed_by.get_username()
        if decision.self_review_allowed_by
        else None,
        "guest": decision.guest_opinion.name if decision.guest_opinion else None,
        "undone_at": decision.undone_at,
        "undone_by": decision.undone_by.get_username() if decision.undone_by else None,
        "edit": None if after is None else {"before": decision.before, "after": after},
        "follow_up_job_id": decision.follow_up_id,
        "canon_change_id": decision.canon_change_id,
    }


def _earlier(job: AgentJob) -> list[AgentJob]:
    """Return the jobs that this one follows, oldest first."""
    jobs: list[AgentJob] = []
    earlier_id = job.follows_id
    while earlier_id is not None and len(jobs) < MAX_CHAIN:
        earlier = AgentJob.objects.only(*LINK_FIELDS, "follows").filter(pk=earlier_id).first()
        if earlier is None:
            break
        jobs.insert(0, earlier)
        earlier_id = earlier.follows_id
    return jobs


def _later(job: AgentJob) -> list[AgentJob]:
    """Return the follow-ups of this job and their follow-ups, each after the one it follows."""
    jobs: list[AgentJob] = []
    newest = [job.pk]
    while newest and len(jobs) < MAX_CHAIN:
        later = list(
            AgentJob.objects.filter(follows__in=newest).order_by("created_at", "id").only(*LINK_FIELDS)
        )
        jobs += later
        newest = [other.pk for other in later]
    return jobs


def _canon(job: AgentJob) -> Canon:
    """Return the canon entry of the job and all its changes, including those of deleted entries."""
    decisions = ReviewDecision.objects.filter(item__job=job).order_by()
    change_ids = [pk for pk in decisions.values_list("canon_change_id", flat=True) if pk is not None]
    return {
        "entry": placement.entry_of(job),
        "changes": provenance.steps_from(str(job.pk), also=change_ids),
    }
