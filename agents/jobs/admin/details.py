"""Markup of the long fields on the admin page of a job."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.common.admin import display
from agents.models import AgentJob


def world_choice(job: AgentJob) -> SafeString | str:
    choice = job.world_choice
    if choice is None:
        return "All of it" if job.world_hash else "–"
    elements = ((display.isolated(element["name"]), element["why"]) for element in choice["chosen"])
    return format_html(
        "{} of {} elements, {} tokens of {}: <ul>{}</ul>",
        len(choice["chosen"]),
        choice["elements_in_world"],
        choice["tokens"],
        choice["budget_tokens"],
        format_html_join("", "<li>{} ({})</li>", elements),
    )


def signals(job: AgentJob) -> SafeString | str:
    rows = format_html_join(
        "",
        "<li>{} <b>{}</b> {}</li>",
        (
            (
                display.confidence_bar(float(signal.get("value", 0))),
                str(signal.get("name", "")).replace("_", " "),
                display.isolated(signal.get("sentence", "")),
            )
            for signal in job.signals
        ),
    )
    return format_html('<ul class="signals">{}</ul>', rows) if rows else "–"
