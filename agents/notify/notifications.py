"""Notifications in the application, and whether each is also mailed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from agents.choices import NotificationKind
from agents.models import Notification, ReviewItem, ReviewLink
from agents.notify import preferences

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def notify(
    to: Iterable[User],
    kind: NotificationKind,
    item: ReviewItem,
    *,
    by: User | None,
    text: str = "",
    guest_link: ReviewLink | None = None,
) -> list[Notification]:
    """Notify each active person once, within the caller's transaction; ``by`` None means the system.

    The actor ``by`` is never notified. A gold item notifies only its own reviewer, because it is hidden from others.
    """
    people = {person.pk: person for person in to if person.is_active and person != by}
    if item.only_for_id is not None:
        people = {pk: person for pk, person in people.items() if pk == item.only_for_id}
    by_person = preferences.preferences_of_all(people)
    return Notification.objects.bulk_create(
        Notification(
            to=person,
            kind=kind,
            item=item,
            by=by,
            text=text,
            guest_link=guest_link,
            mail_due=bool(person.email) and by_person[pk].wants_mail(kind),
        )
        for pk, person in people.items()
    )


def take_back(item: ReviewItem, kind: NotificationKind) -> None:
    """Delete the unread notifications of a kind about an item, because what they told was undone."""
    Notification.objects.filter(item=item, kind=kind, read_at__isnull=True).delete()


def notifications_of(user: User) -> QuerySet[Notification]:
    """Return a person's notifications, newest first, with what they are about, but without outputs."""
    return (
        Notification.objects.filter(to=user)
        .select_related("by", "item__job", "invitation__universe", "universe")
        .defer("item__job__output_data", "item__job__signals")
        .order_by("-at", "-id")
    )


def unread_count(user: User) -> int:
    return _unread(user).count()


def mark_read(user: User, ids: Collection[uuid.UUID] | None) -> int:
    """Mark these, or all (None), of a person's notifications as read; return how many were unread."""
    unread = _unread(user) if ids is None else _unread(user).filter(pk__in=ids)
    return _read(unread)


def mark_item_read(user: User, item_id: uuid.UUID) -> int:
    """Mark a person's notifications about one item as read, because they opened it."""
    return _read(_unread(user).filter(item=item_id))


def mark_invitation_read(user: User, invitation_id: uuid.UUID) -> int:
    return _read(_unread(user).filter(invitation=invitation_id))


def _unread(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(to=user, read_at__isnull=True)


def _read(unread: QuerySet[Notification]) -> int:
    # A read notification needs no mail.
    return unread.update(read_at=timezone.now(), mail_due=False)
