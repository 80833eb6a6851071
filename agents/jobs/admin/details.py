"""Markup of the long fields on the admin page of a job."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.common.admin import display
from agents.common.admin import signals as signal_rows
from agents.models import AgentJob


def world_choice(job: AgentJob) -> SafeString | str:
    choice = job.world_choice
    if choice is None:
        return "Everything" if job.world_hash else "–"
    elements = ((display.isolated(element["name"]), element["why"]) for element in choice["chosen"])
    return format_html(
        "{} of {} elements, {} tokens of {}: <ul>{}</ul>",
        len(choice["chosen"]),
        choice["elements_in_world"],
        choice["tokens"],
        choice["budget_tokens"],
        format_html_join("", "<li>{} ({})</li>", elements),
    )


def signals(job: AgentJob, *, may_see_world: bool) -> SafeString | str:
    rows = signal_rows.rows_of(job, may_see_world=may_see_world)
    return render_to_string("admin/agents/signals.html", {"signals": rows}) if rows else "–"
