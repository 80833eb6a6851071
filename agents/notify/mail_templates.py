"""Plain-text mails, with single-line headers and without hidden characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from agents.choices import NotificationKind, Verdict
from agents.common.text.job_text import request_text
from agents.models import AgentJob, Notification, ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_REQUEST_CHARS = 100
MAX_NAME_CHARS = 60
MAX_SUBJECT_CHARS = 120
VERDICTS = {
    **{verdict: verdict.label.lower() for verdict in Verdict},
    Verdict.ASKED_AGAIN: "asked for another version of",
}
# Joiners and direction marks, which some scripts need.
_NEEDED = frozenset("\t\u200c\u200d\u200e\u200f")
# Control codes, direction overrides, surrogates, private use, line separators.
_HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def notification_mail(notification: Notification) -> EmailMessage:
    """Build the mail for a notification with its people, item and job loaded."""
    by = one_line(notification.by.get_username(), MAX_NAME_CHARS) if notification.by is not None else ""
    subject, opening = _words(NotificationKind(notification.kind), by)
    item = notification.item
    assert item is not None, "Only notifications about reviews are mailed."
    if notification.kind == NotificationKind.VERDICT:
        subject, opening = _verdict_words(item, by)
    lines = [f"{opening}:", "", f"    {_asked(item.job)}", ""]
    if notification.text:
        # The words of a guest's notification are the system's; but guests choose the names in them.
        heading = [] if notification.kind == NotificationKind.GUEST_OPINION else ["Message:", ""]
        lines += [*heading, *_quoted(notification.text), ""]
    if notification.kind == NotificationKind.VERDICT:
        # Its reader may not see the review; the page has the text that counts.
        link = _link("studio:job", item.job_id)
        return _mail(
            notification.to, subject, [*lines, f"Read it: {link}"], settings_page="studio:preferences"
        )
    return _mail(notification.to, subject, [*lines, f"Open the review: {_item_link(item)}"])


def _verdict_words(item: ReviewItem, by: str) -> tuple[str, str]:
    """Return the subject and the opening words of a mail to whoever asked for the text."""
    decision = item.decision
    verb = VERDICTS.get(Verdict(decision.verdict), "decided on") if decision is not None else "decided on"
    subject = f"{by or 'A reviewer'} {verb} your text"
    return subject, f"{subject}. You had asked for"


def _words(kind: NotificationKind, by: str) -> tuple[str, str]:
    """Return the subject and the opening words."""
    if kind == NotificationKind.DISPUTE:
        return "Reviewers disagree", "Reviewers disagree, and a lead has to decide, on"
    if kind == NotificationKind.GUEST_OPINION:
        return "A guest has given an opinion", "A guest has given an opinion on"
    if kind == NotificationKind.HAND_OVER:
        subject = f"{by} handed you a review" if by else "A review was handed to you"
        return subject, f"{subject}. It is"
    subject = f"{by} mentioned you" if by else "You were mentioned"
    return subject, f"{subject} in the review of"


def digest_mail(to: User, *, overdue: int, own: int, oldest: Sequence[ReviewItem]) -> EmailMessage:
    """Build the digest of overdue items; ``own`` of them are claimed by or assigned to the person."""
    subject = "1 review is overdue" if overdue == 1 else f"{overdue} reviews are overdue"
    lines = [f"{subject}.", ""]
    if own:
        of_them = "It is" if own == overdue == 1 else f"{own} of them {'is' if own == 1 else 'are'}"
        lines = [f"{subject}. {of_them} yours: claimed by you or handed to you.", ""]
    if overdue > len(oldest):
        lines += [f"The {len(oldest)} oldest:", ""]
    for item in oldest:
        lines += [f"  {item.due_at:%Y-%m-%d %H:%M} UTC  {_asked(item.job)}", f"    {_item_link(item)}", ""]
    queue = _link("admin:agents_reviewitem_changelist")
    return _mail(to, subject, [*lines, f"In the queue: {queue}?overdue=true"])


def _mail(
    to: User,
    subject: str,
    lines: Sequence[str],
    *,
    settings_page: str = "admin:agents_notification_changelist",
) -> EmailMessage:
    footer = ["", "-- ", "Change what is mailed to you:", _link(settings_page)]
    return EmailMessage(
        subject=one_line(subject, MAX_SUBJECT_CHARS),
        body="\n".join([*lines, *footer]) + "\n",
        to=[to.email],
        # Suppresses automatic replies.
        headers={"Auto-Submitted": "auto-generated"},
    )


def _asked(job: AgentJob) -> str:
    """Return the agent and the beginning of the request, in one line."""
    return f"{job.get_agent_type_display()}: {one_line(request_text(job), MAX_REQUEST_CHARS)}"


def _item_link(item: ReviewItem) -> str:
    return _link("admin:agents_reviewitem_change", item.pk)


def _link(route: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(route, args=args)}"


def one_line(text: str, max_chars: int) -> str:
    """Return ``text`` without line breaks and hidden characters, cut to ``max_chars``."""
    line = " ".join(_shown(" ".join(text.split())).split())
    return line if len(line) <= max_chars else f"{line[: max_chars - 2].rstrip()} …"


def _quoted(text: str) -> list[str]:
    """Mark each line as a quotation, so that none passes for the system's own words."""
    return [f"    > {_shown(line)}".rstrip() for line in text.splitlines()]


def _shown(text: str) -> str:
    return "".join(char for char in text if char in _NEEDED or unicodedata.category(char) not in _HIDING)
