"""What reviewers say to each other about an item."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from django.db import transaction

from agents.choices import EventKind, NotificationKind
from agents.common import permissions, visibility
from agents.errors import FieldError, Invalid
from agents.models import ReviewComment, ReviewItem
from agents.notify import notifications
from agents.review import history, items, notes

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A username may hold these, and a sentence may end right behind one.
_MENTION = re.compile(r"(?<![\w@.+-])@([\w@.+-]+)")


def add_comment(item_id: uuid.UUID, text: str, *, by: User) -> ReviewComment:
    """Say something about an item, open or closed; reviewers named as ``@username`` are told of it.

    An ``@name`` that is no reviewer's is left as it stands. Raises ``Invalid`` for an empty text.
    """
    permissions.require_reviewer(by)
    text = notes.checked_note(text, "/text")
    if not text:
        raise Invalid("A comment is needed.", [FieldError("/text", "Write something.", "required")])
    with transaction.atomic():
        item = items.find_item(item_id, by)
        comment = ReviewComment.objects.create(item=item, by=by, text=text)
        # Without the words: they are hidden from some as long as several opinions are wanted.
        history.record(item, EventKind.REVIEW_COMMENTED, by)
        told = [user for user in mentioned(text) if _may_read(item, user)]
        notifications.notify(told, NotificationKind.MENTION, item, by=by, text=text)
    return comment


def mentioned(text: str) -> list[User]:
    """The reviewers that a text names."""
    names = {name for found in _MENTION.findall(text) for name in (found, found.rstrip(".-+@"))}
    if not names:
        return []
    return list(permissions.reviewers().filter(username__in=names))


def unknown_names(text: str) -> list[str]:
    """The names that a text gives as ``@name`` and no reviewer has, each once, in the order of the text."""
    known = {user.get_username() for user in mentioned(text)}
    found = [name.rstrip(".-+@") for name in _MENTION.findall(text) if name not in known]
    return [name for name in dict.fromkeys(found) if name and name not in known]


def comments_for(item: ReviewItem, user: User) -> list[ReviewComment]:
    """What this person may read now, oldest first.

    While independent opinions are still wanted of them, only their own: the words of others would not leave theirs
    independent.
    """
    comments = item.comments.select_related("by")
    if not _may_read(item, user):
        comments = comments.filter(by=user)
    return list(comments)


def _may_read(item: ReviewItem, user: User) -> bool:
    if item.only_for_id is not None:
        return item.only_for_id == user.pk
    if item.opinions_wanted == 1 or visibility.may_see_opinions(item, user):
        return True
    return item.decisions.filter(by=user, undone_at__isnull=True).exists()
