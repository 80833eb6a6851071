"""What the review page shows about one item, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.admin import diff, display
from agents.admin.base import link
from agents.choices import AgentType, EventKind, Verdict
from agents.engine.text import flatten, is_quoted_from
from agents.engine.world import WorldView
from agents.models import AgentJob, AgentJobEvent, ReviewDecision, ReviewItem
from agents.services import stats, worlds

# The field of an input that says in one text what was asked.
MAIN_INPUT = {"narrative": "prompt", "spatial": "location_name", "consistency": "content"}
FRAME = ("genre", "tone", "tech_level", "magic_system", "physics")


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str | SafeString


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a job's history."""

    label: str
    at: Any
    by: str
    attempt: int
    detail: str
    entry: str | SafeString


def asked_of(job: AgentJob) -> str:
    """What was asked, in the one text that says most of it."""
    data = job.input_data if isinstance(job.input_data, dict) else {}
    return str(data.get(MAIN_INPUT.get(job.agent_type, ""), "")) or display.first_words(str(data))


def page_context(request: HttpRequest, item: ReviewItem) -> dict[str, Any]:
    """Everything on the page but the form; ``item`` with its job, universe, requester and predecessor loaded."""
    job = item.job
    output = job.output_data or {}
    decision = ReviewDecision.objects.select_related("by", "follow_up").filter(item=item).first()
    world = worlds.world_view(item.universe)
    return {
        "item": item,
        "job": job,
        "output": output,
        "output_template": [
            f"admin/agents/reviewitem/output/{job.agent_type}.html",
            "admin/agents/reviewitem/output/any.html",
        ],
        "asked": asked_of(job),
        "asked_more": _asked_more(job),
        "world": _world(job, world),
        "signals": _signals(job),
        "facts": _facts(job, output),
        "steps": _steps(request, job),
        "violations": _violations(job, output),
        "checked_text": _checked_text(job, output),
        "decision": decision,
        "changes": diff.changes(decision.before, decision.after) if decision and decision.after else [],
        "effect": _EFFECTS[AgentType(job.agent_type)]
        if job.universe_id
        else "It names no universe to enter.",
    }


_EFFECTS = {
    AgentType.NARRATIVE: "Approving puts it into the universe’s scenes.",
    AgentType.SPATIAL: "Approving puts it into the universe’s locations.",
    AgentType.CONSISTENCY: "Approving confirms the report; nothing enters the universe.",
}


def _asked_more(job: AgentJob) -> list[Fact]:
    """The rest of the input, in words. The request's own world settings stand with the world."""
    data = job.input_data if isinstance(job.input_data, dict) else {}
    hidden = {MAIN_INPUT.get(job.agent_type), "world_config"}
    return [
        Fact(_label(name), _in_words(value))
        for name, value in data.items()
        if name not in hidden and value not in (None, "", [], {})
    ]


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = {key: _in_words(part) for key, part in value.items() if part not in (None, "", [], {})}
        name = parts.pop("name", "")
        rest = "; ".join(f"{key}: {part}" for key, part in parts.items())
        return " – ".join(part for part in (name, rest) if part)
    if isinstance(value, list):
        is_long = any(isinstance(one, Mapping) for one in value)
        return ("\n" if is_long else ", ").join(_in_words(one) for one in value)
    return str(value)


def _world(job: AgentJob, world: WorldView | None) -> dict[str, Any]:
    data = job.input_data if isinstance(job.input_data, dict) else {}
    asked = data.get("world_config")
    own: Mapping[str, Any] = asked if isinstance(asked, Mapping) else {}
    mentioned, others = _elements(job, world)
    return {
        "known": world is not None,
        "frame": [
            Fact(_label(name), text)
            for name in FRAME
            if (text := str(getattr(world, name, "") if world else ""))
        ],
        "rules": list(world.rule_texts()) if world else [],
        "own": [
            Fact(_label(name), _in_words(value)) for name, value in own.items() if name != "rules" and value
        ],
        "own_rules": own["rules"] if isinstance(own.get("rules"), list) else [],
        "mentioned": mentioned,
        "others": others,
        **_changes(job, world),
    }


def _changes(job: AgentJob, world: WorldView | None) -> dict[str, bool]:
    """What is different since the agent read the world: its frame and rules, or only who and what is in it.

    They are told apart, because each approved place changes the world of all that wait behind it.
    """
    if world is None or not job.world_hash or world.hash == job.world_hash:
        return {"has_new_rules": False, "has_new_canon": False}
    config = getattr(job.universe, "world_config", None)
    has_new_rules = bool(config and job.started_at and config.updated_at > job.started_at)
    return {"has_new_rules": has_new_rules, "has_new_canon": not has_new_rules}


