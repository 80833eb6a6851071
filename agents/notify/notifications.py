"""Telling people: what waits to be read in the application, and whether it is to be mailed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from agents.choices import NotificationKind
from agents.models import Notification, ReviewItem
from agents.notify import preferences

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def notify(
    to: Iterable[User], kind: NotificationKind, item: ReviewItem, *, by: User | None, text: str = ""
) -> list[Notification]:
    """Tell each of these people once, within the caller's transaction; ``by`` None: the system itself.

    Nobody is told of what they did themselves, and no account that is not active. Of a gold item only its own
    reviewer hears: to the others it does not exist.
    """
    people = {person.pk: person for person in to if person.is_active and person != by}
    if item.only_for_id is not None:
        people = {pk: person for pk, person in people.items() if pk == item.only_for_id}
    wishes = preferences.preferences_of_all(people)
    return Notification.objects.bulk_create(
        Notification(
            to=person,
            kind=kind,
            item=item,
            by=by,
            text=text,
            mail_due=bool(person.email) and wishes[pk].wants_mail(kind),
        )
        for pk, person in people.items()
    )


def notifications_of(user: User) -> QuerySet[Notification]:
    """What this person was told, the newest first, with the items and their jobs but without the outputs."""
    return (
        Notification.objects.filter(to=user)
        .select_related("by", "item__job")
        .defer("item__job__output_data", "item__job__signals")
        .order_by("-at", "-id")
    )


def unread_count(user: User) -> int:
    return _unread(user).count()


def mark_read(user: User, ids: Collection[uuid.UUID] | None) -> int:
    """Mark these of a person's own as read, or all (None); how many were unread until now."""
    unread = _unread(user) if ids is None else _unread(user).filter(pk__in=ids)
    return _read(unread)


def mark_item_read(user: User, item_id: uuid.UUID) -> int:
    """Mark what this person was told of one item as read: they are looking at it."""
    return _read(_unread(user).filter(item=item_id))


def _unread(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(to=user, read_at__isnull=True)


def _read(unread: QuerySet[Notification]) -> int:
    # A mail that has not left yet would tell nothing new.
    return unread.update(read_at=timezone.now(), mail_due=False)
