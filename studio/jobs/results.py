"""The result of a job as its creator reads it: the text that counts, its state, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import prefetch_related_objects
from django.urls import reverse

from agents.canon import witness
from agents.choices import EventKind, JobOutcome, JobStatus, ReviewKind, ReviewState, Verdict
from agents.common import findings, visibility
from agents.common.admin import diff
from agents.common.admin.markdown import prose
from agents.common.admin.quotes import Quotation, QuoteMarks
from agents.common.text.job_text import MAIN_OUTPUT
from agents.jobs.stats import usage_of
from agents.models import AgentJob, AgentJobEvent, ReviewItem
from agents.models.jobs.job import AgentJobQuerySet
from agents.models.review.item import reviews_of_jobs
from agents.review.creators.feedback import feedback_on
from agents.review.verdicts import decisions
from studio.jobs.job_rows import State, latest_review, state_of, title_of, what_of
from studio.jobs.shots import shots_of
from studio.once import new_key
from studio.worlds.named_text import named_text
from universes.choices import CanonStatus, Role
from universes.models import Element, Membership, Scene
from universes.services.history import canon_origins

REMEDIES: Final = {
    "refused": "The model declined to write this. Rephrase the request and ask again.",
    "budget_exceeded": "A budget does not have enough left. Try again in its next period, or ask for it to be raised.",
}
TRY_AGAIN: Final = "Try again. If it fails once more, rephrase the request or try later."


@dataclass(frozen=True, slots=True)
class Said:
    """A reviewer's verdict for the creator: who decided what, when, why."""

    state: State
    verdict: str
    by: str
    at: Any
    reason: str
    note: str
    changes: list[diff.Change]
    follow_up_id: Any


def result_context(job: AgentJob, user: User) -> dict[str, Any]:
    """Return everything that the page of a job shows, with what this person must not see yet left out."""
    prefetch_related_objects([job], "universe", reviews_of_jobs())
    is_withheld = visibility.is_withheld(job, user)
    item = None if is_withheld else latest_review(job)
    said = _said(job, item)
    entry = canon_origins.entry_from(str(job.pk)) if job.status == JobStatus.COMPLETED else None
    role = _role(job, user)
    is_own = job.requested_by_id == user.pk
    feedback = _feedback(job, user) if is_own else None
    context: dict[str, Any] = {
        "job": job,
        "once": new_key(),
        "feedback": feedback,
        "universe": job.universe if role else None,
        "title": title_of(job),
        "what": what_of(job),
        "state": state_of(job, item, is_withheld=is_withheld),
        "passport": None if is_withheld else witness.passport_of(job),
        "review": item if item is not None and _is_told(item) else None,
        "said": said,
        "is_rejected": _is_rejected(said),
        "entry": None if entry is None else {"name": str(entry), "status": entry.canon_status},
        "entry_url": _entry_url(job, entry) if role else "",
        "is_own": is_own,
        "may_write": role in {Role.OWNER, Role.EDITOR}
        and job.universe is not None
        and not job.universe.archived,
        "remedy": REMEDIES.get(job.error_code, TRY_AGAIN) if job.status == JobStatus.FAILED else "",
    }
    if job.status == JobStatus.COMPLETED:
        context |= _text(job, said, entry, is_withheld=is_withheld, may_read_world=bool(role))
        context["cost"] = usage_of(job)["cost_usd"]
        is_open = context["review"] is not None and context["review"].state == ReviewState.OPEN
        is_retired = entry is not None and entry.canon_status == CanonStatus.RETIRED
        context |= {
            "may_accept": is_own
            and not (is_open or is_retired or context["is_rejected"])
            and (job.universe_id is None or context["may_write"])
            and (feedback is None or feedback["kind"] != EventKind.ACCEPTED),
            "rated": feedback_on(job) if is_own else None,
            "may_discard": is_own and not (is_open or is_retired or context["is_rejected"]),
            "may_flag": job.outcome == JobOutcome.TRUSTED and not is_open and job.reused_from_id is None,
            "reject_reasons": decisions.reject_reasons(job.agent_type) if is_own else [],
            "is_discarded": is_retired or (feedback is not None and feedback["kind"] == EventKind.DISCARDED),
        }
    return context


def variants_of(jobs: AgentJobQuerySet, user: User) -> list[dict[str, Any]]:
    """Return jobs side by side: their texts and states, in a number of queries that does not grow with them."""
    listed = list(
        visibility.mark_withheld(jobs, user)
        .select_related("requested_by")
        .prefetch_related(reviews_of_jobs())
    )
    marks = findings.marks_on(listed)
    shown = []
    for job in listed:
        is_withheld: bool = job.is_withheld  # type: ignore[attr-defined]
        item = None if is_withheld else latest_review(job)
        said = _said(job, item)
        context = {
            "job": job,
            "state": state_of(job, item, is_withheld=is_withheld),
            "is_rejected": _is_rejected(said),
            "is_own": job.requested_by_id == user.pk,
        }
        if job.status == JobStatus.COMPLETED:
            output = text_that_counts(job, item if said is not None else None)
            context |= _read(job, output, [] if is_withheld else findings.signals_of(job, marks))
        shown.append(context)
    return shown


def _is_rejected(said: Said | None) -> bool:
    return said is not None and said.verdict in {Verdict.REJECTED, Verdict.ASKED_AGAIN}


