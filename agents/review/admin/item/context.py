"""Template context of the review page, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from agents.canon import placement
from agents.choices import ACCEPTED_VERDICTS, AgentType, GoldAnswer, ReviewKind, ReviewState
from agents.common import findings, visibility, world_context
from agents.common.admin import display, number_format, signals
from agents.common.admin.base import link
from agents.common.admin.quotes import Quotation, QuoteMarks
from agents.common.text.job_text import MAIN_INPUT, request_text
from agents.engine.agents.second_opinion import is_opinion
from agents.engine.text.matching import flatten, is_quoted_from, mentions, shortened
from agents.engine.world import WorldView
from agents.jobs import stats
from agents.models import AgentJob, GoldStandard, ReviewDecision, ReviewItem
from agents.review.admin.item.chain import chain_of, template_of
from agents.review.admin.item.history import hand_over_of, steps_of
from agents.review.admin.item.opinions import changes_of
from universes.choices import CanonStatus
from universes.services.world import TIMELINE

FRAME = ("genre", "tone", "tech_level", "magic_system", "physics")


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str | SafeString
    anchor: str = ""
    url: str = ""


def page_context(request: HttpRequest, item: ReviewItem) -> dict[str, Any]:
    """Build the context without the forms, for an item ``with_decisions()`` and its related rows.

    For a blind item it contains nothing that reveals the confidence or the reason for the review.
    """
    job = item.job
    output = job.output_data or {}
    decision = item.decision if item.state == ReviewState.CLOSED else None
    world = _world(item)
    violations = violations_of(job, output)
    marks = marks_of(item, violations, is_hidden=item.is_hidden)
    return {
        "item": item,
        "job": job,
        "output": output,
        "output_template": template_of(job),
        "asked": request_text(job),
        "asked_more": _asked_more(job),
        "world": world,
        "signals": [] if item.is_hidden else _signals(request, job, world),
        "marks": marks,
        "facts": _facts(item, output),
        "steps": steps_of(request, item),
        "handed": hand_over_of(item),
        "chain": chain_of(item),
        "violations": violations,
        "checked_text": checked_text_of(job, marks),
        "decision": decision,
        "entry": _entry(request, job)
        if decision is not None and decision.verdict in ACCEPTED_VERDICTS
        else "",
        "changes": changes_of(decision) if decision is not None else [],
        "kind": _kind(item, decision),
        "effect": _effect(item),
    }


def _entry(request: HttpRequest, job: AgentJob) -> SafeString | str:
    """Link the canon entry that the output has become, for a person who may see it."""
    entry = placement.entry_of(job)
    if entry is None or entry.status != CanonStatus.CANON:
        return ""
    model = "scene" if entry.kind == "scene" else "element"
    may_see = request.user.has_perm(f"universes.view_{model}")
    return (
        link(f"universes_{model}_change", entry.id, entry.name) if may_see else display.isolated(entry.name)
    )


def _effect(item: ReviewItem) -> str:
    if not item.job.universe_id:
        return "The job has no universe to add it to."
    # An output in doubt is in no universe yet.
    may_name_entry = item.kind != ReviewKind.DOUBT and not item.is_hidden
    return placement.effect_of(item.job, may_name_entry=may_name_entry)


def _kind(item: ReviewItem, decision: ReviewDecision | None) -> str:
    """Describe the kind of an item, unless it is the usual one or hidden; for gold, with the right answer."""
    if visibility.kind_of(item) in (None, ReviewKind.DOUBT):
        return ""
    standard = GoldStandard.objects.filter(job=item.job).first() if item.kind == ReviewKind.GOLD else None
    if standard is None or decision is None:
        return f"{item.get_kind_display()}."
    is_right = (decision.verdict in ACCEPTED_VERDICTS) == (standard.answer == GoldAnswer.ACCEPT)
    result = "Yours was right" if is_right else "Yours was wrong"
    return f"{item.get_kind_display()}. {result}: {standard.get_answer_display().lower()}. {standard.why}"


def _asked_more(job: AgentJob) -> list[Fact]:
    """Return the rest of the input as facts; the request's world settings are shown with the world."""
    data = job.input_data if isinstance(job.input_data, dict) else {}
    hidden = {MAIN_INPUT.get(job.agent_type), "world_config"}
    return [
        Fact(_label(name), _range_in_words(value) if name == "word_range" else _in_words(value))
        for name, value in data.items()
        if name not in hidden and value not in (None, "", [], {})
    ]


def _range_in_words(value: Any) -> str:
    return " to ".join(_in_words(part) for part in value) if isinstance(value, list) else _in_words(value)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = {key: _in_words(part) for key, part in value.items() if part not in (None, "", [], {})}
        name = parts.pop("name", "")
        rest = "; ".join(f"{key}: {part}" for key, part in parts.items())
        return " – ".join(part for part in (name, rest) if part)
    if isinstance(value, list):
        is_long = any(isinstance(part, Mapping) for part in value)
        return ("\n" if is_long else ", ").join(_in_words(part) for part in value)
    return str(value)


