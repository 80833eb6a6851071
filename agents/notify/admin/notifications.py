"""Admin page of a person's own notifications and mail preferences; superusers too see only their own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from agents.choices import NotificationKind, ReviewState
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, own_page
from agents.common.text.job_text import request_text
from agents.errors import DomainError, Invalid
from agents.models import Notification
from agents.notify import notifications, preferences
from universes.services.sharing import invitations

PAGE_SIZE = 25
# Longer texts are cut; the item's page has all of it.
MAX_WORDS = 60
MAX_CHARS = 400
SENTENCES = {
    NotificationKind.MENTION: ("mentioned you", "You were mentioned"),
    NotificationKind.HAND_OVER: ("handed you a review", "A review was handed to you"),
    NotificationKind.DISPUTE: ("", "Reviewers disagree; a lead has to decide"),
    NotificationKind.VERDICT: ("reviewed your output", "Your output was reviewed"),
    NotificationKind.GUEST_OPINION: ("", "A guest has given an opinion"),
    NotificationKind.DRAFTS: ("", "Drafts are waiting in your universe"),
    NotificationKind.SCHEDULE: ("", "A schedule was switched off"),
    NotificationKind.INVITATION: ("invited you to a universe", "You were invited to a universe"),
}
# (key of the preferences, label, when such a mail is sent)
SWITCHES = (
    ("email_on_mention", "Mentions", "When a comment mentions you."),
    ("email_on_hand_over", "Hand-overs", "When a reviewer hands you an item."),
    ("email_on_dispute", "Disagreements", "When reviewers disagree and a lead has to decide."),
    ("email_on_verdict", "Verdicts", "When a reviewer decides on your output."),
    (
        "email_on_guest_opinion",
        "Guests",
        "When a guest gives an opinion by a link of yours, or on an item that you have claimed.",
    ),
    ("email_overdue_digest", "Overdue items", "Once a day, while items are overdue."),
)


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notification as displayed; ``by`` is empty if ``sentence`` stands alone."""

    row: Notification
    by: str
    sentence: str
    about: str
    text: str
    is_closed: bool
    may_answer: bool


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        own: list[URLPattern] = [
            path("read/", self.admin_site.admin_view(self.read_view), name="agents_notification_read"),
            path("answer/", self.admin_site.admin_view(self.answer_view), name="agents_notification_answer"),
            path("mail/", self.admin_site.admin_view(self.mail_view), name="agents_notification_mail"),
        ]
        return [*own, *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: Notification | None = None) -> bool:
        user = request.user
        return bool(user.is_active and user.is_staff) and (obj is None or obj.to_id == user.pk)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Show the page in the index only to people who can have notifications."""
        return {"view": request.user.has_perm("agents.view_reviewitem")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notification]:
        return notifications.notifications_of(_user(request))

    @method_decorator(require_safe)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        user = _user(request)
        pages = Paginator(notifications.notifications_of(user), PAGE_SIZE)
        page = pages.get_page(request.GET.get("p"))
        own = preferences.preferences_of(user.pk)
        context = {
            "title": "Notifications",
            "page": page,
            "page_range": list(pages.get_elided_page_range(page.number)),
            "lines": [_line(row) for row in page],
            "unread": notifications.unread_count(user),
            "may_open": user.has_perm("agents.view_reviewitem"),
            "switches": [(key, label, when, getattr(own, key)) for key, label, when in SWITCHES],
            **(extra_context or {}),
        }
        return own_page(request, Notification, "notification/change_list.html", context)

    @method_decorator(require_safe)
    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the page of the notification's item."""
        row = self.get_object(request, object_id)
        if row is None or row.item_id is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        return HttpResponseRedirect(reverse("admin:agents_reviewitem_change", args=[row.item_id]))

    @method_decorator(require_POST)
    def read_view(self, request: HttpRequest) -> HttpResponse:
        """Mark one or all notifications as read."""
        ids = (
            None if "all" in request.POST else [pk for raw in request.POST.getlist("id") if (pk := _id(raw))]
        )
        count = notifications.mark_read(_user(request), ids)
        if ids is None and count:
            messages.success(request, f"{count} marked as read.")
        return _back(request)

    @method_decorator(require_POST)
    def answer_view(self, request: HttpRequest) -> HttpResponse:
        """Accept or decline an invitation."""
        user = _user(request)
        accepted, declined = (_id(request.POST.get(name, "")) for name in ("accept", "decline"))
        try:
            if accepted:
                membership = invitations.accept(accepted, by=user)
                messages.success(request, f"You are {membership.role} of “{membership.universe.name}”.")
            elif declined:
                invitations.decline(declined, by=user)
                notifications.mark_invitation_read(user, declined)
                messages.success(request, "You declined. Nobody is notified.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return _back(request)

    @method_decorator(require_POST)
    def mail_view(self, request: HttpRequest) -> HttpResponse:
        """Save the mail preferences; browsers do not send unticked boxes."""
        changes = {key: key in request.POST for key, _, _ in SWITCHES}
        try:
            preferences.save_preferences(_user(request), changes, replace=False)
        except Invalid as refusal:
            # Another stored preference is no longer valid.
            details = " ".join(f"{error.pointer.lstrip('/')}: {error.detail}" for error in refusal.errors)
            messages.error(request, f"Not saved. {refusal.message} {details}")
        else:
            messages.success(request, "Your mail settings were saved.")
        return _back(request)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _line(row: Notification) -> NotificationRow:
    kind = NotificationKind(row.kind)
    predicate, sentence = SENTENCES[kind]
    by = row.by.get_username() if row.by is not None and predicate else ""
    return NotificationRow(
        row=row,
        by=by,
        sentence=predicate if by else sentence,
        about=_about(row),
        text=_beginning(display.first_words(row.text, MAX_WORDS)),
        is_closed=row.item is not None and row.item.state == ReviewState.CLOSED,
        may_answer=row.invitation is not None and row.invitation.may_be_answered(timezone.now()),
    )


def _about(row: Notification) -> str:
    if row.item is not None:
        job = row.item.job
        return f"{job.get_agent_type_display()}: {_beginning(display.first_words(request_text(job)))}"
    if row.universe is not None:
        return row.universe.name
    invitation = row.invitation
    return f"{invitation.universe.name}, as {invitation.role}" if invitation is not None else ""


def _beginning(text: str) -> str:
    return text if len(text) <= MAX_CHARS else f"{text[:MAX_CHARS]}…"


def _id(raw: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(raw)
    except ValueError:
        return None


def _back(request: HttpRequest) -> HttpResponse:
    page = request.GET.get("p", "")
    url = reverse("admin:agents_notification_changelist")
    return HttpResponseRedirect(f"{url}?p={page}" if page.isascii() and page.isdigit() else url)
