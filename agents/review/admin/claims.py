"""Claims and due times as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.choices import ReviewState
from agents.common import permissions
from agents.common.admin import display
from agents.models import ReviewItem

SOON = timedelta(hours=2)
# The length of the list to choose from.
MAX_REVIEWERS = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """An unexpired claim, as one person sees it."""

    holder: str
    until: datetime
    is_mine: bool

    @property
    def sentence(self) -> SafeString:
        if self.is_mine:
            return format_html("Yours until {} UTC.", f"{self.until:%H:%M}")
        return format_html(
            "Claimed by {} until {} UTC.", display.isolated(self.holder), f"{self.until:%H:%M}"
        )


def claim_on(item: ReviewItem, user_id: Any, now: datetime) -> Claim | None:
    """Return the unexpired claim on an open item, or None."""
    if item.state != ReviewState.OPEN or item.claimed_by is None:
        return None
    if item.claimed_until is None or item.claimed_until < now:
        return None
    return Claim(item.claimed_by.get_username(), item.claimed_until, item.claimed_by_id == user_id)


def claim_cell(item: ReviewItem, user_id: Any, now: datetime) -> SafeString | str:
    """Show claim and assignment: "mine until 12:40 UTC", "ana until 12:40 UTC", "for bob"."""
    if item.state != ReviewState.OPEN:
        return ""
    parts: list[SafeString] = []
    claim = claim_on(item, user_id, now)
    if claim is not None:
        who = display.badge("mine", "info") if claim.is_mine else display.isolated(claim.holder)
        parts.append(format_html("{} until {} UTC", who, f"{claim.until:%H:%M}"))
    if item.assigned_to is not None:
        is_me = item.assigned_to_id == user_id
        whom = "me" if is_me else item.assigned_to.get_username()
        parts.append(format_html("for {}", display.isolated(whom)))
    if not parts:
        return format_html('<span class="quiet">{}</span>', "unclaimed")
    return format_html("<br>".join("{}" for _ in parts), *parts)


def due(moment: datetime, now: datetime) -> SafeString:
    """Show the remaining or overdue time, in words and not by colour alone."""
    remaining = moment - now
    if remaining < timedelta(0):
        tone, words = "overdue", f"overdue by {_span(-remaining)}"
    elif remaining < SOON:
        tone, words = "soon", f"soon: in {_span(remaining)}"
    else:
        tone, words = "later", f"in {_span(remaining)}"
    return format_html(
        '<time class="due due-{}" datetime="{}" title="Due {} UTC">{}</time>',
        tone,
        moment.isoformat(),
        f"{moment:%Y-%m-%d %H:%M}",
        words,
    )


def _span(length: timedelta) -> str:
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} d"


def other_reviewers(me: User) -> list[str]:
    """Return the usernames of the other active reviewers."""
    others = permissions.reviewers().exclude(pk=me.pk).order_by("username")
    return list(others.values_list("username", flat=True)[:MAX_REVIEWERS])
