"""Notifications of the opinions that guests give by link: one for each link, renewed until it is read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from agents.choices import NotificationKind
from agents.models import GuestOpinion, Notification
from agents.notify import notifications, preferences

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A notification that is still unread is mailed again after this time at the earliest.
MAIL_PAUSE: Final = timedelta(hours=1)


def notify_opinion(to: Iterable[User], opinion: GuestOpinion, *, is_verdict: bool) -> None:
    """Notify reviewers of a guest's opinion, without the verdict; the caller has locked the link.

    An unread notification of the same link is renewed instead: it counts the opinions and leads to the item of the
    latest. ``is_verdict``: the opinion has decided the item.
    """
    people = {person.pk: person for person in to}
    unread = Notification.objects.filter(guest_link=opinion.link, to__in=people, read_at__isnull=True)
    renewed = list(unread.select_for_update(no_key=True))
    told = {row.to_id for row in renewed}
    by_person = preferences.preferences_of_all(told)
    for row in renewed:
        row.item, row.at, row.count = opinion.item, opinion.at, row.count + 1
        row.text = _words(opinion, row.count, is_verdict=is_verdict)
        is_wanted = bool(people[row.to_id].email) and by_person[row.to_id].wants_mail(
            NotificationKind.GUEST_OPINION
        )
        if is_wanted and row.mailed_at is not None and row.mailed_at <= opinion.at - MAIL_PAUSE:
            row.mail_due, row.mail_tries = True, 0
    Notification.objects.bulk_update(renewed, ["item", "at", "count", "text", "mail_due", "mail_tries"])
    notifications.notify(
        [person for pk, person in people.items() if pk not in told],
        NotificationKind.GUEST_OPINION,
        opinion.item,
        by=None,
        text=_words(opinion, 1, is_verdict=is_verdict),
        guest_link=opinion.link,
    )


def _words(opinion: GuestOpinion, count: int, *, is_verdict: bool) -> str:
    by_link = f"by the link for {opinion.link.label}"
    words = (
        f"{opinion.name}, {by_link}"
        if count == 1
        else f"{count} opinions {by_link}, the last by {opinion.name}"
    )
    return f"{words}. It is the verdict, in your name." if is_verdict else words
