"""Badges and cells that show the state of a review item."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.choices import ReviewKind, Verdict
from agents.common import visibility
from agents.common.admin import display
from agents.models import ReviewItem

_KINDS = {ReviewKind.AUDIT: "audit", ReviewKind.GOLD: "gold", ReviewKind.FLAG: "flagged"}


def kind_badge(item: ReviewItem) -> SafeString | str:
    """Show the kind of an item, unless it is the usual one or hidden."""
    kind = visibility.kind_of(item)
    return "" if kind in (None, ReviewKind.DOUBT) else display.badge(_KINDS[ReviewKind(kind)], "info")


def verdict_cell(item: ReviewItem) -> SafeString:
    """Show the verdict on a closed item, its reviewer and its age."""
    decision = item.decision
    if decision is None:
        return display.badge("closed")
    verdict = Verdict(decision.verdict)
    return format_html(
        '{} by {} <span class="quiet">{}</span>',
        display.badge(verdict.label.lower(), display.VERDICT_TONES[verdict]),
        display.isolated(decision.by),
        display.ago(decision.at),
    )


def guest_badges(given: int) -> list[SafeString]:
    """Show the number of guests' opinions, without revealing them."""
    return [display.badge(guest_answers(given), "info")] if given else []


def guest_answers(given: int) -> str:
    return "1 answer by a guest" if given == 1 else f"{given} answers by guests"


def opinion_badges(item: ReviewItem, given: int) -> list[SafeString]:
    """Show the number of opinions and whether they differ, without revealing them."""
    badges = []
    if item.opinions_wanted > 1:
        badges.append(display.badge(f"{given} of {item.opinions_wanted} opinions"))
    if item.disputed_at is not None:
        badges.append(display.badge("disputed", "warn"))
    return badges