def _elements(job: AgentJob, world: WorldView | None) -> tuple[list[Fact], list[str]]:
    """Elements of the world that the request or the output names, and the names of the others."""
    text = flatten(f"{job.input_data} {job.output_data}")
    mentioned, others = [], []
    for element in world.elements if world else ():
        if flatten(element.name) in text:
            mentioned.append(Fact(f"{element.name} ({element.kind})", element.summary))
        else:
            others.append(element.name)
    return mentioned, others


def _facts(job: AgentJob, output: Mapping[str, Any]) -> list[Fact]:
    usage = stats.usage_of(job)
    calls = list(job.calls.order_by("id"))
    last = calls[-1] if calls else None
    cost = "unknown" if usage["cost_usd"] is None else f"${float(usage['cost_usd']):.4f}"
    facts = [
        Fact("Agent", job.get_agent_type_display()),
        Fact("Model", str(output.get("model", "–"))),
        Fact("Requested by", job.requested_by.get_username()),
        Fact("Requested", f"{display.at(job.created_at)} UTC"),
        Fact("Attempt", f"{job.attempts} of at most {job.attempt_limit}"),
        Fact("Tokens", f"{usage['tokens']:,} in {usage['calls']} call{'' if usage['calls'] == 1 else 's'}"),
        Fact("Cost", cost),
    ]
    if last is not None:
        facts.append(Fact("Latency", f"{last.latency_ms / 1000:.1f} s"))
        facts.append(Fact("Prompt", f"{last.prompt_name} {last.prompt_version[:12]}"))
    facts.append(Fact("Job", link("agents_agentjob_change", job.pk, str(job.pk))))
    return facts


def _signals(job: AgentJob) -> list[Any]:
    """The worst first; of equals in the order in which they were seen."""

    def strength(signal: Any) -> float:
        value = signal.get("value") if isinstance(signal, Mapping) else None
        return float(value) if isinstance(value, int | float) else 1.0

    return sorted(job.signals or [], key=strength)


def _steps(request: HttpRequest, job: AgentJob) -> list[Step]:
    events = AgentJobEvent.objects.filter(job=job).select_related("by").order_by("id")
    return [
        Step(
            event.get_kind_display(),
            event.at,
            event.by.get_username() if event.by else "",
            event.attempt,
            _detail(event),
            _entry(request, event),
        )
        for event in events
    ]


def _detail(event: AgentJobEvent) -> str:
    data = event.data
    match event.kind:
        case EventKind.COMPLETED:
            return f"confidence {float(data.get('confidence', 0)):.2f}"
        case EventKind.FAILED | EventKind.RESCHEDULED:
            return str(data.get("message", ""))
        case EventKind.REVIEW_DECIDED:
            verdict = str(data.get("verdict", ""))
            label = Verdict(verdict).label if verdict in Verdict.values else verdict
            return f"{label}: {data['note']}" if data.get("note") else label
        case EventKind.REVIEW_SKIPPED:
            return str(data.get("reason", ""))
        case EventKind.REVIEW_HANDED:
            return (
                f"To {data.get('to', '')}: {data['note']}" if data.get("note") else f"To {data.get('to', '')}"
            )
        case EventKind.REVIEW_CLAIM_BROKEN:
            return f"Held by {data.get('holder', '')}"
        case _:
            return ""


def _entry(request: HttpRequest, event: AgentJobEvent) -> str | SafeString:
    """Where it is now in the universe, for a person who may look."""
    if event.kind != EventKind.CANON_ADDED:
        return ""
    model = "scene" if event.data.get("entry_kind") == "scene" else "element"
    name = str(event.data.get("name", ""))
    if not request.user.has_perm(f"universes.view_{model}"):
        return name
    return link(f"universes_{model}_change", event.data.get("entry_id"), name)


def _violations(job: AgentJob, output: Mapping[str, Any]) -> list[dict[str, Any]]:
    if job.agent_type != AgentType.CONSISTENCY:
        return []
    content = str(job.input_data.get("content", ""))
    return [
        {**violation, "stands": is_quoted_from(str(violation.get("quote", "")), content)}
        for violation in output.get("violations") or []
        if isinstance(violation, Mapping)
    ]


def _checked_text(job: AgentJob, output: Mapping[str, Any]) -> SafeString | str:
    if job.agent_type != AgentType.CONSISTENCY:
        return ""
    quotes = [str(violation.get("quote", "")) for violation in _violations(job, output)]
    return display.marked(str(job.input_data.get("content", "")), quotes)
