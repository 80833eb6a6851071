"""Filters of the studio's templates."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from agents.choices import Verdict
from agents.common.admin import display, markdown
from agents.common.admin.quotes import QuoteMarks
from agents.common.asking.works import agents_offered
from agents.common.output_form import label_of

register = template.Library()

register.filter("visible", display.visible)
register.filter("isolated", display.isolated)
register.filter("first_words", display.first_words)


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """Show the time since ``moment``; the script puts the reader's own time on hover."""
    if moment is None:
        return "–"
    words = timesince(moment, timezone.now(), depth=1).replace("\xa0", " ")
    return _time(moment, "just now" if words == "0 minutes" else f"{words} ago", "ago")


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Show a moment, which the script turns to the reader's time zone."""
    return "–" if value is None else _time(value, f"{value:%Y-%m-%d %H:%M} UTC", "moment")


@register.filter
def declared_moment(text: str) -> SafeString | str:
    """Show a moment that a file names, which may be no moment at all."""
    try:
        value = parse_datetime(text)
    except ValueError:
        value = None
    if value is None:
        return display.visible(text)
    return moment(value if timezone.is_aware(value) else value.replace(tzinfo=UTC))


def _time(value: datetime, words: str, look: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{} UTC" data-time="{}">{}</time>',
        value.isoformat(),
        f"{value:%Y-%m-%d %H:%M:%S}",
        look,
        words,
    )


@register.filter
def prose(text: object, marks: QuoteMarks | str = "") -> SafeString:
    """Render Markdown, with the quotations in ``marks`` marked."""
    return markdown.prose(text, marks if isinstance(marks, QuoteMarks) else None)


@register.filter
def anchor_of(marks: QuoteMarks | str, quote: str) -> str:
    return marks.anchors.get(quote, "") if isinstance(marks, QuoteMarks) else ""


@register.filter
def item_of(mapping: Any, key: str) -> Any:
    return mapping.get(key, "") if isinstance(mapping, dict) else ""


@register.filter
def dollars(amount: object) -> str:
    """Show an amount with as many digits as tell something: $0.0042, $1.25."""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return "–"
    return f"${value:.2f}" if value >= 1 or value == 0 else f"${value:.4f}".rstrip("0").ljust(5, "0")


@register.filter
def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


@register.filter
def label(name: str) -> str:
    return label_of(str(name))


@register.filter
def verdict_label(verdict: str) -> str:
    return dict(Verdict.choices).get(verdict) or label_of(str(verdict))


@register.filter
def agent_label(agent_type: str) -> str:
    return dict(agents_offered()).get(agent_type) or label_of(str(agent_type))


@register.filter
def told(value: object) -> SafeString:
    """Show a value of a request: lists and objects as words."""
    return display.visible(_words(value))


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_words(part) for part in value)
    if isinstance(value, dict):
        if set(value) == {"name", "description"}:
            return ": ".join(_words(part) for part in (value["name"], value["description"]) if part)
        return "; ".join(
            _words(part) if name == "name" else f"{label_of(str(name))}: {_words(part)}"
            for name, part in value.items()
        )
    return str(value)


@register.filter
def unlocalized(number: float) -> str:
    return f"{number:.4f}"
