"""What is written to people: plain text, one line a header, and nothing in it that hides."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from agents.choices import NotificationKind
from agents.common.job_text import request_text
from agents.models import AgentJob, Notification, ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Of what was asked no more than this is repeated in a mail, in characters.
MOST_ASKED = 100
MOST_NAME = 60
MOST_SUBJECT = 120
# Joiners and direction marks, which honest text of some scripts needs.
_NEEDED = frozenset("\t\u200c\u200d\u200e\u200f")
# Control codes, overrides of writing direction, half surrogates, private letters, separators of lines.
_HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def notification_mail(told: Notification) -> EmailMessage:
    """One notification as a mail to its person; ``told`` with its people, its item and the item's job loaded."""
    by = one_line(told.by.get_username(), MOST_NAME) if told.by is not None else ""
    subject, opening = _words(NotificationKind(told.kind), by)
    lines = [f"{opening}:", "", f"    {_asked(told.item.job)}", ""]
    if told.text:
        lines += ["What was said with it:", "", *_quoted(told.text), ""]
    return _mail(told.to, subject, [*lines, f"Open it: {_item_link(told.item)}"])


def _words(kind: NotificationKind, by: str) -> tuple[str, str]:
    """A subject, and how the mail begins."""
    if kind == NotificationKind.DISPUTE:
        return "Reviewers disagree", "A lead's verdict is waited for, because reviewers disagree about"
    if kind == NotificationKind.HAND_OVER:
        said = f"{by} handed you a review" if by else "A review was handed to you"
        return said, f"{said}. It is"
    said = f"{by} mentioned you" if by else "You were mentioned"
    return said, f"{said} in the review of"


def digest_mail(to: User, *, overdue: int, own: int, oldest: Sequence[ReviewItem]) -> EmailMessage:
    """What should have been decided by now; ``own`` of the ``overdue`` items are this person's."""
    subject = "1 review is overdue" if overdue == 1 else f"{overdue} reviews are overdue"
    lines = [f"{subject}.", ""]
    if own:
        of_them = "It is" if own == overdue == 1 else f"{own} of them {'is' if own == 1 else 'are'}"
        lines = [f"{subject}. {of_them} yours: held by you, or handed to you.", ""]
    if overdue > len(oldest):
        lines += [f"The {len(oldest)} oldest:", ""]
    for item in oldest:
        lines += [f"  {item.due_at:%Y-%m-%d %H:%M} UTC  {_asked(item.job)}", f"    {_item_link(item)}", ""]
    queue = _link("admin:agents_reviewitem_changelist")
    return _mail(to, subject, [*lines, f"In the queue: {queue}?overdue=true"])


def _mail(to: User, subject: str, lines: Sequence[str]) -> EmailMessage:
    footer = ["", "-- ", "You choose what is mailed to you:", _link("admin:agents_notification_changelist")]
    return EmailMessage(
        subject=one_line(subject, MOST_SUBJECT),
        body="\n".join([*lines, *footer]) + "\n",
        to=[to.email],
        # So that no absence note answers.
        headers={"Auto-Submitted": "auto-generated"},
    )


def _asked(job: AgentJob) -> str:
    """The agent, and the first words of what it was asked, in one line."""
    return f"{job.get_agent_type_display()}: {one_line(request_text(job), MOST_ASKED)}"


def _item_link(item: ReviewItem) -> str:
    return _link("admin:agents_reviewitem_change", item.pk)


def _link(route: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(route, args=args)}"


def one_line(text: str, most: int) -> str:
    """``text`` without line breaks and hidden characters, cut to at most so many characters."""
    line = " ".join(_shown(" ".join(text.split())).split())
    return line if len(line) <= most else f"{line[: most - 2].rstrip()} …"


def _quoted(text: str) -> list[str]:
    """Each line marked as somebody's words, so that none passes for ours."""
    return [f"    > {_shown(line)}".rstrip() for line in text.splitlines()]


def _shown(text: str) -> str:
    return "".join(char for char in text if char in _NEEDED or unicodedata.category(char) not in _HIDING)
