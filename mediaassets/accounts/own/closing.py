"""Close an account: its person leaves, and the records stay under a pseudonym."""

from __future__ import annotations

import secrets

import structlog
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from agents.choices import EventKind
from agents.models import (
    AgentJobEvent,
    GenerationSchedule,
    Notification,
    ReviewItem,
    ReviewLink,
    ReviewSkip,
    UserPreference,
    WebhookEndpoint,
)
from mediaassets.accounts import epochs, usernames
from mediaassets.accounts.models import ApiKey
from mediaassets.idempotency.models import IdempotentRequest
from universes.errors import Conflict
from universes.models import Invitation, Membership, Universe

log = structlog.get_logger(__name__)

# Universes that a refusal names.
MAX_NAMED = 10
# Events whose data has a name, by its key.
NAMED_IN = {EventKind.REVIEW_HANDED: "to", EventKind.REVIEW_CLAIM_BROKEN: "holder"}


def is_closed(account: User) -> bool:
    return not account.is_active and account.username.startswith(usernames.CLOSED_PREFIX)


def close_account(account: User) -> User:
    """Remove everything personal from an account, end all its access, and return it under its pseudonym.

    Jobs, verdicts, comments and entries stay, with the words that the person wrote. Raises ``Conflict``:
    ``owns_universes``, ``last_superuser``.
    """
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=account.pk)
        _refuse_owner(account)
        _refuse_last_superuser(account)
        name, pseudonym = account.username, f"{usernames.CLOSED_PREFIX}{secrets.token_hex(6)}"
        _end_access(account)
        _leave(account)
        _rename_in_records(account, name, pseudonym)
        account.username = pseudonym
        account.first_name = account.last_name = account.email = ""
        account.is_active = account.is_staff = account.is_superuser = False
        account.last_login = None
        # Ends the sessions, which hold a hash of the password.
        account.set_unusable_password()
        account.save()
        usernames.claim(account)
        account.groups.clear()
        account.user_permissions.clear()
    log.info("account_closed", account=pseudonym)
    return account


def _refuse_owner(account: User) -> None:
    owned = list(Universe.objects.filter(owner=account).order_by("name").values("id", "name"))
    if owned:
        names = ", ".join(universe["name"] for universe in owned[:MAX_NAMED])
        more = f" and {len(owned) - MAX_NAMED} more" if len(owned) > MAX_NAMED else ""
        raise Conflict(
            f"{account.username} owns {names}{more}. Make another member the owner, or delete the universe, first.",
            code="owns_universes",
            details={
                "universes": [{"id": str(universe["id"]), "name": universe["name"]} for universe in owned]
            },
        )


def _refuse_last_superuser(account: User) -> None:
    others = get_user_model().objects.filter(is_superuser=True, is_active=True).exclude(pk=account.pk)
    if account.is_superuser and not others.exists():
        raise Conflict("This is the only superuser. Make another one first.", code="last_superuser")


def _end_access(account: User) -> None:
    epochs.end_tokens(account)
    ApiKey.objects.filter(user=account).delete()
    WebhookEndpoint.objects.filter(owner=account).delete()
    ReviewLink.objects.filter(made_by=account, revoked_at__isnull=True).update(revoked_at=timezone.now())
    OutstandingToken.objects.filter(user=account).delete()
    # The one without an answer is that of this request, if it has a key.
    IdempotentRequest.objects.filter(user=account, answered_at__isnull=False).delete()


def _leave(account: User) -> None:
    GenerationSchedule.objects.filter(owner=account).update(
        enabled=False, next_run_at=None, disabled_reason="Switched off: the account of its owner was closed."
    )
    Membership.objects.filter(user=account).delete()
    Invitation.objects.filter(Q(user=account) | Q(username=account.username)).delete()
    UserPreference.objects.filter(user=account).delete()
    Notification.objects.filter(to=account).delete()
    ReviewSkip.objects.filter(by=account).delete()
    items = ReviewItem.objects.open()
    for item_id in items.filter(claimed_by=account).values_list("pk", flat=True):
        ReviewItem.objects.release(item_id, account)
    items.filter(assigned_to=account).update(assigned_to=None)


def _rename_in_records(account: User, name: str, pseudonym: str) -> None:
    """Replace the name where it was recorded as text."""
    for kind, key in NAMED_IN.items():
        for event in AgentJobEvent.objects.filter(kind=kind, **{f"data__{key}": name}):
            AgentJobEvent.objects.filter(pk=event.pk).update(data={**event.data, key: pseudonym})
    said, says = (f"Switched off by {who}." for who in (name, pseudonym))
    GenerationSchedule.objects.filter(disabled_reason=said).update(disabled_reason=says)
    accounts = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=accounts, object_id=str(account.pk)).update(object_repr=pseudonym)
