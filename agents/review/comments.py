"""Reviewers' comments on an item, and mentions in them."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from agents.choices import EventKind, NotificationKind
from agents.common import permissions, visibility
from agents.errors import FieldError, Invalid, NotFound
from agents.models import Notification, ReviewComment, ReviewItem
from agents.notify import notifications
from agents.review import history, items, notes

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

# Usernames may contain punctuation, and may be followed by the end of a sentence.
_MENTION = re.compile(r"(?<![\w@.+-])@([\w@.+-]+)")


def add_comment(item_id: uuid.UUID, text: str, *, by: User) -> ReviewComment:
    """Add a comment to an open or closed item, and notify the reviewers mentioned as ``@username``.

    An ``@name`` of no reviewer is plain text. Raises ``Invalid`` for an empty text.
    """
    permissions.require_reviewer(by)
    text = _checked(text)
    with transaction.atomic():
        item = items.find_item(item_id, by)
        comment = ReviewComment.objects.create(item=item, by=by, text=text)
        # Without the text, which is hidden from reviewers who have not given their opinion yet.
        history.record(item, EventKind.REVIEW_COMMENTED, by)
        readers = [user for user in mentioned(text) if may_read(item, user)]
        notifications.notify(readers, NotificationKind.MENTION, item, by=by, text=text)
    return comment


def edit_comment(item_id: uuid.UUID, comment_id: uuid.UUID, text: str, *, by: User) -> ReviewComment:
    """Change one's own comment; only reviewers whom it newly mentions are notified.

    Raises ``NotFound`` with code ``comment_not_found`` for a comment of somebody else.
    """
    permissions.require_reviewer(by)
    text = _checked(text)
    with transaction.atomic():
        item, comment = _own_comment(item_id, comment_id, by)
        if text == comment.text:
            return comment
        told = {user.pk for user in mentioned(comment.text)}
        _notifications_of(comment).update(text=text)
        comment.text, comment.edited_at = text, timezone.now()
        comment.save(update_fields=["text", "edited_at"])
        new = [user for user in mentioned(text) if user.pk not in told and may_read(item, user)]
        notifications.notify(new, NotificationKind.MENTION, item, by=by, text=text)
    return comment


def delete_comment(item_id: uuid.UUID, comment_id: uuid.UUID, *, by: User) -> None:
    """Delete one's own comment and the notifications that quote it. Raises the ``NotFound`` of ``edit_comment``."""
    permissions.require_reviewer(by)
    with transaction.atomic():
        _, comment = _own_comment(item_id, comment_id, by)
        _notifications_of(comment).delete()
        comment.delete()


def _checked(text: str) -> str:
    text = notes.checked_note(text, "/text")
    if not text:
        raise Invalid("The comment is empty.", [FieldError("/text", "Write a comment.", "required")])
    return text


def _own_comment(item_id: uuid.UUID, comment_id: uuid.UUID, by: User) -> tuple[ReviewItem, ReviewComment]:
    item = items.find_item(item_id, by)
    comment = item.comments.select_for_update().filter(pk=comment_id, by=by).first()
    if comment is None:
        raise NotFound("You have no such comment on this item.", code="comment_not_found")
    return item, comment


def _notifications_of(comment: ReviewComment) -> QuerySet[Notification]:
    return Notification.objects.filter(
        item=comment.item_id, by=comment.by_id, kind=NotificationKind.MENTION, text=comment.text
    )


def mentioned(text: str) -> list[User]:
    """Return the reviewers mentioned in a text."""
    names = {name for match in _MENTION.findall(text) for name in (match, match.rstrip(".-+@"))}
    if not names:
        return []
    return list(permissions.reviewers().filter(username__in=names))


def unknown_names(text: str) -> list[str]:
    """Return the distinct ``@name`` mentions that match no reviewer, in the order of the text."""
    known = {user.get_username() for user in mentioned(text)}
    names = [name.rstrip(".-+@") for name in _MENTION.findall(text) if name not in known]
    return [name for name in dict.fromkeys(names) if name and name not in known]


def comments_for(item: ReviewItem, user: User) -> QuerySet[ReviewComment]:
    """Return the comments that this person may read now, oldest first.

    A reviewer whose independent opinion is still required sees only their own comments.
    """
    comments = item.comments.select_related("by")
    if not may_read(item, user):
        comments = comments.filter(by=user)
    return comments.order_by("at", "id")


def may_read(item: ReviewItem, user: User) -> bool:
    """Return whether this person may read what others say about an item."""
    if item.only_for_id is not None:
        return item.only_for_id == user.pk
    if item.opinions_wanted == 1 or visibility.may_see_opinions(item, user):
        return True
    return item.decisions.filter(by=user, undone_at__isnull=True).exists()
