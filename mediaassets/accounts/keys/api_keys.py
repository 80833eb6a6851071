"""API keys: make, find and revoke them."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from mediaassets.accounts.keys.scopes import Scope
from mediaassets.accounts.models import MAX_NAME_CHARS, ApiKey
from universes.errors import Conflict, FieldError, Invalid, NotFound
from universes.services.validation import clean_line

# Scanners of repositories and logs recognise a leaked key by it.
PREFIX = "umam_"
FORM = re.compile(rf"{PREFIX}([0-9a-f]{{16}})_([0-9a-f]{{64}})", re.ASCII)
MAX_KEYS = 50
USE_NOTED_AFTER = timedelta(minutes=1)


def make_key(
    user: User, *, name: str, scopes: Iterable[str], expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key and return it with its text, which is not stored and cannot be had again."""
    name = clean_line(name, "/name", limit=MAX_NAME_CHARS)
    now = timezone.now()
    if expires_at is not None and expires_at <= now:
        detail = "Must be in the future."
        raise Invalid("Not valid: expires_at.", [FieldError("/expires_at", detail, "out_of_range")])
    key_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    with transaction.atomic():
        # One at a time, so that the limit holds.
        User.objects.select_for_update().get(pk=user.pk)
        if ApiKey.objects.usable(now).filter(user=user).count() >= MAX_KEYS:
            raise Conflict(f"You have {MAX_KEYS} keys. Revoke one first.", code="too_many_api_keys")
        key = ApiKey.objects.create(
            id=key_id,
            user=user,
            name=name,
            secret_hash=_hash(secret),
            scopes=[scope for scope in Scope.values if scope in set(scopes)],
            expires_at=expires_at,
        )
    return key, f"{PREFIX}{key_id}_{secret}"


def find_key(text: str, granted_sql: str) -> ApiKey | None:
    """Return the usable key of this text with its active account, and note its use once a minute.

    ``granted_sql`` is read with it as ``granted``.
    """
    parts = FORM.fullmatch(text)
    if parts is None:
        return None
    now = timezone.now()
    keys = ApiKey.objects.usable(now).filter(user__is_active=True).select_related("user")
    key = keys.annotate(granted=RawSQL(granted_sql, [])).filter(pk=parts[1]).first()  # noqa: S611
    # The time of this comparison tells nothing about the hash that is stored.
    if key is None or not hmac.compare_digest(key.secret_hash, _hash(parts[2])):
        return None
    is_noted = key.last_used_at is not None and key.last_used_at > now - USE_NOTED_AFTER
    if not is_noted:
        ApiKey.objects.filter(
            Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_NOTED_AFTER), pk=key.pk
        ).update(last_used_at=now)
    return key


def revoke(user: User, key_id: str) -> None:
    """Revoke a person's own key; idempotent. Raises ``NotFound`` ``api_key_not_found``."""
    own = ApiKey.objects.filter(user=user, pk=key_id) if "\x00" not in key_id else ApiKey.objects.none()
    if not own.exists():
        raise NotFound(f"There is no API key {key_id[:50]!r} among yours.", code="api_key_not_found")
    own.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


def revoke_all(keys: Iterable[ApiKey]) -> int:
    """Revoke keys of whomever, and return how many were not revoked before."""
    ids = [key.pk for key in keys]
    return ApiKey.objects.filter(pk__in=ids, revoked_at__isnull=True).update(revoked_at=timezone.now())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
