"""Notifications, in the application and by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agents.choices import NotificationKind
from universes.ids import new_id


class Notification(models.Model):
    """A notification to one person: counted in the badge until read, mailed while ``mail_due``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=16, choices=NotificationKind)
    item = models.ForeignKey(
        "agents.ReviewItem",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notifications",
        help_text="The review that it is about, if any.",
    )
    invitation = models.ForeignKey(
        "universes.Invitation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    universe = models.ForeignKey(
        "universes.Universe",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The universe whose owner is told.",
    )
    # Links are never deleted, so that nothing looks for the notifications of one but the constraint below.
    guest_link = models.ForeignKey(
        "agents.ReviewLink",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        help_text="The link by which guests gave the opinions.",
    )
    count = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="Opinions of guests that it stands for; 1 for other kinds."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty: the system itself.",
    )
    text = models.TextField(blank=True, help_text="The message.")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_due = models.BooleanField(default=False, help_text="Waiting to be mailed.")
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "agent_notifications"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NotificationKind.values), name="agent_notifications_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=NotificationKind.GUEST_OPINION, guest_link__isnull=False)
                | ~Q(kind=NotificationKind.GUEST_OPINION) & Q(guest_link__isnull=True),
                name="agent_notifications_link_of_guests",
            ),
            models.UniqueConstraint(
                fields=["guest_link", "to"],
                condition=Q(guest_link__isnull=False, read_at__isnull=True),
                name="agent_notifications_one_unread_of_link",
            ),
        ]
        indexes = [
            models.Index(F("to"), F("at").desc(), F("id").desc(), name="agent_notifications_newest"),
            models.Index(fields=["to"], condition=Q(read_at__isnull=True), name="agent_notifications_unread"),
            models.Index(fields=["at"], condition=Q(mail_due=True), name="agent_notifications_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.to}"
