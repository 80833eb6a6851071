"""Filters and tags of the admin templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.common.admin import display, markdown
from agents.common.admin.quotes import QuoteMarks
from agents.models import ReviewItem
from agents.notify import notifications
from agents.providers import factory

register = template.Library()

register.filter("visible", display.visible)
register.filter("without_hidden", display.without_hidden)
register.filter("isolated", display.isolated)
register.filter("breakable", display.breakable)
register.filter("json_block", display.json_block)
register.filter("ago", display.ago)
register.filter("short_id", display.short_id)
register.filter("confidence_bar", display.confidence_bar)
register.filter("mock_badge", display.mock_badge)


@register.filter
def at(moment: datetime | None) -> SafeString | str:
    """Show a time in UTC, which a script turns into the reader's own zone."""
    text = display.at(moment)
    if moment is None:
        return text
    return format_html('<time datetime="{}" data-moment>{}</time>', moment.isoformat(), text)


@register.filter
def job_status(status: str) -> SafeString:
    return display.badge(status, display.JOB_TONES.get(status, "quiet"))


@register.filter
def prose(text: object, marks: QuoteMarks | str = "") -> SafeString:
    """Render Markdown; ``marks`` is "" on pages that mark no quotations."""
    return markdown.prose(text, marks if isinstance(marks, QuoteMarks) else None)


@register.filter
def marked(text: object, marks: QuoteMarks | str = "") -> SafeString:
    """Escape plain text; ``marks`` as in ``prose``."""
    return marks.marked(str(text)) if isinstance(marks, QuoteMarks) else display.visible(text)


@register.filter
def anchor_of(marks: QuoteMarks | str, quote: str) -> str:
    """Return the id of the first mark around ``quote``, in the texts rendered so far; "" if there is none."""
    return marks.anchors.get(quote, "") if isinstance(marks, QuoteMarks) else ""


@register.filter
def item_of(mapping: Any, key: str) -> Any:
    """Return ``mapping[key]``, or "" if it is missing, as in output that is older than the template."""
    return mapping.get(key, "") if isinstance(mapping, dict) else ""


@register.simple_tag(takes_context=True)
def open_reviews(context: RequestContext) -> int | None:
    """Count the open review items once per page; None for users who may not see them."""
    user = context.get("user")
    if user is None or not user.has_perm("agents.view_reviewitem"):
        return None
    cache = context.render_context
    if "open_reviews" not in cache:
        cache["open_reviews"] = ReviewItem.objects.shown_to(user).open().count()
    count: int = cache["open_reviews"]
    return count


@register.simple_tag(takes_context=True)
def queue_head(context: RequestContext) -> SafeString:
    head: SafeString = context["cl"].head(open_reviews(context) or 0)
    return head


@register.simple_tag(takes_context=True)
def unread_notifications(context: RequestContext) -> int | None:
    """Count the unread notifications of a user; None for users who never get any."""
    user = context.get("user")
    if user is None or not user.is_staff:
        return None
    count = notifications.unread_count(user)
    return count if count or user.has_perm("agents.view_reviewitem") else None


@register.simple_tag
def mock_answers() -> bool:
    return factory.uses_mock()