def _feedback(job: AgentJob, user: User) -> dict[str, Any] | None:
    """Return the last word of the job's own reader: accepted or rejected, when, and why."""
    own = AgentJobEvent.objects.filter(job=job, kind__in=(EventKind.ACCEPTED, EventKind.DISCARDED), by=user)
    last = own.order_by("-pk").first()
    return None if last is None else {"kind": last.kind, "at": last.at, "data": last.data}


def text_that_counts(job: AgentJob, item: ReviewItem | None) -> dict[str, Any]:
    """Return the output as a reviewer has edited it, or as the agent wrote it."""
    decision = item.decision if item is not None else None
    edited = decision.after if decision is not None else None
    return dict(edited if edited is not None else job.output_data or {})


def _is_told(item: ReviewItem) -> bool:
    """Return whether the creator is told of a review: an open audit is nothing that they wait for."""
    return item.kind != ReviewKind.AUDIT or item.state == ReviewState.CLOSED


def _said(job: AgentJob, item: ReviewItem | None) -> Said | None:
    decision = item.decision if item is not None and item.state == ReviewState.CLOSED else None
    if decision is None:
        return None
    return Said(
        state=state_of(job, item, is_withheld=False),
        verdict=decision.verdict,
        by=decision.by.get_username(),
        at=decision.at,
        reason=decision.reason.name if decision.reason else "",
        note=decision.note,
        changes=diff.changes(job.output_data or {}, decision.after) if decision.after is not None else [],
        follow_up_id=decision.follow_up_id,
    )


def _role(job: AgentJob, user: User) -> str:
    if job.universe_id is None:
        return ""
    own = Membership.objects.filter(universe=job.universe_id, user=user)
    return own.values_list("role", flat=True).first() or ""


def _entry_url(job: AgentJob, entry: Scene | Element | None) -> str:
    if entry is None:
        return ""
    name = "studio:scene" if isinstance(entry, Scene) else "studio:element"
    return reverse(name, args=[job.universe_id, entry.pk])


def _text(
    job: AgentJob,
    said: Said | None,
    entry: Scene | Element | None,
    *,
    is_withheld: bool,
    may_read_world: bool,
) -> dict[str, Any]:
    output = text_that_counts(job, latest_review(job) if said is not None else None)
    if entry is not None and may_read_world and entry.canon_status != CanonStatus.RETIRED:
        # Members may have edited it since.
        output |= _entry_text(entry)
    signals = [] if is_withheld else findings.signals_of(job, findings.marks_on([job]))
    read = _read(job, output, signals)
    if may_read_world and job.universe_id and not read["is_check"] and not is_withheld:
        read["reading"] = named_text(job, read["text"], read["reading"])
    return {
        **read,
        "output": output,
        "weak": [signal for signal in signals if signal["value"] is not None and signal["value"] < 1],
        "good": [signal for signal in signals if signal["value"] == 1],
        "unchecked": [signal for signal in signals if signal["value"] is None],
        "confidence": None if is_withheld else job.confidence_score,
        "other_parts": _other_parts(output, MAIN_OUTPUT.get(job.agent_type, "")),
        **shots_of(output),
    }


def _read(
    job: AgentJob, output: Mapping[str, Any], signals: Iterable[findings.MarkedSignal]
) -> dict[str, Any]:
    """Return the main text of an output to read, with its findings marked."""
    found: dict[str, findings.MarkedFinding] = {}
    for signal in signals:
        for finding in signal["findings"]:
            found.setdefault(finding["id"], finding)
    quotations = [
        Quotation(finding["quote"], f"Against “{finding['statement']}”.") for finding in found.values()
    ]
    quotations += [
        Quotation(str(violation.get("quote", "")), f"Against “{violation.get('rule', '')}”.")
        for violation in output.get("violations") or []
    ]
    marks = QuoteMarks(quotations)
    is_check = "violations" in output
    # The checked text is what the quotations are in.
    text = str(
        job.input_data.get("content", "") if is_check else output.get(MAIN_OUTPUT.get(job.agent_type, ""), "")
    )
    return {
        "is_check": is_check,
        "text": text,
        "reading": prose(text, marks),
        "heading": str(output.get("title") or output.get("location_name") or ""),
        "words": output.get("word_count") or len(text.split()),
        "marks": marks,
        "findings": sorted(found.values(), key=_rank),
    }


def _entry_text(entry: Scene | Element) -> dict[str, Any]:
    if isinstance(entry, Scene):
        return {"title": entry.title, "content": entry.text, "word_count": entry.word_count}
    return {"location_name": entry.name, "description": entry.summary}


def _rank(finding: findings.MarkedFinding) -> tuple[bool, int]:
    order = {"proven": 0, "likely": 1, "hint": 2}
    return finding["is_intentional"], order.get(finding["strength"], 3)


# Parts that the page shows in their own way, or not at all.
_SHOWN = frozenset(
    {
        "title",
        "location_name",
        "type",
        "word_count",
        "model",
        "tokens_used",
        "shots",
        "violations",
        "is_consistent",
    }
)


def _other_parts(output: Mapping[str, Any], main: str) -> list[tuple[str, Any, bool]]:
    """Return the parts besides the main text: label, value, and whether the value is a list."""
    return [
        (name.replace("_", " ").capitalize(), value, isinstance(value, list))
        for name, value in output.items()
        if name not in _SHOWN and (name != main or "violations" in output) and value
    ]