def _world(item: ReviewItem) -> dict[str, Any]:
    job, world = item.job, world_context.world_view(item.universe)
    data = job.input_data if isinstance(job.input_data, dict) else {}
    config = data.get("world_config")
    own: Mapping[str, Any] = config if isinstance(config, Mapping) else {}
    mentioned, others = _elements(job, world, except_id=_own_entry_id(item))
    return {
        "known": world is not None,
        "frame": [
            Fact(_label(name), text, signals.anchor_of(name))
            for name in FRAME
            if (text := str(getattr(world, name, "") if world else ""))
        ],
        "rules": [Fact("", rule.text, signals.anchor_of(rule.id)) for rule in world.rules] if world else [],
        "own": [
            Fact(_label(name), _in_words(value)) for name, value in own.items() if name != "rules" and value
        ],
        "own_rules": own["rules"] if isinstance(own.get("rules"), list) else [],
        "mentioned": mentioned,
        "others": others,
        # These changes would reveal an old job.
        **({} if item.is_hidden else _changes(job, world)),
    }


def _own_entry_id(item: ReviewItem) -> str:
    """Return the id of the entry made from a blind item's output, which would reveal that it was trusted."""
    entry = placement.entry_of(item.job) if item.is_hidden else None
    return "" if entry is None else entry.id


def _changes(job: AgentJob, world: WorldView | None) -> dict[str, bool]:
    """Return whether the world's rules, or only its entries, have changed since the agent read it.

    The two are separate because each approved place changes the world of all waiting items.
    """
    if world is None or not job.world_hash or world.hash == job.world_hash:
        return {"has_new_rules": False, "has_new_canon": False}
    config = getattr(job.universe, "world_config", None)
    has_new_rules = bool(config and job.started_at and config.updated_at > job.started_at)
    return {"has_new_rules": has_new_rules, "has_new_canon": not has_new_rules}


def _elements(job: AgentJob, world: WorldView | None, *, except_id: str) -> tuple[list[Fact], list[str]]:
    """Return the elements mentioned in request or output, and the names of the others."""
    text = flatten(f"{job.input_data} {job.output_data}")
    mentioned, others = [], []
    for element in world.elements if world else ():
        if except_id and element.id == except_id:
            continue
        # The cheap test first: a world may have thousands of names.
        if flatten(element.name) in text and mentions(element.name, text):
            label = f"{element.name} ({element.kind})"
            if element.id.startswith(TIMELINE):
                # An event of the timeline has nothing but its year.
                text_of, url = f"Year: {element.traits['year']}", _events_url(job)
            else:
                text_of, url = element.summary, reverse("admin:universes_element_change", args=[element.id])
            mentioned.append(Fact(label, text_of, signals.anchor_of(element.id), url))
        else:
            others.append(element.name)
    return mentioned, others


def _events_url(job: AgentJob) -> str:
    return f"{reverse('admin:universes_storyevent_changelist')}?universe__id__exact={job.universe_id}"


def _facts(item: ReviewItem, output: Mapping[str, Any]) -> list[Fact]:
    job = item.job
    if item.is_hidden:
        # Dates, versions and prices would reveal an old job.
        return [
            Fact("Agent", job.get_agent_type_display()),
            Fact("Requested by", job.requested_by.get_username()),
        ]
    usage = stats.usage_of(job)
    written = [call for call in job.calls.order_by("id") if not is_opinion(job.agent_type, call.prompt_name)]
    last = written[-1] if written else None
    cost = "unknown" if usage["cost_usd"] is None else number_format.usd(usage["cost_usd"])
    if job.is_mock and usage["cost_usd"] not in (None, "0"):
        cost += " (example)"
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
        facts.append(Fact("Latency", "in a batch" if last.is_batch else f"{last.latency_ms / 1000:.1f} s"))
        facts.append(Fact("Prompt", f"{last.prompt_name} {last.prompt_version[:12]}"))
    if job.reused_from_id is not None:
        earlier = link("agents_agentjob_change", job.reused_from_id, display.short_id(job.reused_from_id))
        facts.append(Fact("Reused from", earlier))
    facts.append(Fact("Job", link("agents_agentjob_change", job.pk, display.short_id(job.pk))))
    return facts


def _signals(request: HttpRequest, job: AgentJob, world: Mapping[str, Any]) -> list[signals.SignalRow]:
    shown = (*world["frame"], *world["rules"], *world["mentioned"])
    return signals.rows_of(
        job,
        may_see_world=request.user.has_perms(signals.WORLD_PERMISSIONS),
        on_page={fact.anchor for fact in shown},
    )


def violations_of(job: AgentJob, output: Mapping[str, Any]) -> list[dict[str, Any]]:
    if job.agent_type != AgentType.CONSISTENCY:
        return []
    content = str(job.input_data.get("content", ""))
    return [
        {**violation, "stands": is_quoted_from(str(violation.get("quote", "")), content)}
        for violation in output.get("violations") or []
        if isinstance(violation, Mapping)
    ]


def marks_of(
    item: ReviewItem, violations: list[dict[str, Any]], *, is_hidden: bool, anchors_of: str = ""
) -> QuoteMarks:
    """Collect the quotations to mark in the text; if findings are hidden, only those of its own report."""
    found = [] if is_hidden else findings.findings_in(item.job)
    return QuoteMarks(
        [
            *(
                Quotation(
                    finding["quote"], f"Against “{shortened(finding['statement'], 200)}”.", finding["id"]
                )
                for finding in found
            ),
            *(
                Quotation(str(violation.get("quote", "")), f"Against “{violation.get('rule', '')}”.")
                for violation in violations
            ),
        ],
        anchors_of=anchors_of,
    )


def checked_text_of(job: AgentJob, marks: QuoteMarks) -> SafeString | str:
    if job.agent_type != AgentType.CONSISTENCY:
        return ""
    return marks.marked(str(job.input_data.get("content", "")))
